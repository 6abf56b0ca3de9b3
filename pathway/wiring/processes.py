"""The processes: everything in one, or pages and background work apart. Each runs until it is told to end."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from pathway.settings import Settings
from pathway.web.services import DemoUser
from pathway.wiring import channels, databases
from pathway.wiring.background import Background
from pathway.wiring.pages import Pages, services
from pathway.wiring.stopping import Stop
from storage.clock import utc_now
from storage.sessions import Database

Clock = Callable[[], datetime]
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
    clock: Clock = utc_now,
) -> None:
    """Pages, scheduler, dispatcher and, without a mail server, the catcher, until ``stop``; then ends them all."""
    database = databases.open_database(settings)
    background = _background(settings, database, clock, mailbox=settings.mailbox)
    try:
        databases.wait_until_started(database, say=log.warning, wished=stop.wait_for)
        databases.prepare(database, settings, now=clock())
        pages = Pages(
            services(
                database,
                settings,
                clock=clock,
                wake_dispatcher=background.wake,
                mailbox=settings.mailbox if background.catches else None,
                banner=banner,
                demo_users=demo_users,
            ),
            host=settings.host,
            port=settings.port,
        )
        background.start()
        pages.serve(stop, ready=lambda: ready(database))
    finally:
        background.stop()
        database.dispose()


def serve(settings: Settings, *, stop: Stop, ready: Callable[[Database], None], clock: Clock = utc_now) -> None:
    """Pages only, until ``stop``; a worker elsewhere sweeps and sends."""
    database = databases.open_database(settings)
    try:
        databases.wait_until_started(database, say=log.warning, wished=stop.wait_for)
        databases.prepare(database, settings, now=clock())
        given = services(database, settings, clock=clock, wake_dispatcher=_nobody, mailbox=None)
        pages = Pages(given, host=settings.host, port=settings.port)
        pages.serve(stop, ready=lambda: ready(database))
    finally:
        database.dispose()


def work(settings: Settings, *, stop: Stop, ready: Callable[[Database], None], clock: Clock = utc_now) -> None:
    """Scheduler and dispatcher only, until ``stop``. Without a mail server the sweep runs alone."""
    database = databases.open_database(settings)
    background = _background(settings, database, clock, mailbox=None)
    try:
        databases.wait_until_started(database, say=log.warning, wished=stop.wait_for)
        databases.prepare(database, settings, now=clock())
        background.start()
        ready(database)
        stop.wait()
    finally:
        background.stop()
        database.dispose()


def _background(settings: Settings, database: Database, clock: Clock, *, mailbox: Path | None) -> Background:
    return Background(
        database=database,
        channel=channels.chosen(settings),
        mailbox=mailbox,
        clock=clock,
        bounces=settings.bounces,
        letters=settings.notify_letters,
        signs=settings.signs,
    )
