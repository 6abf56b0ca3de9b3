"""Restricted records open only to people named, with a reason; every look and every refusal is on record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from pathway.engine import inputs, record_access
from pathway.engine.children import restricting
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.vocabulary import Role
from storage.queries import event_rows
from storage.tables import Access
from support import desk
from support.front_door import MANAGER, OFFICER, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


def restrict(door, referral, *usernames, by=SERVICE_MANAGER):
    data = restricting.RestrictionInput(reason="Own family of a colleague.", usernames=usernames)
    with door.acting(by) as act:
        return restricting.restrict(act, referral.person_id, data)


def lift(door, referral, *, by=SERVICE_MANAGER, token=None):
    data = inputs.ReasonInput(reason="The colleague has left.")
    with door.acting(by, token=token) as act:
        return restricting.lift(act, referral.person_id, data)


def refused(door, actor, referral):
    with door.database.read() as session:
        return record_access.refusal(session, actor, [referral.person_id], now=door.now)


def test_a_restricted_record_opens_only_to_those_named_and_to_who_restricted_it(door):
    (referral,) = door.referrals(door.log("Mia"))
    restrict(door, referral, MANAGER.username)
    assert [bool(refused(door, actor, referral)) for actor in (MANAGER, SERVICE_MANAGER, OFFICER)] == [
        False,
        False,
        True,
    ]


def test_one_more_person_is_named_with_a_reason_and_then_it_opens(door):
    (referral,) = door.referrals(door.log("Mia"))
    restrict(door, referral)
    data = restricting.NamingInput(username=OFFICER.username, reason="Screens it.")
    with door.acting(SERVICE_MANAGER) as act:
        restricting.name(act, referral.person_id, data)
    assert refused(door, OFFICER, referral) == ""


def test_a_lifted_restriction_opens_the_record_and_the_history_keeps_both(door):
    (referral,) = door.referrals(door.log("Mia"))
    restrict(door, referral)
    lift(door, referral)
    assert refused(door, OFFICER, referral) == ""
    kinds = [event.kind for event in door.events(referral)]
    assert kinds[-2:] == ["record restricted", "restriction lifted"]


def liftings(door, referral):
    return [(event.kind, event.actor) for event in door.events(referral) if event.kind == "restriction lifted"]


def test_a_second_click_on_lifting_a_restriction_does_nothing_and_no_harm(door):
    (referral,) = door.referrals(door.log("Mia"))
    restrict(door, referral)
    first, second = (lift(door, referral, token="form-7") for _ in range(2))
    assert (first.id, first.lifted_at) == (second.id, second.lifted_at)
    assert liftings(door, referral) == [("restriction lifted", SERVICE_MANAGER.username)]


def test_whoever_lifts_a_lifted_restriction_from_an_older_page_is_told_who_was_faster(door):
    (referral,) = door.referrals(door.log("Mia"))
    head = person_in(Role.HEAD_OF_SERVICE)
    restrict(door, referral, head.username)
    lift(door, referral, token="form-7")
    with pytest.raises(Refused, match=r"not restricted\. service\.manager has lifted the restriction"):
        lift(door, referral, by=head, token="form-8")
    assert liftings(door, referral) == [("restriction lifted", SERVICE_MANAGER.username)]


def test_two_who_lift_a_restriction_at_once_can_not_both_have_done_it(door):
    (referral,) = door.referrals(door.log("Mia"))
    restrict(door, referral)

    def once(token):
        try:
            return "lifted" if lift(door, referral, token=token) else "none"
        except Refused:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(once, ["form-7", "form-8"])) == ["lifted", "refused"]
    assert len(liftings(door, referral)) == 1


def test_what_was_never_restricted_can_not_be_lifted(door):
    (referral,) = door.referrals(door.log("Mia"))
    with pytest.raises(Refused, match="not restricted"):
        lift(door, referral)


def test_a_restriction_without_a_reason_or_with_unknown_people_is_refused(door):
    (referral,) = door.referrals(door.log("Mia"))
    with pytest.raises(InvalidInput, match="no user nobody"):
        restrict(door, referral, "nobody")
    with pytest.raises(InvalidInput):
        inputs.parse(restricting.RestrictionInput, {"reason": " "})


def test_only_those_whom_the_book_names_restrict_and_only_once(door):
    (referral,) = door.referrals(door.log("Mia"))
    with pytest.raises(NotAllowed):
        restrict(door, referral, by=MANAGER)
    restrict(door, referral)
    with pytest.raises(Refused, match="restricted already"):
        restrict(door, referral)
    with pytest.raises(NotAllowed, match="only to people named"):
        restrict(door, referral, by=person_in(Role.HEAD_OF_SERVICE))


def test_a_page_of_a_restricted_child_is_refused_and_the_refusal_is_written_down(door, tmp_path):
    contact = door.log("Mia")
    (referral,) = door.referrals(contact)
    restrict(door, referral, MANAGER.username)
    browser = desk.at(door, mailbox=tmp_path)
    pages = [f"/referrals/{referral.ref}", f"/contacts/{contact.ref}", f"/referrals/{referral.ref}/screen"]
    pages += [f"/letters/{letter.id}" for letter in door.letters(contact)]
    browser.sign_in(OFFICER)
    for page in pages:
        assert "only to people named" in browser.open(page).words
        assert browser.status == 403
    with door.database.read() as session:
        rows = session.exec(select(Access).where(Access.username == OFFICER.username)).all()
    assert [row.allowed for row in rows] == [False] * len(pages)
    assert [browser.sign_in(MANAGER).open(page) and browser.status for page in pages] == [200] * len(pages)


def test_no_list_shows_the_name_of_a_restricted_child_to_others_not_even_to_a_search(door, tmp_path):
    (referral,) = door.referrals(door.log("Zebedee"))
    restrict(door, referral, MANAGER.username)
    browser = desk.at(door, mailbox=tmp_path).sign_in(OFFICER)
    page = browser.open("/referrals")
    assert ("Zebedee" in browser.html, "Restricted record" in page.words) == (False, True)
    assert "Restricted record" not in browser.open("/referrals?q=Zebedee").words
    assert "Zebedee" in browser.sign_in(MANAGER).open("/referrals?q=Zebedee").words


def test_a_sibling_who_is_restricted_is_not_named_on_the_page_of_the_other(door, tmp_path):
    first, second = door.referrals(door.log("Zebedee", "Mia"))
    restrict(door, first)
    browser = desk.at(door, mailbox=tmp_path).sign_in(OFFICER)
    browser.open(f"/referrals/{second.ref}")
    assert (browser.status, "Zebedee" in browser.html) == (200, False)


def test_the_command_line_is_refused_too(door):
    from pathway.cli import opening, record_text

    (referral,) = door.referrals(door.log("Mia"))
    restrict(door, referral)
    with pytest.raises(NotAllowed, match="only to people named"):
        record_text.read(door.database, referral.ref, actor=opening.actor(), now=door.now)
    with door.database.read() as session:
        assert session.exec(select(Access).order_by(Access.id.desc())).first().allowed is False
        assert event_rows.of_referral(session, referral)
