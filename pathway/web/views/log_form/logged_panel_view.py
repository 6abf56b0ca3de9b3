"""What is said once a contact is logged: the reference, what is promised by when, and what is to be settled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.actors import Actor
from pathway.engine.intake import same_call
from pathway.web.views.log_form import beside_view
from pathway.web.views.log_form.beside_view import Call
from pathway.web.views.record_view import ContactPage
from storage.queries.children import match_rows
from storage.sessions import ReadSession
from storage.tables import Person, ProposedMatch, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What is owed by when; ``children`` are the numbers of those it is owed for, empty for all."""

    title: str
    due_at: datetime
    children: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSettle:
    """One possible match of a child of the contact."""

    child: Person
    other: Person
    match: ProposedMatch


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the panel says; the reference is the contact's."""

    promises: Sequence[Promise]
    to_settle: Sequence[ToSettle]
    calls: Sequence[Call]


def panel(
    session: ReadSession, page: ContactPage, actor: Actor, *, closed: Collection[int], now: datetime
) -> Panel | None:
    """The panel for whoever logged the contact; nobody else is told what was promised on the telephone."""
    if page.contact.recorded_by != actor.username:
        return None
    said = same_call.of_contact(session, actor, page.contact, now=now)
    return Panel(
        promises=_promises(page),
        to_settle=_to_settle(session, page, closed),
        calls=beside_view.calls(said, username=actor.username, now=page.contact.recorded_at),
    )


def _promises(page: ContactPage) -> Sequence[Promise]:
    owed: dict[tuple[datetime, str], list[int]] = {}
    for number, (_, _, clocks) in enumerate(page.children, start=1):
        for view in (one for one in clocks if one.is_running):
            owed.setdefault((view.clock.due_at, view.title), []).append(number)
    everybody = len(page.children)
    return [
        Promise(title=title, due_at=due_at, children=[] if len(numbers) == everybody else numbers)
        for (due_at, title), numbers in sorted(owed.items())
    ]


def _to_settle(session: ReadSession, page: ContactPage, closed: Collection[int]) -> Sequence[ToSettle]:
    return [
        ToSettle(child=person, other=other, match=match)
        for _, person, _ in page.children
        for match, other in match_rows.open_of(session, id_of(person))
        if other.id not in closed
    ]
