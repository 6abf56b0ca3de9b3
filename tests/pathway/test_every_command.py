"""Every command that somebody gives, found in the code, is asked the same four questions.

A row that nobody knows, somebody without a right, a page that is out of date, a second click: each is answered with a
sentence of ours, or with nothing, and none of them leaves anything behind.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from importlib import import_module
from typing import Any

import pytest

from pathway.engine.actors import Actor
from rules.errors import NotAllowed, NotFound, Stale
from support import source
from support.commands import BOOKS, SCENES, Call
from support.front_door import FrontDoor
from support.whole import contents

NOBODY = Actor(username="nobody", name="Nobody", roles=frozenset())
UNKNOWN = (0, -1, 987_654_321, 2**31, 2**62)
# These are about no row that there is: a new contact or person, the clock, a batch, somebody's own weekly figures.
ABOUT_NOTHING = {
    "logging_contact.log_contact",
    "account_changes.add",
    "clock_doubts.accept",
    "print_queue.keep",
    "team_changes.add_team",
    "team_changes.add_worker",
    "weekly_figures.choose",
    "saved_views.save",
}
# What a view was is kept nowhere: deleted once, it is not there to be deleted again.
GONE_AT_ONCE = {"saved_views.delete"}
# A part of logging a contact that asks for a right of its own.
PARTS = {"known_answers.lock"}


def commands() -> dict[str, Callable[..., Any]]:
    """The engine's public functions of an act that themselves ask whether somebody may, by module and name."""
    return {
        f"{path.stem}.{name}": getattr(import_module(".".join(path.with_suffix("").parts)), name)
        for path in source.modules("pathway")
        if path.parts[1] == "engine" and path.stem not in {"act", "following"}
        for name in _asking(source.tree_of(path))
        if f"{path.stem}.{name}" not in PARTS
    }


def _asking(tree: ast.Module) -> Iterator[str]:
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name, function in functions.items():
        of_an_act = [argument.arg for argument in function.args.args[:1]] == ["act"]
        if of_an_act and not name.startswith("_") and _asks(function, functions, frozenset()):
            yield name


def _asks(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef], seen: frozenset[str]) -> bool:
    called = [ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)]
    own = [functions[name] for name in called if name in functions and name not in seen]
    seen |= {function.name}
    return "act.require" in called or "NotAllowed" in called or any(_asks(one, functions, seen) for one in own)


COMMANDS = commands()


def test_every_command_stands_in_the_table_and_no_other():
    assert sorted(SCENES) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_answers_the_four_questions(open_sqlite_door: Callable[..., FrontDoor], name: str) -> None:
    door = open_sqlite_door("2009-03-10 09:00", book=BOOKS.get(name, "haringey-2009"))
    command, call = COMMANDS[name], SCENES[name](door)
    before = contents(door.database)
    if name not in ABOUT_NOTHING:
        for unknown in UNKNOWN:
            with pytest.raises(NotFound):
                give(door, command, call, subject=_about(call.subject, unknown))
    with pytest.raises(NotAllowed):
        give(door, command, call, by=NOBODY)
    if "version" in inspect.signature(command).parameters:
        with pytest.raises(Stale):
            give(door, command, call, version=-1)
    assert contents(door.database) == before
    give(door, command, call, token="one form")
    once = contents(door.database)
    assert once != before
    with pytest.raises(NotFound) if name in GONE_AT_ONCE else nullcontext():
        give(door, command, call, token="one form")
    assert contents(door.database) == once


def _about(subject: Any, unknown: int) -> Any:
    """The same as ``subject``, about a row that nobody knows: the first of several, or of a list."""
    match subject:
        case ((_,), *rest):
            return ((unknown,), *rest)
        case (_, *rest):
            return (unknown, *rest)
        case _:
            return unknown


def give(door: FrontDoor, command: Callable[..., Any], call: Call, *, subject: Any = None, **how: Any) -> None:
    """The command in an act of its own; ``how`` may say by whom else, with which token and at which version."""
    by, token = how.pop("by", call.by), how.pop("token", None)
    arguments, more = call.arguments(subject)
    with door.acting(by, token=token) as act:
        command(act, *arguments, **more, **how)
