"""A family of four screened and decided in a real browser: what it asks of a person is counted (performance.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import databases, desk
from support.by_hand import Hand
from support.desk import Desk
from support.front_door import MANAGER, FrontDoor, child_fields
from support.visitor import RealTime

pytestmark = pytest.mark.needs("chromium", "styles")
NAMES = ("Perdita", "Ambrose", "Fenella", "Cosmo")
WHY = "Three days without food, and nobody at home at night."


@pytest.fixture(scope="module")
def front(_migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A front door that knows nobody."""
    folder = tmp_path_factory.mktemp("family")
    with databases.sqlite_copy(_migrated_file, folder / "pathway.db") as database:
        yield desk.at(FrontDoor.opened(database, RealTime(), "2009-03-26 10:00"))  # type: ignore[arg-type]


def family(door):
    return door.log(
        children=[
            child_fields(
                name, surname="Thistlewood", birth_date=f"{2010 + 2 * n}-0{n + 3}-1{n}", address="8 Elm Road, N17 4QX"
            )
            for n, name in enumerate(NAMES)
        ]
    )


class Loads:
    """Counts the pages that a tab opens from now on."""

    def __init__(self, page):
        self.count = 0
        page.on("framenavigated", lambda frame: self._opened(frame is page.main_frame))

    def _opened(self, whole):
        self.count += whole


def test_a_family_of_four_is_screened_in_two_loads_and_decided_in_two(visitor, front):
    contact = family(front.door)
    page = visitor.sign_in(MANAGER).page
    loads, hand = Loads(page), Hand(page)
    page.goto(f"/contacts/{contact.ref}/screen")
    for check in ("history", "siblings", "already-open"):
        hand.click(f"all.{check}.made")
    hand.click_button("Record checks")
    assert (loads.count, hand.clicks, hand.tabs) == (2, 4, 0)

    assert page.url.endswith(f"/contacts/{contact.ref}/decide?notice=screened")
    loads, hand = Loads(page), Hand(page)
    page.reload()
    hand.click("reasons")
    hand.type(WHY, *("Info", "2", "", "") * len(NAMES))
    hand.click_button("Record decisions")
    assert (loads.count, hand.clicks, hand.tabs) == (2, 2, 16)
    assert [one.outcome for one in front.door.referrals(contact)] == ["information-and-advice"] * 4
