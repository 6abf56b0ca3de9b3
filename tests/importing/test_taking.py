"""Taking a contact in: its past on record, judged by the facts, and quiet."""

from __future__ import annotations

import pytest

from pathway.importing import problems
from pathway.importing.layout import COLUMNS
from rules.vocabulary import EventKind, State
from storage.queries import referral_rows
from storage.tables import (
    Alert,
    Contact,
    Event,
    HouseholdLink,
    Letter,
    Message,
    Person,
    ProposedMatch,
    Query,
    Referral,
    id_of,
)
from support.front_door import london
from support.old_system import UNDECIDED, UNTOLD, imported, line, sibling, written
from support.rows import everything


def taken(office, folder, *lines, **how):
    report = imported(office.database, written(folder, *lines), **how)
    assert report.contacts_held_back == 0, report.faults
    with office.database.read() as session:
        return everything(session, Contact)[0]


def rows(office, table):
    with office.database.read() as session:
        return everything(session, table)


def test_a_child_decided_and_told_in_time_is_on_record_at_the_moments_of_history(office, tmp_path):
    contact = taken(office, tmp_path, line())
    (referral,) = office.referrals(contact)
    assert contact.received_at == london("2009-03-10 09:00")
    assert referral.decided_at == office.clock(referral).stopped_at == london("2009-03-10 15:00")
    assert referral.feedback_at == office.clock(referral, "feedback").stopped_at == london("2009-03-11 10:00")
    assert office.clock(referral).breached_at is None


def test_a_late_decision_is_a_breach_at_the_due_moment(office, tmp_path):
    contact = taken(office, tmp_path, line(decided="11/03/2009 09:01", feedback_sent="11/03/2009 10:00"))
    (referral,) = office.referrals(contact)
    assert office.clock(referral).breached_at == london("2009-03-11 09:00")


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("NFA", State.DECIDED),
        ("ADVICE", State.DECIDED),
        ("CAF", State.DECIDED),
        ("ALREADY OPEN", State.DECIDED),
        ("INITIAL ASSESSMENT", State.AWAITING_ALLOCATION),
        ("STRATEGY DISCUSSION", State.AWAITING_ALLOCATION),
    ],
)
def test_where_a_child_stands_follows_from_the_outcome(office, tmp_path, outcome, state):
    (referral,) = office.referrals(taken(office, tmp_path, line(outcome=outcome)))
    assert referral.state == state
    assert (referral.accepted_at is not None) == (state is State.AWAITING_ALLOCATION)


def test_an_undecided_child_is_where_everybody_begins(office, tmp_path):
    (referral,) = office.referrals(taken(office, tmp_path, line(**UNDECIDED)))
    assert (referral.state, referral.decided_at) == (State.RECEIVED, None)


def test_siblings_can_end_differently_and_are_linked(office, tmp_path):
    contact = taken(office, tmp_path, line(), sibling("Leo", outcome="CAF"), sibling("Zoe", **UNDECIDED))
    assert [referral.outcome for referral in office.referrals(contact)] == ["no-further-action", "early-help", None]
    assert len(rows(office, HouseholdLink)) == 3


def test_a_blank_reason_is_kept_blank_and_marked_imported(office, tmp_path):
    (referral,) = office.referrals(taken(office, tmp_path, line(outcome_reason=" ")))
    with office.database.read() as session:
        decision = referral_rows.latest_decision(session, id_of(referral))
    assert (decision.reasons, decision.imported, referral.imported) == ("", True, True)


def test_the_history_tells_what_happened_when_and_when_it_was_recorded(office, tmp_path):
    (referral,) = office.referrals(taken(office, tmp_path, line()))
    found = {event.kind: event for event in office.events(referral)}
    assert found[EventKind.DECIDED].occurred_at == london("2009-03-10 15:00")
    assert found[EventKind.DECIDED].recorded_at == london("2009-04-06 09:00")
    assert EventKind.IMPORTED in found


