"""How much waits on each list, for the page from which the lists are opened."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from sqlmodel import Session, col, literal, select

from rules.vocabulary import ClockState, EventKind, State
from storage.queries import correction_rows, information_rows, keyset
from storage.queries.children import match_rows, oddity_rows
from storage.queries.children.oddity_rows import Hidden
from storage.queries.intake import outside_rows
from storage.queries.letters import print_queue_rows, returned_mail_rows
from storage.tables import Clock, ListedLetter, ListedReferral, OnwardReferral, Restriction
from storage.tables.lists.listed import Stage


def counts(session: Session, *, closed: Collection[int] = ()) -> Mapping[str, int]:
    """How many entries wait on each list, by the address of its page, for whom these children's records are closed.

    Of the lists that may be very long 1,001 stands for any more than a thousand.
    """
    queries = oddity_rows.count_open(session, Hidden(children=closed))
    return {path: count(session) for path, count in _COUNTS.items()} | {"/queries": queries}


def _letters_owed(session: Session) -> int:
    return keyset.count(session, select(ListedLetter.letter_id).where(col(ListedLetter.stage) == Stage.OWED))


def _count(table: type[Any], *where: Any) -> Callable[[Session], int]:
    return lambda session: keyset.count(session, select(literal(1)).select_from(table).where(*where))


_COUNTS: Mapping[str, Callable[[Session], int]] = {
    "/check-in": outside_rows.count_to_check_in,
    "/allocations": _count(ListedReferral, col(ListedReferral.state) == State.AWAITING_ALLOCATION),
    "/second-looks": _count(
        Clock, col(Clock.state) == ClockState.RUNNING, col(Clock.started_on) == EventKind.SECOND_LOOK_ASKED
    ),
    "/decision-questions": information_rows.count_questions,
    "/corrections": correction_rows.count_waiting,
    "/onward": _count(OnwardReferral, col(OnwardReferral.answered_at).is_(None)),
    "/letters?owed=yes": _letters_owed,
    "/print-queue": print_queue_rows.count_some,
    "/bounces": returned_mail_rows.waiting,
    "/matches": match_rows.count_open,
    "/restricted": _count(Restriction, col(Restriction.lifted_at).is_(None)),
}
