"""A working day of each role at a real browser, with the keyboard alone: each test reads like the day.

By day with scripts on a desk's screen, and without scripts on a telephone's; the other two by night.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from pathway.web import times
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from storage.tables import Contact, Person, Referral, Worker
from support import danger, databases, desk, grace
from support.day import Day
from support.desk import Desk
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, FrontDoor, child_fields, person_in
from support.visitor import RealTime, Visitor

WIDE, NARROW = {"width": 1280, "height": 720}, {"width": 320, "height": 640}
SCREENS = [
    pytest.param("Quill", WIDE, True, id="desk"),
    pytest.param("Brandreth", NARROW, False, id="telephone-without-scripts"),
    pytest.param("Oyelaran", WIDE, False, id="desk-without-scripts", marks=pytest.mark.nightly),
    pytest.param("Featherstone", NARROW, True, id="telephone", marks=pytest.mark.nightly),
]
pytestmark = [
    pytest.mark.needs("chromium", "styles"),
    pytest.mark.parametrize(("name", "window", "scripts"), SCREENS),  # ``name``: another family on each screen
]
FACTS = "They came to school without food for the third day."


@pytest.fixture(scope="module")
def front(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A front door at which everybody works on one database, one after the other."""
    folder = tmp_path_factory.mktemp("days")
    with databases.sqlite_copy(_migrated_file, folder / "pathway.db") as database:
        yield desk.at(FrontDoor.opened(database, RealTime(), "2009-03-26 10:00"))  # type: ignore[arg-type]


@pytest.fixture
def day(chromium, front, address, window, scripts) -> Iterator[Day]:
    """Somebody at a screen of this size."""
    context = chromium.new_context(base_url=address, java_script_enabled=scripts, viewport=window)
    context.set_default_timeout(15_000)
    yield Day(Visitor(context.new_page(), front, address), scripts)
    context.close()


def family(door, name, *forenames):
    """A family of whom nothing is on record, whatever screen it is; the call came an hour ago."""
    told = [
        child_fields(
            one,
            surname=name,
            birth_date=f"{2010 + ord(one[0]) % 8}-{1 + ord(one[1]) % 12:02}-{1 + len(name) + ord(one[2]) % 9:02}",
            address=f"{sum(map(ord, name + one))} {name} Road, London N17 6AA",
        )
        for one in forenames
    ]
    return door.log(children=told, received=f"{times.local(door.now - timedelta(hours=1)):%Y-%m-%d %H:%M}")


def counter(day, words):
    """A counter as it is called: its number stands first."""
    return " ".join(day.page.locator(f"main a:has-text('{words}')").first.text_content().split())


def test_a_screening_officer_logs_a_call_and_screens_the_children_together(day, name):
    day.begins(OFFICER).reads("Board", "Late", "Within 4 hours").fits()
    day.presses("Log a contact").reads("Who is calling").fits()
    day.writes("Name", "Ada Ferreira").writes("Agency", "Park Lane Primary").chooses("Source", "2A")
    day.writes("E-mail", "ada@school.example.org").writes("First names, Child 1", "Maya")
    day.writes("Last name, Child 1", name).writes("Birth date or age, Child 1", f"{len(name)} 5 2014")
    day.writes("Address, Child 1", f"14 {name} Lane, N{len(name)} 3AA").asks(
        "Add another child", "[id='children.1.forename']"
    )
    day.writes("First names, Child 2", "Noah").writes("Last name, Child 2", name)
    day.writes("Birth date or age, Child 2", f"{len(name)} 8 2016").writes("What was seen, heard or said", FACTS)
    day.presses("Log contact").reads("Contact logged", "Reference to read out", "What is promised by when").fits()
    day.presses("Screen the children together").reads(FACTS, f"Maya {name}", f"Noah {name}").fits()
    for check in ("History", "Siblings", "Already open"):
        day.chooses(check, "Nothing on record: use this")
    day.presses("Record checks").reads("Screening recorded").fits()
    day.turns_to("Board").reads(f"Maya {name}", f"Noah {name}", "3 of 3")


