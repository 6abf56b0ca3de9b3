"""From a book's TOML text to a Rulebook, and from a calendar's to a Calendar; every fault is told at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from rules import late_reasons
from rules.books import check
from rules.errors import Fault, RuleError
from rules.rulebook import (
    BreakGlass,
    CaseloadRule,
    CheckRule,
    ClockRule,
    ContactKind,
    Ladder,
    Limit,
    Outcome,
    Rulebook,
    Rung,
)
from rules.timing import calendar_terms, counting
from rules.timing.calendar import Calendar
from rules.toml_tables import Faults, Table
from rules.vocabulary import (
    Action,
    AlertKind,
    CheckKind,
    Condition,
    Effect,
    EventKind,
    NotApplicable,
    RestrictedAnswer,
    Role,
    Unit,
)

BOOK_KEYS = (
    "title", "version", "notes", "effective_from", "effective_to", "calendar", "out_of_hours_role",
    "levels_of_need", "ratings", "checks", "further_checks", "contact_kinds", "outcomes", "clocks", "caseload",
    "permissions", "ladders", "break_glass", "restricted", "late_reasons",
)  # fmt: skip
CLOCK_KEYS = (
    "title", "duty", "owed", "starts_on", "starts_when", "again_on", "stops_on", "stops_when", "limit",
    "limit_by_rating", "counts_from", "counting", "not_applicable_when", "reason_when_late", "source", "local", "hold",
    "ladder",
)  # fmt: skip
OUTCOME_KEYS = ("title", "effect", "paragraph", "next_steps", "required", "imported_as")
REQUIRED = ("primary need", "allocated worker", "receiver")
LADDER_REMEDY = 'list its rungs: ladder = [{ at = "when due", role = "duty manager" }]'
SYNTAX = re.compile(r"(.*) \(at (line \d+, column \d+|end of document)\)", re.DOTALL)
DEEPEST = 50
DEEP_TEXT = re.compile(r"(?:[\[{][^\n\[{]*){50}")
LONG_NUMBER = re.compile(r"[\d_]{4000}")
HOLD = timedelta(hours=4)
# Longer than any warning, so that a limit that could not be read makes no second fault.
NO_LIMIT = Limit(1_000_000, Unit.HOURS)
NO_LADDER = Ladder(name="", rungs=())


def parse(text: str, name: str) -> Rulebook:
    """The book ``name`` of a TOML text.

    Raises RuleError with every fault at once, each with its place (``clocks.decision.ladder[2].role``) and a remedy; a
    fault of TOML's own syntax stops at the first and names the line.
    """
    faults = Faults()
    book = _book(Table(terms_of(text), "", faults), name)
    found = faults.found + check.faults_of(book, already=frozenset(fault.place for fault in faults.found))
    if found:
        raise RuleError(found)
    return book


def parse_calendar(text: str, name: str) -> Calendar:
    """The calendar ``name`` of a TOML text; raises RuleError with every fault at once, NeverOpens without hours."""
    terms = terms_of(text)
    if faults := list(check.version_faults(str(terms.get("version", "")))):
        raise RuleError(faults)
    return calendar_terms.calendar_from_terms({**terms, "name": name})


def kept(text: str, name: str) -> Rulebook:
    """The book of a text that was published: read as it is, not judged again by what a later release finds wrong.

    Raises RuleError only for what can't be read at all.
    """
    faults = Faults()
    book = _book(Table(terms_of(text), "", faults), name)
    if faults.found:
        raise RuleError(faults.found)
    return book


def terms_of(text: str) -> Mapping[str, Any]:
    """What a TOML text says; raises RuleError, with the line, for what is no TOML or can be no book."""
    try:
        terms = tomllib.loads(text)
    except RecursionError:
        raise RuleError([_too_deep(f"line {_line_of(text, DEEP_TEXT)}")]) from None
    except tomllib.TOMLDecodeError as error:
        match = SYNTAX.fullmatch(str(error))
        problem, place = (match[1], match[2]) if match else (str(error), "the file")
        remedy = "check quotation marks, brackets, commas and key = value on that line and the one before"
        raise RuleError([Fault(place=place, problem=f"this is not TOML: {problem}", remedy=remedy)]) from None
    except ValueError:
        place, problem = f"line {_line_of(text, LONG_NUMBER)}", "this number has thousands of digits"
        raise RuleError([Fault(place=place, problem=problem, remedy="write the number that is meant")]) from None
    for key, value in terms.items():
        if _depth(value) > DEEPEST:
            raise RuleError([_too_deep(key)])
    return terms


def _too_deep(place: str) -> Fault:
    return Fault(
        place=place, problem="tables and lists stand in one another too deep", remedy="take the inner ones out"
    )


def _line_of(text: str, sign: re.Pattern[str]) -> int:
    found = sign.search(text)
    return text.count("\n", 0, found.start() if found else 0) + 1


def _depth(value: object) -> int:
    """How deep tables and lists stand in one another; step by step, as the deep ones are what it looks for."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        inner = [one.values() if isinstance(one, Mapping) else one for one in level if isinstance(one, Mapping | list)]
        depth, level = depth + 1, [value for values in inner for value in values]
    return depth


