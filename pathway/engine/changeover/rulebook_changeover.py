"""Moving open referrals to another version of their book, with the clocks that run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.changeover import changeover_plan
from pathway.engine.changeover.changeover_plan import ClockMove, ReferralMove
from pathway.engine.rulebooks import council_versions, published_books
from pathway.engine.rulebooks.published_books import Published
from rules.books import parse
from rules.errors import Refused
from rules.rulebook import ClockRule, Rulebook
from rules.vocabulary import EventKind
from storage.queries.rulebooks import changeover_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Clock, Referral, id_of

EVENTS = ("starts_on", "starts_when", "again_on", "counts_from", "stops_on", "stops_when")


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPlan:
    """Open referrals under the versions ``source_ids`` of a book go to the version ``target_id``.

    ``calendar_ids`` are the versions of the calendar that the target counts by, the newest last.
    """

    book: Rulebook
    target_id: int
    source_ids: frozenset[int]
    calendar_ids: Sequence[int]
    words: str
    event: EventKind = EventKind.RULES_MOVED

    def contacts(self, session: ReadSession) -> Sequence[int]:
        """Those with an open referral, or a clock of one, under a version that is left."""
        return changeover_rows.contacts_under(session, self.source_ids)

    def of(self, session: ReadSession | WriteSession, referral: Referral, *, now: datetime) -> ReferralMove | None:
        """What becomes of a referral; None where neither it nor a running clock is under a version that is left."""
        running = [
            clock
            for clock in changeover_plan.running(session, referral)
            if clock.rulebook_version_id in self.source_ids
        ]
        if not running and referral.rulebook_version_id not in self.source_ids:
            return None
        if stays := self._stays(referral):
            return ReferralMove(referral_id=id_of(referral), ref=referral.ref, stays=stays)
        clocks = tuple(self._clock(session, clock, now=now) for clock in running)
        found = ReferralMove(referral_id=id_of(referral), ref=referral.ref, clocks=clocks)
        if referral.rulebook_version_id in self.source_ids or any(clock.moves for clock in found.clocks):
            return found
        return None  # only clocks that stay are left under the old version: a second run finds nothing to do

    def rebook(self, referral: Referral) -> bool:
        """Lets the referral keep the new version."""
        if referral.rulebook_version_id not in self.source_ids:
            return False
        referral.rulebook_version_id = self.target_id
        return True

    def _stays(self, referral: Referral) -> str:
        if referral.outcome is None or referral.outcome in self.book.outcomes:
            return ""
        return f"it was decided as {referral.outcome}, which {self.book.version} does not have"

    def _clock(self, session: ReadSession | WriteSession, clock: Clock, *, now: datetime) -> ClockMove:
        rule = self.book.clocks.get(clock.kind)
        stays = self._clock_stays(session, clock, rule)
        return changeover_plan.clock_move(session, clock, rule, self._published(session, clock), stays=stays, now=now)

    def _clock_stays(self, session: ReadSession | WriteSession, clock: Clock, rule: ClockRule | None) -> str:
        if rule is None:
            return f"version {self.book.version} has no such clock"
        old = published_books.of(session, clock.rulebook_version_id, clock.calendar_version_id).book.clocks[clock.kind]
        if any(getattr(old, key) != getattr(rule, key) for key in EVENTS):
            return f"in version {self.book.version} it starts or stops on something else"
        return ""

    def _published(self, session: ReadSession | WriteSession, clock: Clock) -> Published:
        """The clock keeps its version of the calendar, unless the new version of the book counts by another one."""
        kept = clock.calendar_version_id
        return published_books.of(session, self.target_id, kept if kept in self.calendar_ids else self.calendar_ids[-1])


def plan(session: ReadSession, *, book: str, to: str, leave: str | None = None) -> RulesPlan:
    """The plan to move the open referrals of a book to the version ``to``, from all others or from ``leave`` alone.

    Raises NotFound for an unknown version, Refused where both are the same.
    """
    if leave == to:
        raise Refused([f"Version {to} is where they are; name two different versions."])
    target = council_versions.book_row(session, book, to)
    if leave is not None:
        council_versions.book_row(session, book, leave)
    parsed = parse.parse(target.text, target.name)
    council_versions.calendar_called(session, parsed.calendar)
    sources = frozenset(changeover_rows.version_ids(session, book, leave)) - {id_of(target)}
    came_from = f"from {leave}" if leave else "from earlier versions"
    return RulesPlan(
        book=parsed,
        target_id=id_of(target),
        source_ids=sources,
        calendar_ids=changeover_rows.calendar_ids(session, parsed.calendar),
        words=f"Rules of {book} moved {came_from} to {to}",
    )
