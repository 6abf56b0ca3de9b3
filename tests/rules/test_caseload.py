"""The limit of open children a worker may hold."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules import caseload
from rules.errors import InvalidInput
from rules.rulebook import CaseloadRule, Ladder
from support.moments import book

FIFTEEN = book("haringey-2009").caseload


def rule(limit: int) -> CaseloadRule:
    return CaseloadRule(limit=limit, ladder=Ladder(name="caseload", rungs=()))


@pytest.mark.parametrize(
    ("share", "limit"),
    [(1, 15), (1.0, 15), (0.8, 12), (0.6, 9), (0.5, 7), (Decimal("0.55"), 8), (0.01, 1), (0, 0), (1.2, 18)],
)
def test_part_time_workers_hold_fewer_children(share, limit):
    assert caseload.limit_for(FIFTEEN, share) == limit


def test_a_share_is_not_lost_to_binary_fractions():
    assert caseload.limit_for(rule(100), 0.29) == 29


def test_a_negative_share_is_refused():
    with pytest.raises(InvalidInput, match="full_time_equivalent"):
        caseload.limit_for(FIFTEEN, -0.5)


def test_the_child_that_goes_over_the_limit_is_refused():
    assert caseload.refusal(15, 15, "Ada Cole") == ""
    reason = caseload.refusal(16, 15, "Ada Cole")
    assert reason.startswith("Ada Cole would hold 16 open children; the limit is 15.")
    assert "override the limit with a reason" in reason
