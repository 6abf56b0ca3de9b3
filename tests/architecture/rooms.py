"""The picture of the engine's areas in ``docs/architecture.md``: ``make docs`` draws it anew from the imports."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

import grimp

from support import source

PAGE = source.ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn by make docs: begin -->\n", "<!-- drawn by make docs: end -->\n"
ENGINE = "pathway.engine"


def arrows() -> dict[str, set[str]]:
    """For each area of the engine, and each module of its spine, what it imports of the others."""
    graph = grimp.build_graph("pathway", cache_dir=None)
    rooms = {name: {name, *graph.find_descendants(name)} for name in graph.find_children(ENGINE)}
    room_of = {module: room for room, modules in rooms.items() for module in modules}
    found: dict[str, set[str]] = {room.rpartition(".")[2]: set() for room in rooms}
    for module, room in room_of.items():
        for imported in graph.find_modules_directly_imported_by(module):
            if room_of.get(imported, room) != room:
                found[room.rpartition(".")[2]].add(room_of[imported].rpartition(".")[2])
    return found


def floors(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """The areas by floor, the ground floor last: nothing imports its own floor or one above it. No circles."""
    height: dict[str, int] = {}
    for room in TopologicalSorter(imports).static_order():
        height[room] = 1 + max((height[below] for below in imports[room]), default=-1)
    return [sorted(room for room in height if height[room] == floor) for floor in range(max(height.values()), -1, -1)]


def stairs(imports: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """The arrows that no way over a third area stands for: what is left is what the eye can follow."""
    for room in sorted(imports):
        beyond = {far for near in imports[room] for far in _reached(imports, near)}
        yield from ((room, below) for below in sorted(imports[room] - beyond))


def _reached(imports: Mapping[str, set[str]], room: str) -> set[str]:
    return {far for near in imports[room] for far in {near, *_reached(imports, near)}}


def picture() -> str:
    """The Mermaid text between the two marks of the page, with its caption."""
    imports = arrows()
    count = sum(map(len, imports.values()))
    rows = [_floor(number, row) for number, row in enumerate(floors(imports))]
    lines = ["```mermaid", "flowchart TB", *rows, *(f"    {one} --> {other}" for one, other in stairs(imports)), "```"]
    told = f"{len(imports)} boxes on {len(rows)} floors, {count} arrows; those that others imply are left out."
    return "\n".join([*lines, "", told, ""])


def _floor(number: int, row: list[str]) -> str:
    return f'    subgraph floor{number}[" "]\n        {" ~~~ ".join(row)}\n    end'


def drawn(page: str) -> str:
    """The page with the picture as the code is now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{picture()}{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(drawn(PAGE.read_text()))
    sys.stdout.write(f"Drew the areas of the engine in {PAGE.relative_to(source.ROOT)}.\n")
