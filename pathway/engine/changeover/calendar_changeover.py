"""Moving running clocks to the newest version of the calendar that they count by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.changeover import changeover_plan
from pathway.engine.changeover.changeover_plan import ClockMove, ReferralMove
from pathway.engine.rulebooks import council_versions, published_books
from rules.vocabulary import EventKind
from storage.queries.rulebooks import changeover_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Clock, Referral, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPlan:
    """Clocks that run by the versions ``source_ids`` of a calendar go to the version ``target_id``."""

    target_id: int
    source_ids: frozenset[int]
    words: str
    event: EventKind = EventKind.CALENDAR_MOVED

    def contacts(self, session: ReadSession) -> Sequence[int]:
        """Those with a clock that runs by a version that is left."""
        return changeover_rows.contacts_counted_by(session, self.source_ids)

    def of(self, session: ReadSession | WriteSession, referral: Referral, *, now: datetime) -> ReferralMove | None:
        """What becomes of a referral; None where all that is left by an older version is judged."""
        running = [
            clock
            for clock in changeover_plan.running(session, referral)
            if clock.calendar_version_id in self.source_ids
        ]
        found = tuple(self._clock(session, clock, now=now) for clock in running)
        if not any(clock.moves for clock in found):
            return None
        return ReferralMove(referral_id=id_of(referral), ref=referral.ref, clocks=found)

    def rebook(self, _: Referral) -> bool:
        """The referral keeps the version it came in under: only its clocks count."""
        return False

    def _clock(self, session: ReadSession | WriteSession, clock: Clock, *, now: datetime) -> ClockMove:
        published = published_books.of(session, clock.rulebook_version_id, self.target_id)
        return changeover_plan.clock_move(session, clock, published.book.clocks[clock.kind], published, now=now)


def plan(session: ReadSession, name: str) -> CalendarPlan:
    """The plan to move running clocks to the newest version of a calendar. Raises NotFound."""
    newest = council_versions.calendar_called(session, name)
    return CalendarPlan(
        target_id=newest.id,
        source_ids=frozenset(changeover_rows.calendar_ids(session, name)) - {newest.id},
        words=f"Calendar {name} moved to version {newest.row.version}",
    )
