"""Where GOV.UK Notify calls back: for whoever bears the token, and for nothing but statuses."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from pathway.web.app import create_app
from support import desk, notify_server, notifying
from support.front_door import MANAGER

TOKEN = "a token of more than twenty characters"
RIGHT = f"Bearer {TOKEN}"
RECEIPT = {
    "id": "740e5834-3a29-46b4-9a6f-16142fde533a",
    "reference": None,
    "to": "ada@school.example.org",
    "status": "delivered",
    "created_at": "2009-03-26T10:00:00.000000Z",
    "completed_at": "2009-03-26T10:02:00.000000Z",
    "sent_at": "2009-03-26T10:01:00.000000Z",
    "notification_type": "email",
    "template_id": "f33517ff-2a88-4f6e-b855-c550268ce08a",
    "template_version": 1,
}


@pytest.fixture
def machine(door):
    return desk.at(door, notify_token=TOKEN)


@pytest.fixture
def sent(door):
    """A letter that GOV.UK Notify has accepted, and its name there."""
    contact = door.log("Mia")
    door.decide(*door.referrals(contact))
    (letter,) = door.letters(contact, "outcome")
    with notify_server.running() as (service, there):
        notifying.send(door, service)
    (message,) = [message for message in door.messages() if message.letter_id == letter.id]
    return letter, next(one["id"] for one in there.taken if one["reference"] == message.message_id)


def call(machine, body=None, *, authorization=RIGHT, headers=None, **changes):
    content = body if body is not None else json.dumps(RECEIPT | changes)
    sent = {"Authorization": authorization, "Content-Type": "application/json"} | (headers or {})
    return machine.client.post("/notify/status", content=content, headers=sent)


def test_a_status_is_recorded_with_the_moment_that_was_given(machine, sent, door):
    letter, name = sent
    answer = call(machine, id=name)
    assert (answer.status_code, answer.json()) == (200, {"said": "Recorded."})
    assert notifying.said(door, letter) == ["delivered"]


def test_a_failure_is_owed_again_from_the_moment_it_failed(machine, sent, door):
    letter, name = sent
    door.move_to("2009-03-26 15:00")
    assert call(machine, id=name, status="permanent-failure", completed_at="2009-03-26T13:00:00Z").status_code == 200
    assert door.alert(f"letter:{letter.id}") is not None
    page = machine.sign_in(MANAGER).open(f"/letters/{letter.id}")
    assert "GOV.UK Notify says permanent-failure" in page.words
    assert "13:00" in page.words


def test_the_same_again_is_answered_and_changes_nothing(machine, sent, door):
    letter, name = sent
    for _ in range(3):
        answer = call(machine, id=name)
    assert (answer.status_code, answer.json()["said"]) == (200, "Nothing new.")
    assert notifying.said(door, letter) == ["delivered"]


def test_a_late_status_never_goes_back_from_a_final_one(machine, sent, door):
    letter, name = sent
    for status in ("delivered", "sending", "permanent-failure"):
        assert call(machine, id=name, status=status).status_code == 200
    assert notifying.said(door, letter) == ["delivered"]


def test_what_is_not_ours_is_answered_so_that_it_is_not_sent_again(machine):
    assert call(machine).status_code == 200


@pytest.mark.parametrize("authorization", ["", TOKEN, "Bearer ", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_without_the_token_nothing_is_recorded(machine, sent, door, authorization):
    letter, name = sent
    assert call(machine, id=name, authorization=authorization).status_code == 401
    assert notifying.said(door, letter) == []


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer", RIGHT])
def test_where_no_token_is_set_nobody_comes_in(browser, authorization):
    assert call(browser, authorization=authorization).status_code == 401


def test_whoever_is_signed_in_needs_the_token_too(machine):
    machine.sign_in(MANAGER)
    assert call(machine, authorization="").status_code == 401


ODD = [
    "",
    "nonsense",
    "[]",
    "{}",
    json.dumps(RECEIPT | {"id": "1 OR 1=1"}),
    json.dumps(RECEIPT | {"status": "<script>"}),
    json.dumps(RECEIPT | {"status": "d" * 51}),
    json.dumps(RECEIPT | {"status": None}),
    json.dumps(RECEIPT | {"completed_at": "yesterday"}),
    json.dumps(RECEIPT | {"completed_at": "2009-03-26T10:02:00"}),
]


@pytest.mark.parametrize("body", ODD)
def test_a_body_that_is_no_receipt_is_refused_and_not_repeated(machine, body):
    answer = call(machine, body)
    assert answer.status_code == 400
    assert "script" not in answer.text


def test_a_body_that_is_too_large_is_refused(machine):
    assert call(machine, json.dumps(RECEIPT | {"to": "x" * 70_000})).status_code == 413


def test_guessing_is_slowed_down(sqlite_database):
    """In real time: what counts the guesses forgets them by the clock of a thread of its own."""
    client = TestClient(create_app(desk.services(sqlite_database, notify_token=TOKEN)))
    headers = {"Authorization": "Bearer guess"}
    assert {client.post("/notify/status", headers=headers).status_code for _ in range(10)} == {401}
    assert client.post("/notify/status", headers=headers).status_code == 429
    assert client.post("/notify/status", headers={"Authorization": RIGHT}).status_code == 429


def test_another_sites_page_cannot_post_here_nor_a_machine_to_another_page(machine):
    assert call(machine, headers={"Origin": "https://elsewhere.example.org"}).status_code == 403
    answer = machine.client.post("/contacts/new", headers={"Authorization": RIGHT}, follow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in?next=")


def test_there_is_nothing_to_read_there(machine):
    assert machine.client.get("/notify/status", headers={"Authorization": RIGHT}).status_code == 405
