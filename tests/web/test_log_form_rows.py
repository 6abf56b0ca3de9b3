"""The form of a contact while somebody is on the telephone, without a browser: rows, who is perhaps known, the
panel."""

from __future__ import annotations

import json
import random

import pytest

from rules.vocabulary import Role
from storage.queries import access_rows
from storage.queries.children import match_rows
from storage.tables import Access, Contact, NamedChild, Person
from support import fuzzing, hands, matching, rows
from support.front_door import MANAGER, OFFICER, person_in

NEW, KNOWN, REFERRERS = "/contacts/new", "/contacts/known", "/contacts/referrers"
TYPED = {"source_code": "2A", "concern_facts": "Two bruises", "do": "check"}
MAYA = {"children__0__forename": "Maya", "children__0__surname": "Harlow", "children__0__birth_date": "6 May 2004"}
SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)


@pytest.fixture
def mia(either):
    return matching.child(either.door, "Mia", address="14 Elm Road, London N15 3AA")


def looks(desk):
    """The looks that the form has caused: the words asked for, and the children shown."""
    with desk.door.database.read() as session:
        return [
            (one.words, sorted(access_rows.children_of(session, one.id)))
            for one in rows.everything(session, Access)
            if one.what == "children perhaps known, while a contact is logged"
        ]


def ask(desk, row, **typed):
    """What the script is told of one row, counted from 1."""
    fields = {name.replace("__", "."): value for name, value in typed.items()}
    answer = desk.client.post(KNOWN, data={**fields, "row": str(row)})
    assert answer.status_code == 200
    return answer.json()


def radio(place, child, answer):
    return f'id="children.{place}.known.c{child}-{answer}"'


def test_beside_a_row_stands_who_is_perhaps_known_with_the_same_and_another(either, mia):
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA)
    assert "Perhaps known: Mia Harlow, 4, 14 Elm Road, received" in page.words
    assert {f"children.0.known.c{mia.person_id}-{answer}" for answer in ("same", "another", "open")} <= page.ids
    assert page.form().values[f"children.0.known.c{mia.person_id}"] == ""
    assert looks(either) == [("Maya Harlow 6 May 2004", [mia.person_id])]


def test_an_empty_form_looks_for_nobody(either, mia):
    either.sign_in(OFFICER).open(NEW)
    either.fill(NEW, **TYPED, children__0__forename="Mia")
    assert looks(either) == []


def test_the_same_is_settled_with_the_contact_and_said_on_the_panel_as_settled(either, mia):
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA)
    answer = {f"children.0.known.c{mia.person_id}": "same"}
    page = either.post(NEW, **page.form().values | answer | {"do": "log"})
    assert "Contact logged" in page.words
    assert "To be settled" not in page.words
    with either.door.database.read() as session:
        (match,) = match_rows.between(session, *(one.id for one in rows.everything(session, Person)))
        assert (match.same_child, match.settled_by) == (True, OFFICER.username)


def test_another_is_settled_with_the_contact(either, mia):
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA)
    either.post(NEW, **page.form().values | {f"children.0.known.c{mia.person_id}": "another", "do": "log"})
    with either.door.database.read() as session:
        (match,) = match_rows.between(session, *(one.id for one in rows.everything(session, Person)))
        assert match.same_child is False


def test_an_answer_that_can_not_be_loses_nothing_that_was_typed(either, mia):
    said = {f"children.0.known.c{mia.person_id}": "same"}
    typed = {"children.0.forename": "Zoe", "children.0.surname": "Quill", "children.0.birth_date": "1 1 1999"}
    page = either.sign_in(OFFICER).open(NEW)
    fields = {name.replace("__", "."): value for name, value in TYPED.items()}
    page = either.post(NEW, **page.form().values | fields | typed | said | {"do": "log"})
    assert either.status == 422
    assert "#children.0.known" in page.links
    assert "Child 1, perhaps known: You said that this is a child on record" in page.words
    assert page.form().values["concern_facts"] == "Two bruises"
    assert page.form().values["children.0.forename"] == "Zoe"


