"""How much waits on each list, for the page from which the lists are opened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlmodel import Session, col, func, select

from rules.vocabulary import ClockState, EventKind, State
from storage.queries import correction_rows, information_rows
from storage.queries.children import match_rows, oddity_rows
from storage.queries.children.oddity_rows import Hidden
from storage.queries.intake import outside_rows
from storage.queries.letters import letter_list_rows, print_queue_rows, returned_mail_rows
from storage.tables import Clock, OnwardReferral, Referral, Restriction

# One row of a list costs little; what is asked for is how many there are.
_ONE: Mapping[str, Any] = {"words": "", "offset": 0, "limit": 1}


def counts(session: Session, *, closed: Collection[int] = ()) -> Mapping[str, int]:
    """How many entries wait on each list, by the address of its page, for whom these children's records are closed."""
    return {path: count(session) for path, count in _COUNTS.items()} | {"/queries": _queries(session, closed)}


def _letters_owed(session: Session) -> int:
    return letter_list_rows.lines(session, owed_only=True, **_ONE)[1]


def _matches(session: Session) -> int:
    return match_rows.lines(session, tab="open", **_ONE)[1]


def _queries(session: Session, closed: Collection[int]) -> int:
    return oddity_rows.lines(session, settled=False, hidden=Hidden(children=closed), **_ONE)[1]


def _count(table: type[Any], *where: Any) -> Callable[[Session], int]:
    return lambda session: session.exec(select(func.count()).select_from(table).where(*where)).one()


_COUNTS: Mapping[str, Callable[[Session], int]] = {
    "/check-in": outside_rows.count_to_check_in,
    "/allocations": _count(Referral, col(Referral.state) == State.AWAITING_ALLOCATION),
    "/second-looks": _count(
        Clock, col(Clock.state) == ClockState.RUNNING, col(Clock.started_on) == EventKind.SECOND_LOOK_ASKED
    ),
    "/decision-questions": information_rows.count_questions,
    "/corrections": correction_rows.count_waiting,
    "/onward": _count(OnwardReferral, col(OnwardReferral.answered_at).is_(None)),
    "/letters?owed=yes": _letters_owed,
    "/print-queue": print_queue_rows.count,
    "/bounces": returned_mail_rows.waiting,
    "/matches": _matches,
    "/restricted": _count(Restriction, col(Restriction.lifted_at).is_(None)),
}
