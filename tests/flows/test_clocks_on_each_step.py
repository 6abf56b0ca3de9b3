"""Promise: a book may hang a clock on each step of the pathway, and the clock starts and stops there."""

from __future__ import annotations

from collections.abc import Callable

from pathway.engine.actors import SYSTEM
from pathway.engine.rulebooks import published_books, shipped
from support.front_door import NEEDED, FrontDoor, london
from support.referring_onward import worker_who_signs_in

Door = Callable[..., FrontDoor]
STEPS = [
    ("screening begun", "screened"),
    ("screened", "decided"),
    ("decided", "allocated"),
    ("allocated", "child seen"),
    ("received", "screening begun"),
]


def clock(starts: str, stops: str) -> str:
    """A clock of two hours, called like the step that starts it."""
    return f"""
[clocks.from_{starts.replace(" ", "_")}]
title = "Next step within 2 hours"
duty = "step"
owed = "The next step is taken."
starts_on = "{starts}"
stops_on = "{stops}"
limit = "2 hours"
ladder = [{{ at = "when due", role = "duty manager" }}]
"""


def test_a_clock_starts_and_stops_on_each_step_of_the_pathway(open_door: Door) -> None:
    door = open_door("2009-03-10 09:00")
    text = shipped.book_text("haringey-2009").replace('version           = "1.1"', 'version = "2"')
    text = text.replace("[clocks.feedback]", "".join(clock(*pair) for pair in STEPS) + "[clocks.feedback]", 1)
    with door.database.write() as session:
        published_books.publish(session, text, name="haringey-2009", actor=SYSTEM, now=door.now)
    (mia,) = door.referrals(door.log("Mia"))
    worker = worker_who_signs_in(door)
    door.move_to("2009-03-10 10:00")
    door.screen(mia, kinds=NEEDED[:1])
    door.move_to("2009-03-10 11:00")
    door.screen(mia, kinds=NEEDED[1:])
    door.move_to("2009-03-10 12:00")
    door.decide(mia, "assessment")
    door.move_to("2009-03-10 13:00")
    door.allocate(mia, worker)
    door.move_to("2009-03-10 16:00")
    door.record(mia, "child seen")
    ran = {name: door.clock(mia, f"from_{name.replace(' ', '_')}") for name, _ in STEPS}
    at = {name: (one.started_at, one.stopped_at, one.breached_at) for name, one in ran.items()}
    assert at == {
        "received": (london("2009-03-10 09:00"), london("2009-03-10 10:00"), None),
        "screening begun": (london("2009-03-10 10:00"), london("2009-03-10 11:00"), None),
        "screened": (london("2009-03-10 11:00"), london("2009-03-10 12:00"), None),
        "decided": (london("2009-03-10 12:00"), london("2009-03-10 13:00"), None),
        "allocated": (london("2009-03-10 13:00"), london("2009-03-10 16:00"), london("2009-03-10 15:00")),
    }
