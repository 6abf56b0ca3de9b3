"""What somebody who leaves holds, each with those to whom it can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathway.engine.staff import held
from pathway.engine.staff.held import Held, Leaver
from pathway.web.views import worker_choices_view
from rules.rulebook import Rulebook
from rules.vocabulary import Role
from storage.queries.casework import transfer_rows
from storage.queries.staff import staff_list_rows, staff_rows
from storage.sessions import ReadSession
from storage.tables import Referral, id_of

Option = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Who leaves, what they hold, and to whom it can go; ``waiting`` says which transfer of a child ends."""

    leaver: Leaver
    held: Held
    workers: Sequence[Option]
    people: Sequence[Option]
    waiting: dict[str, str]
    last_administrator: bool


def page(session: ReadSession, leaver: Leaver, book: Rulebook) -> Page:
    """Everything on the form, of which the leaver is no choice."""
    holds = held.now_by(session, leaver)
    workers = [
        (f"worker:{choice.worker.id}", choice.words)
        for choice in worker_choices_view.of_all(session, book.caseload)
        if choice.worker.id not in leaver.worker_ids
    ]
    people = [
        (f"user:{line.user.id}", f"{line.user.name}: {', '.join(line.roles)}")
        for line in staff_list_rows.lines(session)
        if line.user.active and line.user != leaver.user
    ]
    referrals = [referral for referral, _ in holds.children] + [referral for _, referral in holds.transfers]
    return Page(
        leaver=leaver,
        held=holds,
        workers=workers,
        people=people,
        waiting={referral.ref: _waiting(session, referral) for referral in referrals},
        last_administrator=_last_administrator(session, leaver),
    )


def _waiting(session: ReadSession, referral: Referral) -> str:
    line = transfer_rows.open_line(session, id_of(referral))
    return f"from {line.from_worker} to {line.to}" if line is not None else ""


def _last_administrator(session: ReadSession, leaver: Leaver) -> bool:
    return leaver.user is not None and staff_rows.holders(session, Role.ADMINISTRATOR) == [leaver.user]
