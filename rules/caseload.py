"""How many open children a worker may hold (Haringey action plan 2.1.4; no national number exists)."""

from __future__ import annotations

from decimal import Decimal

from rules.errors import InvalidInput
from rules.rulebook import CaseloadRule


def limit_for(rule: CaseloadRule, full_time_equivalent: float | Decimal) -> int:
    """The children that a worker of so much of full time may hold, rounded down but at least 1; 0 for 0.

    Raises InvalidInput for a negative share.
    """
    share = Decimal(str(full_time_equivalent))
    if share < 0:
        raise InvalidInput.of("full_time_equivalent", "a share of full time can't be negative", "give 1 for full time")
    return max(1, int(rule.limit * share)) if share else 0


def refusal(open_children_after: int, limit: int, worker_name: str) -> str:
    """Why a child can't be allocated to this worker, or the empty string; children count, not families (JAR 44)."""
    if open_children_after <= limit:
        return ""
    return (
        f"{worker_name} would hold {open_children_after} open children; the limit is {limit}. "
        "Choose another worker, or have a manager override the limit with a reason."
    )
