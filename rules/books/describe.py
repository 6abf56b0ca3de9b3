"""A whole book in words, as Markdown: what a service manager, an inspector and ``docs/pathway.md`` read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from rules import pathway
from rules.books import check_ladder, diagram
from rules.rulebook import ClockRule, Ladder, Outcome, Rulebook, Rung
from rules.timing import counting, spoken
from rules.timing.calendar import WEEKDAYS, Calendar
from rules.vocabulary import Action, Condition, RestrictedAnswer, Role

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NO_TIME = timedelta(0)
HEAD = """\
# The pathway and its rules

*Generated from the code's own tables by `pathway rules document`; `make docs` makes it anew, a test keeps it fresh. \
How to read and change a book: [rulebook.md](rulebook.md).*
"""


def document(books: Sequence[tuple[Rulebook, Calendar]]) -> str:
    """The pathway with its picture and its table, and every book."""
    return "\n".join([HEAD, transitions(), *(book(one, calendar) for one, calendar in books)]).rstrip() + "\n"


def transitions() -> str:
    """The pathway as Mermaid and as a table of its arrows."""
    rows = [
        (
            str(arrow.trigger),
            str(arrow.source),
            str(arrow.target),
            ", ".join(guard.name for guard in arrow.guards) or "-",
        )
        for arrow in pathway.TRANSITIONS
    ]
    picture = f"```mermaid\n{diagram.mermaid()}```\n"
    return f"## The pathway\n\n{picture}\n{table(('step', 'from', 'to', 'only with'), rows)}"


def book(rulebook: Rulebook, calendar: Calendar | None = None) -> str:
    """One book: clocks, ladders, outcomes, checks, levels of need, caseload, who is told, who may do what, hours."""
    parts = [
        f"## {rulebook.name}: {rulebook.title}\n",
        f"Version {rulebook.version}, in force {_in_force(rulebook)}. Counted by the calendar *{rulebook.calendar}*.\n",
        f"{rulebook.notes}\n" if rulebook.notes else "",
        _clocks(rulebook),
        _outcomes(rulebook.outcomes.values()),
        _section("Checks before a decision", [f"*{check.kind}*: {check.title}" for check in rulebook.checks]),
        _section("Checks that some contacts need as well", _further_checks(rulebook)),
        _section("Ratings, the most urgent first", [f"*{one}*: {text}" for one, text in rulebook.ratings.items()]),
        _section("Levels of need", [f"{level}: {title}" for level, title in rulebook.levels_of_need.items()]),
        _caseload(rulebook),
        _section("Who is told of other things", _other_ladders(rulebook)),
        _section("Breaking the glass of a restricted record", [*_glass(rulebook)]),
        _section("Why something can be late", [*rulebook.late_reasons.values()]),
        _permissions(rulebook),
        hours(calendar) if calendar else "",
    ]
    return "\n".join(part for part in parts if part)


def _glass(rulebook: Rulebook) -> Iterator[str]:
    glass = rulebook.break_glass
    lasts, review = spoken.length_words(glass.lasts), spoken.length_words(glass.review)
    yield f"{glass.role}, for {lasts}; another person reviews it within {review}"
    if rulebook.restricted is RestrictedAnswer.SILENT:
        yield "a search that fits a restricted record says nothing of it"


def _in_force(rulebook: Rulebook) -> str:
    begin = f"from {_date(rulebook.effective_from)}"
    return f"{begin} to {_date(rulebook.effective_to)}" if rulebook.effective_to else begin


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _clocks(rulebook: Rulebook) -> str:
    rows = [_clock_row(clock) for clock in rulebook.clocks.values()]
    clocks = table(("clock", "limit", "from", "until", "not when", "source"), rows)
    ladders = [f"*{clock.title}*: {ladder_words(clock.ladder)}" for clock in rulebook.clocks.values()]
    owed = [f"*{clock.title}*: {clock.owed}{_late(clock)}{_counting(clock)}" for clock in rulebook.clocks.values()]
    return f"### Clocks\n\n{clocks}\n{_bullets(owed)}\n### Who is told, and when\n\n{_bullets(ladders)}"


def _clock_row(clock: ClockRule) -> tuple[str, ...]:
    limit = f"{limit_words(clock)} (local)" if clock.local else limit_words(clock)
    unless = ", ".join(sorted(clock.not_applicable_when)) or "-"
    return (clock.title, limit, start_words(clock), stop_words(clock), unless, clock.source or "-")


def limit_words(clock: ClockRule) -> str:
    """The limit: 24 hours; from the rating 4 hours (red), 24 hours (amber)."""
    rated = ", ".join(f"{limit} ({rating})" for rating, limit in clock.limit_by_rating.items())
    return f"{clock.limit}; from the rating {rated}" if rated else str(clock.limit)


def start_words(clock: ClockRule) -> str:
    """What starts a clock: strategy discussion held, if enquiry started."""
    told = f"{clock.starts_on}{_if(clock.starts_when)}"
    told += f", counted from {clock.counts_from}" if clock.counts_from else ""
    return told + (f"; again on {', '.join(sorted(clock.again_on))}" if clock.again_on else "")


def stop_words(clock: ClockRule) -> str:
    """What stops a clock: child seen, if seen alone."""
    return f"{clock.stops_on}{_if(clock.stops_when)}"


def _if(condition: Condition | None) -> str:
    return f", if {condition}" if condition else ""


def _late(clock: ClockRule) -> str:
    return " Whoever does it late says why." if clock.reason_when_late else ""


def _counting(clock: ClockRule) -> str:
    chosen = {key: getattr(clock.counting, key) for key in counting.KEYS}
    usual = {key: getattr(type(clock.counting)(), key) for key in counting.KEYS}
    other = [f"{key.replace('_', ' ')}: {value}" for key, value in chosen.items() if value != usual[key]]
    return f" Counted with {', '.join(other)}." if other else ""


def _other_ladders(rulebook: Rulebook) -> list[str]:
    return [f"*{kind}*: {ladder_words(one, begins='at once')}" for kind, one in rulebook.ladders.items()]


def ladder_words(ladder: Ladder, *, begins: str = "when due") -> str:
    """A ladder in words: 6 hours before: screening officer; when due: duty manager."""
    rungs = "; ".join(rung_words(rung, begins=begins) for rung in ladder.rungs)
    return f"{rungs}. An acknowledgement holds it for {check_ladder.in_words(ladder.hold)}."


def rung_words(rung: Rung, *, begins: str = "when due") -> str:
    """A rung in words: 2 hours after: service manager (local)."""
    again = f", again every {check_ladder.in_words(rung.repeat)}" if rung.repeat else ""
    local = " (local)" if rung.local else ""
    if rung.offset == NO_TIME:
        return f"{begins}: {rung.role}{again}{local}"
    side = "before" if rung.offset < NO_TIME else "after"
    return f"{check_ladder.in_words(abs(rung.offset))} {side}: {rung.role}{again}{local}"


def _outcomes(outcomes: Iterable[Outcome]) -> str:
    found = list(outcomes)
    rows = [
        (
            one.title,
            one.code,
            str(one.effect),
            ", ".join(sorted(one.required)) or "-",
            ", ".join(one.imported_as) or "-",
        )
        for one in found
    ]
    overview = table(("outcome", "code", "effect", "needs", "old words"), rows)
    letters = _bullets(f"*{one.title}*: {one.paragraph} {one.next_steps}" for one in found)
    return f"### Outcomes\n\n{overview}\nWhat a professional referrer reads:\n\n{letters}"


def _further_checks(rulebook: Rulebook) -> list[str]:
    asked = [
        f"*{kind.title}* ({kind.code}): {', '.join(sorted(kind.checks)) or 'none'}"
        for kind in rulebook.contact_kinds.values()
    ]
    return [*(f"*{check.kind}*: {check.title}" for check in rulebook.further_checks), *asked]


def _caseload(rulebook: Rulebook) -> str:
    limit = f"{rulebook.caseload.limit} open children for a full-time worker ({rulebook.caseload.source})."
    told = f"Over it by a manager's decision: {ladder_words(rulebook.caseload.ladder, begins='at once')}"
    return f"### Caseload\n\n{limit} {told}\n"


def _permissions(rulebook: Rulebook) -> str:
    roles = [role for role in Role if any(role in may for may in rulebook.permissions.values())]
    rows = [
        (str(role), *("yes" if role in rulebook.permissions.get(action, ()) else "-" for action in Action))
        for role in roles
    ]
    return f"### Who may do what\n\n{table(('role', *map(str, Action)), rows)}"


def hours(calendar: Calendar) -> str:
    """The opening hours and days off of a calendar."""
    rows = [(name, spoken.hours_words(calendar, at)) for at, name in enumerate(DAY_NAMES[: len(WEEKDAYS)])]
    first, last = calendar.years
    closed = [_date(day) for day in sorted(calendar.closed)]
    closed += [f"{day} {date(2000, month, 1):%B} every year" for month, day in sorted(calendar.closed_every_year)]
    off = [f"{len(calendar.holidays)} holidays, known for {first} to {last}"] if calendar.holidays else []
    off += [f"closed on {', '.join(closed)}"] if closed else []
    off += (
        [f"open all the same on {', '.join(_date(day) for day in sorted(calendar.opened))}"] if calendar.opened else []
    )
    told = f"{'; '.join(off)}." if off else "No holidays or closures."
    return f"### Opening hours ({calendar.zone})\n\n{table(('day', 'hours'), rows)}\n{told}\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; bars and line breaks in its cells do no harm."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _bullets(lines: Iterable[str]) -> str:
    return "".join(f"- {' '.join(line.split())}\n" for line in lines)


def _section(title: str, lines: Sequence[str]) -> str:
    return f"### {title}\n\n{_bullets(lines)}" if lines else ""
