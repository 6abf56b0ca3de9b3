"""The lists as pages, with 1,000 and with 100,000 open referrals: what a page takes, the first one or the last."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from datetime import timedelta
from statistics import quantiles
from time import perf_counter
from typing import Any

from itsdangerous import Signer
from starlette.testclient import TestClient

from benchmarks import timing
from benchmarks.copies import Driver, settle
from benchmarks.scenes import NOW, Databases
from pathway.web import sessions
from pathway.web.app import create_app
from pathway.web.services import Services
from rules.vocabulary import State
from storage.queries.lists import list_count_rows
from storage.queries.staff import staff_rows
from storage.sessions import Database
from storage.tables import Alert, Clock, Contact, Handover, Letter, Message, Referral, found_by, id_of, metadata
from support import desk, population

OPEN = (1_000, 100_000)
EACH = 30
CHUNK = 10_000
KINDS = ("sqlite", "postgresql")
KEY = "only for the benchmark"
LADDER = '{"name": "clock", "hold_seconds": 14400, "rungs": [], "not_to": ""}'
# Of a hundred open referrals so many stand in each state.
STATES = (
    *[State.RECEIVED] * 35,
    *[State.SCREENING] * 10,
    *[State.AWAITING_DECISION] * 15,
    *[State.DECIDED] * 10,
    *[State.AWAITING_ALLOCATION] * 5,
    *[State.ALLOCATED] * 25,
)
Row = dict[str, Any]
PAGES: Mapping[str, str] = {
    "screening list": "/referrals",
    "a page far behind": "/referrals?after={behind}",
    "two states, received last": "/referrals?state=screening&state=decided&sort=newest",
    "a rare source, late": "/referrals?source=6&late=yes",
    "mine": "/referrals?mine=yes",
    "search: a full name": "/referrals?q={name}",
    "search: a surname": "/referrals?q={surname}",
    "search: nobody": "/referrals?q=Xqzwv",
    "search: an agency that many name": "/referrals?q=school",
    "search: a beginning that very many have": "/referrals?q=ha",
    "search: two words that many have": "/referrals?q=hill+school",
    "allocation list": "/allocations",
    "what waits": "/waiting",
    "letters": "/letters",
    "letters owed": "/letters?owed=yes",
    "letters: search": "/letters?q={surname}",
    "letters: a beginning that very many have": "/letters?q=ha",
    "alerts": "/alerts",
    "alerts that nobody has answered": "/alerts?unheld=yes",
    "alerts: search": "/alerts?q={surname}",
    "alerts: a beginning that very many have": "/alerts?q=ha",
}


def table(databases: Databases) -> str:
    """The Markdown table: each page on both databases, with few open referrals and with very many."""
    found: dict[str, list[str]] = {}
    for kind in KINDS:
        times = {count: dict(_measured(databases.fresh(kind), count)) for count in OPEN}
        few, many = (times[count] for count in OPEN)
        for name in PAGES:
            cells = (timing.ms(few[name][1]), timing.ms(many[name][1]), timing.ratio(many[name][0], few[name][0]))
            found.setdefault(name, []).extend(cells)
    head = ["page", *(f"{kind}, {what}" for kind in KINDS for what in ("95th of 1,000", "95th of 100,000", "ratio"))]
    return timing.markdown(head, [[name, *cells] for name, cells in found.items()])


def _measured(database: Database, count: int) -> Iterator[tuple[str, tuple[float, float]]]:
    """The median and the 95th percentile of each page in seconds."""
    rows = population.numbered(population.Population().children(count), first=1, now=NOW)
    gc.freeze()
    load(database, rows)
    client = _signed_in(database)
    some = rows[count // 3]
    asked = {"name": f"{some['forename']}+{some['surname']}", "surname": some["surname"]}
    asked["behind"] = _behind(count)
    for name, path in PAGES.items():
        yield name, _timed(client, path.format(**asked))


def _behind(count: int) -> str:
    ticks = round((NOW + timedelta(minutes=count // 2)).timestamp()) * 1_000_000
    return f"1.{ticks}.0.0"


def _timed(client: TestClient, path: str) -> tuple[float, float]:
    seconds = []
    for number in range(EACH + 5):
        start = perf_counter()
        answer = client.get(path)
        if number >= 5:  # the first fill caches, of ours and of the database
            seconds.append(perf_counter() - start)
        answer.raise_for_status()
    cut = quantiles(seconds, n=20)
    return cut[9], cut[18]


def session_of(database: Database) -> dict[str, str]:
    """The cookie of a duty manager who has signed in."""
    with database.write() as session:
        user = staff_rows.user(session, "person1")
        assert user is not None
        token = sessions.begin(session, id_of(user), now=NOW)
    return {sessions.COOKIE: Signer(KEY, salt=sessions.COOKIE).sign(token).decode()}


def _signed_in(database: Database) -> TestClient:
    services = Services(database=database, clock=lambda: NOW, wake_dispatcher=lambda: None, secret_key=KEY)
    client = desk.client_of(create_app(services))
    client.cookies.update(session_of(database))
    return client


def load(database: Database, rows: list[Row]) -> None:
    """Contacts of two children each, with clocks, alerts and letters, by the driver."""
    driver = Driver(database)
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        numbers = [row["id"] for row in chunk]
        contacts = [_contact(number) for number in numbers if number % 2]
        with driver.transaction():
            driver.insert(metadata.tables["person"], [{"sought": "", **row} for row in chunk])
            driver.insert(metadata.tables["child_word"], population.words_of(chunk))
            driver.insert(metadata.tables["contact"], [contact.model_dump() for contact in contacts])
            driver.insert(metadata.tables["referrer_word"], [*_referrer_words(contacts)])
            driver.insert(metadata.tables["referral"], [_referral(number).model_dump() for number in numbers])
            driver.insert(metadata.tables["clock"], [clock.model_dump() for n in numbers for clock in _clocks(n)])
            driver.insert(metadata.tables["alert"], [_alert(n).model_dump() for n in numbers if n % 5 == 0])
            letters = [_letter(contact) for contact in contacts]
            driver.insert(metadata.tables["letter"], [letter.model_dump() for letter in letters])
            sent = [letter for letter in letters if letter.id % 10 != 1]  # type: ignore[operator]
            driver.insert(metadata.tables["message"], [_message(letter).model_dump() for letter in sent])
            driver.insert(metadata.tables["handover"], [_handover(letter).model_dump() for letter in sent])
    driver.close()
    with database.write() as session:  # as the sweep does
        list_count_rows.fold(session)
    settle(database)


def _contact_id(number: int) -> int:
    return number if number % 2 else number - 1


def _contact(number: int) -> Contact:
    return Contact(
        id=number,
        ref=f"PW-{number:08}",
        received_at=NOW - timedelta(minutes=number % 5000),
        recorded_at=NOW,
        recorded_by=f"person{number % 997}",
        channel="telephone",
        source_code="6" if number % 501 == 0 else "2A",
        referrer_kind="professional",
        referrer_name=f"Referrer{number % 5000}",
        referrer_agency=f"{('Hill', 'Green', 'Park', 'Smith')[number % 4]} School",
        referrer_email=f"referrer{number % 5000}@school.example.org",
        immediate_danger=number % 1001 == 0,
        concern_facts="As told.",
    )


def _referrer_words(contacts: list[Contact]) -> Iterator[Row]:
    for contact in contacts:
        for word in sorted(found_by.words_of_referrer(contact)):
            yield {"contact_id": contact.id, "word": word}


def _referral(number: int) -> Referral:
    contact_id = _contact_id(number)
    return Referral(
        id=number,
        ref=f"PW-{contact_id:08}-{number - contact_id + 1}",
        contact_id=contact_id,
        person_id=number,
        state=STATES[number * 37 % 100],
        rulebook_version_id=1,
        calendar_version_id=1,
        accepted_at=NOW,
    )


def _clocks(number: int) -> Iterator[Clock]:
    for place, (kind, duty) in enumerate((("decision", "decision"), ("allocation", "allocation"))):
        yield Clock(
            id=number * 2 + place - 1,
            referral_id=number,
            contact_id=_contact_id(number),
            kind=kind,
            duty=duty,
            state="running",
            started_at=NOW,
            started_on="received",
            limit_amount=24,
            limit_unit="hours",
            due_at=NOW + timedelta(minutes=number + place * 60 - (3000 if number % 7 == 0 else 0)),
            rulebook_version_id=1,
            calendar_version_id=1,
        )


def _alert(number: int) -> Alert:
    return Alert(
        id=number,
        kind="clock",
        subject_key=f"clock:{number * 2 - 1}",
        headline="Overdue: decision within 24 hours",
        next_step="Decide.",
        contact_id=_contact_id(number),
        referral_id=number,
        ladder=LADDER,
        due_at=NOW - timedelta(minutes=number % 5000),
        opened_at=NOW,
        anchor_at=NOW,
        held_until=NOW + timedelta(hours=1) if number % 3 == 0 else None,
    )


def _letter(contact: Contact) -> Letter:
    return Letter(
        id=contact.id,
        contact_id=id_of(contact),
        kind="acknowledgement",
        delivery="email",
        recipient_name=contact.referrer_name,
        recipient_address=contact.referrer_email,
        subject="Your contact",
        text="Thank you.",
        html="<p>Thank you.</p>",
        sha256="0" * 64,
        template_version="1",
        written_at=NOW,
    )


def _message(letter: Letter) -> Message:
    return Message(
        id=letter.id,
        kind=letter.kind,
        state="handed over",
        dedup_key=f"letter:{letter.id}",
        message_id=f"<{letter.id}@example.org>",
        recipient_name=letter.recipient_name,
        recipient_address=letter.recipient_address,
        subject=letter.subject,
        content=b"",
        priority=1,
        letter_id=letter.id,
        contact_id=letter.contact_id,
        created_at=NOW,
        next_attempt_at=NOW,
        delivery="email",
    )


def _handover(letter: Letter) -> Handover:
    return Handover(
        id=letter.id,
        letter_id=id_of(letter),
        delivery="email",
        handed_over_at=NOW,
        recorded_at=NOW,
        recorded_by="mail server",
    )