def test_a_duty_manager_answers_for_danger_decides_a_family_and_takes_one_decision_back(day, front, name):
    contact = family(front.door, name, "Tom", "Ida")
    for child in front.door.referrals(contact):
        front.door.screen(child)
    hurt = front.door.log(children=[child_fields("Eve", surname=f"{name}-Low")], immediate_danger=True)
    grace.give(front.door)
    day.begins(MANAGER).reads("in immediate danger", f"Tom {name}").fits()
    day.asks("I have it", ".app-danger:has-text('has it since')").fits()
    danger.withdraw(front.door, hurt)
    day.turns_to("Board").asks(f"I am on it: Tom {name}", ".app-family-card:has-text('You are on it')").fits()
    day.presses(f"Decide Tom {name}").reads("Thresholds", "The concern").fits()
    day.writes("Reasons in common", "Food and care are missing at home.")
    for child in ("Tom", "Ida"):
        day.chooses(f"Outcome, {child} {name}", "Information and advice")
        day.chooses(f"Level of need, {child} {name}", "2")
    day.presses("Check what I typed").reads("Preview of the letter", "Nothing has been recorded").fits()
    day.presses("Record decisions").reads("Decisions recorded", "can be changed or undone").fits()
    day.presses(f"Undo the decision for Tom {name}").writes("Why the decision is undone", "The school rang again.")
    day.presses("Undo decision").reads("Awaiting decision", "Undone").fits()


def test_a_team_manager_gives_a_family_to_a_worker_after_talking_it_over(day, front, name):
    worker = front.door.add_worker(f"Sam {name}")
    for child in front.door.referrals(family(front.door, name, "Ben", "Flo")):
        front.door.decide(child, "assessment")
    day.begins(TEAM_MANAGER).reads("To allocate in all teams", "Workers over the limit").fits()
    day.presses(counter(day, "To allocate in all teams")).reads(f"Ben {name}", f"Flo {name}").fits()
    day.presses(f"Ben {name}").presses(contact_of(front.door, name, "Ben"))
    day.presses("Allocate the children together").chooses("Worker", worker.name).fits()
    day.writes("Date of the discussion", "1 3 2020").writes("Time", "09:30").writes(
        "What was agreed", "Visit tomorrow."
    )
    day.presses("Allocate").reads("Children allocated").fits()


def contact_of(door, name, forename):
    """The reference of the contact in which a child was named."""
    with door.database.read() as session:
        (ref,) = session.exec(
            select(Contact.ref)
            .join(Referral, Referral.contact_id == Contact.id)
            .join(Person, Person.id == Referral.person_id)
            .where(Person.surname == name, Person.forename == forename)
        )
    return ref


def test_a_social_worker_sees_what_is_due_and_records_that_the_child_was_seen(day, front, name):
    somebody = person_in(Role.SOCIAL_WORKER)
    worker = front.door.add_worker(f"Kit {name}")
    with front.door.database.write() as session:
        for one in session.exec(select(Worker)):
            one.user_id = staff_rows.user(session, somebody.username).id if one.id == worker.id else None
    (child,) = front.door.referrals(family(front.door, name, "Lou"))
    front.door.decide(child, "assessment")
    front.door.allocate(front.door.fresh(child), worker)
    day.begins(somebody).reads("Your children", "Due this week").fits()
    day.presses(counter(day, "My children")).reads(f"Lou {name}").fits()
    day.presses(f"Milestone of Lou {name}").fits()
    now = times.local(front.door.now)
    day.chooses("What happened", "Child seen").writes("Date when it happened", f"{now:%d %m %Y}")
    day.writes("Time", f"{now:%H:%M}").chooses("Was the child seen alone?", "Yes").presses("Record").reads(
        "Milestone recorded"
    ).fits()


def test_a_service_manager_reads_the_figures_and_goes_from_a_number_to_its_children(day, front, name):
    family(front.door, name, "Una")
    day.begins(person_in(Role.SERVICE_MANAGER)).reads("Families late", "Alerts at the top of their ladder").fits()
    day.turns_to("Figures").presses("Yesterday").reads("What each figure means").fits()
    day.writes("From", f"{times.local(front.door.now):%d %m %Y}").writes(
        "To", f"{times.local(front.door.now):%d %m %Y}"
    )
    day.presses("Show").presses(counter(day, "contacts received")).reads(f"Una {name}").fits()


def test_an_auditor_finds_out_who_looked_at_a_child(day, front, name):
    (child,) = front.door.referrals(family(front.door, name, "Pia"))
    front.sign_in(OFFICER).open(f"/referrals/{child.ref}")
    day.begins(person_in(Role.AUDITOR)).reads("Access log").fits()
    day.presses("Access log").writes("Person, reference or words", child.ref).presses("Show").reads(OFFICER.name).fits()


def test_an_administrator_lets_somebody_sign_in(day, name):
    day.begins(person_in(Role.ADMINISTRATOR)).reads("E-mails refused by the mail server").fits()
    day.presses("People, teams and workers").presses("Add somebody").fits()
    day.writes("User name", f"nia.{name.lower()}").writes("Full name", f"Nia {name}")
    day.writes("E-mail address", "nia@council.example.org").ticks("Screening officer")
    day.writes("Password", "a long enough word").presses("Add").reads("Added; they can sign in now").fits()
