"""Where ``make nightly`` changes the code on purpose, how, and which tests are asked first."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, groupby, islice
from pathlib import Path

from attrs import evolve
from cosmic_ray import commands
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import MutationSpec

from support import source

# Changes that no test can see, or that any import sees: ``X | None`` is no sum, ``is`` does for ``==`` where there is
# one of each, and a decorator is a cache or a dataclass.
POINTLESS = re.compile(
    r"core/(ReplaceBinaryOperator_BitOr_.*|RemoveDecorator|ReplaceComparisonOperator_(Is|IsNot)_(Eq|NotEq)"
    r"|ReplaceComparisonOperator_(Eq|NotEq)_(Is|IsNot))"
)


# The coordinates of a picture: eyes judge them.
LEFT_OUT = {"__init__", "diagram"}


@dataclass(frozen=True)
class Area:
    """Modules that are changed, and the tests most likely to notice; both as patterns below the root."""

    modules: tuple[str, ...]
    tests: tuple[str, ...]

    def files(self, root: Path) -> list[Path]:
        """The modules that there are, relative to the root."""
        found = {path for pattern in self.modules for path in root.glob(pattern) if path.stem not in LEFT_OUT}
        return sorted(path.relative_to(root) for path in found)


def _engine(*names: str) -> tuple[str, ...]:
    return tuple(f"pathway/engine/{name}" for name in names)


def _flows(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/flows/test_{name}.py" for name in names)


RULES = Area(("rules/**/*.py",), ("tests/rules",))
CLOCKS = Area(
    _engine("clocks.py", "due_clocks.py", "milestones/later_clocks.py"),
    _flows("decided_within*", "told_in_writing*", "later_clocks", "duties*", "ratings"),
)
LADDERS = Area(
    _engine("alerts/*.py"),
    _flows("a_manager_is_told*", "a_caseload*", "alerts*", "quiet_hours", "digest"),
)
RIGHTS = Area(
    _engine("act.py", "permissions.py", "record_access.py", "children/restricting.py"),
    _flows("restricted_records", "a_wrong_decision", "transfer", "unsafe_to_contact"),
)
LETTERS = Area(
    _engine("letters/*.py"),
    _flows("told_in_writing*", "what_letters_tell", "letters_by_choice", "safe_email", "no_way_to_write"),
)
# Of six places two are in the rules.
AREAS = (RULES, CLOCKS, RULES, LADDERS, RIGHTS, LETTERS)


def area_of(module: Path, root: Path) -> Area:
    """The area that a module belongs to."""
    return next(area for area in AREAS if module in area.files(root))


def chosen(root: Path, folder: Path, *, seed: int, number: int) -> list[MutationSpec]:
    """One change at each of that many places, the areas in turn; the same for the same seed and code."""
    dice = random.Random(seed)
    shuffled = {area: _one_a_place(area, root, folder, dice) for area in dict.fromkeys(AREAS)}
    turns = (next(shuffled[area], None) for area in islice(cycle(AREAS), number))
    return [change for change in turns if change]


def _one_a_place(area: Area, root: Path, folder: Path, dice: random.Random) -> Iterator[MutationSpec]:
    changes = sorted(_changes(area, root, folder), key=lambda change: (_place(change), change.operator_name))
    places = [list(at_one) for _, at_one in groupby(changes, key=_place)]
    for place in dice.sample(places, len(places)):
        in_turn = dice.sample(place, len(place))
        yield from islice((change for change in in_turn if _keeps_signatures(change, root)), 1)


def _keeps_signatures(change: MutationSpec, root: Path) -> bool:
    """Not so where the star before keyword arguments was taken for a product: every call notices that."""
    operator = get_operator(change.operator_name)(**change.operator_args)
    text = (root / change.module_path).read_text("utf-8")
    try:
        return _signatures(mutate_code(text, operator, change.occurrence)) == _signatures(text)
    except SyntaxError:
        return False


def _signatures(text: str) -> list[tuple[int, int, int]]:
    kinds = [function.args for function in source.functions(ast.parse(text))]
    return [(len(each.posonlyargs), len(each.args), len(each.kwonlyargs)) for each in kinds]


def _place(change: MutationSpec) -> tuple[str, tuple[int, int]]:
    return str(change.module_path), change.start_pos


def _changes(area: Area, root: Path, folder: Path) -> list[MutationSpec]:
    """Every change that cosmic-ray knows to make in an area and that some test might see."""
    with use_db(str(folder / "every-change.sqlite")) as database:
        commands.init([root / path for path in area.files(root)], database, {})
        found = [change for item in database.work_items for change in item.mutations]
    return [
        evolve(change, module_path=change.module_path.relative_to(root))
        for change in found
        if not POINTLESS.fullmatch(change.operator_name)
    ]
