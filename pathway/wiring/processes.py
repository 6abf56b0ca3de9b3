"""The processes: everything in one, or pages and background work apart. Each runs until it is told to end."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pathway.engine.watch.clock_watch import ClockWatch
from pathway.settings import Settings
from pathway.web.services import DemoUser
from pathway.wiring import channels, clock_thread, databases
from pathway.wiring.background import Background
from pathway.wiring.pages import Pages, services
from pathway.wiring.stopping import Stop
from storage.clock import Clocks
from storage.sessions import Database

log = logging.getLogger(__name__)


def _nobody() -> None:
    """There is no dispatcher in this process: another one looks into the outbox by itself."""


def log_to_stderr() -> None:
    """Warnings and worse of everything, and what our own parts have to say."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for ours in ("pathway", "notifications"):
        logging.getLogger(ours).setLevel(logging.INFO)


def up(
    settings: Settings,
    *,
    stop: Stop,
    ready: Callable[[Database], None],
    banner: str = "",
    demo_users: Sequence[DemoUser] = (),
    clocks: Clocks | None = None,
) -> None:
    """Pages, scheduler, dispatcher and, without a mail server, the catcher, until ``stop``; then ends them all."""
    database = databases.open_database(settings)
    watch = ClockWatch(database, clocks or Clocks())
    background = _background(settings, database, watch, mailbox=settings.mailbox)
    try:
        databases.wait_until_started(database, say=log.warning, wished=stop.wait_for)
        databases.prepare(database, settings, now=watch.now())
        watch.begin()
        pages = Pages(
            services(
                database,
                settings,
                clock=watch.now,
                wake_dispatcher=background.wake,
                mailbox=settings.mailbox if background.catches else None,
                banner=banner,
                demo_users=demo_users,
            ),
            host=settings.host,
            port=settings.port,
        )
        background.start()
        with clock_thread.watching(watch.look, also=background.clock_was_watched):
            pages.serve(stop, ready=lambda: ready(database))
    finally:
        background.stop()
        database.dispose()


def serve(settings: Settings, *, stop: Stop, ready: Callable[[Database], None], clocks: Clocks | None = None) -> None:
    """Pages only, until ``stop``; a worker elsewhere sweeps and sends."""
    database = databases.open_database(settings)
    watch = ClockWatch(database, clocks or Clocks())
    try:
        databases.wait_until_started(database, say=log.warning, wished=stop.wait_for)
        databases.prepare(database, settings, now=watch.now())
        watch.begin()
        given = services(database, settings, clock=watch.now, wake_dispatcher=_nobody, mailbox=None)
        pages = Pages(given, host=settings.host, port=settings.port)
        with clock_thread.watching(watch.look):
            pages.serve(stop, ready=lambda: ready(database))
    finally:
        database.dispose()


def work(settings: Settings, *, stop: Stop, ready: Callable[[Database], None], clocks: Clocks | None = None) -> None:
    """Scheduler and dispatcher only, until ``stop``. Without a mail server the sweep runs alone."""
    database = databases.open_database(settings)
    watch = ClockWatch(database, clocks or Clocks())
    background = _background(settings, database, watch, mailbox=None)
    try:
        databases.wait_until_started(database, say=log.warning, wished=stop.wait_for)
        databases.prepare(database, settings, now=watch.now())
        watch.begin()
        background.start()
        ready(database)
        with clock_thread.watching(watch.look, also=background.clock_was_watched):
            stop.wait()
    finally:
        background.stop()
        database.dispose()


def _background(settings: Settings, database: Database, watch: ClockWatch, *, mailbox: Path | None) -> Background:
    return Background(
        database=database,
        channel=channels.chosen(settings),
        mailbox=mailbox,
        clock=watch.now,
        look=watch.look,
        bounces=settings.bounces,
        letters=settings.notify_letters,
        signs=settings.signs,
    )
