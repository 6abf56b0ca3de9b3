"""Every page in a real browser: what axe and the console say of it, and a contact logged by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from notifications.dispatch import dispatcher
from notifications.letters.paper import DL
from notifications.smtp import catcher
from notifications.smtp.mailer import MailServer
from pathway.engine.actors import Actor
from pathway.engine.intake.from_outside import receipt_token
from pathway.engine.post import handing_over
from rules.vocabulary import Role
from storage import clock
from storage.queries.letters import letter_list_rows
from storage.tables import Council
from support import (
    added,
    bounced,
    corrections,
    databases,
    desk,
    hands,
    late,
    links,
    matching,
    pdf,
    printed_letters,
    saved,
    second_thoughts,
    sent_from_outside,
    shut_out,
    splitting,
    unfinished,
)
from support.desk import Desk
from support.front_door import MANAGER, OFFICER, TEAM_MANAGER, FrontDoor, child_fields, person_in
from support.visitor import WIDTHS, Look, RealTime, Visitor

pytestmark = pytest.mark.needs("chromium", "styles")


@pytest.fixture(scope="module")
def front(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A front door with a child in every stage, and its pages on a free port."""
    folder = tmp_path_factory.mktemp("chromium")
    mailbox = folder / "mailbox"
    with databases.sqlite_copy(_migrated_file, folder / "pathway.db") as database:
        door = FrontDoor.opened(database, RealTime(), "2009-03-26 10:00")  # type: ignore[arg-type]
        _fill(door, mailbox)
        yield desk.at(door, mailbox=mailbox, banner="A front door for tests")


def _fill(door: FrontDoor, mailbox: Path) -> None:
    worker = door.add_worker(full_time_equivalent=0.1)
    adult = {"forename": "Ann", "relation": "mother", "phone": "020 7946 0123", "risk": "A large dog."}
    held, closed, waiting = door.referrals(door.log("Held", "Closed", "Waiting", adults=[adult]))
    door.decide(held, "assessment")
    door.allocate(held, worker)
    door.decide(closed)
    door.decide(waiting, "strategy-discussion")
    door.screen(*door.referrals(door.log("Ready", immediate_danger=True, source_code="1A", concern_facts="x " * 2000)))
    door.decide(*door.referrals(door.log("Posted", **printed_letters.BY_POST)))
    door.decide(*door.referrals(door.log("Nowhere", referrer_email="", source_code="3A")))
    door.log("Unsafe", unsafe_to_contact=True, identity_protected=True)
    door.log("Late", received="2009-03-26 10:00", children=[{"forename": "Late", "nhs_number": "9434765918"}])
    (handed,) = door.referrals(
        door.log("Handed", children=[child_fields("Handed", surname="Over", birth_date="1999-09-09")])
    )
    door.decide(handed, "early-help", receiver_email="hub@earlyhelp.example.org")
    late.decided_in_danger(door)
    hands.every_page(door)
    corrections.every_page(door)
    added.every_page(door)
    matching.every_page(door)
    splitting.every_page(door)
    second_thoughts.every_page(door)
    printed_letters.every_page(door)
    unfinished.begin(door, ago=unfinished.LONG_AGO, immediate_danger="yes")
    saved.view(door, "What is late", shared=True)
    server = catcher.Catcher(mailbox)
    server.start()
    dispatcher.run_once(door.database, MailServer.from_url(server.url), handing_over.settle_message, now=clock.utc_now)
    server.stop()
    door.close(closed)


def ref(front, name):
    page = front.sign_in(MANAGER).open(f"/referrals?q={name}&state={'closed' if name == 'Closed' else ''}")
    return next(link.rsplit("/", 1)[1] for link in page.links if link.startswith("/referrals/"))


def linked(front, path, beginning):
    """The first link on a page that begins so."""
    return next(link for link in front.sign_in(MANAGER).open(path).links if link.startswith(beginning))


