"""Somebody at work with the keyboard alone: what they go to, write and read is told by the words on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from pathway.engine.actors import Actor
from support.visitor import Visitor

MOST_TABS = 250
MOST_CHOICES = 30
# What has the focus: what it is called, of a radio button also what the group is called.
NAMED = """() => {
  const one = document.activeElement;
  const words = node => (node?.textContent ?? "").replace(/\\s+/g, " ").trim();
  const labels = [...(one.labels ?? [])].map(words).join(" ");
  return {
    kind: one.type === "radio" ? "radio" : one.tagName.toLowerCase(),
    name: labels || one.getAttribute("aria-label") || words(one),
    group: words(one.closest("fieldset")?.querySelector("legend")),
    chosen: one.tagName === "SELECT" ? words(one.selectedOptions[0]) : "",
  };
}"""


@dataclass(frozen=True, slots=True)
class Day:
    """A person at a page, from signing in until they leave; axe is a script, and goes where scripts do."""

    visitor: Visitor
    scripts: bool

    @property
    def page(self) -> Page:
        """What is on the screen."""
        return self.visitor.page

    def begins(self, actor: Actor, path: str = "/") -> Day:
        """Sits down, signed in, at the first page."""
        self.page.context.clear_cookies()
        self.visitor.sign_in(actor).page.goto(path)
        return self

    def presses(self, words: str) -> Day:
        """Goes on to a link, button or fold with these words and presses Enter; the page that comes is there then."""
        found = self._reach(words, ("a", "button", "summary"))
        if found["kind"] == "summary":
            self.page.keyboard.press("Enter")
            return self
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def turns_to(self, words: str) -> Day:
        """Goes on to an entry of the menu, which folds on a narrow screen where scripts run."""
        if self.page.locator("button:visible", has_text="Menu").count():
            self._reach("Menu", ("button",))
            self.page.keyboard.press("Enter")
        return self.presses(words)

    def asks(self, words: str, then: str) -> Day:
        """Presses a button that a page or a script answers, and waits for what the answer shows: a selector."""
        self._reach(words, ("button",))
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(then)
        self.page.wait_for_load_state()
        return self

    def ticks(self, label: str) -> Day:
        """Goes on to a box and ticks it."""
        self._reach(label, ("input",))
        self.page.keyboard.press("Space")
        return self

    def writes(self, label: str, text: str) -> Day:
        """Goes on to a field and writes over what stands in it."""
        self._reach(label, ("input", "textarea"))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        return self

    def chooses(self, label: str, option: str) -> Day:
        """Goes on to a list or to a group of buttons and chooses."""
        found = self._reach(label, ("select", "radio"))
        self.page.keyboard.press("Space" if found["kind"] == "radio" else "Home")
        for _ in range(MOST_CHOICES):
            now = self._named()
            if (now["name"] if found["kind"] == "radio" else now["chosen"]).startswith(option):
                return self
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{option!r} is no choice of {label!r}")

    def reads(self, *words: str) -> Day:
        """What must stand on the page."""
        there = " ".join(self.page.inner_text("body").split())
        missing = [one for one in words if one not in there]
        assert not missing, f"not on {self.page.url}: {missing} in {there[:3000]}"
        return self

    def fits(self) -> Day:
        """Nothing runs out of the window sideways, and axe finds no fault."""
        wide, window = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= window, f"{self.page.url} is {wide} wide in {window}"
        assert not self.scripts or self.visitor.faults() == []
        return self

    def _named(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate(NAMED)
        return found

    def _reach(self, words: str, kinds: tuple[str, ...]) -> dict[str, Any]:
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            found = self._named()
            name = found["group"] if found["kind"] == "radio" else found["name"]
            if found["kind"] in kinds and name.startswith(words):
                return found
        raise AssertionError(f"the keyboard does not reach {words!r} on {self.page.url}")
