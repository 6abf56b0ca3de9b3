"""The fields of a decision. What only some outcomes ask for stands below each of them, and is named after it.

The stylesheet reveals it when the outcome is chosen; a browser that can't do that shows all, and only what stands below
the outcome that was chosen counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pathway.engine import code_lists
from pathway.engine.children import candidates, match_answers
from pathway.engine.decisions.decision_input import DecisionInput
from pathway.web import typed
from pathway.web.forms import Form
from pathway.web.views.known_view import Known
from rules import pathway
from rules.errors import Fault, InvalidInput
from rules.pathway import Facts
from rules.rulebook import Outcome, Rulebook
from rules.vocabulary import Effect
from storage.queries.children import match_rows
from storage.queries.letters import letter_rows
from storage.queries.staff import staff_rows
from storage.sessions import ReadSession
from storage.tables import Contact, Referral, id_of

Model = TypeVar("Model", bound=DecisionInput)
OF_EVERY_OUTCOME = ("outcome", "level_of_need", "primary_need", "reasons")
ASKED, MATCH, MATCH_NOTE = "asked", "match-", "match_note-"
OF_AN_OUTCOME = ("worker_id", "receiver", "receiver_email")


def field(name: str, outcome: str) -> str:
    """What the form calls a field that belongs to one outcome."""
    return f"{name}-{outcome}"


def needs_worker(outcome: Outcome) -> bool:
    """True for an outcome that passes what was said to the worker who has the child already."""
    return outcome.effect is Effect.PASS_TO_WORKER or "allocated worker" in outcome.required


def needs_receiver(outcome: Outcome) -> bool:
    """True for an outcome that refers the child onward to somebody else."""
    return outcome.effect is Effect.REFER_ONWARD or "receiver" in outcome.required


def preselected(session: ReadSession, referral: Referral, book: Rulebook) -> Mapping[str, str]:
    """Who holds the child, or one who may be the same, in another referral, below each outcome that needs one."""
    worker_id = staff_rows.worker_holding(session, candidates.perhaps_one(session, referral.person_id))
    if worker_id is None:
        return {}
    return {field("worker_id", one.code): str(worker_id) for one in book.outcomes.values() if needs_worker(one)}


def parse(form: Form, model: type[Model], *names: str) -> Model:
    """What was typed as a command's input, with the fields ``names`` that it has beside those of a decision.

    Raises InvalidInput; ``placed`` finds its fields in the form.
    """
    fields: dict[str, Any] = {name: form.get(name) for name in (*OF_EVERY_OUTCOME, *names)}
    fields |= {name: form.get(field(name, form.get("outcome"))) or form.get(name) for name in OF_AN_OUTCOME}
    return typed.parse(model, fields | {"matches": _answers(form)}, [])


def _answers(form: Form) -> list[dict[str, str]]:
    numbers = [name.removeprefix(MATCH) for name in form.values if name.startswith(MATCH) and form.get(name)]
    return [
        {"match_id": number, "answer": form.get(MATCH + number), "note": form.get(MATCH_NOTE + number)}
        for number in numbers
    ]


def placed(form: Form, error: InvalidInput) -> InvalidInput:
    """The same faults at the fields as this form calls them."""
    return InvalidInput(_moved(form, fault) for fault in error.faults)


def _moved(form: Form, fault: Fault) -> Fault:
    if fault.place.startswith("matches."):
        _, at, name = fault.place.split(".", 2)
        return replace(fault, place=(MATCH_NOTE if name == "note" else MATCH) + _answers(form)[int(at)]["match_id"])
    if fault.place not in OF_AN_OUTCOME:
        return fault
    return replace(fault, place=field(fault.place, form.get("outcome")))


def places(form: Form) -> Mapping[str, str]:
    """The guards' own words, so that a refusal finds its field."""
    outcome = form.get("outcome")
    unanswered = next((number for number in form.all(ASKED) if not form.get(MATCH + number)), "")
    return {
        pathway.MATCHES_ANSWERED.refusal(Facts(matches_open={0: ""})): MATCH + unanswered,
        pathway.OUTCOME.refusal(Facts()): "outcome",
        pathway.LEVEL_OF_NEED.refusal(Facts()): "level_of_need",
        pathway.REASONS.refusal(Facts()): "reasons",
        pathway.PRIMARY_NEED.refusal(Facts(outcome_accepts=True)): "primary_need",
        pathway.WORKER_NAMED.refusal(Facts(needs_worker=True)): field("worker_id", outcome),
        pathway.RECEIVER_NAMED.refusal(Facts(needs_receiver=True)): field("receiver", outcome),
    }


def options(session: ReadSession, page: Known) -> Mapping[str, Any]:
    """What the fields offer: for ``parts/decision.html``."""
    return {**of_contact(session, page.contact), **of_child(session, page)}


def of_contact(session: ReadSession, contact: Contact) -> Mapping[str, Any]:
    """What the fields offer for every child of a contact."""
    return {
        "match_answers": [(answer, words, "") for answer, words in match_answers.ANSWERS.items()],
        "workers": [
            (str(id_of(worker)), f"{worker.name}, {team.name}") for worker, team, _ in staff_rows.workers(session)
        ],
        "bounced": contact.referrer_email.casefold() in letter_rows.addresses_that_bounced(session, id_of(contact)),
        "needs": [(code, f"{code} {label}") for code, label in code_lists.labels(code_lists.PRIMARY_NEED).items()],
    }


def of_child(session: ReadSession, child: Known) -> Mapping[str, Any]:
    """What the fields offer for one child, under the child's own book."""
    book = child.published.book
    outcomes = book.outcomes.values()
    return {
        "asked": match_rows.to_be_answered(session, child.referral.person_id),
        "outcomes": [(outcome.code, outcome.title, _hint(outcome)) for outcome in outcomes],
        "asks_worker": {outcome.code for outcome in outcomes if needs_worker(outcome)},
        "asks_receiver": {outcome.code for outcome in outcomes if needs_receiver(outcome)},
        "levels": [(code, f"{code}: {words}", "") for code, words in book.levels_of_need.items()],
    }


def _hint(outcome: Outcome) -> str:
    paragraph = " ".join(outcome.paragraph.split())
    if not outcome.effect.accepts:
        return paragraph
    urgently = ", at once" if outcome.effect is Effect.ACCEPT_URGENTLY else ""
    return f"Accepts the referral: a worker must be allocated{urgently}. {paragraph}"
