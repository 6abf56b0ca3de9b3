"""Ending a connection without a word, whichever end of it is ours."""

from __future__ import annotations

import asyncio
from contextlib import suppress


def abort(transport: asyncio.BaseTransport | None) -> None:
    """Ends the connection at once; one that has ended already stays so.

    Closing politely over TLS waits for the other side, and the loop may end before it answers.
    """
    if isinstance(transport, asyncio.WriteTransport):
        # A TLS transport that was closed twice has forgotten its protocol, and Python 3.11.2 aborts that all the same.
        with suppress(AttributeError):
            transport.abort()
