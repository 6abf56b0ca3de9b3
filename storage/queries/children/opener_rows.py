"""To whom restricted records open: people named, and roles whose every holder is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, literal, or_, select

from rules.vocabulary import Role, State
from storage.tables import GlassBroken, Person, Referral, Restriction, RestrictionName, User, UserRole

ROLE = "Role:"
Staff = Mapping[str, frozenset[Role]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One child with all records that were merged into one, and the names of each restriction that stands on them."""

    person_id: int
    named: Mapping[int, frozenset[str]]

    def opens_to(self, username: str, *, roles: Collection[Role]) -> bool:
        """True where every restriction names this person, or a role of theirs."""
        theirs = {username, *map(role_name, roles)}
        return all(not theirs.isdisjoint(names) for names in self.named.values())

    def not_naming(self, name: str) -> Sequence[int]:
        """The restrictions on which a name does not stand yet."""
        return [restriction_id for restriction_id, names in self.named.items() if name not in names]


def role_name(role: str) -> str:
    """The name of a role among those to whom a record opens; no user name, as those are in small letters."""
    return f"{ROLE}{role}"


def names_somebody(username: str) -> ColumnElement[bool]:
    """Of the names on restrictions: this person, or a role that this person holds."""
    roles = (
        select(literal(ROLE).concat(col(UserRole.role)))
        .join(User, col(User.id) == col(UserRole.user_id))
        .where(col(User.username) == username, col(User.active))
    )
    return or_(col(RestrictionName.username) == username, col(RestrictionName.username).in_(roles))


def groups(session: Session) -> Sequence[Group]:
    """Every restricted child, with all that restricts it."""
    statement = (
        select(Restriction.id, Restriction.person_id, Person.merged_into_id, RestrictionName.username)
        .join(Person, col(Person.id) == col(Restriction.person_id))
        .join(RestrictionName, col(RestrictionName.restriction_id) == col(Restriction.id))
        .where(col(Restriction.lifted_at).is_(None))
    )
    found: dict[int, dict[int, set[str]]] = {}
    for restriction_id, person_id, merged_into, name in session.exec(statement):
        kept = _kept(session, merged_into) if merged_into is not None else person_id
        found.setdefault(kept, {}).setdefault(restriction_id or 0, set()).add(name)
    return [
        Group(person_id=person_id, named={number: frozenset(names) for number, names in named.items()})
        for person_id, named in sorted(found.items())
    ]


def _kept(session: Session, person_id: int) -> int:
    while (merged_into := session.get_one(Person, person_id).merged_into_id) is not None:
        person_id = merged_into
    return person_id


def of_children(session: Session, person_ids: Collection[int]) -> Sequence[Group]:
    """Those of these children who are restricted."""
    standing = select(Restriction.id).where(col(Restriction.lifted_at).is_(None)).limit(1)
    if session.exec(standing).first() is None:
        return []
    kept = {_kept(session, person_id) for person_id in person_ids}
    return [group for group in groups(session) if group.person_id in kept]


def roles_of_active(session: Session) -> Staff:
    """Everybody who works here, by user name, with their roles."""
    statement = select(User.username, UserRole.role).join(UserRole, col(UserRole.user_id) == col(User.id))
    found: dict[str, set[Role]] = {}
    for username, role in session.exec(statement.where(col(User.active))):
        found.setdefault(username, set()).add(Role(role))
    return {username: frozenset(roles) for username, roles in found.items()}


def any_open(session: Session) -> bool:
    """True where a referral is open."""
    return session.exec(select(Referral.id).where(col(Referral.closed_at).is_(None)).limit(1)).first() is not None


def with_open_referrals(session: Session, person_ids: Collection[int]) -> Collection[int]:
    """Those of the children with a referral that is open."""
    over = (State.CLOSED, State.SET_ASIDE)
    statement = select(Referral.person_id).where(
        col(Referral.person_id).in_(person_ids), col(Referral.state).not_in(over)
    )
    return set(session.exec(statement)) if person_ids else set()


def opened_by(session: Session, username: str, *, now: datetime) -> frozenset[int]:
    """The children whose glass this person has broken, for as long as that lasts."""
    statement = select(GlassBroken.person_id).where(
        col(GlassBroken.username) == username, col(GlassBroken.broken_at) <= now, col(GlassBroken.ends_at) > now
    )
    return frozenset(session.exec(statement))


def broken(session: Session, person_id: int | None = None) -> Sequence[GlassBroken]:
    """How the glass was broken, of one child or of all; the newest first."""
    statement = select(GlassBroken).order_by(col(GlassBroken.id).desc())
    if person_id is not None:
        statement = statement.where(col(GlassBroken.person_id) == person_id)
    return session.exec(statement).all()


def lock_broken(session: Session, broken_id: int) -> GlassBroken | None:
    """One breaking of a glass, locked until the transaction ends, or None."""
    statement = select(GlassBroken).where(col(GlassBroken.id) == broken_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).one_or_none()


def restricted_by(session: Session, person_id: int) -> Collection[str]:
    """Who restricted this child's records, by user name."""
    numbers = [number for group in of_children(session, [person_id]) for number in group.named]
    statement = select(Restriction.restricted_by).where(col(Restriction.id).in_(numbers))
    return set(session.exec(statement)) if numbers else set()


def restricted_since(session: Session, person_ids: Collection[int]) -> datetime | None:
    """Since when the first of these children's records has been restricted; None where none is."""
    numbers = [number for group in of_children(session, person_ids) for number in group.named]
    statement = select(func.min(Restriction.restricted_at)).where(col(Restriction.id).in_(numbers))
    return session.exec(statement).one() if numbers else None


def to_review(session: Session) -> Sequence[GlassBroken]:
    """What nobody has reviewed yet, the oldest first."""
    statement = select(GlassBroken).where(col(GlassBroken.reviewed_at).is_(None))
    return session.exec(statement.order_by(col(GlassBroken.id))).all()
