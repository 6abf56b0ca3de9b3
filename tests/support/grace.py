"""A council whose decisions have a grace, and people who undo what they decided. The door comes first."""

from __future__ import annotations

from datetime import timedelta

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.decisions import undoing, within_grace
from pathway.engine.decisions.within_grace import Grace
from rules.messages import MessageState
from storage.queries import referral_rows
from storage.queries.decisions import undone_rows
from storage.tables import Contact, Council, Letter, Message, Referral, UndoneDecision, id_of
from support.front_door import MANAGER, FrontDoor
from support.scenes import kept

WRONG = "The wrong child was on the screen."


@kept
def give(door: FrontDoor, minutes: int = 10) -> None:
    """The council gives decisions so many minutes; ten as it is shipped."""
    with door.database.write() as session:
        session.get_one(Council, 1).grace_minutes = minutes


@kept
def undo(door: FrontDoor, referral: Referral, by: Actor = MANAGER, reason: str = WRONG) -> Referral:
    """Undoes the decision that stands."""
    door.give(undoing.undo, referral, (inputs.ReasonInput, {"reason": reason}), by=by)
    return door.fresh(referral)


def of(door: FrontDoor, referral: Referral) -> Grace:
    """Whether the decision that stands can be undone now."""
    with door.database.read() as session:
        return within_grace.of(session, door.fresh(referral), now=door.now)


def pass_by(door: FrontDoor, minutes: float) -> None:
    """Time passes, and nobody does anything."""
    door.frozen.tick(timedelta(minutes=minutes))


def work(door: FrontDoor) -> None:
    """The dispatcher and the sweep take what is due at this moment."""
    door.hand_over_letters()
    door.sweep()
    door.hand_over_letters()


def message_of(door: FrontDoor, letter: Letter) -> Message:
    """The e-mail that carries a letter."""
    return next(message for message in door.messages() if message.letter_id == letter.id)


def outcomes(door: FrontDoor, contact: Contact) -> list[str]:
    """How far each letter with an outcome has come by e-mail, oldest first."""
    carried = {message.letter_id: MessageState(message.state) for message in door.messages()}
    return [carried[one.id] for one in door.letters(contact) if one.kind in ("outcome", "corrected outcome")]


def undone(door: FrontDoor, referral: Referral) -> list[UndoneDecision]:
    """The decisions about a child that were undone, oldest first."""
    with door.database.read() as session:
        return [one for _, one in sorted(undone_rows.of_referrals(session, [id_of(referral)]).items())]


def standing(door: FrontDoor, referral: Referral) -> str | None:
    """The outcome that stands, or None."""
    with door.database.read() as session:
        decision = referral_rows.latest_decision(session, id_of(referral))
    return decision.outcome if decision else None
