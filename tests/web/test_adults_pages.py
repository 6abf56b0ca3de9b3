"""Adults on pages: rows of the contact's form that come and go, and one who is added later."""

from __future__ import annotations

from storage.tables import Contact, NamedAdult
from support import rows
from support.front_door import OFFICER, child_fields

CONTACT = {
    "received_at": "26 3 2009",
    "received_at_time": "10:00",
    "channel": "telephone",
    "source_code": "1A",
    "concern_facts": "Shouting.",
    "children.0.forename": "Mia",
    "children.0.sex": "F",
}


def typed(desk, **more):
    desk.sign_in(OFFICER)
    return desk.post("/contacts/new", **(CONTACT | more))


def test_a_row_of_an_adult_comes_and_goes_and_keeps_what_was_typed(either):
    page = typed(either, do="adult")
    assert "adults.0.forename" in page.form().values
    page = typed(either, do="adult", **{"adults.0.forename": "Ann", "adults.0.interpreter": "yes"})
    assert page.form().values["adults.0.forename"] == "Ann"
    assert "adults.1.forename" in page.form().values
    page = typed(either, do="unadult-0", **{"adults.0.forename": "Ann", "adults.1.forename": "Bob"})
    assert page.form().values["adults.0.forename"] == "Bob"


def test_an_adult_is_logged_and_stands_in_the_household_with_the_risk_first(either):
    adult = {"forename": "Ann", "surname": "Reed", "relation": "mother", "risk": "A large dog.", "lives_there": "yes"}
    typed(either, do="log", **{f"adults.0.{name}": value for name, value in adult.items()})
    (contact,) = everything(either, NamedAdult)
    page = either.open(f"/contacts/{ref(either)}")
    page = either.open(next(link for link in page.links if link.startswith("/referrals/PW")))
    assert "Known risk to workers, Ann Reed: A large dog." in page.words
    assert "Ann Reed Risk to workers Correct Ann Reed, mother Mother Yes" in page.words
    assert contact.risk == "A large dog."


def test_what_is_wrong_with_an_adult_is_said_at_its_field(either):
    page = typed(either, do="log", **{"adults.0.forename": "Ann", "adults.0.birth_date": "32 13 1980"})
    assert either.status == 422
    assert "Adult 1, Relation to the children: This is needed" in page.words
    assert "Adult 1, Birth date: This is not a date" in page.words


def test_an_adult_of_whom_was_heard_later_is_added(either):
    contact = either.door.log(children=[child_fields("Mia"), child_fields("Leo", sex="M")])
    path = f"/contacts/{contact.ref}/add-adult"
    assert path in either.sign_in(OFFICER).open(f"/contacts/{contact.ref}").links
    token = either.open(path).form().values["request_id"]
    page = either.post(path, request_id=token, forename="Ann", relation="mother", of="3")
    assert "This contact has no child 3" in page.words
    assert "Adult added" in either.post(path, request_id=token, forename="Ann", relation="mother", of="2").words


def everything(desk, table):
    with desk.door.database.read() as session:
        return rows.everything(session, table)


def ref(desk):
    with desk.door.database.read() as session:
        return rows.everything(session, Contact)[-1].ref