def _book(table: Table, name: str) -> Rulebook:
    table.only(*BOOK_KEYS)
    levels = table.table("levels_of_need", needed='write [levels_of_need] and below it 1 = "..."')
    return Rulebook(
        name=name,
        title=table.text("title"),
        version=table.text("version", remedy='write version = "1", a new one for each change'),
        notes=table.text("notes", default=""),
        effective_from=table.day("effective_from", needed=True) or date.min,
        effective_to=table.day("effective_to", needed=False),
        calendar=table.text("calendar", remedy='write calendar = "england"'),
        out_of_hours_role=table.word("out_of_hours_role", Role) if "out_of_hours_role" in table.values else None,
        levels_of_need=_texts(levels),
        ratings=_texts(table.table("ratings")),
        checks=_checks(table.table("checks")),
        further_checks=_checks(table.table("further_checks")),
        contact_kinds={code: _contact_kind(code, entry) for code, entry in table.table("contact_kinds").tables()},
        outcomes=_outcomes(table.table("outcomes", needed="write [outcomes.no-further-action] and its keys below")),
        clocks=_clocks(table.table("clocks", needed="write [clocks.decision] and its keys below")),
        caseload=_caseload(table.table("caseload", needed="write [caseload] with limit and ladder below")),
        permissions=_permissions(table.table("permissions", needed="write [permissions] and who may do what below")),
        ladders=_ladders(table.table("ladders")),
        break_glass=_break_glass(table.table("break_glass")),
        restricted=(table.word("restricted", RestrictedAnswer) if "restricted" in table.values else None)
        or RestrictedAnswer.TOLD,
        late_reasons=_texts(table.table("late_reasons")) or late_reasons.SHIPPED,
    )


def _texts(table: Table) -> dict[str, str]:
    return {key: table.text(key) for key in table.values}


def _checks(table: Table) -> tuple[CheckRule, ...]:
    read = [(table.as_word(key, key, CheckKind), table.text(key)) for key in table.values]
    return tuple(CheckRule(kind=kind, title=title) for kind, title in read if kind is not None)


def _contact_kind(code: str, table: Table) -> ContactKind:
    table.only("title", "checks")
    return ContactKind(code=code, title=table.text("title"), checks=table.words("checks", CheckKind))


def _outcomes(table: Table) -> dict[str, Outcome]:
    return {code: _outcome(code, entry) for code, entry in table.tables()}


