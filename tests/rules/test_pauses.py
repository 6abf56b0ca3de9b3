"""Pauses and extensions: a ledger of dated entries that can be taken back."""

from __future__ import annotations

from datetime import datetime

import pytest

from rules.errors import EndBeforeStart, NaiveMoment, NegativeAmount, StillPaused, TimeError
from rules.rulebook import Counting, Limit
from rules.timing.timescales import LedgerEntry, due_moment
from rules.vocabulary import Unit
from support.moments import england, limit, london, naive, nine_to_five

MONDAY = "2009-03-02 10:00"


def pause(span: str, *, withdrawn: str = "") -> LedgerEntry:
    """A pause written as ``03 09:00/03 12:00``, in March 2009; open without an end."""
    begin, _, end = span.partition("/")
    return LedgerEntry(
        paused_from=london(f"2009-03-{begin}"),
        paused_to=london(f"2009-03-{end}") if end else None,
        reason="Asked the school",
        person="DM01",
        withdrawn_at=london(withdrawn) if withdrawn else None,
    )


def due(amount: str, *entries: LedgerEntry, **options) -> datetime:
    return due_moment(limit(amount), london(MONDAY), nine_to_five(), Counting(**options), ledger=entries)


GIVEN_BACK = [
    ("90 working minutes", ["02 11:00/02 12:00"], "2009-03-02 12:30"),
    ("90 working minutes", ["02 11:30/02 12:00"], "2009-03-02 11:30"),  # begins when the time has run out
    ("90 working minutes", ["02 08:00/02 09:30"], "2009-03-02 11:30"),  # over before the start
    ("90 working minutes", ["02 08:00/02 10:30"], "2009-03-02 12:00"),  # half of it before the start
    ("90 working minutes", ["02 10:00/02 10:00"], "2009-03-02 11:30"),  # no length
    ("90 working minutes", ["02 11:00/02 12:00", "02 11:30/02 13:00"], "2009-03-02 13:30"),  # overlapping
    (
        "90 working minutes",
        ["02 12:00/02 13:00", "02 11:00/02 11:30"],
        "2009-03-02 12:00",
    ),  # second in time is too late
    ("120 working minutes", ["02 12:15/02 13:00", "02 11:00/02 11:30"], "2009-03-02 13:15"),  # out of order
    ("90 working minutes", ["02 11:00/02 11:30", "02 11:30/02 12:00"], "2009-03-02 12:30"),  # end to end
    ("8 working hours", ["02 17:00/03 09:00"], "2009-03-03 10:00"),  # closed hours give nothing back
    ("8 working hours", ["06 18:00/09 08:00"], "2009-03-03 10:00"),
    ("40 working hours", ["06 18:00/09 08:00"], "2009-03-09 10:00"),  # a weekend gives nothing back
    ("40 working hours", ["06 16:00/09 10:00"], "2009-03-09 12:00"),
    ("24 hours", ["02 17:00/03 09:00"], "2009-03-04 02:00"),  # an elapsed clock counts the night
    ("48 hours", ["02 17:00/03 09:00", "03 00:00/03 11:00"], "2009-03-05 04:00"),
    ("1 working day", ["02 12:00/02 16:00"], "2009-03-04 13:00"),
    ("1 working day", ["03 09:00/03 17:00"], "2009-03-04 17:00"),  # a whole day
    ("5 working days", ["04 09:00/05 17:00"], "2009-03-11 17:00"),
    ("5 working days", ["07 00:00/08 23:00"], "2009-03-09 17:00"),
    ("3 calendar days", ["03 09:00/04 09:00"], "2009-03-06 17:00"),
    ("1 month", ["03 09:00/05 09:00"], "2009-04-04 17:00"),
]


@pytest.mark.parametrize(("amount", "pauses", "expected"), GIVEN_BACK)
def test_a_pause_gives_back_only_the_counted_time_inside_it(amount, pauses, expected):
    """7. A pause gives back only the counted time that lies inside it. ..."""
    assert due(amount, *map(pause, pauses)) == london(expected)


