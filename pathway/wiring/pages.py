"""The pages in this process: their services, and uvicorn on one port."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import uvicorn

from pathway.settings import Settings
from pathway.web.app import create_app
from pathway.web.own_words import council_words
from pathway.web.services import DemoUser, Services
from pathway.wiring import connections, pages_key
from pathway.wiring.connections import Doorkeeper, Patience
from pathway.wiring.stopping import Stop
from rules.errors import Unavailable
from storage.sessions import Database

BACKLOG = 128
PATIENCE = Patience()
GRACE_SECONDS = 1


def services(
    database: Database,
    settings: Settings,
    *,
    clock: Callable[[], datetime],
    wake_dispatcher: Callable[[], None],
    mailbox: Path | None,
    banner: str = "",
    demo_users: Sequence[DemoUser] = (),
) -> Services:
    """What the pages work with. ``mailbox`` is None where a real mail server is named.

    Raises InvalidInput with everything that is wrong with the council's own texts for its public pages.
    """
    pages_key.keep(database, settings, now=clock())
    return Services(
        database=database,
        clock=clock,
        wake_dispatcher=wake_dispatcher,
        mailbox_directory=mailbox,
        banner=banner,
        base_url=settings.address,
        demo_users=demo_users,
        takes_referrals=settings.outside_form,
        own_words=council_words.read(settings.pages) if settings.pages is not None else {},
        secret_key=pages_key.secret_key(settings),
        notify_token=settings.callback_token,
    )


class Pages:
    """The pages on one port. The port is taken at once, so that a port in use is told before anything else starts."""

    def __init__(self, services: Services, *, host: str, port: int, patience: Patience = PATIENCE) -> None:
        self._socket = _listen(host, port)
        doorkeeper = Doorkeeper(connections.bounded(patience))
        config = uvicorn.Config(
            create_app(services),
            http=doorkeeper.protocol(),
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            server_header=False,
        )
        self._server = _Server(config, doorkeeper)

    @property
    def port(self) -> int:
        """The port that was taken; another than asked for only where 0 was asked for."""
        return int(self._socket.getsockname()[1])

    def serve(self, stop: Stop, *, ready: Callable[[], None]) -> None:
        """Answer until it is time to end; ``ready`` is called when the first request would be answered."""
        self._server.ready = ready
        stop.also(self._server.end)
        self._server.run(sockets=[self._socket])


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: ``Stop`` has them, for all that runs in the process."""

    ready: Callable[[], None] = staticmethod(lambda: None)

    def __init__(self, config: uvicorn.Config, doorkeeper: Doorkeeper) -> None:
        super().__init__(config)
        self._doorkeeper = doorkeeper

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._doorkeeper.watch(asyncio.get_running_loop())
        if not self.should_exit:
            self.ready()

    def end(self) -> None:
        self.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except (OSError, UnicodeError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or error
        message = (
            f"The pages can't be offered on {host}, port {port}: {reason}. Choose another with PORT or PATHWAY_HOST."
        )
        raise Unavailable(message) from error
    return listening