def test_history_is_quiet_even_when_it_is_late(office, tmp_path):
    taken(office, tmp_path, line(**UNTOLD))
    office.watch_for(hours=72)
    assert (rows(office, Alert), rows(office, Message), rows(office, Letter)) == ([], [], [])


def test_an_anonymous_referrer_is_owed_no_feedback(office, tmp_path):
    contact = taken(office, tmp_path, line(source_code="9", anonymous="Y", referrer_name="", referrer_email=""))
    assert office.clock(office.referrals(contact)[0], "feedback").state == "not applicable"


def test_a_contact_older_than_the_book_has_no_clock_and_says_so(office, tmp_path):
    typed = {"received": "10/03/2008 09:00", "decided": "10/03/2008 15:00", "feedback_sent": "11/03/2008 10:00"}
    contact = taken(office, tmp_path, line(**typed, outcome="INITIAL ASSESSMENT"))
    (referral,) = office.referrals(contact)
    with pytest.raises(ValueError, match="empty"):
        office.clock(referral)
    assert referral.state == State.AWAITING_ALLOCATION
    assert rows(office, Query)[0].place == "received"


def test_the_same_child_in_two_contacts_is_one_person(office, tmp_path):
    later = line(contact_ref="OLD-2", received="10/03/2009 10:00")
    taken(office, tmp_path, line(), later)
    assert len(rows(office, Person)) == 1
    assert len(rows(office, Referral)) == 2


def test_an_equal_number_and_another_form_of_the_name_join_and_are_a_query(office, tmp_path):
    number = {"child_nhs_number": "943 476 5919"}
    liz, elizabeth = ({"child_forename": name} | number for name in ("Liz", "Elizabeth"))
    report = imported(office.database, written(tmp_path, line(**liz), line(contact_ref="OLD-2", **elizabeth)))
    assert len(rows(office, Person)) == 1
    assert [(fault.contact_ref, fault.column, fault.held_back) for fault in report.faults] == [
        ("OLD-2", "child_forename", False)
    ]
    assert [query.place for query in rows(office, Query)] == ["child_forename"]


def test_a_name_without_a_birth_date_is_only_proposed(office, tmp_path):
    taken(office, tmp_path, line(), line(contact_ref="OLD-2", child_dob=""))
    assert len(rows(office, Person)) == 2
    assert len(rows(office, ProposedMatch)) == 1


def test_two_lines_of_one_contact_that_look_like_one_child_are_kept_apart(office, tmp_path):
    number = {"child_nhs_number": "943 476 5919"}
    contact = taken(office, tmp_path, line(**number), sibling("Leo", **number))
    first, second = rows(office, Person)
    assert len(office.referrals(contact)) == 2
    assert {(one.nhs_number, one.nhs_number_unverified) for one in (first, second)} == {(None, "9434765919")}
    (match,) = rows(office, ProposedMatch)
    assert (match.person_id, match.other_person_id) == (second.id, first.id)
    one, other = office.referrals(contact)
    asked = [(query.referral_id, query.place) for query in rows(office, Query)]
    number = "child_nhs_number"
    assert asked == [(one.id, number), (other.id, number), (other.id, "child_surname")]


def test_a_wrong_digit_leaves_no_child_out(office, tmp_path):
    taken(office, tmp_path, line(child_nhs_number="943 476 5918"))
    (person,) = rows(office, Person)
    assert (person.nhs_number, person.nhs_number_unverified) == (None, "943 476 5918")


@pytest.mark.parametrize("text", ["=1+1", "<b>x</b>", "a\0b", "x" * 60_000], ids=["formula", "markup", "NUL", "long"])
def test_text_is_stored_as_typed(office, tmp_path, text):
    contact = taken(office, tmp_path, line(concern_facts=text, child_forename=text))
    assert contact.concern_facts == text.replace("\0", "")


