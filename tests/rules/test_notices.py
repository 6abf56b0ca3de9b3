"""Notices of a book: what is no fault, and should be looked at before it is published."""

from __future__ import annotations

import pytest

from pathway.engine.rulebooks import shipped
from rules.books import notices, parse
from rules.errors import Fault

BOOK = shipped.book_text("haringey-2009")
DECISION = BOOK[BOOK.index("[clocks.decision]") : BOOK.index("[clocks.feedback]")]
FEEDBACK = BOOK[BOOK.index("[clocks.feedback]") : BOOK.index("[clocks.allocation]")]
URGENT = BOOK[BOOK.index("[clocks.urgent_allocation]") : BOOK.index("[clocks.danger]")]


def found(*changes: tuple[str, str], text: str = BOOK) -> dict[str, Fault]:
    """The notices of a book so changed, by place."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return {notice.place: notice for notice in notices.notices_of(parse.parse(text, "ours"))}


@pytest.mark.parametrize("name", shipped.shipped_books())
def test_a_shipped_book_has_no_notice(name):
    assert notices.notices_of(parse.parse(shipped.book_text(name), name)) == []


ODD = [
    # nothing watches the decision or the feedback
    (((DECISION, ""),), "clocks", "nothing watches the decision", 'stops_on = "decided"'),
    (((FEEDBACK, ""),), "clocks", "nothing watches the feedback", "[clocks.feedback]"),
    ((('starts_on = "received"', 'starts_on = "rated"'),), "clocks", "nothing watches the decision", "received"),
    (
        (('stops_on  = "decided"', 'stops_on = "decided"\nnot_applicable_when = ["anonymous", "imported"]'),),
        "clocks.decision.not_applicable_when",
        "where the contact is anonymous",
        "take it out",
    ),
    # told at night, and without the right to answer
    (
        (('"6 hours after",  role = "head of service"', '"6 hours after",  role = "director"'),),
        'permissions."acknowledge alert"',
        "the director is told of alerts, at night too, and may not acknowledge them: clocks.decision.ladder[4]",
        'add "director" there',
    ),
    # an outcome that nobody reaches
    (
        (('"decide"            = ["duty manager", "emergency duty team", "service manager", "head of service"]',
          '"decide" = ["administrator"]'),),
        "permissions.decide",
        "nobody reaches an outcome",
        '"read record"',
    ),
    (
        (('title       = "Information and advice"', 'title = "no further  action"'),),
        "outcomes.information-and-advice.title",
        "nobody can tell it apart",
        "a title of its own",
    ),
    (((URGENT, ""),), "outcomes.strategy-discussion", "no clock says how soon", 'starts_when = "at once"'),
    (
        (('effect      = "accept urgently"', 'effect = "accept"'),),
        "clocks.urgent_allocation",
        "this clock never starts",
        "take it out",
    ),
    # a title that says another limit than the clock has
    ((('limit     = "24 hours"', 'limit = "48 hours"'),), "clocks.decision.title", "'24 hours'", "same in title"),
    (
        (("is told the outcome and the reasons in writing.", "is told in writing within seven days."),),
        "clocks.feedback.owed",
        "'seven days', and the limit is 48 hours",
        "same in owed",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "place", "problem", "remedy"), ODD)
def test_what_is_odd_has_a_notice_with_place_and_remedy(changes, place, problem, remedy):
    told = found(*changes)
    assert place in told, told
    assert problem in told[place].problem
    assert remedy in told[place].remedy


def test_an_outcome_for_a_childs_worker_is_reached_by_nobody_where_no_child_has_one():
    begin, end = BOOK.index("[clocks.allocation]"), BOOK.index("# --- Levels")
    text = BOOK[:begin] + BOOK[end:]
    told = found(('= "accept"\n', '= "advise"\n'), ('effect      = "accept urgently"', 'effect = "advise"'), text=text)
    assert "no child has a worker" in told["outcomes.already-open"].problem


def test_clocks_that_follow_each_other_from_receipt_watch_the_decision():
    first = DECISION.replace("[clocks.decision]", "[clocks.screening]").replace('"decided"', '"screened"')
    second = DECISION.replace('starts_on = "received"', 'starts_on = "screened"')
    assert found((DECISION, first + second)) == {}


@pytest.mark.parametrize(
    ("title", "limit", "odd"),
    [
        ("Decision within 24 hours", "24 hours", False),
        ("Decision within 24 hours", "1440 minutes", False),
        ("Decision within 24 hours", "1 working day", True),
        ("Decision within one hour", "1 hour", False),
        ("Decision within one hour", "2 hours", True),
        ("24-hour decision", "24 hours", False),
        ("Decided in 24h", "48 hours", True),
        ("Decided in 24hrs", "24 hours", False),
        ("Decision within twenty-four hours", "24 hours", False),
        ("Decision within twenty-four hours", "20 hours", True),
        ("Decision within two working days", "2 working days", False),
        ("Decision within TWO  WORKING  DAYS", "3 working days", True),
        ("Decision within two days", "48 hours", False),
        ("Decision within two days", "2 calendar days", False),
        ("Decision within two days", "2 working days", True),
        ("Decision by the next working day", "1 working day", False),
        ("Decision within a day", "24 hours", False),
        ("Decision within half an hour", "30 minutes", False),
        ("Decision within half an hour", "1 hour", True),
        ("Decision within a week", "7 calendar days", False),
        ("Decision within a working week", "5 working days", False),
        ("Decision within a fortnight", "14 calendar days", False),
        ("Decision within a year", "12 months", False),
        ("Decision within three months", "6 months", True),
        ("Decision within 8 office hours", "8 working hours", False),
        ("Decision within 8 hours", "8 working hours", True),
        ("Decision within 1.5 hours", "90 minutes", False),
        ("A third contact is decided", "24 hours", False),
        ("Decision", "24 hours", False),
    ],
)
def test_a_title_is_held_against_the_limit(title, limit, odd):
    ladder = DECISION[DECISION.index("ladder = [") :]
    alone = 'ladder = [{ at = "when due", role = "duty manager" }]\n\n'
    told = found(
        (ladder, alone), ('"Decision within 24 hours"', f'"{title}"'), ('limit     = "24 hours"', f'limit = "{limit}"')
    )
    assert list(told) == (["clocks.decision.title"] if odd else [])


def test_a_title_may_name_the_limit_of_one_rating():
    text = shipped.book_text("mash-rag")
    title = '"Decision within the time of its rating"'
    assert found((title, '"Decision within 4 hours"'), text=text) == {}
    assert (
        "limit is 24 hours, 4 hours, 72 hours"
        in found((title, '"Decision within 5 hours"'), text=text)["clocks.decision.title"].problem
    )
