"""Promise: a referrer whose identity is not to be shared shows nowhere but to those with the right to see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from notifications.dispatch import dispatcher
from notifications.smtp.catcher import Catcher
from notifications.smtp.servers import MailServer
from pathway.engine.actors import SYSTEM
from pathway.engine.intake import logging_contact
from pathway.engine.post import handing_over
from pathway.web.needs import Open, Shows
from pathway.web.routes import ROUTES
from rules.errors import Fault, NotAllowed, Refused
from rules.vocabulary import Role
from storage.clock import utc_now
from storage.tables import Bounce, Contact
from support import desk, rows
from support.desk import Desk
from support.front_door import MANAGER, OFFICER, ROLES, FrontDoor, person_in
from support.no_way_to_write import find_address, protect, record, share

Door = Callable[..., FrontDoor]
TUESDAY = "2009-03-10 09:00"
FACTS: dict[str, Any] = {
    "referrer_name": "Quintilia Zebrowska",
    "referrer_agency": "Xanthippe Nursery",
    "referrer_role": "Hebdomadal Matron",
    "referrer_phone": "0777 431 9988",
    "referrer_email": "zebrowska@xanthippe.example.org",
    "referrer_address": "77 Jabberwock Mews, Snarkton, N17 6AA",
}
SECRETS = ("quintilia", "zebrowska", "xanthippe", "hebdomadal", "431 9988", "jabberwock", "snarkton")
SEEING = {Role.DUTY_MANAGER, Role.EMERGENCY_DUTY_TEAM, Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE}
BLIND = [role for role in ROLES if role not in SEEING]


def seeded(door: FrontDoor, mailbox: Path) -> Contact:
    """A protected contact at whose letters everything has happened: sent, bounced, told by telephone, posted."""
    contact = door.log("Mia", "Leo", "Eve", identity_protected=True, **FACTS)
    mia, leo, eve = door.referrals(contact)
    door.decide(mia)
    door.decide(leo, "early-help", receiver_email="hub@earlyhelp.example.org")
    door.decide(eve, "already-open", worker_id=door.add_worker().id)
    odd = Fault(place="referrer_email", problem="This address was typed twice", remedy="Ask for it")
    with door.acting(SYSTEM) as act:
        logging_contact.raise_query(act, contact, odd, value=FACTS["referrer_email"])
    server = Catcher(mailbox)
    server.start()
    try:
        dispatcher.run_once(door.database, MailServer.from_url(server.url), handing_over.settle_message, now=utc_now)
    finally:
        server.stop()
    for message in door.messages(FACTS["referrer_email"]):
        said = {
            "recipient": message.recipient_address,
            "diagnostic": "550 zebrowska unknown",
            "excerpt": "Dear Quintilia",
        }
        with door.database.write() as session:
            rows.insert(session, Bounce, message_id=message.id, kind="failed", received_at=door.now, **said)
    letter = door.letters(contact, "outcome")[0]
    door.came_back(letter, TUESDAY)
    record(door, letter, "by telephone", note="Rang Quintilia Zebrowska on 0777 431 9988.")
    record(door, letter, "post", note="To 77 Jabberwock Mews.")
    find_address(door, contact, email="zebrowska@xanthippe.example.net")
    return contact


SOUGHT = ("Zebrowska", "Xanthippe", "xanthippe.example.org")


@pytest.fixture
def seen(open_sqlite_door: Door, tmp_path: Path) -> tuple[Desk, Contact]:
    """On one database: these are pages, and each of them is opened on both elsewhere."""
    door = open_sqlite_door(TUESDAY)
    contact = seeded(door, tmp_path)
    return desk.at(door, mailbox=tmp_path), contact


def addresses(contact: Contact, mailbox: Path) -> Iterator[str]:
    """Every GET address of the route table about this contact: its record, each letter, each message."""
    numbers = {"letter_id": (1, 2), "person_id": (1,), "user_id": (1,), "alert_id": (1,)}
    for route in ROUTES:
        if route.method != "GET" or route.needs is Open.EVERYBODY:
            continue
        ref = f"{contact.ref}-1" if route.shows is Shows.REFERRAL else contact.ref
        paths = [route.path.replace("{ref}", ref)]
        if "{name}" in route.path:
            paths = [route.path.replace("{name}", file.name) for file in mailbox.glob("*.eml")]
        for field in re.findall(r"\{(\w+):int\}", route.path):
            paths = [path.replace(f"{{{field}:int}}", str(n)) for path in paths for n in numbers.get(field, (1,))]
        yield from paths
    for word in SOUGHT:
        yield f"/referrals?q={word}"
        yield f"/referrals?q={word}&state=closed"
        yield f"/letters?q={word}"
    yield "/letters?owed=1"
    yield "/alerts?tab=closed"


def told(text: str, path: str = "") -> list[str]:
    """The secrets that a text gives away; what was typed into a search is none, there or in the log of searches."""
    typed = re.search(r"q=([\w.]+)", path)
    given = re.sub(r'value="[^"]*"', "", text).casefold()
    for word in (*([typed[1]] if typed else []), *(SOUGHT[::-1] if path.startswith("/access-log") else [])):
        given = given.replace(word.casefold(), "")
    return [secret for secret in SECRETS if secret in given]


def test_no_page_shows_a_protected_referrer_to_somebody_without_the_right(
    seen: tuple[Desk, Contact], tmp_path: Path
) -> None:
    browser, contact = seen
    for role in BLIND:
        browser.sign_in(person_in(role))
        opened = 0
        for path in addresses(contact, tmp_path):
            browser.open(path)
            assert told(browser.html + str(browser.headers), path) == [], f"{path} as {role}"
            opened += browser.status == 200
        assert opened > 0, role


def test_who_may_see_it_sees_it_marked(seen: tuple[Desk, Contact]) -> None:
    browser, contact = seen
    page = browser.sign_in(MANAGER).open(f"/contacts/{contact.ref}")
    assert "Quintilia Zebrowska" in page.words
    assert "Identity not to be shared" in page.words
    assert "77 Jabberwock Mews" in browser.open("/letters/2/print").words
    assert contact.ref in browser.open("/referrals?q=Xanthippe&state=closed").words
    assert "Dear Quintilia Zebrowska" in browser.open("/letters/2").words


def test_others_read_that_it_is_protected(seen: tuple[Desk, Contact]) -> None:
    browser, contact = seen
    browser.sign_in(OFFICER)
    for path in (f"/contacts/{contact.ref}", "/letters", "/letters/2", "/mailbox"):
        assert "Referrer’s identity is protected" in browser.open(path).words, path
    browser.open("/letters/2/print")
    assert browser.status == 403


def test_no_search_finds_it_for_those_without_the_right(seen: tuple[Desk, Contact]) -> None:
    browser, contact = seen
    browser.sign_in(OFFICER)
    assert contact.ref not in browser.open("/referrals?q=Zebrowska&state=closed").words
    assert contact.ref not in browser.open("/letters?q=Zebrowska").words
    assert contact.ref in browser.open(f"/letters?q={contact.ref}").words


def test_no_e_mail_to_staff_names_it(seen: tuple[Desk, Contact]) -> None:
    browser, _ = seen
    browser.door.watch_for(hours=60)
    to_staff = [message for message in browser.door.messages() if message.letter_id is None]
    assert to_staff
    for message in to_staff:
        assert told(message.subject + message.content.decode()) == []


def test_no_summary_of_the_history_names_it(seen: tuple[Desk, Contact]) -> None:
    browser, contact = seen
    assert len(browser.door.referrals(contact)) == 3
    for referral in browser.door.referrals(contact):
        assert told(" ".join(event.summary for event in browser.door.events(referral))) == []


def test_it_can_be_protected_later_and_shared_again(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", **FACTS)
    (referral,) = door.referrals(contact)
    protect(door, contact)
    with pytest.raises(Refused, match="already"):
        protect(door, contact)
    share(door, contact)
    told = [event.summary for event in door.events(referral) if "identity" in event.kind]
    assert told == [
        "Referrer’s identity protected: She fears the father.",
        "Referrer’s identity no longer protected: She agrees now.",
    ]


@pytest.mark.parametrize("by", [person_in(Role.AUDITOR), person_in(Role.SOCIAL_WORKER), person_in(Role.TEAM_MANAGER)])
def test_who_may_not_protect(open_door: Door, by: object) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", **FACTS)
    with pytest.raises(NotAllowed):
        protect(door, contact, by=by)  # type: ignore[arg-type]


def test_only_who_may_see_it_shares_it_again(open_door: Door) -> None:
    door = open_door(TUESDAY)
    contact = door.log("Mia", identity_protected=True, **FACTS)
    with pytest.raises(NotAllowed):
        share(door, contact, by=OFFICER)
