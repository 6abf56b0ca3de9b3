"""``pathway rules check``: every fault of a book or calendar, and what should be looked at before it is published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from pathway.cli import rule_files
from pathway.cli.speech import harmless
from rules.books import notices, parse
from rules.errors import Fault, InvalidInput, PathwayError, RuleError
from rules.rulebook import Rulebook
from rules.words import counted

FAULTY = 2
NO_NOTICE = "notices are no faults: look at each, and publish when it is meant"


@contextmanager
def faults_told() -> Iterator[None]:
    """Prints what is wrong on standard error, a fault a line, and ends with exit code 2."""
    try:
        yield
    except PathwayError as error:
        for fault in _faults(error):
            typer.echo(harmless(str(fault)), err=True)
        raise typer.Exit(FAULTY) from None


def _faults(error: PathwayError) -> tuple[Fault | str, ...]:
    return error.faults if isinstance(error, RuleError | InvalidInput) else (str(error),)


def check(
    file: Annotated[str, typer.Argument(help="A book or a calendar: a file, or the name of a shipped book.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON instead of words.")] = False,
) -> None:
    """Name every fault of a book or calendar, each with its place and what to do about it, and notices beside them.

    A notice is what may be meant and should be looked at: nothing watches the decision, somebody is told at night who
    may not answer, a title says another limit than the clock has, a clock differs from the book in force here.
    Exit code 0 without faults, 2 with.

    Example: `pathway rules check my-council.toml`
    """
    if as_json:
        _as_json(file)
        return
    with faults_told():
        sound, found = _checked(file)
    typer.echo(f"{file}: {sound}")
    for line in notice_lines(found):
        typer.echo(harmless(line))


def _as_json(file: str) -> None:
    faults: tuple[Fault | str, ...] = ()
    found: Sequence[Fault] = ()
    try:
        _, found = _checked(file)
    except PathwayError as error:
        faults = _faults(error)
    told = {"file": file, "faults": [_terms(one) for one in faults], "notices": [_terms(one) for one in found]}
    typer.echo(json.dumps(told, ensure_ascii=False))
    if faults:
        raise typer.Exit(FAULTY)


def _terms(one: Fault | str) -> dict[str, str]:
    if isinstance(one, str):
        return {"place": "", "problem": one, "remedy": ""}
    return {"place": one.place, "problem": one.problem, "remedy": one.remedy}


def _checked(file: str) -> tuple[str, list[Fault]]:
    """That the file has no fault, in words, and its notices. Raises NotFound, RuleError."""
    text, name = rule_files.text_of(file)
    if rule_files.is_calendar(text):
        calendar = parse.parse_calendar(text, name)
        return f"no faults. Open {sum(map(bool, calendar.week))} days a week in {calendar.zone}.", []
    book, _ = rule_files.checked(file)
    found = notices.notices_of(book, in_force=_in_force(book))
    told = f" {counted(len(found), 'notice')}:" if found else ""
    return f"no faults. {len(book.outcomes)} outcomes, {len(book.clocks)} clocks.{told}", found


def notice_lines(found: Sequence[Fault]) -> Iterator[str]:
    """Each notice on a line, and what notices are."""
    yield from (f"notice: {one}" for one in found)
    if found:
        yield f"({NO_NOTICE}.)"


def _in_force(book: Rulebook) -> Rulebook | None:
    """The book in force that this one would take the place of; None where no database is there, or it can't be read."""
    from pathway import settings  # checking a file needs neither settings nor a database, where none is there

    try:
        file = settings.load().file
        if file is not None and not file.exists():
            return None
        from pathway.cli import named_books

        return named_books.replaced_by(book.name)
    except PathwayError as error:
        typer.echo(harmless(f"note: Not compared with the book in force. {error}"), err=True)
        return None
