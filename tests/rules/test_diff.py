"""What changes between two books, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pathway.engine.rulebooks import shipped
from rules.books import diff, parse

TEXT = shipped.book_text("haringey-2009")
CALENDAR = parse.parse_calendar(shipped.calendar_text("england"), "england")


def told(*changes: tuple[str, str]) -> list[str]:
    """The sentences about the shipped book with some of its text replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    found = diff.between(parse.parse(TEXT, "haringey-2009"), parse.parse(text, "ours"))
    return [difference.words for difference in found]


def told_of_calendar(**changes: object) -> list[str]:
    book = parse.parse(TEXT, "haringey-2009")
    found = diff.between(book, book, calendars=(CALENDAR, replace(CALENDAR, **changes)))
    return [difference.words for difference in found]


def test_a_book_does_not_differ_from_itself_under_another_name_and_version():
    assert told(('version           = "1.1"', 'version = "2"')) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('limit     = "24 hours"', 'limit = "9 hours"', "Clock decision: the limit: 24 hours -> 9 hours."),
        ('stops_on  = "decided"', 'stops_on = "closed"', "Clock decision: it stops on: decided -> closed."),
        (
            'not_applicable_when = ["anonymous", "unsafe to contact", "not named by the referrer"]',
            'not_applicable_when = ["anonymous", "not named by the referrer"]',
            "Clock feedback: not when, gone: unsafe to contact.",
        ),
        (
            '"2 hours after",  role = "service manager",   local = true },',
            '"2 hours after", role = "service manager", local = true, repeat = "1 hour" },',
            None,
        ),
        (
            'hold      = "4 hours"',
            'hold = "30 minutes"',
            "Clock decision: the ladder: an acknowledgement holds it for: 4 hours -> 30 minutes.",
        ),
        (
            'limit     = "24 hours"',
            'limit = "24 hours"\ncounting = { first_day = 1 }',
            "Clock decision: first day: 0 -> 1.",
        ),
        ('effect      = "advise"', 'effect = "close"', "Outcome information-and-advice: effect: advise -> close."),
        ('["NFA"]', '["NFA", "NONE"]', "Outcome no-further-action: old words for it, new: NONE."),
        (
            'siblings       = "Brothers, sisters and other children of the household"\n',
            'siblings = "Brothers and sisters"\n',
            "Check siblings: Brothers, sisters and other children of the household -> Brothers and sisters.",
        ),
        (
            'title = "General worry", checks = []',
            'title = "General worry", checks = ["school"]',
            "Contact kind general: General worry: no further checks -> General worry: school.",
        ),
        ("[checks]\n", '[checks]\nhousing = "Rent"\n', "Check housing, new: Rent."),
        ("limit  = 15 ", "limit = 12 ", "The caseload of a full-time worker: 15 children -> 12 children."),
        (
            '"administer" = ["administrator", "system owner"]',
            '"administer" = ["administrator"]',
            "Who may administer, gone: system owner.",
        ),
        ("2009-01-01 ", "2010-01-01 ", "The first day in force: 2009-01-01 -> 2010-01-01."),
        ('= "emergency duty team"', '= "service manager"', None),
        ('3 = "Child in need:', '3 = "In need:', None),
    ],
)  # fmt: skip
def test_one_change_is_one_sentence(old, new, sentence):
    (found,) = told((old, new))
    assert sentence is None or found == sentence


def test_a_rung_that_moves_is_told_without_the_others():
    assert told(('"6 hours after",  role = "head', '"4 hours after", role = "head')) == [
        "Clock decision: the ladder: 6 hours after: head of service (local) -> 4 hours after: head of service (local)."
    ]


def test_a_clock_that_is_gone_and_one_that_is_new_are_named_with_their_limits():
    found = told(("[clocks.allocation]", "[clocks.given]"))
    assert found == [
        "Clock allocation, gone: Allocation within one working day (1 working day from accepted until allocated).",
        "Clock given, new: Allocation within one working day (1 working day from accepted until allocated).",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"zone": "Europe/Paris"}, "The time zone: Europe/London -> Europe/Paris."),
        ({"week": (*CALENDAR.week[:4], (), (), ())}, "Hours on Friday: 08:45 to 16:45 -> closed."),
        ({"closed": {date(2026, 12, 29)}}, "Closed on, new: Tue 29 Dec 2026."),
        ({"closed_every_year": {(12, 24)}}, "Closed every year on, new: 24 December."),
        ({"opened": {date(2026, 8, 31)}}, "Open all the same on, new: Mon 31 Aug 2026 (Late Summer Bank Holiday)."),
        ({"years": (2000, 2030)}, "The years whose holidays are known: 2000 to 2100 -> 2000 to 2030."),
    ],
)
def test_a_calendar_that_changes_is_told_too(changes, sentence):
    assert told_of_calendar(**changes) == [sentence]


def test_a_holiday_that_is_gone_is_named():
    (day,) = [day for day in CALENDAR.holidays if day == date(2022, 9, 19)]
    (found,) = told_of_calendar(holidays=CALENDAR.holidays - {day})
    assert found.startswith("Holidays, gone: Mon 19 Sep 2022")


def test_a_difference_as_terms_has_place_and_both_values():
    book = parse.parse(TEXT, "haringey-2009")
    other = replace(book, calendar="ours")
    assert [found.to_terms() for found in diff.between(book, other)] == [
        {"place": "calendar", "before": "england", "after": "ours", "words": "The calendar: england -> ours."}
    ]
