"""The books that ship: the promises of the action plan and of Working Together, as the engine will keep them."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest

from pathway.engine.rulebooks import shipped
from rules.books import check
from rules.rulebook import Limit
from rules.vocabulary import Action, CheckKind, Condition, Effect, EventKind, NotApplicable, Role, Unit
from support.moments import book, england, hours

HARINGEY, TOGETHER = book("haringey-2009"), book("working-together-2023")
BOTH = pytest.mark.parametrize("rules", [HARINGEY, TOGETHER], ids=lambda found: found.name)

DAYS, CORE_AUTHORISED = Unit.WORKING_DAYS, EventKind.CORE_ASSESSMENT_AUTHORISED
CLOCKS = [
    (HARINGEY, "decision", Limit(24, Unit.HOURS), EventKind.RECEIVED, EventKind.DECIDED),
    (HARINGEY, "feedback", Limit(48, Unit.HOURS), EventKind.RECEIVED, EventKind.FEEDBACK_GIVEN),
    (HARINGEY, "allocation", Limit(1, Unit.WORKING_DAYS), EventKind.ACCEPTED, EventKind.ALLOCATED),
    (HARINGEY, "initial_assessment", Limit(7, DAYS), EventKind.ACCEPTED, EventKind.INITIAL_ASSESSMENT_AUTHORISED),
    (HARINGEY, "core_assessment", Limit(35, DAYS), EventKind.CORE_ASSESSMENT_BEGUN, CORE_AUTHORISED),
    (HARINGEY, "conference", Limit(15, DAYS), EventKind.STRATEGY_DISCUSSION_HELD, EventKind.CONFERENCE_HELD),
    (HARINGEY, "minutes", Limit(3, DAYS), EventKind.CONFERENCE_HELD, EventKind.MINUTES_SENT),
    (HARINGEY, "core_group", Limit(10, DAYS), EventKind.CONFERENCE_HELD, EventKind.CORE_GROUP_MET),
    (HARINGEY, "first_review", Limit(3, Unit.MONTHS), EventKind.CONFERENCE_HELD, EventKind.REVIEW_HELD),
    (HARINGEY, "later_review", Limit(6, Unit.MONTHS), EventKind.REVIEW_HELD, EventKind.REVIEW_HELD),
    (TOGETHER, "assessment", Limit(45, DAYS), EventKind.ACCEPTED, EventKind.ASSESSMENT_AUTHORISED),
    (TOGETHER, "conference", Limit(15, DAYS), EventKind.STRATEGY_DISCUSSION_HELD, EventKind.CONFERENCE_HELD),
    (TOGETHER, "core_group", Limit(10, DAYS), EventKind.CONFERENCE_HELD, EventKind.CORE_GROUP_MET),
    (TOGETHER, "first_review", Limit(3, Unit.MONTHS), EventKind.CONFERENCE_HELD, EventKind.REVIEW_HELD),
    (TOGETHER, "later_review", Limit(6, Unit.MONTHS), EventKind.REVIEW_HELD, EventKind.REVIEW_HELD),
    (TOGETHER, "acknowledgement", Limit(1, Unit.WORKING_DAYS), EventKind.RECEIVED, EventKind.ACKNOWLEDGED),
    (TOGETHER, "decision_working_day", Limit(1, Unit.WORKING_DAYS), EventKind.RECEIVED, EventKind.DECIDED),
    (TOGETHER, "decision", Limit(24, Unit.HOURS), EventKind.RECEIVED, EventKind.DECIDED),
    (TOGETHER, "feedback", Limit(48, Unit.HOURS), EventKind.RECEIVED, EventKind.FEEDBACK_GIVEN),
]


@pytest.mark.parametrize(("rules", "kind", "limit", "starts", "stops"), CLOCKS)
def test_the_clocks_of_the_books(rules, kind, limit, starts, stops):
    clock = rules.clocks[kind]
    assert (clock.limit, clock.starts_on, clock.stops_on) == (limit, starts, stops)


# The hash of each version that a release has brought into databases: an upgrade refuses it with another text.
RELEASED = {
    ("haringey-2009", "1"): "de1231e9a54d2b255cf6f668dc2765f0a0fb8dfbc9c9c1be3b38cce9010c470d",
    ("mash-rag", "1"): "eeb6c64f4df9c0c6614f42e948e385a4edec83297bcf98c931e61e1a91fd5d35",
    ("working-together-2023", "1"): "8a86df27fdf896541bc84f033840ff0a074a89d6b11560255f5266fe4435b9f7",
}


@pytest.mark.parametrize("name", shipped.shipped_books())
def test_a_released_version_is_never_shipped_with_another_text(name):
    digest = hashlib.sha256(shipped.book_text(name).encode()).hexdigest()
    assert RELEASED.get((name, book(name).version), digest) == digest


def test_what_is_shipped():
    assert shipped.shipped_books() == ("haringey-2009", "mash-rag", "working-together-2023")
    assert shipped.shipped_calendars() == ("england",)


@BOTH
def test_a_shipped_book_fits_its_calendar(rules):
    assert rules.calendar == "england"
    assert check.faults_with(rules, england()) == []


@BOTH
@pytest.mark.parametrize("kind", ["feedback", "acknowledgement"])
def test_nobody_is_owed_a_letter_who_cannot_or_must_not_get_one(rules, kind):
    excused = {NotApplicable.ANONYMOUS, NotApplicable.UNSAFE_TO_CONTACT, NotApplicable.NOT_NAMED}
    assert [clock.not_applicable_when for clock in rules.clocks.values() if clock.kind == kind] in ([], [excused])


@pytest.mark.parametrize(
    ("kind", "rungs"),
    [
        ("decision", [(-6, "screening officer"), (-2, "duty manager"), (0, "duty manager"), (2, "service manager")]),
        ("feedback", [(-12, "screening officer"), (-4, "duty manager"), (0, "duty manager"), (2, "service manager")]),
    ],
)
@BOTH
def test_who_is_told_and_when(rules, kind, rungs):
    ladder = rules.clocks[kind].ladder
    expected = [*rungs, (6, "head of service")]
    assert [(rung.offset, rung.role) for rung in ladder.rungs] == [(hours(at), role) for at, role in expected]
    assert ladder.hold == timedelta(hours=4)


@BOTH
def test_only_assessment_and_strategy_discussion_accept_a_referral(rules):
    accepted = {code for code, outcome in rules.outcomes.items() if outcome.effect.accepts}
    assert accepted == {"assessment", "strategy-discussion"}
    assert all(rules.outcomes[code].required == {"primary need"} for code in accepted)
    assert len(rules.outcomes) == 7


OLD_WORDS = [
    ("NFA", "no-further-action", Effect.CLOSE),
    ("advice", "information-and-advice", Effect.ADVISE),
    (" CAF ", "early-help", Effect.REFER_ONWARD),
    ("INITIAL ASSESSMENT", "assessment", Effect.ACCEPT),
    ("Strategy Discussion", "strategy-discussion", Effect.ACCEPT_URGENTLY),
    ("ALREADY OPEN", "already-open", Effect.PASS_TO_WORKER),
    ("PASSED TO OTHER LA", "passed-on", Effect.REFER_ONWARD),
    ("other agency", "passed-on", Effect.REFER_ONWARD),
]


@BOTH
@pytest.mark.parametrize(("words", "code", "effect"), OLD_WORDS)
def test_old_words_for_outcomes(rules, words, code, effect):
    outcome = rules.outcome_imported_as(words)
    assert (outcome.code, outcome.effect) == (code, effect)
    assert rules.outcome_imported_as("PERHAPS") is None


@BOTH
def test_checks_caseload_and_levels_of_need(rules):
    assert {check.kind for check in rules.checks} == {CheckKind.HISTORY, CheckKind.SIBLINGS, CheckKind.ALREADY_OPEN}
    assert rules.caseload.limit == 15
    assert list(rules.levels_of_need) == ["1", "2", "3", "4"]
    told = [(rung.offset, rung.role) for rung in rules.caseload.ladder.rungs]
    assert told == [(hours(0), "team manager"), (hours(24), "service manager"), (hours(72), "head of service")]


@BOTH
def test_auditors_read_and_administrators_see_no_record(rules):
    may = {role: {action for action in Action if role in rules.permissions[action]} for role in Role}
    assert may[Role.AUDITOR] == {Action.READ_RECORD, Action.READ_REPORTS, Action.READ_ACCESS_LOG}
    assert may[Role.DIRECTOR] == may[Role.AUDITOR] | {Action.RESTRICT_RECORD}
    assert may[Role.ADMINISTRATOR] == {Action.ADMINISTER}
    own = {Action.SEE_OWN_CHILDREN, Action.TRANSFER, Action.ACKNOWLEDGE_ALERT}
    assert may[Role.SOCIAL_WORKER] == {Action.READ_RECORD, Action.RECORD_MILESTONE, Action.MARK_UNSAFE} | own
    assert may[Role.EMERGENCY_DUTY_TEAM] == may[Role.DUTY_MANAGER]
    assert Action.DECIDE not in may[Role.SCREENING_OFFICER]


@BOTH
def test_who_may_decide_may_screen_and_who_is_told_may_acknowledge(rules):
    assert rules.permissions[Action.DECIDE] <= rules.permissions[Action.SCREEN]
    told = {rung.role for clock in rules.clocks.values() for rung in clock.ladder.alerts}
    assert told <= rules.permissions[Action.ACKNOWLEDGE_ALERT]


def test_the_books_say_from_when_they_hold():
    assert (HARINGEY.effective_from, HARINGEY.effective_to) == (date(2009, 1, 1), None)
    assert "edition of 2026" in TOGETHER.notes
    assert "no changed clock was found" in TOGETHER.notes


@BOTH
def test_numbers_that_no_source_gives_are_marked_local(rules):
    rungs = [rung for clock in rules.clocks.values() for rung in clock.ladder.rungs if rung.offset]
    assert all(rung.local for rung in rungs)
    assert rules.clocks["allocation"].local


@BOTH
def test_letters_name_no_child_and_every_clock_says_what_is_owed(rules):
    assert all(outcome.paragraph and outcome.next_steps for outcome in rules.outcomes.values())
    assert not any("{" in outcome.paragraph + outcome.next_steps for outcome in rules.outcomes.values())
    assert all(clock.owed.endswith(".") and clock.source for clock in rules.clocks.values())


def test_the_ratings_of_the_hub():
    rules = book("mash-rag")
    assert check.faults_with(rules, england()) == []
    assert list(rules.ratings) == ["red", "amber", "green"]
    decision = rules.clocks["decision"]
    assert [str(decision.limit_for(rating)) for rating in ("red", "amber", "green")] == [
        "4 hours",
        "24 hours",
        "72 hours",
    ]
    assert decision.limit_for("") == Limit(24, Unit.HOURS)


def test_what_the_later_clocks_hang_on():
    for rules in (HARINGEY, TOGETHER):
        assert rules.clocks["conference"].starts_when == Condition.ENQUIRY_STARTED
    assessment = TOGETHER.clocks["assessment"]
    assert (assessment.counts_from, assessment.reason_when_late) == (EventKind.RECEIVED, True)
    assert HARINGEY.clocks["minutes"].again_on == {EventKind.REVIEW_HELD}


@pytest.mark.parametrize("name", shipped.shipped_books())
def test_an_outcome_at_once_carries_a_clock_that_says_so(name):
    rules = book(name)
    urgent = [outcome for outcome in rules.outcomes.values() if outcome.effect is Effect.ACCEPT_URGENTLY]
    hanging = [clock for clock in rules.clocks.values() if clock.starts_when is Condition.AT_ONCE]
    assert urgent
    assert [(clock.duty, clock.limit) for clock in hanging] == [("allocation", Limit(2, Unit.HOURS))]
