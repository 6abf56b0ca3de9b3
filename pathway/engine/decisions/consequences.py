"""What a decision leads to outside: who has the child already is told, or a receiver is asked to take the child on."""

from __future__ import annotations

from pathway.engine.act import Act
from pathway.engine.decisions import new_information, onward_referral
from pathway.engine.decisions.decision_input import DecisionInput
from rules.errors import InvalidInput
from rules.rulebook import Outcome
from rules.vocabulary import Effect, NotApplicable
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Decision, Referral, Worker

OF_A_WORKER = {"worker_id": None}
OF_A_RECEIVER = {"receiver": "", "receiver_email": ""}


def fitting(session: WriteSession, data: DecisionInput, outcome: Outcome) -> DecisionInput:
    """The decision without what its outcome has no use for. Raises InvalidInput for an odd worker or address."""
    if not (outcome.effect is Effect.PASS_TO_WORKER or "allocated worker" in outcome.required):
        data = data.model_copy(update=OF_A_WORKER)
    elif data.worker_id is not None and staff_rows.active_worker(session, data.worker_id) is None:
        raise InvalidInput.of("worker_id", "There is no such active worker", "Choose a worker from the list")
    if not (outcome.effect is Effect.REFER_ONWARD or "receiver" in outcome.required):
        return data.model_copy(update=OF_A_RECEIVER)
    onward_referral.refuse_odd_address(data.receiver_email)
    return data


def begin(act: Act, referral: Referral, decision: Decision, outcome: Outcome) -> None:
    """Tells those whom this decision concerns, in its transaction."""
    if outcome.effect is Effect.PASS_TO_WORKER and decision.worker_id is not None:
        worker = act.session.get_one(Worker, decision.worker_id)
        new_information.send(act, referral, decision, worker)
    if outcome.effect is Effect.REFER_ONWARD and decision.receiver:
        onward_referral.send(act, referral, decision, outcome)


def end(act: Act, referral: Referral, reason: NotApplicable) -> None:
    """Ends what a decision that no longer stands has left waiting: alerts to be read, an answer to be given."""
    because = f"The decision no longer stands: {reason}."
    new_information.withdraw(act, referral, because=because)
    onward_referral.withdraw(act, referral, reason)
