"""Groups of commands of which each is loaded when it is asked for: help comes at once, and in the order of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command

LONGEST = 200
PLAIN: dict[str, Any] = {"add_completion": False, "rich_markup_mode": None, "pretty_exceptions_enable": False}


@dataclass(frozen=True, slots=True)
class Lazy:
    """A command or a group that is not loaded yet: ``module:name`` below ``pathway.cli``, and what help says of it."""

    target: str
    help: str

    def load(self, name: str) -> Any:
        """The command as the parser wants it; a group's help is this one, unless the group has a longer one."""
        module, _, attribute = self.target.partition(":")
        found = getattr(import_module(f"pathway.cli.{module}"), attribute)
        parent = typer.Typer(**PLAIN)
        parent.callback()(lambda: None)
        if isinstance(found, typer.Typer):
            parent.add_typer(found, name=name, help=found.info.help or self.help, no_args_is_help=True)
        else:
            parent.command(name)(found)
        return get_command(parent).commands[name]  # type: ignore[attr-defined]


class LazyGroup(TyperGroup):
    """A group that lists its commands by area without loading one of them."""

    areas: ClassVar[Mapping[str, Mapping[str, Lazy]]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order in which help shows them."""
        own = super().list_commands(ctx)
        return [*own, *(name for commands in self.areas.values() for name in commands)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, loaded now; None where there is none."""
        known = next((commands[cmd_name] for commands in self.areas.values() if cmd_name in commands), None)
        if known is not None and cmd_name not in self.commands:
            self.commands[cmd_name] = known.load(cmd_name)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Writes the group's own commands, and then each area under its heading."""
        lazy = {name for commands in self.areas.values() for name in commands}
        own = [(name, found.get_short_help_str(LONGEST)) for name, found in self.commands.items() if name not in lazy]
        width = max(len(name) for name in self.list_commands(ctx))
        for heading, rows in [("Commands", own), *((area, _rows(commands)) for area, commands in self.areas.items())]:
            if rows:
                with formatter.section(heading):
                    formatter.write_dl([(name.ljust(width), words) for name, words in rows])


def _rows(commands: Mapping[str, Lazy]) -> list[tuple[str, str]]:
    return [(name, lazy.help) for name, lazy in commands.items()]
