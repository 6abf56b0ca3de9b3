"""The figures on the command line: the same numbers and rows as on the page."""

from __future__ import annotations

import csv
import io
import json

import pytest
from sqlmodel import select

from rules.vocabulary import Role
from storage.tables import Access, AccessChild, Person, Referral, WhyLate
from support import hands, late, rows, weeks
from support.front_door import MANAGER, OFFICER, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
WEEK = ("--from", "2009-03-02", "--to", "2009-03-08")


@pytest.fixture
def office(newcomer, open_door, monkeypatch):
    door = open_door("2009-03-02 09:00")
    weeks.one_week(door)
    monkeypatch.setenv("PATHWAY_DATABASE_URL", door.database.url)
    return newcomer, door


def test_the_week_in_words_as_csv_and_for_machines(office):
    pathway, _ = office
    assert "Contacts received: 5" in pathway("report", "figures", *WEEK).out
    told = list(csv.reader(io.StringIO(pathway("report", "figures", *WEEK, "--csv").out)))
    assert ["Contacts received", "", "5", ""] in told
    found = json.loads(pathway("report", "figures", *WEEK, "--json").out)
    assert found["figures"]["clock:decision"]["parts"]["late"]["number"] == 1
    assert sum(found["contacts_by_day"].values()) == 5


def test_without_days_it_is_last_week(office):
    pathway, _ = office
    assert "2 March 2009 to 8 March 2009" in pathway("report", "figures").out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--period", "tomorrow"), "There is no period 'tomorrow'"),
        (("--from", "2000-01-01", "--to", "2009-01-01"), "longer than three years"),
        (("--from", "2009-03-09", "--to", "2009-03-02"), "The last day is before the first"),
    ],
)
def test_a_period_that_is_none_is_named_with_its_remedy(office, given, said):
    pathway, _ = office
    ended = pathway("report", "figures", *given)
    assert (ended.code != 0, said in ended.err) == (True, True)


def test_the_children_behind_a_number_with_what_was_said_of_why(office):
    pathway, _ = office
    out = pathway("report", "children", "clock:decision", "--part", "late", *WEEK, "--csv").out
    (head, line) = csv.reader(io.StringIO(out))
    assert (line[0].startswith("Leo"), line[2], line[7]) == (
        True,
        "Late",
        "Too few staff: leave, sickness or a vacancy: Two were ill.",
    )
    assert head[0] == "Child"


def test_whoever_is_shut_out_is_told_how_many_there_are_and_each_child_listed_is_logged(office):
    pathway, door = office
    with door.database.read() as session:
        zebedee = next(one for one in rows.everything(session, Person) if one.forename == "Zebedee")
        referral = next(one for one in rows.everything(session, Referral) if one.person_id == zebedee.id)
    hands.restrict(door, referral, SERVICE_MANAGER)
    out = pathway("report", "children", "children", *WEEK, "--by", MANAGER.username).out
    assert ("Zebedee" in out, "and 1 that you may not see" in out, "Leo" in out) == (False, True, True)
    with door.database.read() as session:
        looks = session.exec(select(Access.what, AccessChild.person_id).join(AccessChild)).all()
    assert {what for what, _ in looks if what.startswith("figures")} == {"figures and children, on the command line"}
    assert zebedee.id not in {number for what, number in looks if what.startswith("figures")}


def test_who_may_not_read_reports_is_refused_and_that_is_kept(office):
    pathway, door = office
    ended = pathway("report", "children", "children", *WEEK, "--by", OFFICER.username)
    assert (ended.code != 0, "Leo" in ended.out) == (True, False)
    with door.database.read() as session:
        assert not session.exec(select(Access.allowed).order_by(Access.id.desc())).first()


def test_why_something_was_late_is_said_afterwards(office):
    pathway, door = office
    tardy = late.decided_in_danger(door, "Another")
    ended = pathway("why-late", tardy.ref, "--late-reason", "other")
    assert ("late_words" in ended.err, "none of the reasons in the list was it" in ended.err) == (True, True)
    assert pathway("why-late", tardy.ref, "--late-reason", "other", "--late-words", "Flooded.").code == 0
    with door.database.read() as session:
        assert rows.everything(session, WhyLate)[-1].words == "Flooded."


def test_a_letter_that_left_late_asks_why_by_its_option(office):
    pathway, door = office
    contact = door.log("Nowhere", referrer_email="", referrer_address="3 High Road, N17 6AA")
    door.decide(*door.referrals(contact))
    door.move_to("2009-03-12 09:00")
    (letter,) = door.letters(contact, "outcome")
    command = ("letters", "left", str(letter.id), "post", "--at", "2009-03-12T08:00:00Z")
    ended = pathway(*command)
    assert ("--why-late" in ended.err, "staff-away" in ended.err) == (True, True)
    assert pathway(*command, "--why-late", "other: The post room was shut.").code == 0
    with door.database.read() as session:
        assert rows.everything(session, WhyLate)[-1].words == "The post room was shut."
