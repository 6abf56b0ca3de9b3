"""Which lines are one contact, and a fingerprint by which the same contact is known again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from pathway.importing.layout import ADDED, COLUMNS
from pathway.importing.reading import Line
from pathway.importing.texts import kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The lines of one ``contact_ref``, wherever they stood. ``doubled``: (later, first that says the same)."""

    ref: str
    lines: tuple[Line, ...]
    doubled: tuple[tuple[Line, Line], ...] = ()

    @property
    def sha256(self) -> str:
        """The same for the same values in any order and however often repeated; spaces around a value don't count."""
        rows = sorted(json.dumps(_key(line), ensure_ascii=False) for line in self.lines)
        return hashlib.sha256("\n".join(rows).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def as_json(self) -> str:
        """The values of each line by column, those that are not blank."""
        filled = [{name: said for name in COLUMNS if (said := kept(line.values[name]))} for line in self.lines]
        return json.dumps(filled, ensure_ascii=False)


@dataclass(slots=True)
class _Gathered:
    lines: dict[tuple[str, ...], Line] = field(default_factory=dict)
    doubled: list[tuple[Line, Line]] = field(default_factory=list)

    def add(self, line: Line) -> None:
        first = self.lines.setdefault(_key(line), line)
        if first is not line:
            self.doubled.append((line, first))


def group(lines: Iterable[Line]) -> list[Group]:
    """The contacts of a file, in the order of their first lines. Each line without a reference stands alone."""
    gathered: dict[tuple[str, int], _Gathered] = {}
    for line in lines:
        ref = kept(line.values["contact_ref"])
        gathered.setdefault((ref, 0 if ref else line.number), _Gathered()).add(line)
    return [
        Group(ref=ref, lines=tuple(found.lines.values()), doubled=tuple(found.doubled))
        for (ref, _), found in gathered.items()
    ]


def of_json(lines: str) -> Group:
    """The group that ``as_json`` told, numbered as if it stood alone in a file."""
    rows = [dict.fromkeys(COLUMNS, "") | row for row in json.loads(lines)]
    return Group(
        ref=rows[0]["contact_ref"],
        lines=tuple(
            Line(number=number, values=row, length=len(COLUMNS), columns=len(COLUMNS))
            for number, row in enumerate(rows, start=2)
        ),
    )


def _key(line: Line) -> tuple[str, ...]:
    always = tuple(line.values[column].strip() for column in COLUMNS if column not in ADDED)
    return always + tuple(f"{column}: {said}" for column in ADDED if (said := line.values[column].strip()))
