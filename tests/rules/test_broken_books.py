"""Every fault that a book can have: its place, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from pathway.engine.rulebooks import shipped
from rules.books import check, parse
from rules.errors import Fault, NeverOpens, RuleError
from rules.timing.calendar import Calendar
from support.moments import england

BOOK = shipped.book_text("haringey-2009")
RAG = shipped.book_text("mash-rag")
CALENDAR = shipped.calendar_text("england")


def faults(old: str, new: str, *, text: str = BOOK) -> dict[str, Fault]:
    """The faults of a book in which the first ``old`` reads ``new``, by place."""
    assert old in text
    with pytest.raises(RuleError) as caught:
        parse.parse(text.replace(old, new, 1), "broken")
    return {fault.place: fault for fault in caught.value.faults}


BROKEN = [
    # outcome without effect
    ('effect      = "close"\n', "", "outcomes.no-further-action.effect", "missing", "accept urgently"),
    ('effect      = "advise"', 'effect = "advice"', "outcomes.information-and-advice.effect", "not known", "'advise'"),
    # clock that nothing stops
    ('stops_on  = "decided"\n', "", "clocks.decision.stops_on", "missing", "decided"),
    ('stops_on  = "decided"', 'stops_on = "decidet"', "clocks.decision.stops_on", "not known", "'decided'"),
    (
        'stops_on  = "allocated"',
        'stops_on = "decided"',
        "clocks.allocation.stops_on",
        "nothing stops",
        "allocated, closed",
    ),
    (
        'stops_on  = "allocated"',
        'stops_on = "accepted"',
        "clocks.allocation.stops_on",
        "nothing stops",
        "allocated, closed",
    ),
    ('stops_on  = "allocated"', 'stops_on = "breached"', "clocks.allocation.stops_on", "not a step", "allocated"),
    ('starts_on = "accepted"', 'starts_on = "rung taken"', "clocks.allocation.starts_on", "not a step", "accepted"),
    (
        'starts_when = "enquiry started"',
        'starts_when = "seen alone"',
        "clocks.conference.starts_when",
        "never recorded",
        "'enquiry started'",
    ),
    (
        'stops_on  = "minutes sent"',
        'stops_on = "minutes sent"\nstops_when = "seen alone"',
        "clocks.minutes.stops_when",
        "never recorded",
        'stops_on = "child seen"',
    ),
    (
        'stops_on  = "minutes sent"',
        'stops_on = "minutes sent"\ncounts_from = "closed"',
        "clocks.minutes.counts_from",
        "not always happened",
        "received",
    ),
    (
        'stops_on  = "minutes sent"',
        'stops_on = "decided"',
        "clocks.minutes.stops_on",
        "nothing stops",
        "something later",
    ),
    (
        'again_on  = ["review held"]',
        'again_on = ["review"]',
        "clocks.minutes.again_on[0]",
        "not known",
        "'review held'",
    ),
    (
        'again_on  = ["review held"]',
        'again_on = ["breached"]',
        "clocks.minutes.again_on",
        "not a step",
        "review held",
    ),
    (
        'stops_on  = "decided"',
        'stops_on = "decided"\nreason_when_late = true',
        "clocks.decision.reason_when_late",
        "nobody is asked",
        "assessment authorised",
    ),
    # rung that can't be reached
    ('"6 hours before"', '"24 hours before"', "clocks.decision.ladder[0].at", "can't be reached", "warn later"),
    ('"6 hours before"', '"3 days before"', "clocks.decision.ladder[0].at", "as long as 72 hours", "warn later"),
    ('"6 hours after"', '"400 days after"', "clocks.decision.ladder[4].at", "must have ended", "sooner"),
    ('"2 hours before"', '"8 hours before"', "clocks.decision.ladder[1].at", "after a later one", "early to late"),
    ('at = "when due",       role', 'at = "2 hours before", role', "clocks.decision.ladder[2]", "twice", "take one"),
    (
        'at = "2 hours after",  role',
        'at = "2 hours aftr", role',
        "clocks.decision.ladder[3].at",
        "can't be read",
        "2 hours before",
    ),
    # letter with an unknown field
    ("We have looked", "{child}, we have", "outcomes.no-further-action.paragraph", "no field {child}", "{reference}"),
    ("We will take", "We } take", "outcomes.no-further-action.next_steps", "lone }", "fields only"),
    # unknown role
    (
        'role = "screening officer"',
        'role = "screening oficer"',
        "clocks.decision.ladder[0].role",
        "not known",
        "'screening officer'",
    ),
    ('["duty manager", "emer', '["duty manger", "emer', "permissions.decide[0]", "not known", "'duty manager'"),
    # words and numbers
    ('limit     = "24 hours"', 'limit = "24 ours"', "clocks.decision.limit", "can't be read", "24 hours"),
    ('limit     = "24 hours"', 'limit = "0 hours"', "clocks.decision.limit", "can't be read", "24 hours"),
    ('limit     = "24 hours"', "limit = 24", "clocks.decision.limit", "no text", "24 hours"),
    ('hold      = "4 hours"', 'hold = "four hours"', "clocks.decision.hold", "can't be read", "4 hours"),
    ("limit  = 15 ", "limit = 0 ", "caseload.limit", "from 1 up", "limit = 1"),
    ("= 2009-01-01", '= "soon"', "effective_from", "no date", "2009-01-01"),
    ("= 2009-01-01", "= 2009-01-01\neffective_to = 2008-01-01", "effective_to", "ends before", "later date"),
    ('version           = "1.1"', "", "version", "missing", "a new one for each change"),
    *(
        ('version           = "1.1"', f'version = "{odd}"', "version", "can be no version", "begin with a letter")
        for odd in ("../x", "a/b", ".", "-1", "1 2", "1\\u0007", "x" * 41, "ß", "1@b", "1.", "con", "NUL.1")
    ),
    ("[clocks.second_look]", '[clocks."../x"]', "clocks", "can be no name", "letters, digits"),
    ("[outcomes.early-help]", '[outcomes.""]', "outcomes", "can be no name", "letters, digits"),
    ("[outcomes.early-help]", f"[outcomes.{'x' * 61}]", "outcomes", "can be no name", "60 at most"),
    ('calendar          = "england"', 'calendar = "../england"', "calendar", "can be no name", "letters"),
    ('limit     = "24 hours"', f'limit = "{"9" * 5000} hours"', "clocks.decision.limit", "can't be read", "24 hours"),
    ('hold      = "4 hours"', f'hold = "{"9" * 5000} hours"', "clocks.decision.hold", "can't be read", "4 hours"),
    # an event that stops the clock and starts it again, or that never comes after its start
    (
        'again_on  = ["reopened", "receiver refused", "restored"]',
        'again_on = ["decided"]',
        "clocks.decision.again_on",
        "start it again at once",
        "take it out",
    ),
    (
        'again_on  = ["reopened", "receiver refused", "restored"]',
        'again_on = ["accepted"]',
        "clocks.decision.again_on",
        "never comes after",
        "something later",
    ),
    ('stops_on  = "decided"', 'stops_on = "received"', "clocks.decision.stops_on", "nothing stops", "something later"),
    (
        'starts_on = "second look asked for"\nstops_on  = "second look given"',
        'starts_on = "second look given"\nstops_on = "second look asked for"',
        "clocks.second_look.stops_on",
        "nothing stops",
        "something later",
    ),
    # events that no clock starts or stops on, and what comes before its start in the pathway
    ('stops_on  = "decided"', 'stops_on = "letter posted"', "clocks.decision.stops_on", "ever stops on", "decided"),
    ('stops_on  = "decided"', 'stops_on = "accepted"', "clocks.decision.stops_on", "ever stops on", "decided"),
    ('stops_on  = "closed"', 'stops_on = "decided"', "clocks.closing.stops_on", "never comes after", "closed"),
    ('stops_on  = "receiver accepted"', 'stops_on = "decided"', "clocks.onward.stops_on", "never comes", "accepted"),
    ('stops_on  = "second look given"', 'stops_on = "decided"', "clocks.second_look.stops_on", "never comes", "given"),
    ('stops_on  = "screened"', 'stops_on = "decided"', "clocks.checks.stops_on", "never comes after", "allocated"),
    ('stops_on  = "decided"', 'stops_on = "rated"', "clocks.decision.stops_on", "has no ratings", "write [ratings]"),
    ('starts_on = "accepted"', 'starts_on = "checked"', "clocks.allocation.starts_on", "ever starts on", "accepted"),
    ('"referrer to be told again"', '"address found"', "clocks.feedback.again_on", "ever starts on", "told again"),
    ('starts_on = "accepted"', 'starts_on = "letter returned"', "clocks.allocation.starts_on", "only what", "take it"),
    # who is told at night must be able to answer
    (
        'out_of_hours_role = "emergency duty team"',
        'out_of_hours_role = "auditor"',
        "out_of_hours_role",
        "may not acknowledge",
        "acknowledge alert",
    ),
    ('role   = "duty manager"\nlasts', 'role = "auditor"\nlasts', "break_glass.role", "may not open", "duty manager"),
    ('lasts  = "4 hours"', 'lasts = "ever"', "break_glass.lasts", "can't be read", "30 minutes"),
    ('title             = "Ha', 'title = ""\nx = "Ha', "title", "blank", "title"),
    ("notes = ", "note = ", "note", "no such key", "'notes'"),
    ("owed      = ", "owned = ", "clocks.decision.owned", "no such key", "'owed'"),
    ('= ["primary need"]', '= ["primary nead"]', "outcomes.assessment.required[0]", "no such fact", "primary need"),
    ('["CAF"]', '["NFA"]', "outcomes.early-help.imported_as[0]", "more than one", "one outcome"),
    ('= ["CAF"]', '= "CAF"', "outcomes.early-help.imported_as", "list of texts", '["...", "..."]'),
    ('"unsafe to contact",', '"unsafe",', "clocks.feedback.not_applicable_when[1]", "not known", "unsafe to contact"),
    ('"already open" = "W', '"already opened" = "W', "checks.already opened", "not known", "'already open'"),
    (
        '"police", "probation", "adult services"]',
        '"polise"]',
        "contact_kinds.domestic-abuse.checks[1]",
        "not known",
        "police",
    ),
    ('probation               = "W', 'x = "W', "further_checks.x", "not known", "probation"),
    ('history        = "E', 'housing = "E', "checks", "'history' is needed before every decision", "below [checks]"),
    ("local     = true", "local = 1", "clocks.allocation.local", "neither true nor false", "true"),
    ('"administer" =', '"adminster" =', "permissions.administer", "no role may do this", "administer"),
    ('[ladders."mail server"]', '[ladders."mail servers"]', "ladders.mail servers", "not known", "'mail server'"),
    (
        'at = "at once",        role = "team',
        'at = "1 hour before", role = "team',
        "caseload.ladder[0].at",
        "no due moment",
        "at once",
    ),
    (
        'role = "screening officer", local',
        'role = "screening officer", repeat = "1 hour", local',
        "clocks.decision.ladder[0].repeat",
        "goes once",
        "due moment on",
    ),
    (
        'hold      = "4 hours"',
        "counting = { first_day = 2 }",
        "clocks.decision.counting.first_day",
        "none of 0, 1",
        "0, 1",
    ),
    (
        'hold      = "4 hours"',
        'counting = { due_time = "25:00" }',
        "clocks.decision.counting.due_time",
        "no time",
        "17:00",
    ),
    ('calendar          = "england"', "", "calendar", "missing", "england"),
]


@pytest.mark.parametrize(("old", "new", "place", "problem", "remedy"), BROKEN)
def test_each_fault_has_a_place_and_a_remedy(old, new, place, problem, remedy):
    found = faults(old, new)
    assert place in found, list(found)
    assert problem in found[place].problem
    assert remedy in found[place].remedy


@pytest.mark.parametrize(
    ("begin", "end", "place"),
    [
        ("[clocks.decision]", "# --- Levels", "clocks"),
        ("[outcomes.no-further-action]", "# --- Caseload", "outcomes"),
        ("[caseload]", "# --- Who is told", "caseload"),
        ("[permissions]", "", "permissions"),
        ("[levels_of_need]", "# --- Checks", "levels_of_need"),
    ],
)
def test_a_missing_part_is_one_fault_that_shows_how_to_write_it(begin, end, place):
    cut = BOOK[BOOK.index(begin) : BOOK.index(end) if end else None]
    found = faults(cut, "")
    assert f"[{place}" in found[place].remedy


def test_a_ladder_that_only_warns_tells_nobody():
    text = BOOK[: BOOK.index("[clocks.feedback]")]
    only_warnings = "\n".join(line for line in text.splitlines() if "due" not in line or "before" in line)
    found = faults(text, "\n".join(line for line in only_warnings.splitlines() if "after" not in line) + "\n")
    assert found["clocks.decision.ladder"].problem == "nobody is told when it is late"


def test_a_ladder_whose_people_may_not_acknowledge():
    found = faults('at = "at once", role = "service manager"', 'at = "at once", role = "auditor"')
    assert "nobody on this ladder may acknowledge" in found["ladders.import.ladder"].problem


def test_a_clock_that_waits_for_an_acceptance_that_never_comes():
    text = BOOK.replace('effect      = "accept"', 'effect = "advise"')
    found = faults('effect      = "accept urgently"', 'effect = "advise"', text=text)
    assert "no outcome of this book accepts" in found["clocks.allocation.starts_on"].problem


def test_a_clock_that_waits_for_an_allocation_or_a_receiver_that_never_comes():
    text = BOOK.replace('effect      = "hand over"', 'effect = "advise"').replace('required    = ["receiver"]', "")
    found = faults('stops_on  = "decided"', 'stops_on = "receiver accepted"', text=text)
    assert "hands a child over" in found["clocks.decision.stops_on"].problem
    assert "clocks.onward.stops_on" not in found
    text = BOOK.replace('= "accept urgently"', '= "advise"').replace('= "accept"', '= "advise"')
    found = faults('stops_on  = "decided"', 'stops_on = "allocated"', text=text)
    assert "accepts a referral" in found["clocks.decision.stops_on"].problem


def test_all_faults_are_named_at_once():
    text = BOOK.replace('effect      = "close"\n', "").replace('limit     = "24 hours"', 'limit = "24 ours"')
    found = faults('role = "duty manager"', 'role = "duty maneger"', text=text)
    assert {"outcomes.no-further-action.effect", "clocks.decision.limit", "clocks.decision.ladder[1].role"} <= set(
        found
    )


def test_a_fault_in_reading_is_not_told_twice():
    assert list(faults('stops_on  = "decided"', 'stops_on = "decidet"')) == ["clocks.decision.stops_on"]


def test_a_fault_of_the_syntax_stops_at_the_first_and_names_the_line():
    found = faults("limit     =", "limit", text=BOOK)
    ((place, fault),) = found.items()
    line = BOOK[: BOOK.index("limit     =")].count("\n") + 1
    assert place.startswith(f"line {line}, column")
    assert "not TOML" in fault.problem


def test_a_limit_that_the_calendar_cannot_reach():
    text = BOOK.replace('"1 working day"', '"40000 working days"')
    found = check.faults_with(parse.parse(text, "endless"), england())
    assert [fault.place for fault in found] == ["clocks.allocation.limit"]
    assert "knows the holidays of 2000 to 2100 only" in found[0].remedy


def test_a_limit_day_and_night_of_a_hundred_years():
    text = BOOK.replace('limit     = "24 hours"', 'limit = "876000 hours"', 1)
    (fault,) = check.faults_with(parse.parse(text, "endless"), england())
    assert (fault.place, fault.problem) == ("clocks.decision.limit", "876000 hours is longer than 25 years")


@pytest.mark.parametrize("name", ["a@1", "../x", ".hidden", "con", "x" * 61, "tab\there", ""])
def test_a_book_that_no_command_could_name(name):
    with pytest.raises(RuleError, match="can be no name"):
        parse.parse(BOOK, name)


def test_a_warning_longer_than_any_working_day_clock_runs():
    text = BOOK.replace('"2 hours before", role = "team manager"', '"9 days before", role = "team manager"')
    found = check.faults_with(parse.parse(text, "early"), england())
    assert [fault.place for fault in found] == ["clocks.allocation.ladder[0].at"]


BROKEN_CALENDARS = [
    ("Europe/London", "Europe/Lundon", "zone", "no time zone", "Europe/London"),
    (
        'mon = [["08:45", "17:00"]]',
        'mon = [["08:45", "13:00"], ["12:00", "17:00"]]',
        "week.mon[1]",
        "overlap",
        "early to late",
    ),
    ('mon = [["08:45", "17:00"]]', 'mon = [["17:00", "08:45"]]', "week.mon[0]", "does not come after", "early to late"),
    ('mon = [["08:45", "17:00"]]', 'mon = [["8.45", "17:00"]]', "week.mon[0]", "no time of day", "09:00"),
    ('mon = [["08:45", "17:00"]]', 'mon = ["08:45", "17:00"]', "week.mon[0]", "pair of times", "pairs"),
    ('mon = [["08:45", "17:00"]]', 'mon = "08:45"', "week.mon", "list of pairs", "pairs"),
    ("mon = ", "monday = ", "week.monday", "no such weekday", "'mon'"),
    ('["england"]', '["wales"]', "closed[0]", "no date", "12-24"),
    ('["england"]', '["2026-02-30"]', "closed[0]", "no date", "12-24"),
    ("open = []", 'open = ["12-28"]', "open[0]", "needs a date", "2026-12-28"),
    ("zone ", "zome ", "zome", "no such key", "'zone'"),
    ('version = "1"', 'version = "../x"', "version", "can be no version", "letters, digits"),
    ("open = []", "years = [2100, 2000]", "years", "first and the last", "2000"),
]


@pytest.mark.parametrize(("old", "new", "place", "problem", "remedy"), BROKEN_CALENDARS)
def test_each_fault_of_a_calendar(old, new, place, problem, remedy):
    assert old in CALENDAR
    with pytest.raises(RuleError) as caught:
        parse.parse_calendar(CALENDAR.replace(old, new), "broken")
    found = {fault.place: fault for fault in caught.value.faults}
    assert problem in found[place].problem
    assert remedy in found[place].remedy


def test_a_calendar_without_hours_never_opens():
    with pytest.raises(NeverOpens, match="give hours for at least one weekday"):
        parse.parse_calendar("[week]\n", "closed")


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ('red   = "4 hours"', 'rd = "4 hours"', "clocks.decision.limit_by_rating.rd", "no rating 'rd'"),
        ('red   = "4 hours"\n', "", "clocks.decision.limit_by_rating", "no limit for red"),
        ('red   = "4 hours"', 'red = "1 hour"', "clocks.decision.ladder[0].at", "no clock of 1 hour runs as long"),
        ('red   = "4 hours"', 'red = "soon"', "clocks.decision.limit_by_rating.red", "can't be read"),
        ('red   = "A child', '#red   = "A child', "clocks.decision.limit_by_rating.red", "no rating 'red'"),
    ],
)
def test_faults_of_ratings(old, new, place, problem):
    found = faults(old, new, text=RAG)
    assert problem in found[place].problem


def of_clock(limit: str, *, calendar: Calendar | None = None, **counting: object) -> list[str]:
    """The faults of a clock with this limit and counting, when it is tried on the calendar."""
    options = ", ".join(f"{key} = {value!r}".replace("'", '"') for key, value in counting.items())
    text = BOOK.replace('limit     = "24 hours"', f'limit = "{limit}"\ncounting = {{ {options} }}', 1)
    text = re.sub(r'  \{ at = "[26] hours before".*\n', "", text)
    book = parse.parse(text, "own")
    return [str(fault) for fault in check.faults_with(book, calendar or england())]


@pytest.mark.parametrize(
    ("limit", "counting"),
    [
        ("1 working day", {"first_day": 1, "due_time": "09:00"}),
        ("1 working day", {"first_day": 1, "due_time": "17:00"}),
        ("1 calendar day", {"roll": "back"}),
        ("1 calendar day", {"first_day": 1, "due_time": "12:00"}),
        ("1 calendar day", {"first_day": 1, "due_time": "23:59"}),
        ("4 calendar days", {"roll": "back"}),
    ],
)
def test_a_clock_that_can_be_due_before_it_starts_is_refused_with_its_shortest_and_longest_run(limit, counting):
    (told,) = [fault for fault in of_clock(limit, **counting) if fault.startswith("clocks.decision.counting")]
    assert "it would be due" in told
    assert "at the earliest" in told
    assert "at the latest" in told
    assert "Count from day 0" in told


def test_a_clock_that_is_due_before_its_start_only_around_a_closure_of_a_later_year_is_refused():
    assert of_clock("5 calendar days", roll="back") == []
    closed = [date(2010, 12, day) for day in (24, 29, 30, 31)]
    (told,) = of_clock("5 calendar days", calendar=replace(england(), closed=frozenset(closed)), roll="back")
    assert "Dec 2010" in told


@pytest.mark.parametrize(
    ("limit", "counting"),
    [
        ("2 working days", {"first_day": 1}),
        ("1 working day", {"due_time": "09:00"}),
        ("2 working hours", {"at_close": "next opening"}),
        ("10 calendar days", {"roll": "forward"}),
    ],
)
def test_a_clock_that_is_always_due_after_its_start_is_taken(limit, counting):
    assert of_clock(limit, **counting) == []


def test_a_published_book_is_read_whatever_a_later_release_finds_wrong():
    text = BOOK.replace('version           = "1.1"', 'version = "../x"')
    assert parse.kept(text, "own").version == "../x"
    with pytest.raises(RuleError):
        parse.parse(text, "own")
