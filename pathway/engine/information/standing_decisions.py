"""Whether a decision stands after something was learnt: somebody who decides says so, with the reason."""

from __future__ import annotations

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.alerts import answers_needed
from pathway.engine.inputs import Input, NeededText
from rules.errors import Refused
from rules.vocabulary import Action, EventKind
from storage.queries import information_rows
from storage.tables import DecisionQuestion, Referral, id_of

NEXT_STEP = "Read what was added, and say whether the decision stands."
ANSWERED = "Somebody has said already whether this decision stands; open the list again."


class StandsInput(Input):
    """Whether the decision stands, and why."""

    stands: bool
    reason: NeededText


def ask(act: Act, referral: Referral, information_id: int) -> None:
    """Asks whoever decides whether the decision about a child still stands, and tells them."""
    question = DecisionQuestion(information_id=information_id, referral_id=id_of(referral), asked_at=act.now)
    act.session.add(question)
    act.session.flush()
    headline = f"Referral {referral.ref}: something was added after the decision; does it stand?"
    answers_needed.ask(act, f"stands:{referral.id}", headline, next_step=NEXT_STEP, about=referral)


def answer(act: Act, question_id: int, data: StandsInput) -> DecisionQuestion | None:
    """Keeps the answer; one that does not stand is decided anew by a corrected decision or after a reopening.

    None on a second click. Raises Refused where it is answered, NotAllowed, NotFound.
    """
    question = information_rows.question(act.session, question_id)
    referral = act.hold_referral(question.referral_id)
    if act.repeated:
        return None
    act.require(Action.DECIDE)
    record_access.require_open(act.session, act.actor, {referral.person_id}, now=act.now)
    question = information_rows.question(act.session, question_id)
    if question.answered_at is not None:
        raise Refused([ANSWERED])
    question.answered_at, question.answered_by = act.now, act.actor.username
    question.stands, question.reason = data.stands, data.reason
    act.session.flush()
    if not information_rows.open_questions(act.session, id_of(referral)):
        answers_needed.answered(act, f"stands:{referral.id}")
    kind = EventKind.DECISION_STANDS if data.stands else EventKind.DECISION_DOUBTED
    words = "The decision stands" if data.stands else "The decision does not stand, and is to be made anew"
    act.note(kind, f"{words}, after what was added: {data.reason}", about=referral, information=question.information_id)
    act.session.flush()
    return question
