"""How a bounce ends: the letter came back, somebody was alerted, nothing follows, or a person dismissed it."""

from __future__ import annotations

from datetime import datetime, timedelta

from notifications.answers import Answer
from pathway.engine import history
from pathway.engine.actors import SYSTEM, Actor
from pathway.engine.alerts import ladders
from pathway.engine.inputs import BouncedLetterInput, ReasonInput, ReturnInput
from pathway.engine.permissions import require
from pathway.engine.post import handing_over
from pathway.engine.rulebooks import published_books
from rules.errors import Refused
from rules.rulebook import Ladder, Rung
from rules.vocabulary import Action, AlertKind, Delivery, EventKind, Returned, Role, Settlement
from storage.queries.letters import letter_rows, returned_mail_rows
from storage.sessions import WriteSession
from storage.tables import Bounce, BounceSettlement, Handover, Letter, id_of

SUBJECT = "bounces"
# Local: no source says who looks at mail that nobody understands.
LADDER = Ladder(
    name="returned mail",
    rungs=(Rung(offset=timedelta(0), role=Role.DUTY_MANAGER, repeat=timedelta(days=1), local=True),),
)
SETTLED = "This was settled already; open the list again."


def answer(bounce: Bounce) -> Answer:
    """What the reporting mail server said, as if it had been said to us."""
    said = bounce.diagnostic or bounce.status or "It could not be delivered"
    return Answer(accepted=False, final=True, code=None, text=said)


def returned(
    session: WriteSession,
    bounce: Bounce,
    letter: Letter,
    handover: Handover,
    *,
    note: str,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> None:
    """Records that the letter came back, as far as this hand-over goes. Its contact must be locked."""
    # What a report says of its own moment counts, but for moments at which it can't have come.
    returned_at = min(max(bounce.reported_at or bounce.received_at, handover.handed_over_at), now)
    data = ReturnInput(how=Returned.BOUNCED, returned_at=returned_at, note=note)
    handing_over.record_returned(session, id_of(letter), data, actor=actor, now=now, request_id=request_id)
    end(session, bounce, Settlement.LETTER_RETURNED, note, now=now, actor=actor, letter_id=id_of(letter))


def end(
    session: WriteSession,
    bounce: Bounce,
    how: Settlement,
    note: str,
    *,
    now: datetime,
    actor: Actor = SYSTEM,
    letter_id: int | None = None,
) -> None:
    """Records how a bounce was settled; ``note`` is in words, for people."""
    session.add(
        BounceSettlement(
            bounce_id=id_of(bounce),
            how=how,
            settled_at=now,
            settled_by=actor.username,
            letter_id=letter_id,
            note=note,
        )
    )
    session.flush()


def ask_a_person(session: WriteSession, *, now: datetime) -> None:
    """Opens the one alert about all that waits."""
    ladders.open_alert(
        session,
        kind=AlertKind.LETTER,
        subject_key=SUBJECT,
        headline="Returned mail waits for a person",
        next_step="Open Bounces: find the letter that it is about, or dismiss it with a note.",
        ladder=LADDER,
        published=published_books.current(session, now=now),
        due_at=now,
        now=now,
    )


def match(
    session: WriteSession,
    bounce_id: int,
    data: BouncedLetterInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Bounce:
    """Records that a bounce is about a letter, which so came back: its duty is owed again, in a round of its own.

    Raises Refused where the bounce is settled or no e-mail with the letter stands, NotAllowed, NotFound.
    """
    letter = handing_over.lock_letter(session, data.letter_id)
    bounce = returned_mail_rows.find(session, bounce_id)
    if history.done_already(session, request_id):
        return bounce
    _refuse_settled(session, bounce)
    handover = letter_rows.handover(session, data.letter_id)
    if handover is None or handover.delivery != Delivery.EMAIL:
        raise Refused(["This letter is not on its way by e-mail: it came back already, or left another way."])
    note = data.note or str(answer(bounce))
    returned(session, bounce, letter, handover, note=note, actor=actor, now=now, request_id=request_id)
    _close_when_done(session, actor=actor, now=now)
    return bounce


def dismiss(
    session: WriteSession,
    bounce_id: int,
    data: ReasonInput,
    *,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Bounce:
    """A person looked, and nothing follows. Raises Refused once it is settled, NotAllowed, NotFound."""
    bounce = returned_mail_rows.find(session, bounce_id)
    if history.done_already(session, request_id):
        return bounce
    require(published_books.current(session, now=now).book, actor, Action.RECORD_POSTED)
    _refuse_settled(session, bounce)
    end(session, bounce, Settlement.DISMISSED, data.reason, now=now, actor=actor)
    history.record(
        session,
        EventKind.BOUNCE_DISMISSED,
        summary=f"Returned mail dismissed: {data.reason}",
        actor=actor,
        now=now,
        details={"bounce": bounce_id},
        request_id=request_id,
    )
    _close_when_done(session, actor=actor, now=now)
    return bounce


def _refuse_settled(session: WriteSession, bounce: Bounce) -> None:
    if returned_mail_rows.settlement(session, id_of(bounce)) is not None:
        raise Refused([SETTLED])


def _close_when_done(session: WriteSession, *, actor: Actor, now: datetime) -> None:
    if not returned_mail_rows.waiting(session):
        ladders.close_for(session, SUBJECT, because="All returned mail is settled.", now=now, actor=actor)
