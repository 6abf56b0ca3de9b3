"""Checking: everything odd about a contact is named, and only what cannot be taken is held back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pathway.importing import checking, grouping, old_warnings, problems, reading, terms
from pathway.importing.layout import COLUMNS
from rules.vocabulary import ReferrerKind
from support.old_system import NOW, PLAIN, UNDECIDED, line, sibling

TERMS = terms.as_shipped("haringey-2009", now=NOW)


def checked(*lines):
    records = [
        reading.Line(number=number, values=dict.fromkeys(COLUMNS, "") | values, length=29, columns=29)
        for number, values in enumerate(lines, start=2)
    ]
    (group,) = grouping.group(records)
    return checking.check(group, TERMS)


def is_about(fault, problem):
    return fault.problem.startswith(problem.text.split("{")[0])


def test_a_regular_contact_has_no_faults():
    found = checked(line(), sibling("Leo"))
    assert found.faults == ()
    assert [child.forename for child in found.contact.children] == ["Mia", "Leo"]


@pytest.mark.parametrize("blank", ["outcome_reason", "feedback_sent", "child_dob", "consent", "referrer_email"])
def test_blank_reasons_and_missing_feedback_are_facts_and_no_faults(blank):
    assert checked(line(**{blank: "", "feedback_by": ""} if blank == "feedback_sent" else {blank: " "})).faults == ()


HELD = {
    "no reference": ({"contact_ref": " "}, "contact_ref", problems.NO_REFERENCE),
    "a reference without end": ({"contact_ref": "9" * 5_000}, "contact_ref", problems.LONG_REFERENCE),
    "no time of receipt": ({"received": ""}, "received", problems.NOT_RECEIVED),
    "a day that never was": ({"received": "31/02/2009 10:00"}, "received", problems.IMPOSSIBLE_RECEIPT),
    "a day without a time": ({"received": "10/03/2009"}, "received", problems.IMPOSSIBLE_RECEIPT),
    "a year of two digits": ({"received": "10/03/09 10:00"}, "received", problems.IMPOSSIBLE_RECEIPT),
    "received in the future": ({"received": "10/03/2031 10:00"}, "received", problems.RECEIVED_IN_FUTURE),
    "decided before receipt": ({"decided": "09/03/2009 10:00"}, "decided", problems.BEFORE_RECEIPT),
    "told before receipt": ({"feedback_sent": "09/03/2009 10:00"}, "feedback_sent", problems.BEFORE_RECEIPT),
    "received in year 1": ({"received": "01/01/0001 00:00"}, "received", problems.IMPOSSIBLE_RECEIPT),
    "received in year 1 with an offset": (
        {"received": "0001-01-01 00:00+14:00"},
        "received",
        problems.IMPOSSIBLE_RECEIPT,
    ),
    "received in year 9999 with an offset": (
        {"received": "9999-12-31 23:59-14:00"},
        "received",
        problems.IMPOSSIBLE_RECEIPT,
    ),
    "received in year 9999": ({"received": "31/12/9999 23:59"}, "received", problems.IMPOSSIBLE_RECEIPT),
    "unknown source": ({"source_code": "6Z"}, "source_code", problems.UNKNOWN_SOURCE),
    "no source": ({"source_code": ""}, "source_code", problems.UNKNOWN_SOURCE),
    "unknown outcome": ({"outcome": "PERHAPS"}, "outcome", problems.UNKNOWN_OUTCOME),
    "nobody": ({"child_forename": "", "child_surname": "", "child_dob": ""}, "child_surname", problems.NOBODY),
}
QUERIED = {
    "a bad NHS number": ({"child_nhs_number": "9434765918"}, "child_nhs_number", problems.BAD_NHS_NUMBER),
    "an NHS number of noughts": ({"child_nhs_number": "0000000000"}, "child_nhs_number", problems.BAD_NHS_NUMBER),
    "an e-mail that nobody reads": (
        {"referrer_email": "do-not-reply@x.example"},
        "referrer_email",
        problems.READ_BY_NOBODY,
    ),
    "an odd e-mail": ({"referrer_email": "not an address"}, "referrer_email", problems.ODD_EMAIL),
    "born in year 1": ({"child_dob": "01/01/0001"}, "child_dob", problems.IMPOSSIBLE_DATE),
    "born in year 9999": ({"child_dob": "31/12/9999"}, "child_dob", problems.IMPOSSIBLE_DATE),
    "an adult": ({"child_dob": "01/01/1985"}, "child_dob", problems.ADULT),
    "an age that is none": ({"child_age": "toddler"}, "child_age", problems.NO_AGE),
    "eighteen on the day": ({"child_dob": "10/03/1991"}, "child_dob", problems.ADULT),
    "born later": ({"child_dob": "11/03/2009"}, "child_dob", problems.BORN_LATER),
    "an impossible birth date": ({"child_dob": "30/02/2004"}, "child_dob", problems.IMPOSSIBLE_DATE),
    "born and due": ({"child_edd": "14/07/2009"}, "child_edd", problems.BORN_AND_DUE),
    "overdue": ({"child_dob": "", "child_edd": "14/03/2009"}, "child_edd", problems.OVERDUE_BIRTH),
    "a name that stands for one": ({"child_forename": "Unborn"}, "child_forename", problems.PLACEHOLDER),
    "a name that says which": ({"child_forename": "Twin 1"}, "child_forename", problems.PLACEHOLDER),
    "a skipped hour": ({"decided": "29/03/2009 01:30"}, "decided", problems.SKIPPED_BY_CLOCKS),
    "an impossible decision time": ({"decided": "yesterday"}, "decided", problems.IMPOSSIBLE_TIME),
    "an undated outcome": ({"decided": ""}, "decided", problems.UNDATED_OUTCOME),
    "a time without an outcome": ({"outcome": ""}, "outcome", problems.DECIDED_NOTHING),
    "decided in the future": ({"decided": "10/03/2031 10:00"}, "decided", problems.IN_FUTURE),
    "decided by nobody": ({"decided_by": " "}, "decided_by", problems.DECIDED_BY_NOBODY),
    "told by telephone": ({"feedback_by": "phone"}, "feedback_by", problems.NOT_IN_WRITING),
    "told of nothing": (
        UNDECIDED | {"feedback_sent": "11/03/2009 10:00", "feedback_by": "letter"},
        "feedback_sent",
        problems.NOTHING_TO_TELL,
    ),
    "told before the decision": ({"feedback_sent": "10/03/2009 14:00"}, "feedback_sent", problems.TOLD_TOO_EARLY),
    "a child of a school": (
        {"child_forename": "", "child_surname": "", "child_dob": "", "child_school": "Park Lane School"},
        "child_school",
        problems.ONLY_BY_SCHOOL,
    ),
    "perhaps anonymous": ({"anonymous": "maybe"}, "anonymous", problems.ANONYMITY_IN_DOUBT),
    "an anonymous name": (
        {"source_code": "9", "anonymous": "anon", "referrer_email": ""},
        "referrer_name",
        problems.ANONYMOUS_WITH_NAME,
    ),
    "an anonymous professional": ({"anonymous": "Y"}, "anonymous", problems.KIND_DISAGREES),
    "a named anonymous one": ({"source_code": "9", "referrer_email": ""}, "anonymous", problems.KIND_DISAGREES),
    "an anonymous e-mail": ({"source_code": "9", "anonymous": "Y"}, "referrer_email", problems.ANONYMOUS_WITH_EMAIL),
    "neither yes nor no": ({"immediate_danger": "perhaps"}, "immediate_danger", problems.NEITHER_YES_NOR_NO),
    "a formula": ({"concern_facts": "=1+1"}, "concern_facts", problems.FORMULA),
    "a formula after a space": ({"concern_facts": " @SUM(A1)"}, "concern_facts", problems.FORMULA),
    "markup": ({"child_forename": "<script>alert(1)</script>"}, "child_forename", problems.MARKUP),
    "very long text": ({"concern_facts": "x" * 60_000}, "concern_facts", problems.VERY_LONG),
    "NUL in a word that is looked up": ({"channel": "phone\0"}, "channel", problems.NUL),
    "NUL": ({"concern_facts": "a\0b"}, "concern_facts", problems.NUL),
    "an unknown ethnicity": ({"child_ethnicity": "MARTIAN"}, "child_ethnicity", problems.UNKNOWN_CODE),
    "an unknown sex": ({"child_sex": "X"}, "child_sex", problems.UNKNOWN_CODE),
    "an unusual consent": ({"consent": "maybe"}, "consent", problems.UNUSUAL_WORD),
    "an unusual channel": ({"channel": "pigeon"}, "channel", problems.UNUSUAL_WORD),
    "older than the book": (UNDECIDED | {"received": "10/03/2008 10:00"}, "received", problems.BEFORE_BOOK),
}


@pytest.mark.parametrize(("values", "column", "problem"), HELD.values(), ids=HELD)
def test_it_is_held_back_and_says_why(values, column, problem):
    found = checked(line(**values))
    (fault,) = [fault for fault in found.faults if fault.held_back]
    assert found.contact is None
    assert (fault.line, fault.column) == (2, column)
    assert is_about(fault, problem)
    assert fault.remedy


@pytest.mark.parametrize(("values", "column", "problem"), QUERIED.values(), ids=QUERIED)
def test_it_is_taken_with_a_query(values, column, problem):
    found = checked(line(**values))
    assert found.contact is not None
    assert any(fault.column == column and is_about(fault, problem) for fault in found.faults)
    assert all(fault.remedy and not fault.held_back for fault in found.faults)


@pytest.mark.parametrize("typed", ["Y", "yes", "Anonymous", "ANON", "anon.", "A", " a "])
def test_each_way_to_say_so_means_anonymous(typed):
    found = checked(line(source_code="9", anonymous=typed, referrer_name="", referrer_email=""))
    assert found.contact.anonymous
    assert found.faults == ()


@pytest.mark.parametrize("typed", ["maybe", "?", "N/K", "unknown", "-"])
def test_a_doubt_hides_the_name_and_the_duty_to_write_stays(typed):
    contact = checked(line(anonymous=typed)).contact
    assert contact.identity_protected
    assert (contact.anonymous, contact.referrer_kind) == (False, "professional")
    assert contact.referrer_email == PLAIN["referrer_email"]


@pytest.mark.parametrize("values", [{"anonymous": "Y"}, {"source_code": "9"}, {"source_code": "9", "anonymous": "Y"}])
def test_who_is_anonymous_by_either_column_is_not_named(values):
    assert checked(line(**values)).contact.identity_protected
    assert not checked(line()).contact.identity_protected


def test_every_problem_of_a_single_line_has_a_case_here():
    of_more = {problems.CONTRADICTION, problems.FIRST_COUNTS, problems.SAME_LINE, problems.WRONG_LENGTH}
    of_more |= {problems.BORN_TOO_CLOSE}
    of_the_file = {
        problems.TOTALS,
        problems.NOT_UTF_8,
        problems.BROKEN_QUOTES,
        problems.CELL_ERROR,
        *(sign.problem for sign in old_warnings.SIGNS),
    }
    of_the_database = {
        problems.OTHER_CONTENT,
        problems.CHANGED_SINCE,
        problems.COMPLETED,
        problems.SAME_CHILD,
        problems.OTHERWISE_KNOWN,
        problems.NUMBER_APART,
    }
    of_one_line = {problem for _, _, problem in [*HELD.values(), *QUERIED.values()]}
    assert set(problems.ALL) - of_more - of_the_file - of_the_database == of_one_line


@pytest.mark.parametrize(
    ("column", "value"),
    [("received", "10/03/2009 09:01"), ("source_code", "2B"), ("referrer_name", "Ada Fereira"), ("anonymous", "Y")],
)
def test_lines_that_contradict_each_other_are_held_back_and_both_are_named(column, value):
    found = checked(line(), sibling("Leo", **{column: value}))
    (fault,) = [fault for fault in found.faults if fault.held_back]
    assert (fault.line, fault.column, fault.value) == (3, column, value)
    assert f"line 2 of this contact says '{PLAIN[column]}'" in fault.problem


def test_what_is_written_otherwise_but_means_the_same_contradicts_nothing():
    other = sibling("Leo", received="2009-03-10 9:00", anonymous="no", source_code="2a", referrer_name=" Ada Ferreira")
    assert checked(line(), other).contact is not None


def test_of_what_may_differ_the_first_line_counts():
    found = checked(line(), sibling("Leo", referrer_role="Teacher"))
    assert found.contact.referrer_role == "Designated safeguarding lead"
    assert [(fault.line, fault.column) for fault in found.faults] == [(3, "referrer_role")]


def test_each_different_concern_is_kept():
    found = checked(line(), sibling("Leo", concern_facts="A bruise."), sibling("Zoe"))
    assert found.contact.concern_facts == "No food at home.\n\nA bruise."


def test_one_line_in_danger_puts_the_contact_in_danger():
    assert checked(line(), sibling("Leo", immediate_danger="Y")).contact.immediate_danger


def test_the_same_line_twice_is_one_child():
    found = checked(line(), line())
    assert len(found.contact.children) == 1
    assert [(fault.line, fault.column) for fault in found.faults] == [(3, "contact_ref")]
    assert "line 2" in found.faults[0].problem


def test_a_time_that_does_not_exist_is_the_first_that_does():
    found = checked(line(received="29/03/2009 01:30", **UNDECIDED))
    assert found.contact.received_at == datetime(2009, 3, 29, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("1A", ReferrerKind.PUBLIC),
        ("10", ReferrerKind.PUBLIC),
        ("9", ReferrerKind.ANONYMOUS),
        ("6", ReferrerKind.PROFESSIONAL),
    ],
)
def test_who_the_referrer_is_follows_from_the_source_code(code, kind):
    anonymous = "Y" if kind is ReferrerKind.ANONYMOUS else "N"
    assert checked(line(source_code=code, anonymous=anonymous, referrer_email="")).contact.referrer_kind == kind


def test_an_odd_email_is_kept_as_typed_and_not_used():
    found = checked(line(referrer_email="not an address")).contact
    assert (found.referrer_email, found.referrer_email_as_typed) == ("", "not an address")


def test_a_bad_nhs_number_is_kept_apart():
    (child,) = checked(line(child_nhs_number="943 476 5918")).contact.children
    assert (child.nhs_number, child.nhs_number_unverified) == (None, "943 476 5918")


def test_a_quoted_value_is_cut_and_says_how_long_it_is():
    (fault,) = checked(line(concern_facts="x" * 60_000)).faults
    assert fault.value.endswith("… (60,000 characters)")
    assert len(fault.value) < 250


def test_a_line_of_totals_is_left_out_with_one_word_about_it():
    totals = dict.fromkeys(PLAIN, "") | {"contact_ref": "Total", "received": "1"}
    found = checked(totals)
    assert (found.is_contact, found.contact) == (False, None)
    assert [fault.problem for fault in found.faults] == ["This line has only 2 values: a totals line? It was left out"]


@pytest.mark.parametrize(
    "more", [{"child_surname": "Harlow"}, {"concern_facts": "Hungry."}, {"received": "10/03/2009 10:00"}]
)
def test_a_line_that_says_anything_of_a_child_is_no_line_of_totals(more):
    assert checked(dict.fromkeys(PLAIN, "") | {"contact_ref": "OLD-1"} | more).is_contact


@pytest.mark.parametrize(("born", "asked"), [(1, True), (2, True), (240, True), (0, False), (250, False)])
def test_two_children_born_too_close_to_have_one_mother_are_a_query(born, asked):
    first = datetime(2004, 3, 2, tzinfo=UTC)
    typed = [f"{first + timedelta(days=days):%d/%m/%Y}" for days in (0, born)]
    found = checked(line(child_dob=typed[0]), sibling("Leo", child_dob=typed[1]))
    about = [fault for fault in found.faults if is_about(fault, problems.BORN_TOO_CLOSE)]
    assert (len(about), [fault.line for fault in about]) == (int(asked), [3] if asked else [])
