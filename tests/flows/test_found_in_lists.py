"""Promise: a list finds the same whether few fit, and are found first, or very many, and each row is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.likeness import asked
from storage.queries.keyset import Wanted
from storage.queries.lists import alert_page_rows, letter_page_rows, referral_list_rows
from storage.queries.lists.alert_page_rows import AlertsWanted
from storage.queries.lists.letter_page_rows import LettersWanted
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.queries.lists.sought_rows import Sought
from support.front_door import child_fields

PAGE = Wanted(size=25)
QUESTIONS = {
    "mia": 2,
    "hart": 2,
    "mia hart": 1,
    "hart mia": 1,
    "park": 2,  # the school of both referrals of the second contact
    "park mia": 1,
    "park hart": 0,
    "01/02/2005": 1,
    "mia 2005-02-01": 1,
    "nobody": 0,
    "mia nobody": 0,
}


@pytest.fixture
def door(open_door):
    return open_door("2009-03-27 10:00")


@pytest.fixture
def found(door):
    """What a question finds of two families, in each list, by the referrals it is about."""
    hart = [child_fields("Mia", "Hart", birth_date="2005-02-01"), child_fields("Tom", "Hart")]
    lund = [child_fields("Mia", "Lund"), child_fields("Ole", "Lund")]
    door.log(children=hart, referrer_name="Ada Green", referrer_agency="Hill School", immediate_danger=True)
    door.log(children=lund, referrer_name="Ben Wood", referrer_agency="Park School", referrer_email="b@wood.org")

    def lists(words, **more):
        question = asked.read(words, today=date(2009, 3, 27))
        sought = Sought(question=question, sees_protected=True, **more)
        with door.database.read() as session:
            referrals, letters = ReferralsWanted(sought=sought), LettersWanted(sought=sought, words=words)
            page = referral_list_rows.page(session, referrals, PAGE).rows
            assert referral_list_rows.count(session, referrals) == len(page)
            posted = letter_page_rows.page(session, letters, PAGE).rows
            assert letter_page_rows.count(session, letters) == len(posted)
            alerts = alert_page_rows.page(session, AlertsWanted(sought=sought, records=True), PAGE).rows
            return (
                [line.referral.ref for line in page],
                [line.letter.id for line in posted],
                [line.alert.id for family in alerts for line in family.lines],
            )

    return lists


@pytest.mark.parametrize(("words", "count"), QUESTIONS.items())
def test_few_and_very_many_are_found_alike(found, words, count):
    few = found(words)
    assert len(few[0]) == count
    assert (few[1] == []) is (count == 0)
    for many in (0, 1, 2):
        assert found(words, many=many) == few


def test_a_reference_is_found_though_very_many_have_it_as_a_word(found, door):
    contact = door.log(children=[child_fields("Ivo", "Ash")])
    few = found(contact.ref)
    assert few[0] == [f"{contact.ref}-1"]
    assert found(contact.ref, many=0) == few
    question = asked.read("mia", today=date(2009, 3, 27))
    both = replace(question, references=(contact.ref,))  # as another system's reference may be a word as well
    with door.database.read() as session:
        for many in (0, 5000):
            wanted = ReferralsWanted(sought=Sought(question=both, sees_protected=True, many=many))
            assert len(referral_list_rows.page(session, wanted, PAGE).rows) == 3


def test_who_is_closed_is_found_by_no_word(found, door):
    with door.database.read() as session:
        line = referral_list_rows.page(session, ReferralsWanted(), PAGE).rows[0]
    shut = {line.person.id}
    for many in (0, 5000):
        referrals, _, alerts = found("hart", many=many, closed=shut)
        assert len(referrals) == 1
        assert line.referral.ref not in referrals
        assert alerts == []