def test_an_answer_stays_where_a_row_is_added_or_another_removed(either, mia):
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA)
    said = {f"children.0.known.c{mia.person_id}": "same"}
    page = either.post(NEW, **page.form().values | said | {"do": "add"})
    assert page.form().values[f"children.0.known.c{mia.person_id}"] == "same"
    page = either.post(NEW, **page.form().values | {"do": "add"})
    page = either.post(NEW, **page.form().values | {"do": "remove-2"})
    assert page.form().values[f"children.0.known.c{mia.person_id}"] == "same"


def test_of_a_restricted_record_the_row_says_what_it_says_of_nobody(either, mia):
    hands.restrict(either.door, mia, by=SERVICE_MANAGER)
    number = {"children__0__nhs_number": "943 476 5919"}
    told = ask(either.sign_in(OFFICER), 1, **MAYA | {"children__0__forename": "Mia"} | number)
    stranger = ask(either, 1, **MAYA | {"children__0__forename": "Nobody", "children__0__surname": "Here"})
    assert told == stranger
    assert [children for _, children in looks(either)] == [[], []]
    assert "Mia" not in either.fill(NEW, **TYPED | MAYA).words


def test_of_one_row_a_script_is_told_that_row_and_one_look_is_kept(either, mia):
    either.door.move_to("2009-03-26 12:00")  # of the call within the hour she would be shown again
    both = MAYA | {"children__1__forename": "Zoe", "children__1__surname": "Quill"}
    told = ask(either.sign_in(OFFICER), 1, **both)
    assert radio(0, mia.person_id, "same") in told["beside"]
    assert told["said"] == "Child 1: perhaps known, 1 record to say the same or another of."
    told = ask(either, 2, **both)
    assert told["beside"].strip() == ""
    assert looks(either) == [("Maya Harlow 6 May 2004", [mia.person_id]), ("Zoe Quill", [])]


@pytest.mark.parametrize("row", ["", "0", "-1", "x", "31", "9" * 20])
def test_of_a_row_that_there_is_not_nothing_is_said_and_nobody_looked_for(either, mia, row):
    assert ask(either.sign_in(OFFICER), row, **MAYA) == {"beside": "", "call": None, "said": ""}
    assert looks(either) == []


def test_whoever_may_not_log_contacts_asks_for_nobody(either, mia):
    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        client = either.sign_in(person_in(role)).client
        assert client.post(KNOWN, data={"row": "1"}).status_code == 403
        assert client.get(REFERRERS, params={"begins": "ada"}).status_code == 403


def test_the_same_call_is_said_while_it_is_typed_and_on_the_panel(either):
    contact = either.door.log("Mia", by=OFFICER)
    either.door.move_to("2009-03-26 10:07")
    page = either.sign_in(MANAGER).fill(NEW, **TYPED | MAYA)
    words = f"Perhaps the same call was logged 7 minutes ago by {OFFICER.name}: {contact.ref}, about Mia Harlow."
    assert words in page.words
    page = either.send(page, NEW, do="log")
    assert words in page.words


def test_the_panel_says_reference_promises_and_what_is_to_be_settled(either, mia):
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA | {"do": "log"})
    with either.door.database.read() as session:
        contact = rows.everything(session, Contact)[-1]
    assert f"Contact logged Reference to read out {contact.ref}" in page.words
    assert "What is promised by when" in page.words
    assert "Fri 27 Mar 2009, 10:00" in page.words
    assert "Is Maya Harlow the same child as Mia Harlow, child" in page.words
    assert any(link.startswith("/matches/") for link in page.links)
    assert "Reference to read out" not in either.open(f"/contacts/{contact.ref}").words
    assert "Reference to read out" not in either.sign_in(MANAGER).open(f"/contacts/{contact.ref}?notice=logged").words


@pytest.mark.parametrize(("typed", "said"), [("about 4", "about 4, said 26 Mar 2009"), ("8", "8, said 26 Mar 2009")])
def test_an_age_is_typed_where_a_birth_date_is(either, typed, said):
    either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA | {"children__0__birth_date": typed, "do": "log"})
    with either.door.database.read() as session:
        (named,) = rows.everything(session, NamedChild)
    assert (named.birth_date, named.about_age) == (None, said)


def test_what_is_neither_says_so_at_the_field(either):
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA | {"children__0__birth_date": "last spring"})
    assert "Child 1, Birth date or age: This is neither a date nor an age." in page.words