def letter(front, kind):
    with front.door.database.read() as session:
        lines, _ = letter_list_rows.lines(session, owed_only=kind != "sent", words="", offset=0, limit=50)
    return next(line.letter.id for line in lines if line.no_address is (kind == "nowhere"))


def message(front):
    return front.sign_in(MANAGER).open("/mailbox").links[-2].rsplit("/", 1)[1]


def mistaken(front):
    """The number of an adult who was named by mistake, after a detail was corrected."""
    contact = front.door.log("Mistaken", adults=[{"forename": "Bob", "surname": "Reed", "relation": "father"}])
    number = corrections.adult_named(front.door, contact).number
    corrections.adult(front.door, number, "phone", "020 7946 0999")
    corrections.adult(front.door, number, "mistake", "")
    return number


def from_outside(front):
    """A contact in danger that came from outside, and what stands in the address of its receipt."""
    contact = sent_from_outside.send(front.door, "Sent", "Sister", immediate_danger=True)
    with front.door.database.read() as session:
        token = receipt_token(session.get_one(Council, 1), contact)
    return {"outside": contact.ref, "receipt_token": token}


PAGES = [
    ("/sign-in", None),
    ("/board", MANAGER),
    ("/board?show=asked", MANAGER),
    ("/board?show=unfinished", OFFICER),
    ("/board?show=drafts", OFFICER),
    ("/home", TEAM_MANAGER),
    ("/home", person_in(Role.SERVICE_MANAGER)),
    ("/home", hands.NIA),
    ("/home", person_in(Role.ADMINISTRATOR)),
    ("/referrals", MANAGER),
    ("/referrals?q=nobody", MANAGER),
    ("/unfinished/1", MANAGER),
    ("/unfinished", MANAGER),
    ("/unfinished?danger=yes&q=Nobody", MANAGER),
    ("/matches?tab=merged&sort=oldest", MANAGER),
    ("/queries?about=nhs_number&about=school&late=yes", MANAGER),
    ("/second-looks?which=waiting&size=50", MANAGER),
    ("/corrections?which=letter", MANAGER),
    ("/decision-questions?mine=yes", MANAGER),
    ("/check-in?danger=yes", OFFICER),
    ("/why-late?duty=decision&sort=oldest", MANAGER),
    ("/restricted?which=broken", person_in(Role.SERVICE_MANAGER)),
    ("/contacts/new?draft=1", OFFICER),
    ("/clock", MANAGER),
    ("/contacts/new", OFFICER),
    ("/referrals/{Held}", MANAGER),
    ("/referrals/{Ready}", MANAGER),
    ("/referrals/{Closed}", MANAGER),
    ("/contacts/{contact}", MANAGER),
    ("/contacts/{contact}/screen", MANAGER),
    ("/contacts/{contact}/decide", MANAGER),
    ("/contacts/{danger}/decide", MANAGER),
    ("/contacts/{contact}/allocate", TEAM_MANAGER),
    ("/contacts/{contact}/danger", MANAGER),
    ("/contacts/{danger}", MANAGER),
    ("/contacts/{danger}/danger", MANAGER),
    ("/contacts/{danger}/kind", MANAGER),
    ("/contacts/{contact}/details", MANAGER),
    ("/contacts/{contact}/details?field=concern_facts", MANAGER),
    ("/referrals/{Ready}/details", OFFICER),
    ("/referrals/{Ready}/details?field=birth_date", OFFICER),
    ("/referrals/{Ready}/details?field=sex", MANAGER),
    ("/contacts/{contact}/details?field=received_at", MANAGER),
    ("/contacts/{receipt}/receipt", person_in(Role.SERVICE_MANAGER)),
    ("/contacts/{contact}/receipt", MANAGER),
    ("/corrections", MANAGER),
    ("/contacts/{contact}/information", OFFICER),
    ("/contacts/{informed}/information", OFFICER),
    ("/contacts/{informed}", MANAGER),
    ("/decision-questions", MANAGER),
    ("/referrals/{informed}-1/stands", MANAGER),
    ("/referrals/{Ready}/stands", MANAGER),
    ("/bounces/{email}", MANAGER),
    ("/letters/{overtaken}/corrected", OFFICER),
    ("/referrals/{Late}/screen", OFFICER),
    ("/referrals/{Ready}/decide", MANAGER),
    ("/referrals/{Waiting}/allocate", TEAM_MANAGER),
    ("/referrals/{Held}/close", MANAGER),
    ("/referrals/{Teamless}/allocate", TEAM_MANAGER),
    ("/referrals/{Teamless}/team", TEAM_MANAGER),
    ("/referrals/{Kept}/transfer", TEAM_MANAGER),
    ("/referrals/{Moving}/transfer", TEAM_MANAGER),
    ("/referrals/{Moving}/transfer", hands.NIA),
    ("/allocations", MANAGER),
    ("/allocations?team=1&late=yes&q=nobody", MANAGER),
    ("/my-children?late=yes&q=nobody", hands.NIA),
    ("/referrals?state=received&state=decided&late=yes&sort=newest&size=50", MANAGER),
    ("/referrals?q=nobody-at-all", OFFICER),
    ("/views", MANAGER),
    ("/views/1", MANAGER),
    ("/my-children", hands.NIA),
    ("/my-children", person_in(Role.SOCIAL_WORKER)),
    ("/second-looks", MANAGER),
    ("/referrals/{Thrice}", MANAGER),
    ("/referrals/{Thrice}/second-look", second_thoughts.SERVICE_MANAGER),
    ("/referrals/{Thrice}/correct", MANAGER),
    ("/referrals/{Thrice}/undo", MANAGER),
    ("/referrals/{Thrice}/set-aside", MANAGER),
    ("/referrals/{Aside}", MANAGER),
    ("/referrals/{Aside}/restore", MANAGER),
    ("/contacts/{contact}/set-aside", MANAGER),
    ("/contacts/{danger}/ask", OFFICER),
    ("/contacts/{contact}/ask", OFFICER),
    ("/referrals/{Ready}/parents", MANAGER),
    ("{chronology}", MANAGER),
    ("{chronology}?kind=letters&significant=yes", MANAGER),
    ("/contacts/{contact}/add-child", OFFICER),
    ("/contacts/{contact}/add-adult", OFFICER),
    ("/adults/{adult}", MANAGER),
    ("/adults/{adult}?field=risk", MANAGER),
    ("/adults/{adult}?field=birth_date", MANAGER),
    ("/adults/{adult}?field=relation&of={Held}", MANAGER),
    ("/adults/{adult}?field=mistake", MANAGER),
    ("/adults/{mistaken}", MANAGER),
    ("/onward", MANAGER),
    ("/onward?late=yes&q=hub", MANAGER),
    ("/referrals/{Handed}/receiver", OFFICER),
    ("/referrals/{Handed}", MANAGER),
    ("/my-notices", MANAGER),
    ("/my-notices", OFFICER),
    ("/alerts", MANAGER),
    ("/alerts?tab=closed", MANAGER),
    ("/alerts?kind=clock&unheld=yes", MANAGER),
    ("/alerts?q=nobody-at-all", MANAGER),
    ("/letters?kind=outcome&stage=left&size=50", MANAGER),
    ("/matches", MANAGER),
    ("/matches?tab=confirmed", MANAGER),
    ("/matches?tab=merged", MANAGER),
    ("/matches?tab=declined", MANAGER),
    ("/matches/{open}", OFFICER),
    ("/matches/{confirmed}", MANAGER),
    ("/merges/{merge}", MANAGER),
    ("/referrals/{together}/split", MANAGER),
    ("/referrals/{apart}/rejoin", MANAGER),
    ("/find", OFFICER),
    ("/find?q=held", OFFICER),
    ("/find?q=nobody", MANAGER),
    ("/queries", OFFICER),
    ("/queries?tab=settled", OFFICER),
    ("/letters", MANAGER),
    ("/letters?owed=yes", MANAGER),
    ("/letters/{sent}", MANAGER),
    ("/letters/{owed}", MANAGER),
    ("/letters/{owed}/print", MANAGER),
    ("/letters/{sent}/print", MANAGER),
    ("/letters/{nowhere}", MANAGER),
    ("/letters/{nowhere}/excuse", MANAGER),
    ("/letters/{by_link}/link", OFFICER),
    ("/letters/{sent}/link", OFFICER),
    ("/letters/{by_link}", OFFICER),
    ("/l/made-up", None),
    ("/worried", None),
    ("/refer", None),
    ("/refer?children=3&adults=2", None),
    ("/refer/received/{receipt_token}", None),
    ("/refer/received/made-up", None),
    ("/refer/confirm/made-up", None),
    ("/accessibility", None),
    ("/privacy", None),
    ("/help", None),
    ("/check-in", OFFICER),
    ("/contacts/{outside}/check-in", OFFICER),
    ("/contacts/{outside}", OFFICER),
    ("/letters/{unusable}/print", MANAGER),
    ("/print-queue", MANAGER),
    ("/print-queue?kind=outcome&q=a", MANAGER),
    ("/print-queue", person_in(Role.HEAD_OF_SERVICE)),
    ("/print-queue/print", MANAGER),
    ("/print-queue/print?batch=1", MANAGER),
    ("/contacts/{contact}/address", OFFICER),
    ("/contacts/{contact}/unsafe", MANAGER),
    ("/contacts/{contact}/identity", MANAGER),
    ("/contacts/{unsafe}", MANAGER),
    ("/contacts/{unsafe}", OFFICER),
    ("/contacts/{unsafe}/unsafe", MANAGER),
    ("/contacts/{unsafe}/identity", MANAGER),
    ("/outbox", MANAGER),
    ("/outbox?state=queued&state=refused&kind=outcome&q=a", MANAGER),
    ("/outbox", person_in(Role.ADMINISTRATOR)),
    ("/outbox?state=cancelled", MANAGER),
    ("/outbox/1", MANAGER),
    ("/bounces", MANAGER),
    ("/bounces?q=nothing", MANAGER),
    ("/bounces?kind=failed&how=dismissed&waiting=yes", MANAGER),
    ("/bounces/{bounce}", MANAGER),
    ("/mailbox", MANAGER),
    ("/mailbox/{message}", MANAGER),
    ("/waiting", MANAGER),
    ("/people", person_in(Role.ADMINISTRATOR)),
    ("/people/new", person_in(Role.ADMINISTRATOR)),
    ("/people/1", person_in(Role.ADMINISTRATOR)),
    ("/people/11/leave", person_in(Role.ADMINISTRATOR)),
    ("/workers/1/leave", person_in(Role.ADMINISTRATOR)),
    ("/teams/new", person_in(Role.ADMINISTRATOR)),
    ("/teams/1", person_in(Role.ADMINISTRATOR)),
    ("/workers/new", person_in(Role.ADMINISTRATOR)),
    ("/workers/1", person_in(Role.ADMINISTRATOR)),
    ("/settings", person_in(Role.ADMINISTRATOR)),
    ("/restricted", person_in(Role.SERVICE_MANAGER)),
    ("/children/1/restrict", person_in(Role.SERVICE_MANAGER)),
    ("/children/{glass}/break-glass", MANAGER),
    ("/rulebook", OFFICER),
    ("/reports/timeliness", MANAGER),
    ("/reports", MANAGER),
    ("/reports?period=year", MANAGER),
    ("/reports?period=yesterday", person_in(Role.AUDITOR)),
    ("/reports?start=x&end=", MANAGER),
    ("/reports/print?period=year", MANAGER),
    ("/reports/print?start=1+1+2008&end=2+1+2008", MANAGER),
    ("/reports/children?period=year", MANAGER),
    ("/reports/children?period=year&figure=clock:decision&part=late&some=yes", MANAGER),
    ("/reports/children?start=1+1+2008&end=2+1+2008&figure=alerts", MANAGER),
    ("/reports/children?figure=nothing", MANAGER),
    ("/why-late", MANAGER),
    ("/referrals/{Late}/decide", MANAGER),
    ("/referrals/{Tardy}/why-late", MANAGER),
    ("/referrals/{Tardy}", MANAGER),
    ("/referrals/{Ready}/why-late", MANAGER),
    ("/access-log", person_in(Role.AUDITOR)),
    ("/access-log?child=1&refused=yes&q=duty", person_in(Role.AUDITOR)),
    ("/children/1/access-log", person_in(Role.AUDITOR)),
    ("/children/1/access-log?since=x&who=nobody", person_in(Role.AUDITOR)),
    ("/nothing-here", MANAGER),
    ("/access-log", MANAGER),
]


