"""Promise: the alerts about one family stand together, and several are acknowledged with one note: all or none."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from rules import escalation
from rules.rulebook import Ladder, Rung
from rules.vocabulary import AlertKind, Role
from storage.queries.keyset import Wanted
from storage.queries.lists import alert_page_rows
from storage.queries.lists.alert_page_rows import AlertsWanted
from storage.tables import Access, AccessChild, Alert, Event, id_of
from support import hands, rows
from support.front_door import MANAGER, person_in

CHIEF = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def desk(either):
    return either.sign_in(MANAGER)


@pytest.fixture
def family(desk):
    """Three children of one contact, each late, and the alerts about them."""
    desk.door.log("Mia", "Noah", "Leo", received="2009-03-25 09:00")
    desk.door.sweep()
    return alerts(desk)


def alerts(desk, **having):
    with desk.door.database.read() as session:
        return [one for one in rows.everything(session, Alert) if all(getattr(one, k) == v for k, v in having.items())]


def send(desk, numbers, note="Ringing the school.", token="once"):
    return desk.post("/alerts/acknowledge", alert=[str(n) for n in numbers], note=note, request_id=token)


def test_the_alerts_of_one_contact_stand_together_under_its_reference(desk, family):
    desk.door.log("Zoe", received="2009-03-25 09:30")
    desk.door.sweep()
    words = desk.open("/alerts").words
    assert "3 alerts about contact" in words
    assert "4 alerts, those about one contact together" in words


def test_ladders_are_folded(desk, family):
    assert "Who is told" in desk.open("/alerts").words
    assert '<details class="govuk-details" open' not in desk.html


def test_several_are_acknowledged_with_one_note_in_one_act(desk, family):
    page = desk.open("/alerts")
    form = page.form()
    assert form.action == "/alerts/acknowledge"
    page = send(desk, [one.id for one in family])
    assert "each of them with your note" in page.words
    assert {(one.acknowledged_by, one.acknowledgement_note) for one in alerts(desk)} == {
        (MANAGER.username, "Ringing the school.")
    }


def test_only_those_chosen_are_acknowledged(desk, family):
    send(desk, [family[0].id])
    assert [one.acknowledged_at is not None for one in alerts(desk)] == [True, False, False]


def test_a_second_click_changes_nothing(desk, family):
    for note in ("First.", "Second."):
        send(desk, [one.id for one in family], note=note)
        assert desk.status == 200
    assert {one.acknowledgement_note for one in alerts(desk)} == {"First."}
    with desk.door.database.read() as session:
        told = session.exec(select(Event).where(Event.kind == "alert acknowledged")).all()
    assert len(told) == 3


def test_where_one_closed_meanwhile_none_is_acknowledged_and_the_note_stays(desk, family):
    with desk.door.database.write() as session:
        session.get_one(Alert, family[1].id).closed_at = desk.door.now
    page = send(desk, [one.id for one in family], note="Half a sentence")
    assert desk.status == 409
    assert "closed already" in page.words
    assert page.form().values["note"] == "Half a sentence"
    assert all(one.acknowledged_at is None for one in alerts(desk))


def test_one_that_is_not_ones_own_to_answer_takes_all_others_with_it(desk, family):
    with desk.door.database.write() as session:
        session.get_one(Alert, family[2].id).kind = AlertKind.NEW_INFORMATION
        ladder = Ladder(name="x", rungs=(Rung(offset=timedelta(0), role=Role.SOCIAL_WORKER),))
        session.get_one(Alert, family[2].id).ladder = json.dumps(escalation.ladder_to_terms(ladder))
    send(desk, [one.id for one in family])
    assert desk.status == 403
    assert all(one.acknowledged_at is None for one in alerts(desk))


def test_whoever_may_acknowledge_nothing_is_refused(desk, family):
    send(desk.sign_in(person_in(Role.ADMINISTRATOR)), [one.id for one in family])
    assert desk.status == 403
    assert all(one.acknowledged_at is None for one in alerts(desk))


@pytest.mark.parametrize(("numbers", "note", "place"), [((), "Note", "#alert-"), ((0, 1), "  ", "#note-")])
def test_what_is_missing_is_said_at_its_field(desk, family, numbers, note, place):
    chosen = [str(family[number].id) for number in numbers]
    page = desk.post("/alerts/acknowledge", alert=chosen, note=note, family=str(family[0].id), request_id="x")
    assert desk.status == 422
    assert any(link.startswith(place) for link in page.links)
    assert place[1:] + str(family[0].id) in page.ids


@pytest.mark.parametrize("number", ["999", "99999999999999999999", "x"])
def test_an_alert_that_is_not_there_is_said(desk, family, number):
    send(desk, [number])
    assert desk.status in {404, 422}


def test_no_alert_about_a_restricted_child_is_acknowledged_by_whoever_is_shut_out(desk, family):
    referral = next(one for one in desk.door.referrals(*contacts(desk)) if one.id == family[0].referral_id)
    hands.restrict(desk.door, referral, CHIEF)
    page = desk.open("/alerts")
    assert "Restricted record" in page.words
    assert "2 alerts about contact" in page.words  # not three: beside its family it would be told whose it is
    send(desk, [one.id for one in family])
    assert desk.status == 403
    assert all(one.acknowledged_at is None for one in alerts(desk))
    with desk.door.database.read() as session:
        looks = session.exec(select(Access).where(Access.what == "acknowledge alerts")).all()
    assert [look.allowed for look in looks] == [True, *[False] * len(family)]  # asked, and refused of each record


def contacts(desk):
    with desk.door.database.read() as session:
        return rows.everything(session, rows.tables.Contact)


def test_that_several_were_answered_is_a_look_at_each_child(desk, family):
    send(desk, [one.id for one in family])
    with desk.door.database.read() as session:
        look = session.exec(select(Access).where(Access.what == "acknowledge alerts")).one()
        named = set(session.exec(select(AccessChild.person_id).where(AccessChild.access_id == look.id)))
    assert named == {one.person_id for one in desk.door.referrals(*contacts(desk))}


def test_the_list_is_narrowed_by_kind_answer_and_words(desk, family):
    send(desk, [family[0].id])
    shown = {
        query: desk.open(f"/alerts?{query}").words.count("Overdue: decision")
        for query in ("kind=clock", "kind=danger", "kind=letter", "unheld=yes", "q=noah", "q=nobody", "size=50")
    }
    each = shown["size=50"]
    assert each
    assert shown["kind=clock"] == shown["kind=danger"] == each  # what is no kind narrows nothing
    assert (shown["kind=letter"], shown["q=nobody"]) == (0, 0)
    assert 0 < shown["q=noah"] < shown["unheld=yes"] < each


def test_after_acknowledging_the_list_is_as_it_was_filtered(desk, family):
    page = desk.open("/alerts?kind=clock")
    desk.send(page, "/alerts", note="Ringing.")
    assert (desk.status, desk.path) == (200, "/alerts")
    assert "Kind: Clock" in desk.html


def test_pages_of_families_show_each_open_alert_once(desk):
    for number in range(4):
        desk.door.log(f"A{number}", f"B{number}", received=f"2009-03-25 0{number + 1}:00")
    desk.door.sweep()
    wanted, place, seen = AlertsWanted(), None, []
    with desk.door.database.read() as session:
        while True:
            found = alert_page_rows.page(session, wanted, Wanted(size=2, place=place))
            seen += [line.alert.id for family in found.rows for line in family.lines]
            place = found.after
            if place is None:
                break
    assert sorted(seen) == [id_of(one) for one in alerts(desk)]
