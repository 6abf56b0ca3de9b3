"""What the old system says happened to one child, put on record at the moments when it happened.

The clocks start and stop at those moments, so that figures are judged by the facts. Unless the import is live, nobody
watches them: history sends no letters and raises no alerts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pathway.engine import clocks
from pathway.engine.act import Act
from pathway.engine.decisions import deciding
from pathway.engine.rulebooks.published_books import Published
from pathway.importing.records import ImportedDecision
from rules.vocabulary import Effect, EventKind, State
from storage.tables import Contact, Decision, Referral
from storage.tables.base import id_of

NOT_RECORDED = "not recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One child's past. ``published``: the book its clocks run by, None where none was in force."""

    act: Act
    contact: Contact
    referral: Referral
    published: Published | None
    watched: bool

    def received(self) -> None:
        """The contact came in, and the clocks of receipt began."""
        at = self.contact.received_at
        self._event(EventKind.RECEIVED, f"Received by {self.contact.channel}", at)
        if self.published is not None:
            clocks.begin(
                self.act,
                self.referral,
                self.contact,
                EventKind.RECEIVED,
                occurred_at=at,
                published=self.published,
                watched=self.watched,
            )

    def decided(self, decision: ImportedDecision) -> None:
        """Somebody decided, with reasons or without; an accepted child waits for a worker."""
        self.act.session.add(
            Decision(
                referral_id=id_of(self.referral),
                outcome=decision.outcome.code,
                reasons=decision.reasons,
                decided_at=decision.decided_at,
                decided_by=decision.decided_by or NOT_RECORDED,
                recorded_at=self.act.now,
                imported=True,
            )
        )
        self.referral.outcome = decision.outcome.code
        self.referral.decided_at = decision.decided_at
        self.referral.state = State.DECIDED
        self._event(EventKind.DECIDED, f"Decided: {decision.outcome.title}", decision.decided_at)
        self._step(EventKind.DECIDED, decision.decided_at)
        if decision.outcome.effect.accepts:
            self._accepted(decision.decided_at, decision.outcome.effect)

    def told(self, decision: ImportedDecision) -> None:
        """The referrer was told in writing, if the old system says so."""
        at = decision.feedback_at
        if at is None:
            return
        self.referral.feedback_at = at
        summary = f"Referrer told in writing by {decision.feedback_by}, as the old system says"
        self._event(EventKind.FEEDBACK_GIVEN, summary, at)
        self._step(EventKind.FEEDBACK_GIVEN, at)

    def _accepted(self, at: datetime, effect: Effect) -> None:
        self.referral.state = State.AWAITING_ALLOCATION
        if self.published is None:
            self.referral.accepted_at = at
            return
        deciding.accept(self.act, self.referral, self.contact, effect, accepted_at=at, watched=self.watched)

    def _event(self, kind: EventKind, summary: str, at: datetime) -> None:
        self.act.note(kind, summary, about=self.referral, occurred_at=at)

    def _step(self, event: EventKind, at: datetime) -> None:
        if self.published is not None:
            clocks.step(self.act, self.referral, event, occurred_at=at, watched=self.watched)
