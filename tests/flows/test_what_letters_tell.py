"""Promise: no letter tells anybody what is not for them, whatever is on record of a contact about several children."""

from __future__ import annotations

import pytest

from rules.messages import MessageKind
from storage.tables import OwnTemplate
from support.added_children import add_child
from support.front_door import MANAGER, child_fields
from support.letter_forms import ask, write_to_parents
from support.second_thoughts import correct

NAMED = ("Quillon", "Zephyrine")
ADDED = "Isambard"
REFERRER = {
    "referrer_agency": "Xanthippe Guild",
    "referrer_role": "Hebdomadal Matron",
    "referrer_phone": "0777 431 9988",
    "referrer_address": "77 Jabberwock Mews, Snarkton, N17 6AA",
}
ON_RECORD = {
    "concern_facts": "Concerncobalt was seen.",
    "professional_opinion": "Opinionochre.",
    "consent": "Consentcerise",
}
REASONS = {"Quillon": "Reasonruby.", "Zephyrine": "Reasonopal.", ADDED: "Reasonjet."}
NEVER = (*REFERRER.values(), *ON_RECORD.values(), ADDED, REASONS[ADDED], "Corrected because of coral", "birth", "2004")


TUESDAY = "2009-03-10 09:00"


@pytest.fixture
def door(open_sqlite_door):
    """The words of a letter don't depend on the database; where they are kept does."""
    return open_sqlite_door(TUESDAY)


@pytest.fixture
def either_door(open_door):
    return open_door(TUESDAY)


def lived(door, **more):
    """A contact about two named children and one added, with every letter there can be to its referrer."""
    children = [child_fields(name, surname="Mossbank") for name in NAMED]
    contact = door.log(children=children, **REFERRER | ON_RECORD | more)
    if contact.referrer_kind != "anonymous" and not contact.unsafe_to_contact:
        ask(door, contact)
    added = add_child(door, contact, ADDED)
    first, second = door.referrals(contact)[:2]
    door.decide(first, "assessment", reasons=REASONS["Quillon"])
    door.watch_for(hours=45)
    door.decide(second, "information-and-advice", reasons=REASONS["Zephyrine"])
    door.decide(added, reasons=REASONS[ADDED])
    door.hand_over_letters()
    correct(door, first, "strategy-discussion", correction_reason="Corrected because of coral")
    return contact


def read(letter):
    return f"{letter.subject}\n{letter.text}\n{letter.html}"


def test_a_professional_is_told_of_those_named_and_of_nobody_else(door):
    letters = door.letters(lived(door))
    assert [letter.kind for letter in letters] == [
        MessageKind.ACKNOWLEDGEMENT,
        MessageKind.MISSING_INFORMATION,
        MessageKind.PART_OUTCOME,
        MessageKind.OUTCOME,
        MessageKind.CORRECTED_OUTCOME,
    ]
    told = {letter.kind: {name for name in (*NAMED, *REASONS.values()) if name in read(letter)} for letter in letters}
    assert told == {
        MessageKind.ACKNOWLEDGEMENT: set(),
        MessageKind.MISSING_INFORMATION: set(),
        MessageKind.PART_OUTCOME: {"Quillon", "Reasonruby."},
        MessageKind.OUTCOME: {"Zephyrine", "Reasonopal."},
        MessageKind.CORRECTED_OUTCOME: {"Quillon"},
    }


@pytest.mark.parametrize("source_code", ["2A", "1B"])
def test_what_is_on_record_of_family_and_referrer_stands_in_no_letter(door, source_code):
    for letter in door.letters(lived(door, source_code=source_code)):
        assert [fact for fact in NEVER if fact in read(letter)] == [], letter.kind


def test_a_member_of_the_public_is_told_no_name_no_outcome_and_no_reason(door):
    letters = door.letters(lived(door, source_code="1B"))
    assert {letter.kind for letter in letters} == {
        MessageKind.ACKNOWLEDGEMENT,
        MessageKind.MISSING_INFORMATION,
        MessageKind.OUTCOME,
        MessageKind.CORRECTED_OUTCOME,
    }
    facts = (*NAMED, "Mossbank", *REASONS.values(), "Assessment", "Strategy", "advice")
    assert {fact for letter in letters for fact in facts if fact in read(letter)} == set()