@pytest.fixture(scope="module")
def places(front):
    """Where the records of the front door are."""
    found = {
        name: ref(front, name)
        for name in ("Held", "Ready", "Closed", "Late", "Waiting", "Handed", "Teamless", "Kept", "Moving")
    }
    shut_out.behind_glass(front.door, broken=True)
    found["Aside"] = linked(front, "/referrals?state=set+aside", "/referrals/PW").rsplit("/", 1)[1]
    found["Thrice"] = linked(front, "/second-looks", "/referrals/PW").split("/")[2]
    found["Tardy"] = linked(front, "/why-late", "/referrals/PW").split("/")[2]
    found["chronology"] = linked(front, f"/referrals/{found['Thrice']}", "/children/")
    contact = found["Held"].rsplit("-", 1)[0]
    return found | {
        **matching.numbers(front.door),
        **splitting.refs(front.door),
        "contact": contact,
        "adult": linked(front, f"/referrals/{found['Held']}", "/adults/").rsplit("/", 1)[1],
        "mistaken": mistaken(front),
        "danger": found["Ready"].rsplit("-", 1)[0],
        "sent": letter(front, "sent"),
        "owed": letter(front, "owed"),
        "nowhere": letter(front, "nowhere"),
        "informed": linked(front, "/decision-questions", "/referrals/").split("/")[2].removesuffix("-1"),
        "email": str(added.waiting_email(front.door)),
        "receipt": linked(front, "/corrections", "/contacts/PW").split("/")[2],
        "overtaken": linked(front, "/corrections", "/letters/").split("/")[2],
        "unusable": linked(front, "/letters?owed=yes&q=Leeds", "/letters/").rsplit("/", 1)[1],
        "by_link": links.one_by_link(front.door)[1].id,
        "unsafe": ref(front, "Unsafe").rsplit("-", 1)[0],
        "message": message(front),
        "glass": shut_out.behind_glass(front.door, broken=False),
        **from_outside(front),
        "bounce": bounced.take(front.door, bounced.person(front.door)).id,
    }


