"""What a manager types to decide, and what it adds to the facts that the guards look at."""

from __future__ import annotations

from dataclasses import replace

from pathway.engine import code_lists
from pathway.engine.children.match_answers import MatchAnswer
from pathway.engine.inputs import EmailLine, Line, OptionalNumber, Text
from pathway.engine.rulebooks.published_books import Published
from pathway.engine.why_late import LateInput
from rules.pathway import Facts
from rules.vocabulary import Effect


class DecisionInput(LateInput):
    """What a manager decided about one child. The pathway's guards say which of these an outcome needs."""

    outcome: Line = ""
    level_of_need: Line = ""
    primary_need: Line = ""
    reasons: Text = ""
    worker_id: OptionalNumber = None
    receiver: Line = ""
    receiver_email: EmailLine = ""
    matches: tuple[MatchAnswer, ...] = ()


def facts_for_decision(facts: Facts, data: DecisionInput, published: Published) -> Facts:
    """The record's facts with those of a decision; a code that the book does not know counts as none."""
    outcome = published.book.outcomes.get(data.outcome)
    effect, required = (outcome.effect, outcome.required) if outcome else (None, frozenset[str]())
    return replace(
        facts,
        has_outcome=outcome is not None,
        outcome_accepts=outcome is not None and outcome.effect.accepts,
        has_level_of_need=data.level_of_need in published.book.levels_of_need,
        has_primary_need=data.primary_need in code_lists.labels(code_lists.PRIMARY_NEED),
        has_reasons=bool(data.reasons.strip()),
        matches_open={
            number: name
            for number, name in facts.matches_open.items()
            if number not in {answer.match_id for answer in data.matches}
        },
        needs_worker=outcome is not None
        and ("allocated worker" in outcome.required or effect is Effect.PASS_TO_WORKER),
        has_worker=data.worker_id is not None,
        needs_receiver=effect is Effect.REFER_ONWARD or "receiver" in required,
        has_receiver=bool(data.receiver),
    )
