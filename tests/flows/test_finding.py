"""Do we know this child? Whom words find, in whatever way they are typed, and what is said of restricted records."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from pathway.engine.children import finding, kept_back, restricting
from rules.errors import NotAllowed
from rules.vocabulary import Role
from storage.tables import Access, AccessChild, Contact, Notice, Person
from support import matching
from support.front_door import MANAGER, OFFICER, child_fields, person_in

SERVICE_MANAGER = person_in(Role.SERVICE_MANAGER)
SIAN = {
    "forename": "Siân",
    "surname": "O’Brien-Łoś",
    "birth_date": "2001-02-01",
    "nhs_number": "4010232137",
    "upn": "H801200001001",
    "address": "Flat 2, 14 Elm Road, London N15 3AA",
}
REFERRER = {"referrer_name": "Amal Noor", "referrer_agency": "Wood Green School", "referrer_phone": "020 7946 0123"}

WAYS = [
    "Siân O’Brien-Łoś", "sian o'brien-los", "OBrien", "O Brien", "Los Sian", "Loś, SIÂN", "obrienlos", "obr", "si lo",
        "01/02/2001", "1.2.01", "1 Feb 2001", "1st of February 2001", "2001-02-01", "01022001", "February 1, 2001",
        "sian 8", "sian about 7", "sian aged 8", "8 years old obrien",
        "401 023 2137", "4010232137", "401-023-2137 sian", "401023", "H801200001001",
        "N15 3AA", "n153aa", "n15", "14 elm road", "Flat 2, 14 Elm Road, London N15 3AA", "elm los",
        "020 7946 0123", "+44 20 7946 0123", "amal noor", "wood green", "sian 02079460123",
        "sian dob 01/02/2001", "sian, date of birth: 1.2.01", "sian d.o.b. 01/02/2001", "born 1 Feb 2001",
        "NHS no 401 023 2137", "NHS: 4010232137", "UPN H801200001001", "tel. 020 7946 0123", "postcode N15 3AA",
        "Ms O'Brien-Los", "Mrs Amal Noor",
]  # fmt: skip
OFF = [
    "sian marsh", "02/02/2001", "sian 9", "4010232138", "N15 3AB", "brien", "", " ’ ", "%",
]  # fmt: skip
PART = [
    "sian", "sian o'brien-los", "o'brien-los 01/02/2001", "sian 01/02/2001", "sian los 01/02/2001", "elm road",
        "sian o'brien-lo 01/02/2001", "sian o'brien-los 02/02/2001", "sian o'brien-los 8", "N15 3AA", "4010232138",
        "mia sian o'brien-los 01/02/2001", "sian o'brien-los 01/02/2001 02/02/2001", "020 7946 0123", "amal noor",
        "401 023 2137 943 476 5919",
]  # fmt: skip
WHOLE = [
    "Siân O’Brien-Łoś 1 Feb 2001", "Miss Sian O'Brien-Los, dob 01/02/2001",
        "obrien los sian 01/02/2001", "01/02/2001 sian obrienlos", "401 023 2137",
        "H801200001001", "4010232137 somebody else", "sian o'brien-los 01/02/2001 N15 3AB", "sian o'brien-los 1/2/01 9",
]  # fmt: skip


@pytest.fixture
def door(open_door):
    return open_door("2009-03-26 10:00")


@pytest.fixture
def sian(door):
    (referral,) = door.referrals(door.log(children=[child_fields("x") | SIAN], **REFERRER))
    return referral


def ask(door, text, actor=OFFICER, **more):
    with door.database.read() as session:
        return finding.find(session, actor, text, now=door.now, **more)


def names(door, text, **more):
    return [one.person.forename for one in ask(door, text, **more).people]


def many(door, forename):
    with door.database.write() as session:
        session.add_all(Person(forename=forename, surname=f"Mar{at}", created_at=door.now) for at in range(110))


def restrict(door, referral, *usernames):
    data = restricting.RestrictionInput(reason="Own family of a colleague.", usernames=usernames)
    with door.acting(SERVICE_MANAGER) as act:
        restricting.restrict(act, referral.person_id, data)


def tell(door, text, actor=OFFICER):
    with door.acting(actor) as act:
        return kept_back.tell(act, text)


def told(door):
    with door.database.read() as session:
        rows = session.exec(select(Notice).where(Notice.subject_key.startswith("searched:")).order_by(Notice.id))
        return [(one.subject_key.rsplit(":", 1)[1], one.recipient_address.partition("@")[0]) for one in rows]


def test_a_child_is_found_in_whatever_way_it_is_typed(door, sian):
    door.log(children=[child_fields("Ned", "Marsh", birth_date="1999-01-05")], referrer_name="Jo", referrer_agency="A")
    assert {typed: names(door, typed) for typed in WAYS} == {key: ["Siân"] for key in WAYS}


def test_what_does_not_fit_finds_nobody(door, sian):
    assert {typed: names(door, typed) for typed in OFF} == {key: [] for key in OFF}


def test_a_reference_finds_the_child_and_a_contacts_its_children(door, sian):
    with door.database.read() as session:
        ref = session.get_one(Contact, sian.contact_id).ref
    assert (
        names(door, f"our ref. {ref}")
        == names(door, sian.ref.lower())
        == names(door, ref.replace("-", ""))
        == names(door, f" {ref} ")
        == ["Siân"]
    )


def test_what_finds_nobody_is_found_wider_by_sound_form_date_or_any_part(door, sian):
    matching.child(door, "Elizabeth", "Harlow")
    for typed, found in (
        ("Shawn Obryan", ["Siân"]),
        ("Liz Harlow", ["Elizabeth"]),
        ("sian 02/01/2001", ["Siân"]),
        ("sian 9", ["Siân"]),
        ("Sian Marsh", ["Siân"]),
        ("Elisabeth Harlo", ["Elizabeth"]),
        ("401 023 2173", ["Siân"]),
    ):
        assert (typed, names(door, typed), names(door, typed, wider=True)[:1]) == (typed, [], found)


def test_looked_for_wider_a_part_that_few_fit_comes_before_one_that_many_fit(door, sian):
    many(door, "Ned")
    assert names(door, "Ned O’Brien-Łoś", wider=True)[:2] == ["Siân", "Ned"]


def test_looked_for_wider_what_a_referrer_fits_whole_stands_above_what_a_child_fits_in_part(door):
    door.log(children=[child_fields("Ned", "Marsh")], referrer_name="Wood Green")
    many(door, "Wood")
    assert names(door, "Wood Green", wider=True)[0] == "Ned"


def test_the_child_who_fits_best_comes_first(door):
    for forename, surname in (
        ("Mia", "Harte"),
        ("Hart", "Mialon"),
        ("Mia Rose", "Hart"),
        ("Mia", "Hart"),
        ("Mia", "Ode"),
    ):
        matching.child(
            door, forename, surname, birth_date="", address="3 Hart Lane, N17 6AA" if surname == "Ode" else ""
        )
    found = ask(door, "hart mia").people
    assert [f"{one.person.forename} {one.person.surname}" for one in found] == [
        "Mia Hart", "Mia Rose Hart", "Mia Ode", "Hart Mialon", "Mia Harte",
    ]  # fmt: skip


def test_answers_are_people_with_all_that_is_known_of_them_in_few_words(door, sian):
    worker = door.add_worker()
    (again, brother) = door.referrals(door.log(children=[child_fields("x") | SIAN, child_fields("Rory", "O’Brien")]))
    door.decide(again, "assessment")
    door.allocate(again, worker)
    (found,) = ask(door, "sian").people
    assert (found.contacts, found.latest.ref, found.decision.outcome) == (2, again.ref, "assessment")
    assert [person.id for person in found.household] == [brother.person_id]
    assert found.worker


def test_closed_merged_and_former_names_lead_to_the_one_record(door, sian):
    other = matching.child(door, "Sinéad", "Walsh", birth_date="2001-02-01")
    door.decide(other)
    matching.merge(door, sian, other)
    assert names(door, "sinead walsh") == names(door, "walsh 1/2/2001") == ["Siân"]
    (found,) = ask(door, "walsh").people
    assert found.other_names == ("Sinéad Walsh",)


def test_an_undone_merge_and_a_name_set_right_are_found_as_they_stand_now(door, sian):
    other = matching.child(door, "Sinéad", "Walsh", birth_date="2001-02-01")
    matching.undo(door, matching.merge(door, sian, other))
    assert names(door, "walsh") == ["Sinéad"]
    with door.database.write() as session:
        session.get_one(Person, other.person_id).surname = "Nolan"
    assert names(door, "nolan") == names(door, "walsh") == ["Sinéad"]


def test_an_empty_answer_counts_whom_it_looked_through(door, sian):
    restrict(door, matching.child(door, "Mia"))
    assert (ask(door, "nobody").searched, ask(door, "nobody", SERVICE_MANAGER).searched) == (1, 2)


def test_a_long_answer_stops_at_fifty_and_says_that_there_are_more(door):
    for _ in range(6):
        door.log(children=[child_fields(f"Mia{chr(97 + number)}", "Hart", birth_date="") for number in range(10)])
    answer = ask(door, "hart")
    assert (len(answer.people), answer.more) == (50, True)


def test_only_whose_role_reads_records_may_ask(door, sian):
    with pytest.raises(NotAllowed):
        ask(door, "sian", person_in(Role.ADMINISTRATOR))


def test_a_protected_referrer_is_found_only_by_who_may_see_one(door):
    door.log("Mia", identity_protected=True, **REFERRER)
    for typed in ("amal noor", "020 7946 0123", "mia 020 7946 0123"):
        assert (names(door, typed), names(door, typed, actor=MANAGER)) == ([], ["Mia"])


def test_part_of_a_restricted_record_finds_nothing_and_tells_nobody(door, sian):
    restrict(door, sian)
    for typed in PART:
        for wider in (False, True):
            answer = ask(door, typed, wider=wider)
            assert (typed, answer.people, answer.more, answer.kept_back) == (typed, [], False, [])
        assert (typed, tell(door, typed), told(door)) == (typed, [], [])


def test_all_of_a_restricted_record_is_answered_whatever_else_was_typed(door, sian):
    restrict(door, sian)
    for typed in WHOLE:
        answer = ask(door, typed)
        assert (typed, answer.people, answer.kept_back) == (typed, [], [sian.person_id])
        assert (typed, ask(door, typed, SERVICE_MANAGER).kept_back, answer.ring) == (typed, [], "020 7946 0100")
    door.move_to("2009-03-26 22:00")
    assert ask(door, WHOLE[0]).ring == "020 7946 0999"


def test_a_restricted_child_stands_in_no_household_and_behind_no_reference(door):
    sister, brother = door.referrals(door.log("Mia", "Leo"))
    restrict(door, sister)
    (found,) = ask(door, "leo").people
    assert found.household == []
    assert names(door, sister.ref) == []
    assert names(door, brother.ref.rsplit("-", 1)[0]) == ["Leo"]


def test_those_named_are_told_once_a_child_searcher_and_day(door, sian):
    restrict(door, sian, MANAGER.username)
    for _ in range(2):
        tell(door, "401 023 2137")
    both = [("screening.officer", "service.manager"), ("screening.officer", "duty.manager")]
    assert sorted(told(door)) == sorted(both)
    tell(door, "401 023 2137", person_in(Role.AUDITOR))
    door.move_to("2009-03-27 09:00")
    tell(door, "sian o'brien-los 01/02/2001")
    assert len(told(door)) == 6
    with door.database.read() as session:
        looks = session.exec(select(Access).join(AccessChild, AccessChild.access_id == Access.id)).all()
    assert [(look.what, look.allowed) for look in looks[-4:]] == [("find", False)] * 4


def test_two_searches_at_one_moment_tell_once(door, sian):
    restrict(door, sian)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: tell(door, "401 023 2137"), range(4)))
    assert told(door) == [("screening.officer", "service.manager")]


def test_who_was_restricted_under_another_number_stays_restricted_in_the_merged_record(door, sian):
    other = matching.child(door, "Sinéad", "Walsh", birth_date="2001-02-01")
    matching.merge(door, sian, other)
    restrict(door, sian)
    assert [ask(door, text).kept_back for text in ("walsh", "sinead walsh 1/2/2001")] == [[], [sian.person_id]]
    assert names(door, "walsh", wider=True) == []