@pytest.fixture(scope="module")
def look(screen: Visitor, places) -> Callable[[str, Actor | None], Look]:
    """What is found on a page, which is opened once for all that ask; a person's first also shows menu and footer."""
    first = {actor: path for path, actor in reversed(PAGES)}

    @cache
    def found(path: str, actor: Actor | None) -> Look:
        visitor = screen.leave() if actor is None else screen.leave().sign_in(actor)
        visitor.page.goto(path.format(**places))
        return visitor.look("body" if path == first[actor] else "main")

    return found


@pytest.mark.parametrize(("path", "actor"), PAGES, ids=lambda value: value if isinstance(value, str) else "")
def test_axe_and_the_console_find_nothing(look, path, actor):
    found = look(path, actor)
    assert found.faults == []
    assert found.complaints == []
    assert found.title.endswith(("– Pathway", "– Northmoor Council"))  # the latter for people outside


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_is_wider_than_the_screen(look, width):
    assert [path for path, actor in PAGES if look(path, actor).widths[width] > width] == []


def test_everything_to_click_or_fill_is_reached_by_the_keyboard(look):
    assert [(path, found) for path, actor in PAGES if (found := look(path, actor).unreached)] == []


def test_a_form_with_errors_is_accessible_and_takes_the_focus_to_its_summary(visitor):
    visitor.sign_in(OFFICER).page.goto("/contacts/new")
    visitor.page.get_by_role("button", name="Log contact").last.click()
    visitor.page.wait_for_selector(".govuk-error-summary:focus")
    assert "Error: " in visitor.page.title()  # after the danger that there is
    assert visitor.faults() == []
    visitor.page.get_by_role("link", name="Source: Nothing is chosen").click()
    assert visitor.page.evaluate("document.activeElement.id") == "source_code"


