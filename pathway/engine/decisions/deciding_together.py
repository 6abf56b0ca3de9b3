"""Deciding about several children of one contact under one act: each alone (plan action 2.1.5), all or none."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import together
from pathway.engine.act import Act
from pathway.engine.children import match_answers
from pathway.engine.decisions import deciding
from pathway.engine.decisions.decision_input import DecisionInput
from pathway.engine.together import OfChild


def decide(act: Act, wanted: Sequence[OfChild[DecisionInput]]) -> None:
    """Records a decision for each child, in the order given; one letter may tell of all.

    The contacts that any of the matches is about are locked before the first child's own is, so that two families
    decided at once wait for each other in one order. Raises SeveralRefused, InvalidInput, NotAllowed, NotFound.
    """
    match_answers.lock(act, [answer for child in wanted for answer in child.data.matches])
    together.each(act, deciding.decide, wanted)
