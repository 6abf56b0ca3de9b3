"""The figures that there are under the council's book: those of every council, and one for each of its duties."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pathway.engine import code_lists
from rules import late_reasons
from rules.errors import InvalidInput
from rules.figures import definitions, derive
from rules.figures.definitions import Definition
from rules.figures.periods import Period
from rules.rulebook import Rulebook
from storage.queries.figures.figure_rows import Wanted

NO_REASON = "No reason given yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How parts are called: by the book, and workers by number."""

    book: Rulebook
    workers: Mapping[int, str]


def defined(book: Rulebook, kinds: Iterable[str] = ()) -> Mapping[str, Definition]:
    """Every figure by its key. ``kinds``: duties of an earlier book that are counted as well."""
    found = dict(definitions.DEFINITIONS)
    for rule in book.clocks.values():
        one = definitions.of_clock(rule.kind, rule.title, rule.owed, rule.source)
        found[one.key] = one
    for kind in kinds:
        key = f"{derive.CLOCK}{kind}"
        if key not in found:
            title = kind.replace("_", " ").capitalize()
            found[key] = definitions.of_clock(kind, title, "A duty of an earlier rulebook.", "")
    return found


def find(book: Rulebook, key: str) -> Definition:
    """The figure with this key. Raises InvalidInput naming those that there are."""
    kinds = [key.removeprefix(derive.CLOCK)] if key.startswith(derive.CLOCK) else []
    found = defined(book, kinds)
    if key not in found or not key.isprintable():
        raise InvalidInput.of("figure", f"There is no figure {key[:40]!r}", f"Use one of: {', '.join(defined(book))}")
    return found[key]


def wanted(definition: Definition, period: Period, *parts: str, today: date) -> Wanted:
    """The condition of a figure, or of some parts of it: the same for its count and for its rows.

    What is judged counts only on days that are over: what falls due today is judged tomorrow.
    """
    start, end = period.start, period.end
    if definition.key == derive.CASELOADS:
        start = derive.ALWAYS.date()
        end = start.replace(day=2)
    elif definition.judged:
        end = min(end, today)
    return Wanted(figure=definition.key, parts=parts or None, start=start, end=end)


def part_name(definition: Definition, part: str, naming: Naming) -> str:
    """What a part of a figure is called."""
    if definition.parts is not None:
        return definition.parts.get(part, part)
    called = _CALLED.get(definition.key)
    return called(part, naming) if called else part.capitalize()


def _source(part: str, _: Naming) -> str:
    return f"{part} {code_lists.label(code_lists.REFERRAL_SOURCE, part)}"


def _outcome(part: str, naming: Naming) -> str:
    outcome = naming.book.outcomes.get(part)
    return outcome.title if outcome else part


def _reason(part: str, naming: Naming) -> str:
    return naming.book.late_reasons.get(part) or late_reasons.SHIPPED.get(part, part) or NO_REASON


def _worker(part: str, naming: Naming) -> str:
    return naming.workers.get(int(part) if part.isdecimal() else 0, f"Worker {part}")


_CALLED: Mapping[str, Callable[[str, Naming], str]] = {
    derive.CONTACTS: _source,
    derive.CHILDREN: _source,
    derive.HOURS: lambda part, _: f"{part}:00 to {part}:59",
    derive.OUTCOMES: _outcome,
    derive.REASONS: _reason,
    derive.CASELOADS: _worker,
}
