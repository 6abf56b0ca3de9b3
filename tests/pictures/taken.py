"""Which pictures there are: who looks, and how they get there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

PASSWORD = "demonstration"
OFFICER, MANAGER, TEAM_MANAGER, WORKER = "asha", "daniel", "tom", "sam"
SERVICE_MANAGER, AUDITOR, ADMINISTRATOR = "grace", "ewan", "lucy"
FAMILY = (("Perdita", "4 4 2014"), ("Ambrose", "5 5 2016"), ("Fenella", "7 7 2019"))
SURNAME, HOME = "Thistlewood", "8 Larkspur Close, N17 4QX"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the guides: its name, who looks (a user of the demonstration, or nobody), and the way there."""

    name: str
    who: str
    go: Callable[[Page], object]


def at(path: str) -> Callable[[Page], object]:
    """A page by its address."""
    return lambda page: page.goto(path)


def call(page: Page) -> None:
    """A call half typed, about a child who is on record under another spelling."""
    page.goto("/referrals")
    page.locator("tbody a[href^='/referrals/PW']").first.click()
    forename, surname = page.locator("h1").inner_text().split()[:2]
    born = page.locator("dt:has-text('Birth date') + dd").first.inner_text()
    page.goto("/contacts/new")
    _caller(page)
    for name, text in (("forename", forename), ("surname", f"{surname}e"), ("birth_date", born)):
        page.fill(f"[id='children.0.{name}']", text)
    page.focus("#concern_facts")
    page.wait_for_selector(".app-beside")
    page.locator("#children-heading").evaluate("one => one.scrollIntoView()")


def screened(page: Page) -> None:
    """A family logged a moment ago, on the page on which it is screened."""
    _family(page)
    page.goto(f"/contacts/{_reference(page)}/screen")


def decided(page: Page) -> None:
    """The same family, screened, with its decisions half typed."""
    screened(page)
    for check in ("history", "siblings", "already-open"):
        made = page.locator(f"[id='all.{check}.made-2'], [id='all.{check}.made']").first
        made.check(force=True)
        page.fill(f"[id='all.{check}.words']", "Nothing known." if made.get_attribute("value") == "yes" else "")
    with page.expect_navigation():
        page.get_by_role("button", name="Record checks").last.click()
    page.fill("#reasons", "Three days without food, and nobody at home at night.")
    for name, outcome in zip(_prefixes(page), ("assessment", "assessment", "early-help"), strict=False):
        page.select_option(f"[id='{name}.outcome']", outcome)
        page.select_option(f"[id='{name}.level_of_need']", "3")


def allocated(page: Page) -> None:
    """The first family on the allocation list."""
    page.goto("/allocations")
    ref = page.locator("a[href^='/referrals/PW']").first.get_attribute("href")
    page.goto(f"/contacts/{str(ref).split('/')[2].rsplit('-', 1)[0]}/allocate")


def figured(page: Page) -> None:
    """Yesterday's figures, from the first number on."""
    page.goto("/reports?period=yesterday")
    page.locator("#about").evaluate("one => one.scrollIntoView()")


def looked(page: Page) -> None:
    """The log of the child who heads the screening list."""
    page.goto("/referrals")
    page.locator("tbody a[href^='/referrals/PW']").first.click()
    page.locator("a[href*='/chronology']").first.click()
    page.locator("a[href*='access']").last.click()


def _family(page: Page) -> None:
    page.goto("/contacts/new")
    _caller(page)
    for number, (forename, born) in enumerate(FAMILY):
        if number:
            page.locator("#add-child").click()
            page.wait_for_selector(f"[id='children.{number}.forename']")
        page.fill(f"[id='children.{number}.forename']", forename)
        page.fill(f"[id='children.{number}.surname']", SURNAME)
        page.fill(f"[id='children.{number}.birth_date']", born)
    page.fill("[id='children.0.address']", HOME)
    page.fill(
        "#concern_facts", "They came to school hungry for the third day. Perdita said that nobody is at home at night."
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Log contact").last.click()


def _caller(page: Page) -> None:
    page.fill("#referrer_name", "Ada Ferreira")
    page.fill("#referrer_agency", "Park Lane Primary")
    page.select_option("#source_code", "2A")
    page.fill("#referrer_email", "ada@parklane.example.org")


def _reference(page: Page) -> str:
    return page.url.rsplit("/", 1)[1].partition("?")[0]


def _prefixes(page: Page) -> list[str]:
    return [str(one.get_attribute("name")).removesuffix(".on") for one in page.locator("[name$='.on']").all()]


PICTURES: tuple[Picture, ...] = (
    Picture("board", MANAGER, at("/board")),
    Picture("log-form", OFFICER, call),
    Picture("screen-family", OFFICER, screened),
    Picture("decide-family", MANAGER, decided),
    Picture("allocate-family", TEAM_MANAGER, allocated),
    Picture("home-team-manager", TEAM_MANAGER, at("/home")),
    Picture("home-social-worker", WORKER, at("/home")),
    Picture("home-service-manager", SERVICE_MANAGER, at("/home")),
    Picture("figures", SERVICE_MANAGER, figured),
    Picture("access-log", AUDITOR, looked),
    Picture("home-administrator", ADMINISTRATOR, at("/home")),
    Picture("worried", "", at("/worried")),
)
