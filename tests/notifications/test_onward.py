"""What the receiver of a child is told."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from notifications.letters import letters, onward
from notifications.letters.onward import OnwardFacts
from notifications.staff import staff
from notifications.staff.staff import NewInformation
from rules.errors import InvalidInput
from rules.vocabulary import Role
from support.letters import NOW
from support.letters import facts as letter_facts

FACTS = OnwardFacts(
    council=letter_facts().council,
    receiver="Early help hub",
    referral_ref="PW-7K2M-X4TD-2",
    child_name="Aoife O'Brien",
    birth_date=date(2004, 5, 6),
    due_date=None,
    address="3 High Street",
    school="Park Lane School",
    received_at=NOW - timedelta(days=1),
    sent_at=NOW,
    answer_by=NOW + timedelta(days=3),
    referrer="Ada Ferreira, Park Lane School",
    concern="No food at home.\nSeen twice.",
    opinion="Neglect, I think.",
    outcome_title="Early help",
    reasons="The school can lead.",
    decided_by="Daniel Price",
)
NEW = NewInformation(
    headline="New information for the worker of an open child: referral PW-7K2M-X4TD-2",
    next_step="Read it.",
    referral_ref="PW-7K2M-X4TD-2",
    received_at=NOW,
    referrer="",
    concern="Aoife was seen alone.",
    opinion="",
    reasons="Open to Sam.",
    link="https://front.example.org/referrals/PW-7K2M-X4TD-2",
    rung_role=Role.SOCIAL_WORKER,
)


def test_every_fact_that_a_receiver_may_learn_is_written_down_as_data():
    assert {field.name for field in fields(OnwardFacts)} == set(letters.RECEIVER_MAY_LEARN)


def test_the_receiver_reads_each_of_them():
    text = " ".join(onward.write(FACTS).text.split())
    told = ("O'Brien", "6 May 2004", "3 High Street", "Ada Ferreira", "No food at home.", "Neglect, I think.")
    told += ("The school can lead.", "Daniel Price", FACTS.council.telephone, "answer this message")
    assert [words for words in told if words not in text] == []


def test_the_subject_names_no_child():
    subject = onward.write(FACTS).subject
    assert "PW-7K2M-X4TD-2" in subject
    assert not any(name in subject for name in ("Aoife", "O'Brien"))


@pytest.mark.parametrize("name", ["receiver", "referral_ref", "child_name", "concern", "reasons"])
def test_what_the_receiver_needs_and_is_blank_is_named(name):
    with pytest.raises(InvalidInput) as refused:
        onward.write(replace(FACTS, **{name: " "}))
    assert [fault.place for fault in refused.value.faults] == [name]


def test_what_is_not_known_is_left_out_or_said():
    text = onward.write(replace(FACTS, birth_date=None, address="", school="", referrer="", answer_by=None)).text
    assert "Birth date: not known" in text
    assert "not named here" in text
    assert not any(words in text for words in ("Address:", "School or nursery:", "None"))


def test_an_unborn_childs_due_date_is_told():
    assert "Due date: 1 June 2027" in onward.write(replace(FACTS, birth_date=None, due_date=date(2027, 6, 1))).text


def test_line_breaks_in_a_name_do_not_reach_the_subject():
    assert "\n" not in onward.write(replace(FACTS, referral_ref="PW-1\nBcc: x")).subject


def test_new_information_goes_with_what_was_said_and_a_subject_without_a_child():
    message = staff.write_new_information(NEW)
    assert "Aoife was seen alone." in message.text
    assert "not named here" in message.text
    assert NEW.link in message.text
    assert message.subject == NEW.headline