def test_what_an_outcome_asks_for_appears_when_it_is_chosen(visitor, places):
    page = visitor.sign_in(MANAGER).page
    page.goto(f"/referrals/{places['Ready']}/decide")
    receiver, worker = page.locator("[id='receiver-early-help']"), page.locator("[id='worker_id-already-open']")
    assert (receiver.is_visible(), worker.is_visible()) == (False, False)
    page.get_by_role("radio", name="Early help").first.check()
    assert (receiver.is_visible(), worker.is_visible()) == (True, False)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "receiver-early-help"
    assert visitor.faults() == []


def test_on_paper_the_address_shows_in_the_window_of_the_envelope(visitor, places):
    page = visitor.sign_in(MANAGER).page
    page.goto(f"/letters/{places['owed']}/print")
    page.emulate_media(media="print")
    sheet, address = (page.locator(part).bounding_box() for part in (".sheet", ".address"))
    top, bottom = (edge * 25.4 / 96 + 15 for edge in (address["y"] - sheet["y"], address["y"] + address["height"]))
    assert top >= DL.top - 0.1
    assert bottom - sheet["y"] * 25.4 / 96 <= DL.top + DL.height + 0.1
    assert page.get_by_text("Back to the letter").is_hidden()


def test_each_letter_of_a_batch_from_the_browser_begins_on_a_sheet_of_its_own(visitor):
    page = visitor.sign_in(MANAGER).page
    page.goto("/print-queue/print?batch=1")
    content = page.pdf(format="A4", prefer_css_page_size=True)
    beginning = [text for text in pdf.texts(content) if "Dear " in text]
    assert len(beginning) == page.locator(".sheet").count() == 2
    assert [text.count("Dear ") for text in beginning] == [1, 1]


