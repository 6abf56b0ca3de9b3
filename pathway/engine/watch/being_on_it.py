"""“I am on it”: who looks after a family on the board just now, for all to read.

It hides nothing and moves no clock: whoever may screen or decide may do so all the same. It lapses by itself, so that
nobody who went home keeps others away (local: half an hour).
"""

from __future__ import annotations

from pathway.engine.act import Act
from rules import board
from rules.errors import Refused
from rules.vocabulary import Action
from storage.queries.board import on_it_rows, part_rows
from storage.tables import OnIt

GONE = "Nothing of this contact waits on the board any more: every child is closed, allocated or set aside."


def take(act: Act, contact_id: int) -> OnIt:
    """Says that the actor is on it for half an hour from now; said again, from then.

    Raises Refused where somebody else is on it or nothing waits, NotAllowed, NotFound.
    """
    act.hold(contact_id)
    _require(act)
    if part_rows.by_contact(act.session, contact_id) is None:
        raise Refused([GONE])
    standing, until = on_it_rows.standing(act.session, contact_id), act.now + board.ON_IT_FOR
    if standing is not None and _holds(act, standing):
        if standing.username != act.actor.username:
            raise Refused([_taken(act, standing)])
        standing.until = until
        return standing
    who = act.actor
    row = OnIt(contact_id=contact_id, username=who.username, name=who.name, taken_at=act.now, until=until)
    return _begin(act, standing, row)


def give_back(act: Act, contact_id: int) -> bool:
    """Says that the actor is not on it any more; False where that was so already. Raises NotAllowed, NotFound."""
    act.hold(contact_id)
    _require(act)
    standing = on_it_rows.standing(act.session, contact_id)
    if standing is None or standing.username != act.actor.username or not _holds(act, standing):
        return False
    standing.ended_at = act.now
    return True


def _require(act: Act) -> None:
    if not act.may(Action.DECIDE):
        act.require(Action.SCREEN)


def _holds(act: Act, one: OnIt) -> bool:
    return board.is_on_it(one.taken_at, one.until, now=act.now)


def _begin(act: Act, lapsed: OnIt | None, row: OnIt) -> OnIt:
    if lapsed is not None:
        lapsed.ended_at = min(lapsed.until, act.now)
        act.session.flush()  # before the new word: only one stands for each contact
    act.session.add(row)
    return row


def _taken(act: Act, one: OnIt) -> str:
    since, until = (f"{act.published.calendar.local(moment):%H:%M}" for moment in (one.taken_at, one.until))
    return f"{one.name} is on it since {since}, and until {until} unless it is given back before."
