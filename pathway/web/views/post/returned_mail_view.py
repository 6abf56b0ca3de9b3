"""Bounces as somebody may see them: without what would name a protected referrer or a restricted child."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.referrers import visible_referrer
from pathway.web.page_words import RESTRICTED
from rules.messages import BounceKind, Delivery, Settlement
from storage.queries.children import restriction_rows
from storage.queries.letters import letter_list_rows, returned_mail_rows
from storage.queries.letters.letter_list_rows import LetterLine
from storage.queries.letters.returned_mail_rows import BounceLine
from storage.sessions import ReadSession
from storage.tables import Bounce, BounceSettlement, Person, id_of

MOST = 50
COLOURS = {
    BounceKind.FAILED: "red",
    BounceKind.DELAYED: "yellow",
    BounceKind.UNKNOWN: "purple",
    BounceKind.AUTOMATIC_REPLY: "grey",
}
ENDED = {
    Settlement.LETTER_RETURNED: "Letter came back",
    Settlement.ALERTED: "Alert opened",
    Settlement.WITHOUT_EFFECT: "Without effect",
    Settlement.DISMISSED: "Dismissed",
    Settlement.INFORMATION: "Taken to a record",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceView:
    """One bounce as somebody may see it. ``why_hidden`` stands for all that was written in it, where that is kept."""

    line: BounceLine
    why_hidden: str

    @property
    def bounce(self) -> Bounce:
        """The bounce itself."""
        return self.line.bounce

    @property
    def settlement(self) -> BounceSettlement | None:
        """How it was settled."""
        return self.line.settlement

    @property
    def colour(self) -> str:
        """The colour of its kind."""
        return COLOURS.get(BounceKind(self.bounce.kind), "blue")

    @property
    def ended(self) -> str:
        """How it was settled, in words."""
        return ENDED[Settlement(self.settlement.how)] if self.settlement else ""

    @property
    def at(self) -> datetime:
        """When it was written, as far as it says."""
        return self.bounce.reported_at or self.bounce.received_at

    @property
    def about(self) -> str:
        """The recipient of ours, or whoever wrote it."""
        return self.why_hidden or self.bounce.recipient or self.bounce.sender or "Nobody named"

    @property
    def letter_id(self) -> int | None:
        """The letter that it is about, as far as is known."""
        found = self.settlement.letter_id if self.settlement else None
        return found or (self.line.message.letter_id if self.line.message else None)

    def shown(self, text: str) -> str:
        """A text of it, unless that is kept."""
        return "" if self.why_hidden else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What somebody must not see: names and addresses of protected referrers, and the children ``closed``."""

    protected: Collection[str]
    closed: frozenset[int]
    names: Collection[tuple[str, str]]
    sees: bool

    def view(self, session: ReadSession, line: BounceLine) -> BounceView:
        """A bounce as somebody may see it."""
        return BounceView(line=line, why_hidden=self._why_hidden(session, line))

    def found(self, session: ReadSession, lines: Sequence[BounceLine], words: str) -> Sequence[BounceView]:
        """The bounces as somebody may see them; by ``words`` none is found whose words are kept from them.

        A contact's reference finds all the same.
        """
        views = [self.view(session, line) for line in lines]
        return [view for view in views if not words or not view.why_hidden or _is_ref(view, words)]

    def _why_hidden(self, session: ReadSession, line: BounceLine) -> str:
        text = _text(line).casefold()
        if line.contact is not None:
            if not self.closed.isdisjoint(restriction_rows.children_of_contact(session, id_of(line.contact))):
                return RESTRICTED
            if visible_referrer.hidden(line.contact, sees=self.sees):
                return visible_referrer.PROTECTED
        if any(all(part.casefold() in text for part in name) for name in self.names):
            return RESTRICTED
        # Nothing says whose letter this is, so that only its words can tell that it must be kept.
        return visible_referrer.PROTECTED if any(word.casefold() in text for word in self.protected) else ""


def _is_ref(view: BounceView, words: str) -> bool:
    contact = view.line.contact
    return contact is not None and all(word.casefold() in contact.ref.casefold() for word in words.split())


def eyes(session: ReadSession, *, sees: bool, closed: frozenset[int]) -> Eyes:
    """What somebody must not see of bounces."""
    children = [session.get_one(Person, child) for child in closed]
    return Eyes(
        protected=() if sees else returned_mail_rows.protected_words(session),
        closed=closed,
        names=[(child.forename, child.surname) for child in children if child.forename and child.surname],
        sees=sees,
    )


def _text(line: BounceLine) -> str:
    bounce, note = line.bounce, line.settlement.note if line.settlement else ""
    return f"{bounce.sender}\n{bounce.recipient}\n{bounce.subject}\n{bounce.diagnostic}\n{bounce.excerpt}\n{note}"


def candidates(
    session: ReadSession, view: BounceView, *, words: str, sees: bool, closed: frozenset[int]
) -> Sequence[LetterLine]:
    """The letters that a bounce may be about: on their way by e-mail, found by ``words`` or by its recipient."""
    wanted = words or view.shown(view.bounce.recipient or view.bounce.sender)
    found: list[LetterLine] = []
    if wanted:
        lines, _ = letter_list_rows.lines(
            session,
            owed_only=False,
            words=wanted,
            offset=0,
            limit=MOST,
            eyes=letter_list_rows.Eyes(sees_protected=sees),
        )
        found += lines
    named = view.line.message.letter_id if view.line.message else None
    if named is not None and named not in {line.letter.id for line in found}:
        found.insert(0, letter_list_rows.one(session, named))
    return [line for line in found if _may_be(session, line, closed)]


def _may_be(session: ReadSession, line: LetterLine, closed: frozenset[int]) -> bool:
    if line.handover is None or line.handover.delivery != Delivery.EMAIL:
        return False
    return closed.isdisjoint(restriction_rows.children_of_contact(session, line.letter.contact_id))
