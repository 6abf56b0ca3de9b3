"""Promise: a child has one chronology over all its referrals, fit to print."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pathway.web.views import chronology_view
from pathway.web.views.chronology_view import Chronology
from storage.tables import Person, Referral
from support import second_thoughts
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"


def again(door: FrontDoor, at: str | None = None, **more: object) -> Referral:
    return door.referrals(door.log("Mia", received=at, **more))[0]


def of(door: FrontDoor, referral: Referral, **filters: object) -> Chronology:
    with door.database.read() as session:
        person = session.get_one(Person, door.fresh(referral).person_id)
        return chronology_view.of_child(session, person, **filters)  # type: ignore[arg-type]


def titles(found: Chronology) -> list[str]:
    return [entry.title for entry in found.entries]


@pytest.fixture
def lived(open_door: Door) -> tuple[FrontDoor, Referral]:
    """Two referrals of Mia: one closed in winter, one allocated with milestones in spring."""
    door = open_door("2009-01-20 09:00")
    old = again(door)
    door.decide(old, reasons="Mother will ask her sister.")
    door.hand_over_letters()
    door.close(old)
    door.move_to(TUESDAY)
    new = again(door, concern_facts="Hungry again.", professional_opinion="It is neglect.")
    door.decide(new, "strategy-discussion", reasons="It goes on.")
    door.allocate(new, door.add_worker(), agreed="Visit today.")
    door.move_to("2009-03-12 09:00")
    door.record(new, "strategy discussion held", "2009-03-10 15:00")
    door.record(new, "child seen", "2009-03-11 10:00")
    return door, new


def test_everything_dated_stands_there_in_order_over_all_referrals(lived: tuple[FrontDoor, Referral]) -> None:
    door, mia = lived
    found = of(door, mia)
    moments = [entry.at for entry in found.entries]
    assert moments == sorted(moments)
    assert len({entry.referral.ref for entry in found.entries}) == 2
    for title in (
        "Contact by phone",
        "Check: history",
        "Decision: No further action",
        "Contact (referred again within twelve months) by phone",
        "Decision: Strategy discussion",
        "Allocated to Sam Okoro",
        "Strategy discussion held",
        "Child seen",
        "Letter (outcome) to the referrer: handed over to the mail server",
    ):
        assert title in titles(found), title


def test_it_tells_what_was_said_found_and_decided_with_reasons(lived: tuple[FrontDoor, Referral]) -> None:
    door, mia = lived
    told = {text for entry in of(door, mia).entries for _, text in entry.facts}
    wanted = {"Hungry again.", "It is neglect.", "Nothing known.", "Mother will ask her sister.", "It goes on."}
    assert wanted | {"Visit today.", "Police, health visitor, school."} <= told


def test_one_thing_leads_to_the_next_also_within_one_moment(lived: tuple[FrontDoor, Referral]) -> None:
    door, mia = lived
    at_once = [
        title for title in titles(of(door, mia)) if title.startswith(("Contact (", "Decision: Str", "Allocated"))
    ]
    assert [title.split()[0] for title in at_once] == ["Contact", "Decision:", "Allocated"]


def test_what_is_significant_comes_alone_where_asked_for(lived: tuple[FrontDoor, Referral]) -> None:
    door, mia = lived
    found = of(door, mia, significant=True)
    assert {"Decision: No further action", "Child seen", "Strategy discussion held"} <= set(titles(found))
    assert not [title for title in titles(found) if title.startswith(("Check", "Letter"))]
    assert found.in_all > len(found.entries)


@pytest.mark.parametrize("kind", chronology_view.KINDS)
def test_each_kind_comes_alone_where_asked_for(lived: tuple[FrontDoor, Referral], kind: str) -> None:
    door, mia = lived
    kinds = {entry.kind for entry in of(door, mia, kind=kind).entries}
    assert kinds == {kind}


def test_wrong_decisions_stay_and_second_looks_and_marks_stand_there(open_door: Door) -> None:
    door = open_door(TUESDAY)
    for at in ("2008-06-01 09:00", "2008-12-01 09:00"):
        again(door, at)
    mia = door.decide(again(door))
    second_thoughts.look_again(door, mia, agrees=False, note="Three schools.")
    second_thoughts.correct(door, mia)
    second_thoughts.set_aside(door, mia)
    found = titles(of(door, mia))
    assert "Decision: No further action" in found
    assert "Corrected decision: Assessment by a social worker" in found
    assert "Second look: does not agree. Three schools." in found
    assert "Set aside, logged in error: Meant for adult services." in found


@pytest.mark.parametrize(
    ("more", "from_whom"),
    [
        ({}, "Ada Ferreira, Designated safeguarding lead, Park Lane School"),
        ({"identity_protected": True}, "Referrer’s identity is protected"),
        ({"source_code": "1C"}, "A member of the public"),
        ({"source_code": "9", "referrer_name": "", "referrer_email": ""}, "Nobody who gave a name"),
    ],
)
def test_a_family_may_read_who_told_only_where_that_is_no_secret(
    open_door: Door, more: dict[str, object], from_whom: str
) -> None:
    door = open_door(TUESDAY)
    mia = again(door, **more)
    (entry,) = of(door, mia, kind="contacts").entries
    assert ("From", from_whom) in entry.facts


def test_letters_name_nobody(lived: tuple[FrontDoor, Referral]) -> None:
    door, mia = lived
    letters = of(door, mia, kind="letters")
    assert letters.entries
    assert not [entry for entry in letters.entries if "Ferreira" in f"{entry.title}{entry.facts}"]


def test_a_brother_has_a_chronology_of_his_own(open_door: Door) -> None:
    door = open_door(TUESDAY)
    children = [child_fields("Mia"), child_fields("Leo", birth_date="2006-02-01")]
    mia, leo = door.referrals(door.log(children=children, by=OFFICER))
    door.decide(leo, reasons="Leo is well.", by=MANAGER)
    assert "Leo is well." not in {text for entry in of(door, mia).entries for _, text in entry.facts}
