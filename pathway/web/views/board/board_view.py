"""The board: counters that are links, and what stands behind the one that is chosen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from pathway.engine.actors import Actor
from pathway.engine.drafts import unfinished_contacts
from pathway.engine.drafts.unfinished_contacts import Line
from pathway.web.views.board import family_card_view
from pathway.web.views.board.family_card_view import FamilyCard, Reader
from rules.rulebook import Rulebook
from storage.queries import draft_rows
from storage.queries.board import family_rows, part_rows
from storage.queries.board.part_rows import Count, Families, Part, Place
from storage.queries.intake import outside_rows
from storage.sessions import ReadSession
from storage.tables import Draft

PATH = "/board"
CHANGES = "/board/changes"
UNFINISHED, DRAFTS, OUTSIDE = "unfinished", "drafts", "check-in"
WORDS = {
    Part.ALL: "All families",
    Part.DANGER: "Immediate danger",
    Part.LATE: "Late",
    Part.SOON: "Within 4 hours",
    Part.LATER: "Later",
    Part.ASKED: "Waiting for referrer",
    UNFINISHED: "Unfinished contacts",
    DRAFTS: "My drafts",
    OUTSIDE: "To check in",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of the board is open, and after which card the page begins."""

    show: str = Part.ALL
    after: Place | None = None

    @property
    def query(self) -> str:
        """What the address says of it."""
        told = {"show": self.show if self.show != Part.ALL else "", "after": write_place(self.after)}
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def path(self) -> str:
        """The address of the page."""
        return f"{PATH}?{self.query}" if self.query else PATH


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One counter, which is a link to what it counts; ``here``: that is what is open."""

    show: str
    count: Count
    here: bool

    @property
    def words(self) -> str:
        """What is counted."""
        return WORDS[self.show]

    @property
    def path(self) -> str:
        """Where it leads."""
        return f"/{OUTSIDE}" if self.show == OUTSIDE else Wanted(show=self.show).path


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The board as one person reads it. ``further``: the address of the next page, empty on the last."""

    wanted: Wanted
    counters: Sequence[Counter]
    now: datetime
    cards: Sequence[FamilyCard] = ()
    further: str = ""
    unfinished: Sequence[Line] = ()
    drafts: Sequence[Draft] = ()

    @property
    def title(self) -> str:
        """What is open, in words."""
        return WORDS[self.wanted.show]

    @property
    def is_of_families(self) -> bool:
        """True where cards are shown, not texts that somebody has begun."""
        return self.wanted.show not in (UNFINISHED, DRAFTS)

    @property
    def is_empty(self) -> bool:
        """True where nothing stands here."""
        return not (self.cards or self.unfinished or self.drafts)

    def count_of(self, show: str) -> Count:
        """What one of the counters says."""
        return next(one.count for one in self.counters if one.show == show)

    @property
    def counters_mark(self) -> str:
        """Another one whenever a counter reads differently."""
        return _hash([str(one.count) for one in self.counters])

    @property
    def list_mark(self) -> str:
        """Another one whenever the texts that somebody has begun are others."""
        return _hash([(one.draft.id, one.opens) for one in self.unfinished], [one.id for one in self.drafts])

    @property
    def mark(self) -> str:
        """Another one whenever anything reads differently: what an open page compares its own with."""
        return _hash(self.counters_mark, self.list_mark, self.further, [(one.ref, one.mark) for one in self.cards])


def _hash(*told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def wanted(show: str, after: str) -> Wanted:
    """What an address asks for; all families, from the first, for what is nothing of the kind."""
    known = show if show in WORDS and show != OUTSIDE else Part.ALL
    return Wanted(show=known, after=None if known in (UNFINISHED, DRAFTS) else read_place(after))


def board(session: ReadSession, actor: Actor, book: Rulebook, asked: Wanted, reader: Reader) -> Board:
    """The board at the reader's moment. What is counted and what is listed come from one question each."""
    now = reader.now
    unfinished = unfinished_contacts.listed(session, actor, book, now=now)
    drafts = draft_rows.all_of_writer(session, actor.username)
    families = part_rows.counts(session, [Families(part, now) for part in Part])
    counts: list[tuple[str, Count]] = [*families.items()]
    counts += [(UNFINISHED, Count(number=len(unfinished))), (DRAFTS, Count(number=len(drafts)))]
    if outside := outside_rows.count_to_check_in(session):
        counts.append((OUTSIDE, Count(number=outside)))
    counters = [Counter(show=show, count=count, here=show == asked.show) for show, count in counts]
    if asked.show == UNFINISHED:
        return Board(wanted=asked, counters=counters, now=now, unfinished=unfinished)
    if asked.show == DRAFTS:
        return Board(wanted=asked, counters=counters, now=now, drafts=drafts)
    cards, further = _page(session, asked, reader)
    return Board(wanted=asked, counters=counters, now=now, cards=cards, further=further)


def _page(session: ReadSession, asked: Wanted, reader: Reader) -> tuple[Sequence[FamilyCard], str]:
    stored = Families(Part(asked.show), reader.now).page(session, after=asked.after)
    shown = stored[: part_rows.SIZE]
    families = family_rows.families(session, shown, now=reader.now)
    cards = [family_card_view.card(session, one, reader) for one in families]
    more = len(stored) > part_rows.SIZE
    return cards, Wanted(show=asked.show, after=part_rows.place_of(shown[-1])).path if more else ""


def write_place(place: Place | None) -> str:
    """A place as an address names it."""
    return f"{place.rank}.{(place.due_at - _EPOCH) // _MICROSECOND}.{place.contact_id}" if place else ""


def read_place(text: str) -> Place | None:
    """The place that an address names; None for anything else."""
    try:
        rank, moment, contact_id = (int(part) for part in text.split("."))
        place = Place(rank, _EPOCH + moment * _MICROSECOND, contact_id)
    except (ValueError, OverflowError):
        return None
    return place if rank in (0, 1) and 0 < contact_id < part_rows.LARGEST else None
