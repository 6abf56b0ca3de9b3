"""Columns that are not ours and whose names warn of something: an import is never safer than the old system was.

Local: no source says what an old system calls them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pathway.importing import problems
from pathway.importing.faults import FaultList
from pathway.importing.problems import Problem
from pathway.importing.reading import Line
from pathway.importing.texts import kept
from pathway.importing.values import NO, YES

NOTHING = NO | {"none", "nil", "n/a", "na", "-", "no risk", "no known risk"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """Names of columns, as bare letters, what is said of a value there, and which values say that nothing is wrong."""

    names: re.Pattern[str]
    problem: Problem
    harmless: frozenset[str] = NOTHING


# The first that fits a column counts.
SIGNS = (
    _Sign(
        names=re.compile("^(?!un).*(safeto|safecontact|okto|mayc|contactallowed)"),
        problem=problems.UNSAFE_THERE,
        harmless=YES | {""},
    ),
    _Sign(
        names=re.compile("donotcontact|dontcontact|nocontact|nottocontact|dnc$|unsafe|donotwrite|nomail"),
        problem=problems.UNSAFE_THERE,
    ),
    _Sign(
        names=re.compile("restrict|confidential|sensitive|sealed|lockeddown|nonpublic"),
        problem=problems.RESTRICTED_THERE,
    ),
    _Sign(
        names=re.compile("warn|alert|risk|hazard|danger|flag|protect|violen|safeguard"), problem=problems.WARNED_THERE
    ),
)


def look_at(line: Line, faults: FaultList) -> bool:
    """Names what a line's other columns warn of; True where nothing may be written to the referrer because of it."""
    unsafe = False
    for column, value in line.others.items():
        sign = _sign_of(column)
        if sign and kept(value).casefold() not in sign.harmless:
            faults.add_other(line, column, sign.problem, value=value)
            unsafe = unsafe or sign.problem is problems.UNSAFE_THERE
    return unsafe


def _sign_of(column: str) -> _Sign | None:
    name = re.sub("[^a-z]", "", column.casefold())
    return next((sign for sign in SIGNS if sign.names.search(name)), None)
