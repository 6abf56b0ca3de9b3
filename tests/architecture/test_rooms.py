"""The picture of the engine's areas is the one that the code draws."""

from __future__ import annotations

from architecture import rooms


def test_the_picture_of_the_areas_is_as_the_code_is():
    page = rooms.PAGE.read_text()
    assert rooms.drawn(page) == page, "run `make docs`, and commit docs/architecture.md"


def test_arrows_that_others_imply_are_left_out_and_floors_stand_on_each_other():
    imports = {"watch": {"clocks", "act"}, "clocks": {"act"}, "act": set()}
    assert list(rooms.stairs(imports)) == [("clocks", "act"), ("watch", "clocks")]
    assert rooms.floors(imports) == [["watch"], ["clocks"], ["act"]]