def test_an_age_that_an_older_draft_holds_stands_in_its_own_field(either):
    older = {"children__0__birth_date": "", "children__0__about_age": "4"}
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA | older)
    assert page.form().values["children.0.about_age"] == "4"
    assert "Age, if the birth date is not known" in page.words


ROW = {"children__1__surname": "Harlow", "children__1__address": "", "children__1__school": "", "children__1__sex": "U"}


def test_a_row_that_a_script_began_and_nobody_typed_into_is_no_child(either):
    either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA | ROW | {"children__1__empty": "yes", "do": "log"})
    with either.door.database.read() as session:
        assert [one.forename for one in rows.everything(session, NamedChild)] == ["Maya"]


@pytest.mark.parametrize("more", [{"children__1__forename": "Leo"}, {"children__1__empty": ""}])
def test_a_row_in_which_something_was_typed_is_a_child(either, more):
    either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA | ROW | {"children__1__empty": "yes", "do": "log"} | more)
    with either.door.database.read() as session:
        assert len(rows.everything(session, NamedChild)) == 2


def test_school_too_is_kept_from_the_row_above(either):
    page = either.sign_in(OFFICER).fill(NEW, **TYPED | MAYA | {"children__0__school": "Park Lane", "do": "add"})
    assert page.form().values["children.1.school"] == "Park Lane"


def folds(desk):
    """Whether each fold of the page is open, in their order."""
    return [" open" in part.split(">")[0] for part in desk.html.split('<details class="govuk-details app-fold"')[1:]]


def test_what_is_seldom_typed_is_folded_away_unless_it_is_typed_or_wrong(either):
    either.sign_in(OFFICER).open(NEW)
    assert folds(either)[:3] == [False, False, False]
    either.fill(NEW, **TYPED | MAYA | {"referrer_address": "1 High Road"})
    assert folds(either)[:3] == [True, False, False]
    either.fill(NEW, **TYPED | MAYA | {"received_at": "soon"})
    assert folds(either)[:3] == [False, True, False]
    either.fill(NEW, **TYPED | MAYA | {"children__0__due_date": "1 9 2009"})
    assert folds(either)[:3] == [False, False, True]


def test_an_unfinished_contact_keeps_rows_and_what_was_said_in_them(either, mia):
    page = either.sign_in(OFFICER).open(NEW)
    typed = page.form().values | {"children.0.forename": "Maya", "children.0.surname": "Harlow"}
    typed |= {"children.0.birth_date": "6 May 2004", f"children.0.known.c{mia.person_id}": "same", "draft_turn": "1"}
    kept = either.client.post("/drafts", params={"of": NEW}, data=typed)
    assert kept.status_code == 200
    page = either.open(either.open(NEW).links[next(n for n, x in enumerate(either.open(NEW).links) if "draft=" in x)])
    assert page.form().values["children.0.forename"] == "Maya"
    assert page.form().values[f"children.0.known.c{mia.person_id}"] == "same"


def test_earlier_referrers_come_as_lines_with_what_they_fill_in(either):
    either.door.log("Mia", referrer_name="Ada Ferreira", referrer_agency="Park Lane", source_code="2A")
    answer = either.sign_in(OFFICER).client.get(REFERRERS, params={"begins": "ferr"}).json()
    assert [one["line"] for one in answer["referrers"]] == ["Ada Ferreira, Park Lane"]
    assert answer["referrers"][0]["fields"]["source_code"] == "2A"


def test_whatever_is_sent_as_a_row_is_answered(either, mia):
    dice = random.Random(12)
    client = either.sign_in(OFFICER).client
    names = ["row", "children.0.forename", "children.0.birth_date", "children.0.known", "children.0.empty"]
    names += [f"children.0.known.{odd}" for odd in ("c", "c0", "c²", "c" + "9" * 5000, f"c{mia.person_id}")]
    for _ in range(60):
        sent = {dice.choice([*names, *fuzzing.ODD_NAMES]): dice.choice(fuzzing.ODD) for _ in range(6)}
        body = {name.encode("utf-8", "replace"): value.encode("utf-8", "replace") for name, value in sent.items()}
        assert client.post(KNOWN, data=body).status_code in (200, 413), json.dumps(list(map(repr, sent)))
        begins = dice.choice(fuzzing.ODD).encode("utf-8", "replace")[:2000]
        assert client.get(REFERRERS, params={"begins": begins}).status_code == 200
