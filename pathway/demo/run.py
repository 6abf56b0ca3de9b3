"""``make run``: the demonstration on a database of its own, with everybody's password printed.

The first start plays three days at an invented front door, so that every stage can be seen; a later one goes on from
where it was. ``pathway up`` does none of this.
"""

from __future__ import annotations

import shutil
import sys
import threading
from importlib import resources
from pathlib import Path

from pathway import settings
from pathway.demo import desk, people, seed
from pathway.engine.actors import Actor
from pathway.importing import terms
from pathway.importing.run import Run
from pathway.settings import Settings
from pathway.wiring import processes, stopping
from pathway.wiring.stopping import Stop
from rules.errors import PathwayError
from storage.clock import utc_now
from storage.sessions import Database

FOLDER = Path("demo-data")
HOME = FOLDER / "front-door"
BANNER = "Demonstration: invented people, and messages that go nowhere"
IMPORTER = Actor(username="demonstration", name="The demonstration", roles=frozenset())
JOIN_SECONDS = 1.0


def main() -> None:
    """Make the database when there is none, and start everything on it until Ctrl-C or SIGTERM."""
    stop = Stop()
    stop.listen()
    processes.log_to_stderr()
    try:
        chosen = _settings(HOME)
        if not HOME.exists():
            _make()
        _run(chosen, stop)
    except PathwayError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
    stopping.leave("Stopped. `make run` goes on from here; `rm -r demo-data` begins anew.")


def _settings(home: Path) -> Settings:
    return settings.load(
        home=home,
        database_url="",
        smtp_url="",
        notify_api_key="",
        rulebook="haringey-2009",
        council_name="Northmoor Council",
        system_owner=people.SYSTEM_OWNER.username,
        outside_form=True,
    )


def _make() -> None:
    """Play the days in a folder beside, and move it into place when it is whole."""
    print("Setting up the demonstration: three days at an invented front door ...", flush=True)
    making = FOLDER / "making"
    shutil.rmtree(making, ignore_errors=True)
    now = utc_now()
    with desk.opened(_settings(making), at=now - seed.LENGTH) as door:
        seed.fill(door, until=now)
    making.rename(HOME)


def _run(chosen: Settings, stop: Stop) -> None:
    month: list[_Month] = []

    def ready(database: Database) -> None:
        _greet(chosen)
        month.append(_Month(database, stop))
        month[0].start()

    try:
        processes.up(chosen, stop=stop, ready=ready, banner=BANNER, demo_users=people.demo_users())
    finally:
        for thread in month:
            thread.join(JOIN_SECONDS)


def _greet(chosen: Settings) -> None:
    print(f"\n  Open {chosen.address}\n")
    print(f"  Sign in as one of these; the password of all is   {people.PASSWORD}\n")
    for member in people.EVERYBODY:
        print(f"    {member.username:<8} {member.name:<14} {member.role}")
    print("\n  Messages are caught and shown on the page Mailbox; none leaves this machine.")
    print("  Ctrl-C ends it; started again it goes on from where it was.\n", flush=True)


class _Enough(Exception):
    """It is time to end."""


class _Month(threading.Thread):
    """Imports March 2009 as `pathway import contacts` would, a contact at a time, while the pages are in use.

    Ended half-way it goes on at the next start: a contact that is there already is left as it is.
    """

    def __init__(self, database: Database, stop: Stop) -> None:
        super().__init__(name="month", daemon=True)
        self._database, self._stop_wish = database, stop
        self._done = HOME / "march-2009-imported"

    def run(self) -> None:
        if self._done.exists():
            return
        try:
            self._import()
        except _Enough:
            return
        self._done.touch()

    def _import(self) -> None:
        now = utc_now()
        with self._database.read() as session:
            found = terms.published(session, None, now=now)
        run = Run(database=self._database, terms=found, actor=IMPORTER)
        with resources.as_file(resources.files("pathway.demo") / "data" / "contacts-2009-03.csv") as path:
            report = run.carry_out(path, progress=self._go_on)
        taken, held = report.contacts_taken + report.contacts_already_there, report.contacts_held_back
        print(
            f"  March 2009 is imported: {taken} contacts taken, {held} held back; see the page Timeliness.", flush=True
        )

    def _go_on(self, _done: int, _of: int) -> None:
        if self._stop_wish.wished:
            raise _Enough


if __name__ == "__main__":
    main()
