"""``pathway rules``: read, check and try out rulebooks, and work out due moments. Needs no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pathway.cli import rule_files
from pathway.cli.groups import LazyGroup
from pathway.cli.rulebooks import book_check
from pathway.cli.rulebooks.book_check import faults_told
from pathway.cli.table import RULES
from rules.books import batch, describe, diagram
from rules.books.batch import Answerer
from rules.errors import InvalidInput
from rules.rulebook import Rulebook
from rules.timing import explain as explaining
from rules.timing import timescales
from rules.timing.calendar import Calendar
from rules.timing.explain import Explanation, utc_text
from rules.timing.timescales import LedgerEntry
from rules.toml_tables import limit_of
from rules.vocabulary import EventKind


class _Rules(LazyGroup):
    areas = RULES


app = typer.Typer(
    name="rules",
    cls=_Rules,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Read, check and try out rulebooks; work out due moments. None of these commands needs a database.",
)

Book = Annotated[str, typer.Option("--book", help="A shipped book (haringey-2009, working-together-2023) or a file.")]
Clock = Annotated[str, typer.Option("--clock", help="A clock of the book, such as decision.")]
From = Annotated[str, typer.Option("--from", help="When it started, with a time zone: 2009-04-09T17:10:00+01:00.")]
Rating = Annotated[str, typer.Option("--rating", help="How urgent the referral is, where the book rates: red.")]
Pauses = Annotated[
    list[str] | None, typer.Option("--pause", help="A pause FROM/TO, open without a TO. May be given several times.")
]
Extensions = Annotated[
    list[str] | None,
    typer.Option("--extend", help='An extension such as "5 working days". May be given several times.'),
]
AsAt = Annotated[str | None, typer.Option("--as-at", help="When a pause that is still open is looked at.")]
AsJson = Annotated[bool, typer.Option("--json", help="One line of JSON instead of words.")]
Batch = Annotated[bool, typer.Option("--batch", help="Answer each JSON line of standard input with a line.")]


class Format(StrEnum):
    """How a diagram is drawn."""

    MERMAID = "mermaid"
    SVG = "svg"


app.command()(book_check.check)


@app.command()
def show(
    book: Annotated[str, typer.Argument(help="A shipped book, NAME@VERSION for a published one, or a file.")],
) -> None:
    """Print a whole book in words: clocks, who is told and when, outcomes, who may do what, opening hours.

    Example: `pathway rules show haringey-2009`
    """
    with faults_told():
        typer.echo(describe.book(*_book(book)))


def _book(name: str) -> tuple[Rulebook, Calendar]:
    """A shipped book or a file without a database, a published one from it."""
    if "@" not in name or rule_files.is_file(name):
        return rule_files.book_and_calendar(name)
    from pathway.cli import named_books  # slow to import, and hardly ever needed

    return named_books.read(name)


@app.command("diagram")
def draw(
    kind: Annotated[Format, typer.Option("--format", help="mermaid for documents, svg for a page.")] = Format.MERMAID,
) -> None:
    """Draw the pathway of a referral.

    Example: `pathway rules diagram --format svg > pathway.svg`
    """
    typer.echo(diagram.mermaid() if kind is Format.MERMAID else diagram.svg(), nl=False)


@app.command()
def document(
    write: Annotated[Path | None, typer.Option("--write", help="Write to this file instead of printing.")] = None,
) -> None:
    """Write the pathway and every shipped book as one Markdown page.

    Example: `pathway rules document --write docs/pathway.md`
    """
    with faults_told():
        text = rule_files.pathway_document()
        if write is None:
            typer.echo(text, nl=False)
            return
        write.write_text(text, encoding="utf-8")


@app.command()
def explain(
    *,
    book: Book,
    clock: Clock,
    start: From,
    rating: Rating = "",
    pauses: Pauses = None,
    extensions: Extensions = None,
    as_at: AsAt = None,
    as_json: AsJson = False,
) -> None:
    """Tell step by step how a due moment comes about.

    Example: `pathway rules explain --book haringey-2009 --clock decision --from 2009-04-09T17:10:00+01:00`
    """
    with faults_told():
        explained = _explained(book, clock, start, rating=rating, ledger=_ledger(pauses, extensions), as_at=as_at)
    if as_json:
        typer.echo(json.dumps(explained.to_terms()))
        return
    for number, sentence in enumerate(explained.sentences, start=1):
        typer.echo(f"{number}. {sentence}")


@app.command()
def due(
    *,
    book: Annotated[str, typer.Option("--book", help="A shipped book or a file.")] = "",
    clock: Annotated[str, typer.Option("--clock", help="A clock of the book, such as decision.")] = "",
    start: Annotated[str, typer.Option("--from", help="When it started, with a time zone.")] = "",
    rating: Rating = "",
    pauses: Pauses = None,
    extensions: Extensions = None,
    as_at: AsAt = None,
    as_json: AsJson = False,
    many: Batch = False,
) -> None:
    """Work out when a clock is due, or answer many such questions.

    One: `pathway rules due --book haringey-2009 --clock decision --from 2009-03-06T16:40:00Z`

    Many: `pathway rules due --batch < questions.jsonl`. A line names a book and a clock, or carries its own terms:

    `{"book": "haringey-2009", "clock": "decision", "from": "2009-03-06T16:40:00Z"}`

    `{"calendar": {"zone": "Europe/London", "week": {"mon": [["09:00", "17:00"]]}, "closed": "england"},
    "from": "2026-11-23T10:00:00Z", "limit": {"amount": 90, "unit": "working minutes"},
    "pauses": ["2026-11-23T11:00:00Z/2026-11-23T12:00:00Z"], "at_close": "close"}`

    A line that can't be answered gets `{"error": ...}`, and the rest go on.
    """
    if many:
        _answer_lines(_answerer().due)
        return
    with faults_told():
        _need(book=book, clock=clock, start=start)
        explained = _explained(book, clock, start, rating=rating, ledger=_ledger(pauses, extensions), as_at=as_at)
    typer.echo(json.dumps({"due": utc_text(explained.due_at)}) if as_json else explained.sentences[-1])


@app.command()
def between(
    *,
    book: Annotated[str, typer.Option("--book", help="A book, for the calendar that it counts by.")] = "",
    start: Annotated[str, typer.Option("--from", help="The first moment, with a time zone.")] = "",
    end: Annotated[str, typer.Option("--to", help="The second moment, with a time zone.")] = "",
    many: Batch = False,
) -> None:
    """Measure the office hours between two moments, in seconds.

    One: `pathway rules between --book haringey-2009 --from 2009-04-09T16:00:00Z --to 2009-04-14T09:00:00Z`

    Many: `pathway rules between --batch < questions.jsonl`, with lines such as

    `{"calendar": {"zone": "Europe/London", "week": {"mon": [["09:00", "17:00"]]}},
    "from": "2026-11-23T10:00:00Z", "to": "2026-11-23T11:30:00Z"}`, each answered with `{"working_seconds": 5400}`.
    """
    if many:
        _answer_lines(_answerer().between)
        return
    with faults_told():
        _need(book=book, start=start, end=end)
        _, calendar = rule_files.book_and_calendar(book)
        moments = batch.moment_of(start, "--from"), batch.moment_of(end, "--to")
        typer.echo(json.dumps({"working_seconds": batch.seconds_between(calendar, *moments)}))


def _answerer() -> Answerer:
    return Answerer(rule_files.book_and_calendar, rule_files.calendar_named)


def _answer_lines(answer: Callable[[str], str]) -> None:
    # Flushed line by line, so that a program may ask its next question when it has read the last answer.
    # Read as bytes: whatever the locale says, a line is UTF-8, and one that is not is answered like any other fault.
    for raw in sys.stdin.buffer:
        if not raw.isspace():
            sys.stdout.write(_answer(raw, answer) + "\n")
            sys.stdout.flush()


def _answer(raw: bytes, answer: Callable[[str], str]) -> str:
    try:
        return answer(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        told = f"This line is not UTF-8 text: byte {error.start + 1} can't be read. Save the questions as UTF-8."
        return json.dumps({"error": told})


def _need(**given: str) -> None:
    for name, value in given.items():
        if not value:
            option = {"start": "--from", "end": "--to"}.get(name, f"--{name}")
            raise InvalidInput.of(option, "it is missing", "give it, or --batch for JSON lines on standard input")


def _explained(
    book: str, clock: str, start: str, *, rating: str, ledger: tuple[LedgerEntry, ...], as_at: str | None
) -> Explanation:
    found, calendar = rule_files.book_and_calendar(book)
    rule = batch.clock_of(found, clock)
    return explaining.explain(
        batch.limit_of(rule, rating),
        batch.moment_of(start, "--from"),
        calendar,
        rule.counting,
        ledger=ledger,
        as_at=batch.moment_of(as_at, "--as-at") if as_at else None,
        event=str(EventKind.RATED if rating else rule.counts_from or rule.starts_on),
    )


def _ledger(pauses: list[str] | None, extensions: list[str] | None) -> tuple[LedgerEntry, ...]:
    return (
        *(batch.pause_of(text, "--pause") for text in pauses or ()),
        *(_extension(text) for text in extensions or ()),
    )


def _extension(text: str) -> LedgerEntry:
    limit = limit_of(text)
    if limit is None:
        raise InvalidInput.of("--extend", f"{text!r} can't be read", 'write "5 working days" or "24 hours"')
    return timescales.LedgerEntry(extension=limit)
