"""Every restricted record opens to somebody active who may decide: where nobody named may, a role is named too."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pathway.engine.act import Act
from rules.rulebook import Rulebook
from rules.vocabulary import EventKind, Role
from rules.words import counted
from storage.queries.children import opener_rows, person_rows
from storage.queries.children.opener_rows import Group
from storage.sessions import ReadSession, WriteSession
from storage.tables import RestrictionName

REMEDY = "Give somebody active a role that may decide, or name somebody on the restricted record."
BECAUSE = "Nobody else who is named may open it and decide"


def without_decider(session: WriteSession | ReadSession, book: Rulebook) -> Sequence[Group]:
    """The restricted children whose record opens to nobody active who may decide."""
    groups = opener_rows.groups(session)
    if not groups:
        return []
    staff = opener_rows.roles_of_active(session)
    return [group for group in groups if not _deciders(group, staff, book)]


def _deciders(group: Group, staff: opener_rows.Staff, book: Rulebook) -> Collection[str]:
    return [
        username for username, roles in staff.items() if roles & book.deciders and group.opens_to(username, roles=roles)
    ]


def opens_to_nobody(session: WriteSession | ReadSession, book: Rulebook) -> str:
    """What is wrong where an open referral has nobody active who may open and decide it, else the empty string."""
    staff = opener_rows.roles_of_active(session)
    if not any(roles & book.deciders for roles in staff.values()):
        return "Nobody who works here may open a record and decide" if opener_rows.any_open(session) else ""
    shut = [group.person_id for group in without_decider(session, book)]
    count = len(opener_rows.with_open_referrals(session, shut))
    return f"The open referrals of {counted(count, 'child', 'children')} open to nobody who may decide" if count else ""


def of_children(session: WriteSession | ReadSession, person_ids: Collection[int]) -> Collection[str]:
    """The user names of everybody active to whom the restricted records among these children open.

    Where no one person may open all of them, whoever may open one.
    """
    groups = opener_rows.of_children(session, person_ids)
    if not groups:
        return []
    staff = opener_rows.roles_of_active(session)
    opened = {name: [group.opens_to(name, roles=roles) for group in groups] for name, roles in staff.items()}
    return [name for name, each in opened.items() if all(each)] or [name for name, each in opened.items() if any(each)]


def ensure(act: Act) -> None:
    """Names the role that may break the glass wherever nobody named may open the record and decide.

    Where nobody holds that role, another that may decide and is held. Called after whatever can take somebody away: a
    restriction, a change of staff, a merge; and by each sweep, as a new rulebook can take a right from a role.
    """
    for group in without_decider(act.session, act.book):
        role = _role_that_is_held(act)
        if role is not None:
            _name(act, group, role)


def _role_that_is_held(act: Act) -> Role | None:
    held = {role for roles in opener_rows.roles_of_active(act.session).values() for role in roles}
    usual = act.book.break_glass.role
    return next((role for role in (usual, *sorted(act.book.deciders)) if role in held & act.book.deciders), None)


def _name(act: Act, group: Group, role: Role) -> None:
    for restriction_id in group.not_naming(opener_rows.role_name(role)):
        act.session.add(
            RestrictionName(
                restriction_id=restriction_id,
                username=opener_rows.role_name(role),
                reason=BECAUSE,
                named_at=act.now,
                named_by=act.by_itself.actor.username,
            )
        )
    act.session.flush()
    summary = f"Restricted record opened to every {role}: {BECAUSE[:1].lower()}{BECAUSE[1:]}"
    for earlier in person_rows.referrals_of(act.session, group.person_id):
        act.by_itself.note(EventKind.RESTRICTED, summary, about=earlier.referral)
