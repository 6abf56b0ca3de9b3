"""What changes from one book to another: found as values, told in words. Versions, names and the file don't count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from rules.books import check_ladder, describe, diff_calendar
from rules.books.diff_values import Difference, among, changed
from rules.rulebook import CaseloadRule, CheckRule, ClockRule, ContactKind, Ladder, Outcome, Rulebook
from rules.timing import counting
from rules.timing.calendar import Calendar
from rules.vocabulary import Action

__all__ = ["Difference", "between"]

NOBODY = "nobody"
_Part = TypeVar("_Part")


def between(
    old: Rulebook, new: Rulebook, *, calendars: tuple[Calendar, Calendar] | None = None
) -> tuple[Difference, ...]:
    """Everything that is other in ``new`` than in ``old``, in a book's order; with ``calendars`` their days and hours.

    The empty tuple when both books hold the same rules, whatever they are called.
    """
    found = [
        *_head(old, new),
        *_parts("clocks", old.clocks, new.clocks, _Words("clock", _title, _clock_brief, _clock)),
        *_parts("outcomes", old.outcomes, new.outcomes, _Words("outcome", _title, _outcome_brief, _outcome)),
        *_parts(
            "contact_kinds", old.contact_kinds, new.contact_kinds, _Words("contact kind", _title, _kind_brief, _kind)
        ),
        *_parts("checks", _by_kind(old.checks), _by_kind(new.checks), _Words("check", _title, _title, _check)),
        *_parts("further_checks", _by_kind(old.further_checks), _by_kind(new.further_checks), _FURTHER),
        *_parts("ratings", old.ratings, new.ratings, _Words("rating", str, str, _rating)),
        *_parts("levels_of_need", old.levels_of_need, new.levels_of_need, _Words("level of need", str, str, _level)),
        *_caseload(old.caseload, new.caseload),
        *_parts("ladders", old.ladders, new.ladders, _Words("ladder", _nothing, _ladder_words, _other_ladder)),
        *_permissions(old, new),
    ]
    if calendars is not None:
        found += diff_calendar.between(*calendars)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Words:
    """How one kind of part is told: its name, its title, one line about a new or lost one, and what changed in one."""

    name: str
    title: Callable[[Any], str]
    brief: Callable[[Any], str]
    changes: Callable[[str, Any, Any], Iterator[Difference]]


def _parts(place: str, old: Mapping[Any, _Part], new: Mapping[Any, _Part], words: _Words) -> Iterator[Difference]:
    for key, part in old.items():
        if key not in new:
            yield Difference(place=f"{place}.{key}", what=f"{words.name} {key}", before=words.brief(part), after="")
        elif part != new[key]:
            yield from words.changes(f"{place}.{key}", part, new[key])
    for key in new:
        if key not in old:
            yield Difference(place=f"{place}.{key}", what=f"{words.name} {key}", before="", after=words.brief(new[key]))


def _head(old: Rulebook, new: Rulebook) -> Iterator[Difference]:
    yield from changed("title", "the title", old.title, new.title)
    yield from changed("effective_from", "the first day in force", old.effective_from, new.effective_from)
    yield from changed("effective_to", "the last day in force", old.effective_to or "", new.effective_to or "")
    yield from changed("calendar", "the calendar", old.calendar, new.calendar)
    yield from changed(
        "out_of_hours_role",
        "who is told out of hours instead of the duty manager",
        old.out_of_hours_role or NOBODY,
        new.out_of_hours_role or NOBODY,
    )
    for key, what in (("role", "who may break the glass"), ("lasts", "how long it lasts"), ("review", "its review")):
        yield from changed(f"break_glass.{key}", what, getattr(old.break_glass, key), getattr(new.break_glass, key))
    what = "what a search says of a restricted record that fits"
    yield from changed("restricted", what, old.restricted, new.restricted)
    what = "the reasons why something can be late"
    yield from changed("late_reasons", what, *("; ".join(one.late_reasons.values()) for one in (old, new)))
    yield from changed("notes", "the notes", old.notes, new.notes)


def _title(part: ClockRule | Outcome | CheckRule | ContactKind) -> str:
    return part.title


def _nothing(_: object) -> str:
    return ""


def _clock_brief(rule: ClockRule) -> str:
    unless = f", not when {', '.join(sorted(rule.not_applicable_when))}" if rule.not_applicable_when else ""
    limit, starts, stops = describe.limit_words(rule), describe.start_words(rule), describe.stop_words(rule)
    return f"{rule.title} ({limit} from {starts} until {stops}{unless})"


def _clock(place: str, old: ClockRule, new: ClockRule) -> Iterator[Difference]:
    clock = f"clock {new.kind}"
    yield from changed(f"{place}.limit", f"{clock}: the limit", *map(describe.limit_words, (old, new)))
    starts, stops = ((words(old), words(new)) for words in (describe.start_words, describe.stop_words))
    yield from changed(f"{place}.starts_on", f"{clock}: it starts on", *starts)
    yield from changed(f"{place}.stops_on", f"{clock}: it stops on", *stops)
    yield from among(
        f"{place}.not_applicable_when", f"{clock}: not when", old.not_applicable_when, new.not_applicable_when
    )
    for key in counting.KEYS:
        words = f"{clock}: {key.replace('_', ' ')}"
        yield from changed(f"{place}.counting.{key}", words, getattr(old.counting, key), getattr(new.counting, key))
    yield from _ladder(f"{place}.ladder", f"{clock}: the ladder", old.ladder, new.ladder)
    for key in ("title", "duty", "owed", "reason_when_late", "source", "local"):
        words = f"{clock}: {key.replace('_', ' ')}"
        yield from changed(f"{place}.{key}", words, _said(getattr(old, key)), _said(getattr(new, key)))


def _said(value: object) -> object:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _ladder(place: str, what: str, old: Ladder, new: Ladder) -> Iterator[Difference]:
    """The rungs that went and came, each in words, and how long an acknowledgement holds."""
    before, after = ([describe.rung_words(rung) for rung in ladder.rungs] for ladder in (old, new))
    gone = "; ".join(rung for rung in before if rung not in after)
    come = "; ".join(rung for rung in after if rung not in before)
    yield from changed(place, what, gone, come)
    hold = (check_ladder.in_words(ladder.hold) for ladder in (old, new))
    yield from changed(f"{place}.hold", f"{what}: an acknowledgement holds it for", *hold)


def _ladder_words(ladder: Ladder) -> str:
    return describe.ladder_words(ladder, begins="at once")


def _other_ladder(place: str, old: Ladder, new: Ladder) -> Iterator[Difference]:
    yield from _ladder(place, f"ladder {new.name}", old, new)


def _outcome_brief(outcome: Outcome) -> str:
    return f"{outcome.title} ({outcome.effect})"


def _outcome(place: str, old: Outcome, new: Outcome) -> Iterator[Difference]:
    outcome = f"outcome {new.code}"
    for key in ("title", "effect", "paragraph", "next_steps"):
        words = f"{outcome}: {key.replace('_', ' ')}"
        yield from changed(f"{place}.{key}", words, getattr(old, key), getattr(new, key))
    yield from among(f"{place}.required", f"{outcome}: it needs", old.required, new.required)
    yield from among(
        f"{place}.imported_as", f"{outcome}: old words for it", frozenset(old.imported_as), frozenset(new.imported_as)
    )


def _by_kind(checks: Iterable[CheckRule]) -> dict[str, CheckRule]:
    return {str(rule.kind): rule for rule in checks}


def _kind_brief(kind: ContactKind) -> str:
    return f"{kind.title}: {', '.join(sorted(kind.checks)) or 'no further checks'}"


def _kind(place: str, old: ContactKind, new: ContactKind) -> Iterator[Difference]:
    yield from changed(place, f"contact kind {new.code}", _kind_brief(old), _kind_brief(new))


def _check(place: str, old: CheckRule, new: CheckRule) -> Iterator[Difference]:
    yield from changed(place, f"check {new.kind}", old.title, new.title)


def _level(place: str, old: str, new: str) -> Iterator[Difference]:
    yield from changed(place, f"level of need {place.rpartition('.')[2]}", old, new)


def _rating(place: str, old: str, new: str) -> Iterator[Difference]:
    yield from changed(place, f"rating {place.rpartition('.')[2]}", old, new)


def _caseload(old: CaseloadRule, new: CaseloadRule) -> Iterator[Difference]:
    yield from changed(
        "caseload.limit", "the caseload of a full-time worker", f"{old.limit} children", f"{new.limit} children"
    )
    yield from _ladder("caseload.ladder", "the ladder of caseloads", old.ladder, new.ladder)
    yield from changed("caseload.source", "the source of the caseload", old.source, new.source)


def _permissions(old: Rulebook, new: Rulebook) -> Iterator[Difference]:
    for action in Action:
        before, after = (book.permissions.get(action, frozenset()) for book in (old, new))
        yield from among(f"permissions.{action}", f"who may {action}", before, after)


_FURTHER = _Words("further check", _title, _title, _check)
