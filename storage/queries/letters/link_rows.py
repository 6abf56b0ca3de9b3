"""Links to letters: which there are, who tried to open them, and which nobody has opened in time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from rules.messages import LinkTry
from storage.tables import LetterLink, LetterLinkRevocation, LetterLinkTry

# By these somebody could be guessing.
GUESSES = (LinkTry.WRONG, LinkTry.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRows:
    """All that is on record about the links to one letter, each kind oldest first."""

    links: Sequence[LetterLink] = ()
    revocations: Sequence[LetterLinkRevocation] = ()
    tries: Sequence[LetterLinkTry] = ()

    @property
    def last(self) -> LetterLink | None:
        """The newest link; None for a letter that never went by link."""
        return self.links[-1] if self.links else None

    @property
    def withdrawn(self) -> LetterLinkRevocation | None:
        """How the newest link was withdrawn; None where it was not."""
        return next((row for row in self.revocations if self.last and row.link_id == self.last.id), None)

    @property
    def first_opened_at(self) -> datetime | None:
        """When the letter was first opened by any of its links; None where nobody has."""
        return next((row.tried_at for row in self.tries if row.result == LinkTry.OPENED), None)

    @property
    def wrong(self) -> int:
        """How many tries had a wrong answer."""
        return sum(row.result == LinkTry.WRONG for row in self.tries)

    def opens_at(self, now: datetime) -> bool:
        """True where the newest link opens the letter at ``now``."""
        return self.last is not None and self.withdrawn is None and now < self.last.expires_at


def by_code(session: Session, code: str) -> LetterLink | None:
    """The link of this code, or None."""
    return session.exec(select(LetterLink).where(col(LetterLink.code) == code)).one_or_none()


def revocation(session: Session, link_id: int) -> LetterLinkRevocation | None:
    """How a link was withdrawn, or None."""
    return session.get(LetterLinkRevocation, link_id)


def of_letter(session: Session, letter_id: int) -> LinkRows:
    """The links to one letter with what became of them."""
    links = session.exec(
        select(LetterLink).where(col(LetterLink.letter_id) == letter_id).order_by(col(LetterLink.id))
    ).all()
    if not links:
        return LinkRows()
    ids = [link.id for link in links]
    revoked = select(LetterLinkRevocation).where(col(LetterLinkRevocation.link_id).in_(ids))
    tried = select(LetterLinkTry).where(col(LetterLinkTry.link_id).in_(ids))
    return LinkRows(
        links=links,
        revocations=session.exec(revoked.order_by(col(LetterLinkRevocation.revoked_at))).all(),
        tries=session.exec(tried.order_by(col(LetterLinkTry.id))).all(),
    )


def not_withdrawn(session: Session, letter_id: int) -> Sequence[LetterLink]:
    """The links to a letter that nobody has withdrawn, oldest first."""
    statement = select(LetterLink).where(
        col(LetterLink.letter_id) == letter_id,
        col(LetterLink.id).not_in(select(LetterLinkRevocation.link_id)),
    )
    return session.exec(statement.order_by(col(LetterLink.id))).all()


def was_opened(session: Session, letter_id: int) -> bool:
    """True when somebody with the right answers has read the letter by one of its links."""
    statement = (
        select(LetterLinkTry.id)
        .join(LetterLink, col(LetterLink.id) == col(LetterLinkTry.link_id))
        .where(col(LetterLink.letter_id) == letter_id, col(LetterLinkTry.result) == LinkTry.OPENED)
    )
    return session.exec(statement.limit(1)).first() is not None


def tries_of(session: Session, link_id: int, results: Collection[LinkTry], *, since: datetime) -> int:
    """How many tries of one link ended so after ``since``."""
    statement = select(func.count()).where(
        col(LetterLinkTry.link_id) == link_id,
        col(LetterLinkTry.tried_at) > since,
        col(LetterLinkTry.result).in_(results),
    )
    return session.exec(statement).one()


def tries_from(session: Session, address: str, results: Collection[LinkTry], *, since: datetime) -> int:
    """How many tries from one network address ended so after ``since``."""
    statement = select(func.count()).where(
        col(LetterLinkTry.address) == address,
        col(LetterLinkTry.tried_at) > since,
        col(LetterLinkTry.result).in_(results),
    )
    return session.exec(statement).one()
