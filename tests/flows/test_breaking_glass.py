"""A restricted record always opens to somebody who may decide, and in need to the role that may break its glass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pathway.engine import inputs, record_access, record_openers
from pathway.engine.children import breaking_glass, restricting
from pathway.engine.rulebooks import published_books
from pathway.engine.staff import account_changes
from pathway.engine.staff.account_changes import UserInput
from rules.errors import NotAllowed, Refused
from rules.vocabulary import Role
from storage.queries.children import opener_rows, restriction_rows
from storage.queries.staff import staff_rows
from storage.tables import Alert, id_of
from support import danger, notices, rows
from support.front_door import MANAGER, OFFICER, person_in

SERVICE_MANAGER, AUDITOR = person_in(Role.SERVICE_MANAGER), person_in(Role.AUDITOR)
ADMINISTRATOR, EDT = person_in(Role.ADMINISTRATOR), person_in(Role.EMERGENCY_DUTY_TEAM)
GLASS = breaking_glass.GlassInput(reason="The mother rang: he is on his way to the school.")
TUESDAY = "2009-03-10 10:00"


@pytest.fixture
def door(open_door):
    return open_door(TUESDAY)


def restrict(door, referral, *usernames, by=SERVICE_MANAGER):
    data = restricting.RestrictionInput(reason="Own family of a colleague.", usernames=usernames)
    with door.acting(by) as act:
        restricting.restrict(act, referral.person_id, data)


def closed(door, actor, referral):
    with door.database.read() as session:
        return bool(record_access.refusal(session, actor, [referral.person_id], now=door.now))


def named(door, referral):
    with door.database.read() as session:
        standing = restriction_rows.standing(session, referral.person_id)
        return {one.username for one in restriction_rows.names_of(session, id_of(standing))}


def change(door, actor, **more):
    with door.acting(ADMINISTRATOR) as act:
        user = staff_rows.user(act.session, actor.username)
        was = {"name": user.name, "email": user.email, "roles": actor.roles}
        account_changes.change(act, id_of(user), UserInput(**(was | more)))


def break_glass(door, referral, by=MANAGER, token=None):
    with door.acting(by, token=token) as act:
        return breaking_glass.break_glass(act, referral.person_id, GLASS)


def review(door, broken, by=SERVICE_MANAGER):
    with door.acting(by) as act:
        return breaking_glass.review(act, broken.id, breaking_glass.ReviewInput(note="Right: he came."))


@pytest.fixture
def mia(door):
    (referral,) = door.referrals(door.log("Mia"))
    return referral


def test_who_restricts_and_names_only_who_may_not_decide_and_leaves_shuts_nobody_out(door, mia):
    restrict(door, mia, AUDITOR.username)
    assert named(door, mia) == {AUDITOR.username, SERVICE_MANAGER.username}
    change(door, SERVICE_MANAGER, active=False)
    assert "Role:duty manager" in named(door, mia)
    assert not closed(door, MANAGER, mia)
    assert closed(door, OFFICER, mia)
    with door.acting(person_in(Role.HEAD_OF_SERVICE)) as act, pytest.raises(NotAllowed):
        restricting.lift(act, mia.person_id, inputs.ReasonInput(reason="x"))


def test_a_lost_role_counts_like_leaving(door, mia):
    restrict(door, mia)
    change(door, SERVICE_MANAGER, roles=frozenset({Role.AUDITOR}))
    assert not closed(door, MANAGER, mia)
    assert "Role:duty manager" in named(door, mia)


def test_while_somebody_named_may_decide_no_role_is_named(door, mia):
    restrict(door, mia, person_in(Role.HEAD_OF_SERVICE).username)
    change(door, SERVICE_MANAGER, active=False)
    assert not any(name.startswith("Role:") for name in named(door, mia))


def test_where_nobody_holds_that_role_another_that_may_decide_is_named(door, mia):
    restrict(door, mia)
    change(door, MANAGER, active=False)
    change(door, SERVICE_MANAGER, active=False)
    assert "Role:emergency duty team" in named(door, mia)
    assert not closed(door, EDT, mia)


def test_the_sweep_mends_what_a_new_rulebook_took_away(door, mia):
    restrict(door, mia)
    with door.database.write() as session:
        standing = restriction_rows.standing(session, mia.person_id)
        for one in restriction_rows.names_of(session, id_of(standing)):
            session.delete(one)
        session.flush()
        session.add(
            type(one)(restriction_id=standing.id, username=AUDITOR.username, reason="", named_at=door.now, named_by="x")
        )
    door.sweep()
    assert not closed(door, MANAGER, mia)


def test_that_nobody_may_open_and_decide_is_told_to_the_system_owner(door, mia):
    for role in (Role.DUTY_MANAGER, Role.EMERGENCY_DUTY_TEAM, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE):
        change(door, person_in(role), active=False)
    with door.database.read() as session:
        book = published_books.current(session, now=door.now).book
        assert record_openers.opens_to_nobody(session, book) == "Nobody who works here may open a record and decide"
    door.sweep()
    with door.database.read() as session:
        headlines = [alert.headline for alert in rows.everything(session, Alert)]
    assert "Nobody who works here may open a record and decide" in headlines


def test_alerts_about_a_restricted_record_go_to_who_may_open_it_beside_the_role(door):
    contact = door.log("Zoe")
    restrict(door, *door.referrals(contact), person_in(Role.HEAD_OF_SERVICE).username)
    danger.mark(door, contact)
    for role in (Role.DUTY_MANAGER, Role.HEAD_OF_SERVICE, Role.SERVICE_MANAGER):
        assert notices.told(door, role, "alert"), role


def test_warnings_go_to_who_may_open_it_too(door, mia):
    head = person_in(Role.HEAD_OF_SERVICE)
    restrict(door, mia, head.username)
    door.watch_for(hours=19)
    assert notices.told(door, Role.SCREENING_OFFICER, "warning")
    assert notices.told(door, Role.HEAD_OF_SERVICE, "warning")


def test_the_glass_opens_the_record_for_the_hours_of_the_book_and_closes_by_itself(door, mia):
    restrict(door, mia, AUDITOR.username)
    assert closed(door, MANAGER, mia)
    break_glass(door, mia)
    assert not closed(door, MANAGER, mia)
    assert closed(door, OFFICER, mia)
    door.move_to("2009-03-10 13:59")
    assert not closed(door, MANAGER, mia)
    door.move_to("2009-03-10 14:00")
    assert closed(door, MANAGER, mia)


def test_who_restricted_it_and_the_service_manager_are_told_at_once_and_no_child_is_named(door, mia):
    head = person_in(Role.HEAD_OF_SERVICE)
    restrict(door, mia, by=head)
    break_glass(door, mia)
    door.sweep()
    for role in (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE):
        (message,) = door.messages(role)
        assert "has broken the glass of a restricted record" in message.subject
        assert "Mia" not in notices.text(message)


def test_somebody_else_reviews_it_in_time_or_the_head_of_service_hears(door, mia):
    restrict(door, mia, MANAGER.username, by=SERVICE_MANAGER)
    broken = break_glass(door, mia, by=person_in(Role.DUTY_MANAGER)) if closed(door, MANAGER, mia) else None
    assert broken is None  # who is named breaks nothing
    (zoe,) = door.referrals(door.log("Zoe"))
    restrict(door, zoe, AUDITOR.username)
    broken = break_glass(door, zoe)
    assert broken.review_due_at == door.now + timedelta(hours=72)
    door.watch_for(hours=73)
    assert any("glass" in message.subject for message in door.messages(Role.HEAD_OF_SERVICE))
    review(door, broken)
    assert "Broken glass reviewed: Right: he came." in [event.summary for event in door.events(zoe)]
    with door.database.read() as session:
        assert opener_rows.to_review(session) == []


def test_nobody_reviews_what_they_did_themselves(door, mia):
    restrict(door, mia, AUDITOR.username, by=SERVICE_MANAGER)
    broken = break_glass(door, mia)
    with door.database.write() as session:
        session.get_one(type(broken), broken.id).username = SERVICE_MANAGER.username
    with pytest.raises(Refused, match="somebody else says"):
        review(door, broken)


def test_only_the_role_that_the_book_names_breaks_it_out_of_hours_the_other_too(door, mia):
    restrict(door, mia, AUDITOR.username)
    for actor in (OFFICER, EDT):
        with pytest.raises(NotAllowed, match="break the glass"):
            break_glass(door, mia, by=actor)
    door.move_to("2009-03-10 22:00")
    break_glass(door, mia, by=EDT)
    assert not closed(door, EDT, mia)


def test_where_it_is_open_already_there_is_no_glass_and_a_second_click_breaks_none(door, mia):
    with pytest.raises(Refused, match="no glass to break"):
        break_glass(door, mia)
    restrict(door, mia, AUDITOR.username)
    assert break_glass(door, mia, token="form-7").id == break_glass(door, mia, token="form-7").id