def test_another_child_takes_the_focus(visitor):
    visitor.sign_in(OFFICER).page.goto("/contacts/new")
    visitor.page.get_by_role("button", name="Add another child").click()
    visitor.page.wait_for_selector("[id='children.1.forename']:focus")


def test_a_contact_is_logged_by_keyboard_alone(visitor):
    page = visitor.sign_in(OFFICER).page
    page.goto("/contacts/new")
    for field, typed in (
        ("source_code", "2A"),
        ("referrer_name", "Ada Ferreira"),
        ("concern_facts", "No food at home."),
        ("children.0.forename", "Keyboard"),
        ("children.0.surname", "Alone"),
    ):
        visitor.tab_to(field)
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    page.get_by_text("Nothing has been recorded yet").wait_for()
    assert visitor.faults() == []
    visitor.tab_to("log")
    page.keyboard.press("Enter")
    page.wait_for_url("**/contacts/PW-*")
    assert "Contact logged" in page.inner_text("main")
    assert "Keyboard Alone" in page.inner_text("main")


def test_what_is_typed_outlives_a_session_that_ended_in_another_tab_by_keyboard_at_320_pixels(visitor, front):
    page = visitor.sign_in(OFFICER).page
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto("/contacts/new")
    visitor.tab_to("concern_facts")
    page.keyboard.type("Two bruises")
    page.get_by_text("Kept at").wait_for()
    assert visitor.faults() == []
    other = page.context.new_page()
    other.goto("/referrals")
    other.get_by_role("button", name="Sign out").click()
    other.close()
    page.keyboard.type(", seen today")
    visitor.tab_to("log")
    page.keyboard.press("Enter")
    page.get_by_text("What you typed is kept").wait_for()
    assert visitor.faults() == []
    visitor.sign_in_by_the_form(OFFICER)
    page.get_by_text("You have text from").wait_for()
    assert page.locator("#concern_facts").input_value() == "Two bruises, seen today"
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert visitor.faults() == []
    assert visitor.complaints == []


