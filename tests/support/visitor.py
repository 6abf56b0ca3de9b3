"""A person at a real browser, and everything that is asked of a page once it is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Frame, Page
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from pathway.engine.actors import Actor
from pathway.web import sessions
from storage.queries.staff import staff_rows
from support.desk import Desk

PATIENCE = 15_000
MOST_TABS = 120
PASSWORD = "tea and biscuits"
DESK = {"width": 1280, "height": 720}
WIDTHS = (320, 768)
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # every rule runs; what passed is not listed, which would take as long again
}
AXE = Axe().axe_script
# What is not at fault stays in the browser: to bring it here takes as long as to find it.
FAULTS = """async ([beside, rules]) => {
  const {violations} = await axe.run({include: ["html"], ...beside}, rules);
  return violations.map(({id, nodes}) => [id, nodes.map(({html}) => html)]);
}"""
FRAME = [[".govuk-template__header"], [".govuk-footer"]]
# Of radio buttons with one name the Tab key reaches one, the arrow keys the others.
FROM_THE_TOP = """within => {
  const part = document.querySelector(within) ?? document.body;
  const shown = one => one.checkVisibility({visibilityProperty: true}) && !one.closest("[aria-hidden=true], :disabled");
  const wanted = "a[href], button, input, select, textarea, summary, [onclick], [role=button]";
  const waiting = new Set([...part.querySelectorAll(wanted)].filter(shown));
  const alike = (one, other) => one.type === "radio" && other.type === "radio" && one.name === other.name;
  addEventListener("focusin", ({target}) => {
    for (const one of [...waiting]) if (one === target || alike(one, target)) waiting.delete(one);
  });
  window.unreached = () => [...waiting].map(one => one.outerHTML);
  part.tabIndex = -1;
  part.focus();
  return waiting.size + part.querySelectorAll("[tabindex='0'], iframe").length;
}"""


@dataclass(frozen=True, slots=True)
class Look:
    """What was found on a page: by axe, by the console, by the Tab key, and how wide it is on narrow screens."""

    title: str
    faults: list[Any]
    complaints: list[str]
    unreached: list[str]
    widths: Mapping[int, int]


class RealTime:
    """The pages run in a thread and a browser waits for them: no clock is frozen here."""

    def move_to(self, _: object) -> None:
        """Time is what it is."""


class Visitor:
    """A person at the browser; ``complaints`` are what its console says."""

    def __init__(self, page: Page, front: Desk, address: str) -> None:
        """Nobody yet."""
        self.page, self.front, self.address = page, front, address
        self.complaints: list[str] = []
        self._left = False
        page.context.set_default_timeout(PATIENCE)
        page.context.add_init_script(AXE)
        page.on("console", self._hear)
        page.on("framenavigated", self._arrive)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        expected = "the server responded with a status of 4" in message.text
        if message.type in {"error", "warning"} and not expected and not self._left:
            self.complaints.append(message.text)

    def _arrive(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self._left = False

    def leave(self) -> Visitor:
        """Somebody else sits down: nobody is signed in, and the screen is a desk's.

        What the page before asks by itself until another comes is nobody's complaint: nobody is signed in for it.
        """
        self._left = True
        self.page.context.clear_cookies()
        self.page.emulate_media(media="screen")
        self.page.set_viewport_size(DESK)
        self.complaints.clear()
        return self

    def sign_in(self, actor: Actor) -> Visitor:
        """Signs in without the form."""
        self.front.sign_in(actor)
        cookie = self.front.client.cookies[sessions.COOKIE]
        self.page.context.add_cookies([{"name": sessions.COOKIE, "value": cookie, "url": self.address}])
        return self

    def tab_to(self, element_id: str) -> None:
        """Goes on with the Tab key to an element, told by its id or value."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.id || document.activeElement.value") == element_id:
                return
        raise AssertionError(f"the keyboard does not reach {element_id}")

    def type_into(self, element_id: str, text: str) -> None:
        """Tabs to a field and types, over what stands in it."""
        self.tab_to(element_id)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def enter(self, text: str) -> None:
        """Tabs to a link or button with these words and presses Enter; ends on the page that comes."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if " ".join(self.page.evaluate("document.activeElement.innerText").split()).startswith(text):
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
        raise AssertionError(f"the keyboard does not reach {text!r}")

    def sign_in_by_the_form(self, actor: Actor) -> None:
        """Fills in the form that stands there, with a password that is this person's from now on."""
        hashed = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(PASSWORD)
        with self.front.door.database.write() as session:
            staff_rows.user(session, actor.username).password_hash = hashed
        self.type_into("username", actor.username)
        self.type_into("password", PASSWORD)
        self.page.keyboard.press("Enter")

    def faults(self, within: str = "body") -> list[Any]:
        """What axe finds on the page as it is now; within a part only, what all pages have is left out."""
        beside = {} if within == "body" else {"exclude": FRAME}
        return list(self.page.evaluate(FAULTS, [beside, RULES]))

    def look(self, within: str) -> Look:
        """Everything that is asked of the page as it is now; axe and the Tab key go through a part of it."""
        title, faults, unreached = self.page.title(), self.faults(within), self._unreached(within)
        return Look(title, faults, list(self.complaints), unreached, {width: self._width(width) for width in WIDTHS})

    def _unreached(self, within: str) -> list[str]:
        for _ in range(self.page.evaluate(FROM_THE_TOP, within)):
            self.page.keyboard.press("Tab")
        return list(self.page.evaluate("unreached()"))

    def _width(self, screen: int) -> int:
        self.page.set_viewport_size({"width": screen, "height": 800})
        return int(self.page.evaluate("document.documentElement.scrollWidth"))
