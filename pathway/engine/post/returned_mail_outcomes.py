"""How a bounce ends: the letter came back, somebody was alerted, nothing follows, or a person dismissed it."""

from __future__ import annotations

from datetime import timedelta

from notifications.answers import Answer
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.engine.inputs import Input, Number, ReasonInput, Text
from pathway.engine.post import handing_over
from pathway.engine.post.handing_over import ReturnInput
from rules.errors import Refused
from rules.messages import Delivery, Returned, Settlement
from rules.rulebook import Ladder, Rung
from rules.vocabulary import Action, AlertKind, EventKind, Role
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


class BouncedLetterInput(Input):
    """The letter that a returned e-mail is about."""

    letter_id: Number
    note: Text = ""


def answer(bounce: Bounce) -> Answer:
    """What the reporting mail server said, as if it had been said to us."""
    said = bounce.diagnostic or bounce.status or "It could not be delivered"
    return Answer(accepted=False, final=True, code=None, text=said)


def returned(act: Act, bounce: Bounce, letter: Letter, handover: Handover, *, note: str) -> None:
    """Records that the letter came back, as far as this hand-over goes. Its contact must be locked."""
    # What a report says of its own moment counts, but for moments at which it can't have come.
    returned_at = min(max(bounce.reported_at or bounce.received_at, handover.handed_over_at), act.now)
    data = ReturnInput(how=Returned.BOUNCED, returned_at=returned_at, note=note)
    handing_over.record_returned(act, id_of(letter), data)
    end(act, bounce, Settlement.LETTER_RETURNED, note, letter_id=id_of(letter))


def end(act: Act, bounce: Bounce, how: Settlement, note: str, *, letter_id: int | None = None) -> None:
    """Records how a bounce was settled; ``note`` is in words, for people."""
    act.session.add(
        BounceSettlement(
            bounce_id=id_of(bounce),
            how=how,
            settled_at=act.now,
            settled_by=act.actor.username,
            letter_id=letter_id,
            note=note,
        )
    )
    act.session.flush()


def ask_a_person(act: Act) -> None:
    """Opens the one alert about all that waits."""
    matter = Matter(
        kind=AlertKind.LETTER,
        subject_key=SUBJECT,
        headline="Returned mail waits for a person",
        next_step="Open Bounces: find the letter that it is about, or dismiss it with a note.",
        ladder=LADDER,
        due_at=act.now,
    )
    ladders.open_alert(act.by_itself, matter)


def match(act: Act, bounce_id: int, data: BouncedLetterInput) -> Bounce:
    """Records that a bounce is about a letter, which so came back: its duty is owed again, in a round of its own.

    Raises Refused where the bounce is settled or no e-mail with the letter stands, NotAllowed, NotFound.
    """
    letter = handing_over.lock_letter(act, data.letter_id)
    bounce = returned_mail_rows.find(act.session, bounce_id)
    if act.repeated:
        return bounce
    _refuse_settled(act.session, bounce)
    handover = letter_rows.handover(act.session, data.letter_id)
    if handover is None or handover.delivery != Delivery.EMAIL:
        raise Refused(["This letter is not on its way by e-mail: it came back already, or left another way."])
    note = data.note or str(answer(bounce))
    returned(act, bounce, letter, handover, note=note)
    close_when_done(act)
    return bounce


def dismiss(act: Act, bounce_id: int, data: ReasonInput) -> Bounce:
    """A person looked, and nothing follows. Raises Refused once it is settled, NotAllowed, NotFound."""
    bounce = returned_mail_rows.find(act.session, bounce_id)
    if act.repeated:
        return bounce
    act.require(Action.RECORD_POSTED)
    _refuse_settled(act.session, bounce)
    end(act, bounce, Settlement.DISMISSED, data.reason)
    act.note(EventKind.BOUNCE_DISMISSED, f"Returned mail dismissed: {data.reason}", about=None, bounce=bounce_id)
    close_when_done(act)
    return bounce


def _refuse_settled(session: WriteSession, bounce: Bounce) -> None:
    if returned_mail_rows.settlement(session, id_of(bounce)) is not None:
        raise Refused([SETTLED])


def close_when_done(act: Act) -> None:
    """Closes the one alert about all that waits, where nothing waits any more."""
    if not returned_mail_rows.waiting(act.session):
        ladders.close_for(act, SUBJECT, because="All returned mail is settled.")
