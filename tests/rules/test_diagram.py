"""The pathway's pictures, and the page of documentation made from the code's tables."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pathway.cli import rule_files
from rules import pathway
from rules.books import describe, diagram
from rules.vocabulary import Action, State
from support.moments import book, england, nine_to_five

PAGE = Path(__file__).parents[2] / "docs" / "pathway.md"
SVG = "{http://www.w3.org/2000/svg}"


def picture(**options) -> ET.Element:
    return ET.fromstring(diagram.svg(**options))


def test_the_page_in_the_documentation_is_fresh():
    """`make docs` makes it anew."""
    assert PAGE.read_text(encoding="utf-8") == rule_files.pathway_document()


def test_mermaid_draws_every_arrow():
    arrows = re.findall(r"^    (\w+) --> (\w+) : (.+)$", diagram.mermaid(), re.MULTILINE)
    expected = [(arrow.source, arrow.target, arrow.trigger) for arrow in pathway.TRANSITIONS]
    assert arrows == [(one.replace(" ", "_"), other.replace(" ", "_"), step) for one, other, step in expected]


def test_the_picture_shows_every_state_and_every_step():
    texts = [text.text for text in picture().iter(f"{SVG}text")]
    steps = [str(arrow.trigger) for arrow in pathway.TRANSITIONS if diagram.is_drawn(arrow)]
    assert sorted(texts) == sorted([*map(str, State), *steps, *diagram.notes()])


def test_a_step_that_is_not_drawn_is_told_below_with_where_it_begins_and_ends():
    assert diagram.notes() == [
        "decide in immediate danger: from received or screening to decided",
        "correct decision: from decided or awaiting allocation or allocated to decided",
        "back to allocation: from allocated to awaiting allocation",
        "take back: from decided to awaiting decision",
        "set aside: from every other state to set aside",
        "restore: from set aside to screening",
    ]
    assert diagram.NOTES_BEGIN + len(diagram.notes()) * diagram.NOTES_STEP < diagram.HEIGHT + diagram.NOTES_STEP


def test_the_picture_is_told_in_words_to_those_who_cannot_see_it():
    root = picture(current=State.DECIDED)
    assert root.get("role") == "img"
    named = {element.get("id") for element in root.iter() if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert set(root.get("aria-labelledby").split()) == named
    told = root.find(f"{SVG}desc").text
    assert all(diagram.in_words(arrow) in told for arrow in pathway.TRANSITIONS)
    assert told.endswith("The referral is now decided.")


@pytest.mark.parametrize("state", State)
def test_only_the_state_where_a_referral_stands_is_drawn_heavy(state):
    heavy = [text.text for text in picture(current=state).iter(f"{SVG}text") if text.get("font-weight") == "bold"]
    assert heavy == [state]


def test_nothing_is_drawn_outside_the_picture_or_over_another_box():
    corners = list(diagram.PLACES.values())
    assert all(x + diagram.BOX_WIDTH <= diagram.WIDTH and y + diagram.BOX_HEIGHT <= diagram.HEIGHT for x, y in corners)
    assert len({(x // diagram.BOX_WIDTH, y) for x, y in corners}) == len(State)


def test_the_picture_needs_no_script_and_no_style():
    assert not {"script", "style"} & {element.tag.removeprefix(SVG) for element in picture().iter()}
    assert "style=" not in diagram.svg()


@pytest.mark.parametrize("name", ["haringey-2009", "working-together-2023"])
def test_a_book_in_words_leaves_nothing_out(name):
    rules, text = book(name), describe.book(book(name), england())
    titles = [*(clock.title for clock in rules.clocks.values()), *(one.title for one in rules.outcomes.values())]
    assert [title for title in titles if title not in text] == []
    assert [action for action in Action if action not in text] == []
    assert "| Friday | 08:45 to 16:45 |" in text


def test_a_calendar_without_holidays_says_so():
    assert "No holidays or closures." in describe.hours(nine_to_five())


def test_a_bar_in_a_title_does_not_break_a_table():
    assert describe.table(("a", "b"), [("x|y", "two\nlines")]).splitlines()[-1] == "| x\\|y | two lines |"
