"""Somebody at a real keyboard and mouse: what is counted of them is what a page asks of a person."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page

TAB = "Tab"
# The list of an input is drawn by the browser, outside the page: what its keys would put in is put in here.
CHOOSE = """([id, line]) => {
  const input = document.getElementById(id);
  if (![...input.list.options].some(({value}) => value === line)) throw new Error(`not offered: ${line}`);
  input.value = line;
  input.dispatchEvent(new InputEvent("input", {bubbles: true}));
}"""


@dataclass(slots=True)
class Hand:
    """Counts clicks, presses of Tab, all other keys, and page loads."""

    page: Page
    pause: float = 0
    clicks: int = 0
    tabs: int = 0
    keys: int = 0

    def click(self, element_id: str) -> None:
        """One click."""
        self.clicks += 1
        self.page.locator(f"[id='{element_id}']").click()

    def click_button(self, words: str) -> None:
        """One click on the last button with these words, and the page that comes."""
        self.clicks += 1
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words).last.click()

    def type(self, *texts: str) -> None:
        """Types, with Tab between the texts; an empty one passes a field by."""
        for number, text in enumerate(texts):
            if number:
                self.tabs += 1
                self.page.keyboard.press(TAB)
                self.page.wait_for_timeout(self.pause)
            self.keys += len(text)
            self.page.keyboard.type(text, delay=self.pause)

    def choose(self, element_id: str, line: str) -> None:
        """Goes down to the first line that is offered and takes it."""
        self.keys += 2
        self.page.locator(f"[list='{self.page.locator(f'[id={element_id}]').get_attribute('list')}']").wait_for()
        self.page.wait_for_function("([id]) => document.getElementById(id).list.options.length", arg=[element_id])
        self.page.evaluate(CHOOSE, [element_id, line])
        self.page.wait_for_timeout(2 * self.pause)
