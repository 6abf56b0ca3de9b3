"""Whether a decision can still be undone, and why not: what the command refuses is what the pages say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.act import Act
from pathway.engine.letters import grace as waiting
from rules.pathway import UNDOING_IS_PAST
from rules.timing import grace, zones
from rules.vocabulary import State
from storage.queries import referral_rows
from storage.queries.decisions import onward_rows
from storage.queries.letters import grace_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Decision, Letter, Referral, id_of

STATES = (State.DECIDED, State.AWAITING_ALLOCATION, State.ALLOCATED)
NOT_DECIDED = "There is no decision that stands."
NO_GRACE = f"This decision had no grace, what it leads to went at once. {UNDOING_IS_PAST}"
CLAIMED = f"The letter is on its way, has left or was printed. {UNDOING_IS_PAST}"
ENDED_EARLY = f"Its grace ended early, for immediate danger or as feedback came to be due. {UNDOING_IS_PAST}"
ONWARD_CLAIMED = f"The receiver is being written to, or has been. {UNDOING_IS_PAST}"
_WHEN = "%H:%M on %-d %B %Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grace:
    """Of one decision: ``until`` when what it leads to waits (None: not, or no longer), and why undoing it is ``past``.

    ``past`` is empty while it can be undone; where a letter lies that nobody claims, that is longer than it waits.
    ``had``: there was a grace at all.
    """

    until: datetime | None = None
    past: str = ""
    had: bool = False

    @property
    def is_open(self) -> bool:
        """True while the decision can be undone."""
        return not self.past

    @property
    def is_shown(self) -> bool:
        """True where there is something to say of it."""
        return self.is_open or self.had


def of(session: ReadSession | WriteSession, referral: Referral, *, now: datetime) -> Grace:
    """The grace of the decision that stands about one child. Who acts on it asks ``held``."""
    decision = referral_rows.latest_decision(session, id_of(referral))
    if decision is None or referral.decided_at is None or referral.state not in STATES:
        return Grace(past=NOT_DECIDED)
    telling = grace_rows.letters_telling(session, id_of(referral), since=decision.decided_at)
    had = decision.grace_until is not None or any(one.waits_until is not None for one in telling)
    past = _past(session, referral, decision, telling, now=now) if had else NO_GRACE
    return Grace(until=_until(session, referral, telling, now=now), past=past, had=had)


def held(act: Act, referral: Referral) -> Grace:
    """The same for whoever changes or undoes: no dispatcher claims what waits before this transaction has ended.

    The contact must be locked; where a dispatcher is claiming at this moment, this waits until it has.
    """
    grace_rows.lock_messages(act.session, referral.contact_id)
    return of(act.session, referral, now=act.now)


def _until(
    session: ReadSession | WriteSession, referral: Referral, telling: Sequence[Letter], *, now: datetime
) -> datetime | None:
    waits = (one.waits_until for one in telling if grace_rows.is_in_grace(session, one))
    running = (moment for moment in (referral.grace_until, *waits) if grace.runs(moment, now=now))
    return max((moment for moment in running if moment is not None), default=None)


def _past(
    session: ReadSession | WriteSession,
    referral: Referral,
    decision: Decision,
    telling: Sequence[Letter],
    *,
    now: datetime,
) -> str:
    if any(grace_rows.is_claimed(session, id_of(one)) for one in telling):
        return CLAIMED
    if _is_written_onward(session, referral):
        return ONWARD_CLAIMED
    if session.get_one(Contact, referral.contact_id).immediate_danger:
        return ENDED_EARLY
    return "" if telling or grace.runs(referral.grace_until, now=now) else _over(decision, now=now)


def _over(decision: Decision, *, now: datetime) -> str:
    if decision.grace_until is None or now < decision.grace_until:
        return ENDED_EARLY
    over = decision.grace_until.astimezone(zones.zone_named(zones.LONDON))
    return f"Its grace was over at {over:{_WHEN}}. {UNDOING_IS_PAST}"


def _is_written_onward(session: ReadSession | WriteSession, referral: Referral) -> bool:
    sent = onward_rows.open_of(session, id_of(referral))
    return sent is not None and onward_rows.is_claimed(session, sent)


def begin(act: Act, referral: Referral, *, corrects: bool) -> datetime | None:
    """Gives a decision that is being made its grace, and says until when; None for none.

    A corrected one has a grace while the one before can still be undone: afterwards what was told is corrected at once.
    """
    contact = act.session.get_one(Contact, referral.contact_id)
    can_be_undone = not corrects or held(act, referral).is_open
    referral.grace_until = waiting.of_decision(act, contact) if can_be_undone else None
    return referral.grace_until