def test_a_pause_over_the_clock_change_of_29_march():
    entry = LedgerEntry(paused_from=london("2009-03-28 12:00"), paused_to=london("2009-03-29 12:00"))
    elapsed = due_moment(Limit(48, Unit.HOURS), london("2009-03-27 12:00"), england(), ledger=[entry])
    assert elapsed == london("2009-03-30 12:00")
    dated = due_moment(Limit(3, Unit.CALENDAR_DAYS), london("2009-03-27 12:00"), england(), ledger=[entry])
    assert dated == london("2009-03-31 17:00")


@pytest.mark.parametrize(
    ("amount", "extension", "expected"),
    [
        ("5 working days", "2 working days", "2009-03-11 17:00"),
        ("90 working minutes", "30 working minutes", "2009-03-02 12:00"),
        ("24 hours", "24 hours", "2009-03-04 10:00"),
        ("24 hours", "1 working day", "2009-03-04 17:00"),
        ("5 working days", "2 working hours", "2009-03-10 11:00"),
    ],
)
def test_an_extension(amount, extension, expected):
    assert due(amount, LedgerEntry(extension=limit(extension))) == london(expected)


def test_extensions_in_several_units_do_not_depend_on_their_order():
    one, other = LedgerEntry(extension=limit("2 hours")), LedgerEntry(extension=limit("1 working day"))
    assert due("5 working days", one, other) == due("5 working days", other, one) == london("2009-03-10 19:00")


def test_taking_an_extension_back_after_a_pause_is_exact():
    """7. ... Pauses and extensions are a ledger of dated entries with reason and person; the due moment is
    computed from the ledger, so that taking one back is exact."""
    extension = LedgerEntry(extension=limit("5 working days"), reason="Child in hospital", person="TM01")
    withdrawn = LedgerEntry(extension=limit("5 working days"), withdrawn_at=london("2009-03-05 10:00"))
    paused = pause("11 09:00/12 09:00")
    assert due("5 working days", extension, paused) == london("2009-03-17 17:00")
    assert due("5 working days", withdrawn, paused) == due("5 working days") == london("2009-03-09 17:00")


def test_taking_a_pause_back_is_exact():
    withdrawn = pause("02 11:00/02 12:00", withdrawn="2009-03-02 16:00")
    assert due("90 working minutes", withdrawn, pause("02 10:30/02 10:45")) == london("2009-03-02 11:45")


def test_a_clock_that_stands_still_has_no_due_moment_but_can_be_looked_at():
    entry = pause("02 11:00")
    with pytest.raises(StillPaused, match="until the pause ends"):
        due("90 working minutes", entry)
    looked_at = due_moment(
        limit("90 working minutes"), london(MONDAY), nine_to_five(), ledger=[entry], as_at=london("2009-03-02 14:00")
    )
    assert looked_at == london("2009-03-02 14:30")


def test_a_pause_that_begins_when_the_time_has_run_out_holds_nothing_up():
    assert due("90 working minutes", pause("02 11:30")) == london("2009-03-02 11:30")


def test_an_open_pause_swallows_the_closed_ones_after_it():
    with pytest.raises(StillPaused):
        due("90 working minutes", pause("02 11:00"), pause("02 11:10/02 11:20"))


def test_a_pause_across_a_closing_with_the_next_opening_rule():
    due_at = due("7 working hours", pause("02 16:00/02 17:00"), at_close="next opening")
    assert due_at == london("2009-03-03 10:00")


def test_a_rolled_date_is_rolled_again_after_a_pause():
    assert due("4 calendar days", pause("03 09:00/04 09:00"), roll="forward") == london("2009-03-09 17:00")


BAD_ENTRIES = [
    ({}, TimeError),
    ({"paused_from": london(MONDAY), "extension": limit("1 hour")}, TimeError),
    ({"paused_from": london("2009-03-02 11:00"), "paused_to": london("2009-03-02 10:00")}, EndBeforeStart),
    ({"paused_from": naive("2009-03-02 00:00")}, NaiveMoment),
    ({"extension": Limit(-1, Unit.HOURS)}, NegativeAmount),
]


@pytest.mark.parametrize(("fields", "error"), BAD_ENTRIES)
def test_an_entry_that_cannot_be_is_refused(fields, error):
    with pytest.raises(error):
        LedgerEntry(**fields)
