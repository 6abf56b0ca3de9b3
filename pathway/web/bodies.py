"""What a form sends, read with bounds: what is too much is cut, and the rest still known, so that it can be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

LARGEST = 4 * 1024 * 1024
MOST_READ = 8 * LARGEST
MOST_FIELDS = 2000
LONGEST_SHOWN = 200_000  # bytes of one field, where the whole is too much

_ENDS = re.compile(rb"&")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The bytes that are kept; ``whole`` is False where there were more."""

    content: bytes
    whole: bool


async def read(request: Request) -> Body:
    """The body, whole up to 4 MB; of more each field is cut, and what comes after 32 MB is not read."""
    content, size, cut = bytearray(), 0, _Cut()
    async for chunk in request.stream():
        size += len(chunk)
        if size <= LARGEST:
            content += chunk
            continue
        if cut.empty:
            cut.take(content)
        cut.take(chunk)
        if size > MOST_READ:
            break
    if not cut.empty:
        return Body(content=bytes(cut.kept), whole=False)
    fields = content.split(b"&", MOST_FIELDS)
    return Body(content=bytes(b"&".join(fields[:MOST_FIELDS])), whole=len(fields) <= MOST_FIELDS)


class _Cut:
    """Fields one after the other, each no longer than can be shown, all no longer than one body."""

    def __init__(self) -> None:
        self.kept, self._of_field = bytearray(), 0

    @property
    def empty(self) -> bool:
        return not self.kept

    def take(self, chunk: bytes | bytearray) -> None:
        for number, part in enumerate(_ENDS.split(chunk)):
            if number:
                self.kept += b"&"
                self._of_field = 0
            room = max(0, min(LONGEST_SHOWN - self._of_field, LARGEST - len(self.kept)))
            self.kept += part[:room]
            self._of_field += len(part)


def pairs(body: Body) -> Sequence[tuple[str, str]]:
    """Names and values in their order; bytes that are no text become a sign that says so."""
    return parse_qsl(body.content.decode("latin-1"), keep_blank_values=True, errors="replace")