def _outcome(code: str, table: Table) -> Outcome:
    table.only(*OUTCOME_KEYS)
    required = table.texts("required")
    for at, fact in enumerate(required):
        if fact not in REQUIRED:
            table.fault(f"required[{at}]", f"no such fact {fact!r}", f"use one of: {', '.join(REQUIRED)}")
    return Outcome(
        code=code,
        title=table.text("title"),
        effect=table.word("effect", Effect) or Effect.CLOSE,
        paragraph=table.text("paragraph", remedy="say what a professional referrer reads about this outcome"),
        next_steps=table.text("next_steps", remedy="say what a professional referrer reads about what happens next"),
        required=frozenset(required),
        imported_as=table.texts("imported_as"),
    )


def _clocks(table: Table) -> dict[str, ClockRule]:
    return {kind: _clock(kind, entry) for kind, entry in table.tables()}


def _clock(kind: str, table: Table) -> ClockRule:
    table.only(*CLOCK_KEYS)
    return ClockRule(
        kind=kind,
        title=table.text("title"),
        duty=table.text("duty", remedy="name what is owed in a word, such as decision"),
        owed=table.text("owed", remedy="say in a sentence what is owed"),
        starts_on=table.word("starts_on", EventKind) or EventKind.RECEIVED,
        stops_on=table.word("stops_on", EventKind) or EventKind.CLOSED,
        starts_when=table.word("starts_when", Condition) if "starts_when" in table.values else None,
        stops_when=table.word("stops_when", Condition) if "stops_when" in table.values else None,
        again_on=table.words("again_on", EventKind),
        counts_from=table.word("counts_from", EventKind) if "counts_from" in table.values else None,
        limit=table.limit("limit") or NO_LIMIT,
        limit_by_rating=_limits(table.table("limit_by_rating")),
        ladder=_ladder(kind, table),
        reason_when_late=table.truth("reason_when_late"),
        counting=counting.read(table.table("counting")),
        not_applicable_when=table.words("not_applicable_when", NotApplicable),
        source=table.text("source", default=""),
        local=table.truth("local"),
    )


def _limits(table: Table) -> dict[str, Limit]:
    return {key: table.limit(key) or NO_LIMIT for key in table.values}


def _ladder(name: str, table: Table) -> Ladder:
    rungs = [_rung(entry) for entry in table.list_of_tables("ladder", remedy=LADDER_REMEDY)]
    return Ladder(name=name, rungs=tuple(rungs), hold=table.duration("hold", default=HOLD) or HOLD)


def _rung(table: Table) -> Rung:
    table.only("at", "role", "repeat", "local")
    return Rung(
        offset=table.offset("at") or timedelta(0),
        role=table.word("role", Role) or Role.DUTY_MANAGER,
        repeat=table.duration("repeat"),
        local=table.truth("local"),
    )


def _caseload(table: Table) -> CaseloadRule:
    if not table.values:
        return CaseloadRule(limit=1, ladder=NO_LADDER)
    table.only("limit", "source", "hold", "ladder")
    return CaseloadRule(
        limit=table.whole("limit", least=1), ladder=_ladder("caseload", table), source=table.text("source", default="")
    )


def _break_glass(table: Table) -> BreakGlass:
    usual = BreakGlass()
    table.only("role", "lasts", "review")
    return BreakGlass(
        role=(table.word("role", Role) if "role" in table.values else None) or usual.role,
        lasts=table.duration("lasts", default=usual.lasts) or usual.lasts,
        review=table.duration("review", default=usual.review) or usual.review,
    )


def _permissions(table: Table) -> dict[Action, frozenset[Role]]:
    read = ((table.as_word(key, key, Action), table.words(key, Role)) for key in table.values)
    return {action: roles for action, roles in read if action is not None}


def _ladders(table: Table) -> dict[str, Ladder]:
    ladders: dict[str, Ladder] = {}
    for kind, entry in table.tables():
        table.as_word(kind, kind, AlertKind)
        entry.only("hold", "ladder")
        ladders[kind] = _ladder(kind, entry)
    return ladders
