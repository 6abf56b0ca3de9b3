"""The board counted by hand, over every row there is: what its stored cards and its counters must be equal to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from pathway.engine.actors import Actor
from pathway.engine.watch import being_on_it
from storage.queries.board.part_rows import Families, Part
from storage.sessions import ReadSession
from storage.tables import (
    BoardCard,
    Clock,
    Contact,
    Information,
    Letter,
    LetterCancellation,
    LetterExcuse,
    OnIt,
    Referral,
    id_of,
)
from support import rows
from support.front_door import MANAGER, FrontDoor

Card = tuple[int, datetime | None, datetime | None]
OFF = {"allocated", "closed", "set aside"}
UNDECIDED = {"received", "screening", "awaiting decision"}


def by_hand(session: ReadSession) -> dict[int, Card]:
    """(rank, due, asked) of each contact that waits, by number."""
    found: dict[int, Card] = {}
    for contact in rows.everything(session, Contact):
        children = [one for one in rows.everything(session, Referral) if one.contact_id == contact.id]
        waiting = [one for one in children if not one.imported and one.state not in OFF]
        if waiting:
            numbers = {one.id for one in waiting}
            due = [
                one.due_at
                for one in rows.everything(session, Clock)
                if one.referral_id in numbers and one.state == "running"
            ]
            asks = any(one.state in UNDECIDED and one.named_by_referrer for one in waiting)
            asked = _asked(session, id_of(contact)) if asks else None
            found[id_of(contact)] = (0 if contact.immediate_danger else 1, min(due, default=None), asked)
    return found


def _asked(session: ReadSession, contact_id: int) -> datetime | None:
    stopped = {one.letter_id for table in (LetterCancellation, LetterExcuse) for one in session.exec(select(table))}
    told = [
        one.recorded_at
        for one in rows.everything(session, Information)
        if one.contact_id == contact_id and (one.from_referrer or one.answers)
    ]
    letters = [
        one.written_at
        for one in rows.everything(session, Letter)
        if one.contact_id == contact_id and one.kind == "missing information" and one.id not in stopped
    ]
    return max((one for one in letters if all(answer <= one for answer in told)), default=None)


def stored(session: ReadSession) -> dict[int, Card]:
    """The cards as they are kept, in the same form."""
    return {
        one.contact_id: (one.rank, one.due_at if one.due_at.year < 9000 else None, one.asked_at)
        for one in session.exec(select(BoardCard))
    }


def parts_by_hand(session: ReadSession, now: datetime) -> Mapping[Part, Sequence[int]]:
    """The contacts of each part in the order of the board."""
    cards = by_hand(session)
    never = datetime.max.replace(tzinfo=now.tzinfo)
    order = sorted(cards, key=lambda number: (cards[number][0], cards[number][1] or never, number))

    def left(number: int) -> timedelta:
        return (cards[number][1] or never) - now

    is_in: dict[Part, Any] = {
        Part.ALL: lambda _: True,
        Part.DANGER: lambda number: cards[number][0] == 0,
        Part.LATE: lambda number: left(number) <= timedelta(0),
        Part.SOON: lambda number: timedelta(0) < left(number) <= timedelta(hours=4),
        Part.LATER: lambda number: left(number) > timedelta(hours=4),
        Part.ASKED: lambda number: cards[number][2] is not None,
    }
    return {part: [number for number in order if is_in[part](number)] for part in Part}


def parts_asked(session: ReadSession, now: datetime) -> tuple[Mapping[Part, int], Mapping[Part, Sequence[int]]]:
    """How many the product says there are in each part, and which."""
    families = {part: Families(part, now) for part in Part}
    counts = {part: one.count(session).number for part, one in families.items()}
    return counts, {part: [card.contact_id for card in one.page(session, size=500)] for part, one in families.items()}


def take(door: FrontDoor, contact: Contact, by: Actor = MANAGER) -> OnIt:
    """Somebody says "I am on it"."""
    with door.acting(by) as act:
        return being_on_it.take(act, id_of(contact))


def give_back(door: FrontDoor, contact: Contact, by: Actor = MANAGER) -> bool:
    """Somebody gives it back."""
    with door.acting(by) as act:
        return being_on_it.give_back(act, id_of(contact))
