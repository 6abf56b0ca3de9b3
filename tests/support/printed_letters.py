"""Letters for the post: somebody prints them together and takes them to the post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pathway.engine.actors import Actor
from pathway.engine.post import print_queue
from pathway.engine.post.print_queue import Posted, Posting, Queue, Viewer
from pathway.engine.rulebooks import published_books
from storage.sessions import ReadSession, WriteSession
from storage.tables import Letter, PrintBatch, id_of
from support.front_door import MANAGER, OFFICER, FrontDoor, london
from support.scenes import kept

HOME = "3 High Street, Northmoor, N17 6AA"
BY_POST = {"referrer_email": "", "referrer_address": HOME}


def letter(door: FrontDoor, *children: str, **more: Any) -> Letter:
    """A decided contact from somebody with a postal address alone, and its outcome letter."""
    contact = door.log(*children or ("Mia",), **BY_POST | more)
    for referral in door.referrals(contact):
        door.decide(referral, by=MANAGER)
    return door.letters(contact, "outcome")[-1]


def queue(door: FrontDoor, by: Actor = OFFICER) -> Queue:
    """The print queue as somebody sees it."""
    with door.database.read() as session:
        return print_queue.queue(session, viewer(door, session, by))


def waiting(door: FrontDoor, by: Actor = OFFICER) -> list[int]:
    """The numbers of the letters that wait to be printed."""
    return [one.number for one in queue(door, by).to_print]


@kept
def print_all(door: FrontDoor, *letters: Letter, by: Actor = OFFICER, **more: Any) -> PrintBatch:
    """Somebody prints these letters, or all that wait for them."""
    numbers: Sequence[int] = [id_of(one) for one in letters] or waiting(door, by)
    with door.acting(by, token=more.get("request_id")) as act:
        who = viewer(door, act.session, by)
        return print_queue.keep(act, numbers, who)


def unposted(door: FrontDoor, batch: PrintBatch, by: Actor = OFFICER) -> list[int]:
    """The numbers of the letters of a batch that wait to be posted."""
    with door.database.read() as session:
        found = print_queue.standing(session, id_of(batch), viewer(door, session, by))
    return [one.number for one in found.letters]


def post(door: FrontDoor, batch: PrintBatch, at: str, by: Actor = OFFICER, **more: Any) -> Posted:
    """Somebody takes a batch to the post at a London moment, and records it."""
    with door.database.read() as session:
        printed = print_queue.standing(session, id_of(batch), viewer(door, session, by))

    def change(work: Any, token: str | None) -> Letter:
        with door.acting(by, token=token) as act:
            done: Letter = work(act)
            return done

    return print_queue.post(change, printed, Posting(at=london(at)), now=door.now, **more)


def every_page(door: FrontDoor) -> None:
    """A batch of two that was printed, a letter whose address can't be used, and one to a protected referrer."""
    print_all(door, letter(door, "Printed"), letter(door, "Pressed", referrer_name="Bo Lund"))
    letter(door, "Unusable", referrer_address="somewhere in Leeds")
    letter(door, "Protected", identity_protected=True)


def viewer(door: FrontDoor, session: ReadSession | WriteSession, by: Actor = OFFICER) -> Viewer:
    """Whose letters somebody may see and print."""
    return print_queue.viewer(session, by, published_books.current(session, now=door.now).book, now=door.now)