@pytest.mark.parametrize("more", [{"source_code": "9"}, {"unsafe_to_contact": True}])
def test_nothing_at_all_is_written_to_anonymous_and_unsafe_referrers(door, more):
    assert door.letters(lived(door, **more)) == []


@pytest.mark.parametrize("source_code", ["2A", "1B", "9"])
def test_a_parent_is_told_of_their_child_and_never_who_contacted_us(door, source_code):
    contact = lived(door, source_code=source_code)
    letter = write_to_parents(door, door.referrals(contact)[1])
    assert "Zephyrine Mossbank" in " ".join(letter.text.split())
    assert "Zephyrine" not in letter.subject
    others = ("Quillon", "Ada", "Ferreira", "ada@school.example.org", "10 March", "Titl", *REASONS.values())
    assert [fact for fact in (*NEVER, *others) if fact in read(letter)] == []


# -- who is named, and by when ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("source_code", "due"), [("2A", " at 09:00"), ("1B", ", in the morning")])
def test_the_acknowledgement_says_by_when_the_outcome_comes(door, source_code, due):
    (letter,) = door.letters(door.log("Mia", source_code=source_code, received_at=door.now))
    assert f"by Thursday 12 March 2009{due}" in " ".join(letter.text.split())
    assert f"by <strong>Thursday 12 March 2009{due}</strong>" in letter.html


def test_whoever_decided_is_whom_to_ask_for(door):
    contact = door.log("Mia")
    door.decide(*door.referrals(contact), by=MANAGER)
    assert "ask for Duty Manager" in " ".join(door.letters(contact, "outcome")[0].text.split())


def test_before_anybody_has_decided_it_is_the_team(door):
    (letter,) = door.letters(door.log("Mia"))
    assert "ask for First Response Team" in " ".join(letter.text.split())


# -- the council's own templates -------------------------------------------------------------------------------


def own(door, **texts):
    with door.database.write() as session:
        session.add_all(
            OwnTemplate(name=f"letters/acknowledgement/professional/{n}.txt", text=t) for n, t in texts.items()
        )


def test_own_templates_are_used_and_the_version_tells(either_door):
    (before,) = either_door.letters(either_door.log("Mia"))
    own(either_door, body="Dear {{ recipient_name }}, in our own words.")
    (after,) = either_door.letters(either_door.log("Leo"))
    assert after.text == "Dear Ada Ferreira, in our own words.\n"
    assert after.subject.partition(":")[0] == before.subject.partition(":")[0]
    assert after.template_version != before.template_version


def test_a_letter_is_kept_as_it_was_written_when_its_template_changes(either_door):
    contact = either_door.log("Mia", referrer_email="")
    either_door.decide(*either_door.referrals(contact))
    kept = either_door.letters(contact)
    own(either_door, subject="Other words", body="Other words.")
    either_door.hand_over_letters()
    assert [letter.model_dump() for letter in either_door.letters(contact)] == [letter.model_dump() for letter in kept]


def test_a_queued_letter_goes_out_as_it_was_written_when_its_template_changes(either_door):
    contact = either_door.log("Mia")
    queued = either_door.messages("ada@school.example.org")[0].content
    own(either_door, subject="Other words", body="Other words.")
    either_door.hand_over_letters()
    assert either_door.messages("ada@school.example.org")[0].content == queued
    assert "Other words" not in either_door.letters(contact)[0].text


def test_where_an_own_template_fails_after_all_no_contact_is_lost(either_door):
    own(either_door, body="{% if recipient_name == 'Ada Ferreira' %}{{ council.nothing }}{% endif %}x")
    contact = either_door.log("Mia")
    (letter,) = either_door.letters(contact)
    assert "Thank you for contacting First Response Team" in letter.text
    summaries = [event.summary for event in either_door.events(either_door.referrals(contact)[0])]
    assert any("shipped wording was used" in summary for summary in summaries)