def test_a_letter_is_opened_by_its_link_with_the_keyboard_alone(visitor, front):
    contact, letter = links.one_by_link(front.door)
    page = visitor.page
    page.goto(f"/l/{links.token_in(links.message_with(front.door, letter))}")
    for field, typed in (("reference", contact.ref), ("surname", "Ferreira")):
        visitor.tab_to(field)
        page.keyboard.type(typed)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Mia Harlow" in page.inner_text("main")
    assert visitor.faults() == []
    assert visitor.complaints == []


def test_without_scripts_the_menu_is_there_and_a_contact_is_logged(chromium, front, address):
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    visitor = Visitor(context.new_page(), front, address).sign_in(OFFICER)
    page = visitor.page
    page.goto("/contacts/new")
    assert page.get_by_role("link", name="Alerts").is_visible()
    page.get_by_label("Source").select_option("6")
    page.get_by_label("What was seen, heard or said").fill("Found alone.")
    page.get_by_role("button", name="Add another child").click()
    page.get_by_label("First names, Child 1").fill("Script")
    page.get_by_label("First names, Child 2").fill("Less")
    page.get_by_role("button", name="Log contact").last.click()
    page.wait_for_url("**/contacts/PW-*")
    assert "Script" in page.inner_text("main")
    context.close()


def test_each_printed_sheet_of_a_record_bears_the_childs_name_and_its_number(visitor, places):
    page = visitor.sign_in(MANAGER).page
    page.goto(f"/referrals/{places['Ready']}")
    page.emulate_media(media="print")
    sheets = pdf.texts(page.pdf(format="A4"))
    assert len(sheets) > 1
    for number, text in enumerate(sheets, start=1):
        assert f"Ready Harlow, {places['Ready']}. Confidential" in " ".join(text.split())
        assert f"Page {number} of {len(sheets)}" in text


def test_a_letter_printed_alone_is_counted_and_letters_of_a_batch_are_not(visitor, places):
    page = visitor.sign_in(MANAGER).page
    page.goto(f"/letters/{places['owed']}/print")
    page.emulate_media(media="print")
    sheets = pdf.texts(page.pdf(prefer_css_page_size=True))
    assert f"Page 1 of {len(sheets)}" in sheets[0]
    page.goto("/print-queue/print?batch=1")
    assert not any("Page 1" in text for text in pdf.texts(page.pdf(prefer_css_page_size=True)))


def test_a_chronology_on_paper_has_no_menu_and_says_who_printed_it(visitor, places):
    page = visitor.sign_in(MANAGER).page
    page.goto(places["chronology"])
    page.emulate_media(media="print")
    assert page.locator(".app-on-paper").inner_text().startswith("Confidential. Printed ")
    assert page.locator(".app-chronology").is_visible()
    assert [name for name in (".app-filters", "nav", ".app-on-screen") if page.locator(name).first.is_visible()] == []