def test_a_book_can_be_named(office, tmp_path):
    contact = taken(office, tmp_path, line(**UNDECIDED), book="working-together-2023")
    assert rows(office, Query)[0].problem.startswith("No version of the rulebook working-together-2023")
    assert office.referrals(contact)[0].state == State.RECEIVED


def test_an_imported_child_goes_on_like_any_other(office, tmp_path):
    (referral,) = office.referrals(taken(office, tmp_path, line(**UNDECIDED)))
    office.decide(referral)
    assert office.fresh(referral).state == State.DECIDED
    assert len(office.messages(to="ada@school.example.org", kind="outcome")) == 1


def test_nothing_is_left_of_a_contact_that_fails_half_way(office, tmp_path):
    clashing = line(contact_ref="OLD-1-1")
    report = imported(office.database, written(tmp_path, line(), sibling("Leo"), clashing | {"contact_ref": "OLD"}))
    assert report.contacts_taken == 2
    assert {contact.ref for contact in rows(office, Contact)} == {"OLD-1", "OLD"}


def test_a_batch_goes_on_after_every_odd_line(office, tmp_path):
    odd = {column: f"{number:0200000}\0" for number, column in enumerate(COLUMNS) if column != "contact_ref"}
    holding = {column: odd.pop(column) for column in ("received", "source_code", "outcome")}
    lines = [line(**odd), line(contact_ref="OLD-1\0", **odd | {"child_forename": "Nia"})]
    lines += [line(contact_ref=f"OLD-{column}", **{column: value}) for column, value in holding.items()]
    report = imported(office.database, written(tmp_path, *lines, line(contact_ref="LAST")), live=True)
    assert {(fault.line, fault.column) for fault in report.faults} >= {(2, column) for column in odd}
    assert (report.contacts_taken, report.referrals_taken, report.contacts_held_back) == (2, 3, len(holding))
    assert [contact.ref for contact in rows(office, Contact)] == ["OLD-1", "LAST"]


def with_column(folder, name, value):
    path = written(folder, line(**UNTOLD))
    first, second = path.read_text().splitlines()
    path.write_text(f"{first},{name}\n{second},{value}\n")
    return path


@pytest.mark.parametrize(
    ("name", "value"),
    [("Do Not Contact", "Y"), ("do_not_contact", "?"), ("Unsafe", "see file"), ("safe_to_contact", "n/k")],
)
def test_a_referrer_whom_the_old_system_would_not_contact_is_not_written_to(office, tmp_path, name, value):
    report = imported(office.database, with_column(tmp_path, name, value), live=True)
    assert problems.UNSAFE_THERE.remedy in [fault.remedy for fault in report.faults]
    assert rows(office, Contact)[0].unsafe_to_contact
    assert rows(office, Letter) == []
    assert "Unsafe to contact: so in the old system" in [event.summary for event in rows(office, Event)]


@pytest.mark.parametrize(
    ("name", "value"), [("Restricted", "Y"), ("CONFIDENTIAL_RECORD", "maybe"), ("sensitive?", "x")]
)
def test_a_record_that_was_restricted_is_never_taken_open(office, tmp_path, name, value):
    report = imported(office.database, with_column(tmp_path, name, value), live=True)
    assert (report.contacts_taken, report.contacts_held_back) == (0, 1)
    assert value in report.faults[0].problem


def test_any_other_warning_is_a_query_on_the_record(office, tmp_path):
    imported(office.database, with_column(tmp_path, "Risk Flag", "dog; father violent"), live=True)
    assert [query.value for query in rows(office, Query)] == ["dog; father violent"]


@pytest.mark.parametrize(
    ("name", "value"), [("restricted", "N"), ("safe_to_contact", "Y"), ("alerts", "none"), ("team", "Y")]
)
def test_a_column_that_warns_of_nothing_is_only_noted(office, tmp_path, name, value):
    report = imported(office.database, with_column(tmp_path, name, value), live=True)
    assert (report.faults, len(rows(office, Letter))) == ([], 1)
