"""Details corrected at the front door: by whom, and what followed. The door comes first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.corrections import correcting_adults, correcting_details, details, overtaken_letters, second_person
from pathway.engine.corrections.kept_corrections import AdultDetailInput, DetailInput, Followed
from storage.queries.children import adult_rows
from storage.queries.children.adult_rows import Standing
from storage.tables import Contact, Correction, OvertakenLetter, Person, Referral, id_of
from support import rows
from support.front_door import MANAGER, OFFICER, FrontDoor
from support.second_thoughts import SERVICE_MANAGER

WHY = inputs.ReasonInput(reason="The fax bears the time.")


def typed(field: str, value: str, **more: Any) -> DetailInput:
    """What somebody types who corrects a detail."""
    return inputs.parse(DetailInput, {"field": field, "value": value, "reason": "The school spelt it."} | more)


def child(door: FrontDoor, referral: Referral, field: str, value: str, by: Actor = MANAGER, **more: Any) -> Followed:
    """Corrects a detail of a child."""
    with door.acting(by) as act:
        found = correcting_details.correct_child(act, id_of(referral), typed(field, value, **more))
    assert found is not None
    return found


def contact(door: FrontDoor, about: Contact, field: str, value: str, by: Actor = MANAGER, **more: Any) -> Followed:
    """Corrects a detail of a contact or its referrer."""
    with door.acting(by) as act:
        found = correcting_details.correct_contact(act, id_of(about), typed(field, value, **more))
    assert found is not None
    return found


def adult_typed(field: str, value: str, **more: Any) -> AdultDetailInput:
    """What somebody types who corrects an adult."""
    return inputs.parse(AdultDetailInput, {"field": field, "value": value, "reason": "The school spelt it."} | more)


def adult(
    door: FrontDoor, number: int, field: str, value: str, by: Actor = MANAGER, token: str | None = None, **more: Any
) -> Followed:
    """Corrects a detail of an adult; on a second click nothing follows."""
    with door.acting(by, token=token) as act:
        found = correcting_adults.correct(act, number, adult_typed(field, value, **more))
    return found or Followed(detail=details.MISTAKE, old="", new="")


def adult_named(door: FrontDoor, about: Contact) -> Standing:
    """The last adult of a contact."""
    with door.database.read() as session:
        return adult_rows.of_contact(session, id_of(about))[-1]


def write_letter(door: FrontDoor, offer: OvertakenLetter, by: Actor = OFFICER) -> None:
    """Writes the corrected letter that is offered."""
    with door.acting(by) as act:
        overtaken_letters.write(act, id_of(offer))


def confirm(door: FrontDoor, by: Actor = SERVICE_MANAGER) -> None:
    """A second person confirms the last correction."""
    with door.acting(by) as act:
        second_person.confirm(act, id_of(kept(door)[-1]), WHY)


def refuse(door: FrontDoor, by: Actor = SERVICE_MANAGER) -> None:
    """A second person refuses the last correction."""
    with door.acting(by) as act:
        second_person.refuse(act, id_of(kept(door)[-1]), WHY)


def late(door: FrontDoor) -> Contact:
    """A contact of which what is owed is late."""
    return door.log("Late", received_at=door.now - timedelta(days=5))


def waiting(door: FrontDoor, about: Contact | None = None, by: Actor = MANAGER) -> int:
    """The number of a correction by which late would become in time."""
    about = about or late(door)
    found = contact(door, about, "received_at", f"{door.now - timedelta(hours=1):%Y-%m-%d %H:%M}Z", by)
    assert found.waits
    return id_of(kept(door)[-1])


def overtaken(door: FrontDoor) -> int:
    """The number of the offer of a corrected letter in the place of one that has left."""
    (mai,) = door.referrals(door.log("Mai"))
    door.decide(mai)
    door.hand_over_letters()
    child(door, mai, "forename", "Mia", taken_wrong=True)
    return id_of(offers(door)[-1])


def every_page(door: FrontDoor) -> None:
    """A letter that has left and says what was corrected since."""
    overtaken(door)
    waiting(door)


def person(door: FrontDoor, referral: Referral) -> Person:
    """The child of a referral, as it stands."""
    with door.database.read() as session:
        return session.get_one(Person, door.fresh(referral).person_id)


def kept(door: FrontDoor) -> list[Correction]:
    """Every correction, oldest first."""
    with door.database.read() as session:
        return rows.everything(session, Correction)


def offers(door: FrontDoor) -> list[OvertakenLetter]:
    """Every letter that has left and says what was corrected since."""
    with door.database.read() as session:
        return rows.everything(session, OvertakenLetter)


def born(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
