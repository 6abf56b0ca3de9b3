"""What must be spelled in one place only."""

from __future__ import annotations

import ast

from support import source

ZONES = "rules/timing/zones.py"


def test_the_time_zone_of_the_front_door_stands_in_one_place():
    """Other places ask ``rules.timing.zones``; examples in help and messages say more than the name alone."""
    found = [
        f"{path}:{node.lineno}"
        for path in source.modules()
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.Constant) and node.value == "Europe/London" and str(path) != ZONES
    ]
    assert found == []
