"""Received e-mail read as far as it goes: broken encodings, unknown character sets, headers that are none."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from notifications import plain

_MOST = 500


def header(message: Message, name: str, *, most: int = _MOST) -> str:
    """A header on one line, decoded as far as it can be, and cut to ``most`` signs; empty where there is none."""
    value = next((value for key, value in message.raw_items() if key.casefold() == name.casefold()), "")
    raw = plain.one_line(_utf8(value))[: most * 4]
    try:
        decoded = str(make_header(decode_header(raw)))
    except (LookupError, ValueError, binascii.Error):
        decoded = raw
    return plain.one_line(decoded)[:most]


def address(message: Message, name: str) -> str:
    """The first address of a header, without the name; empty where there is none."""
    return plain.one_line(parseaddr(header(message, name))[1])


def outer_parts(message: Message) -> Iterator[Message]:
    """Every part in order, but not those inside a returned or forwarded message: they are about another message."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        yield part
        if part.get_content_maintype() == "multipart" and isinstance(inside := part.get_payload(), list):
            waiting[:0] = [each for each in inside if isinstance(each, Message)]


def text(part: Message) -> str:
    """A part as text, whatever it says of its encoding, with plain line ends.

    The standard library takes ``message/*`` parts apart before it decodes them; here they are put together again.
    """
    payload = part.get_payload()
    if isinstance(payload, list):
        found = "\n\n".join(_flat(each) for each in payload if isinstance(each, Message))
        found = _from_base64(found) if header(part, "Content-Transfer-Encoding").casefold() == "base64" else found
    else:
        raw = part.get_payload(decode=True)
        found = raw.decode(_charset(part), errors="replace") if isinstance(raw, bytes) else ""
    return found.replace("\r\n", "\n")


def _flat(message: Message) -> str:
    fields = "\n".join(f"{name}: {_utf8(value)}" for name, value in message.raw_items())
    body = message.get_payload(decode=True)
    return "\n\n".join(filter(None, [fields, body.decode("utf-8", "replace") if isinstance(body, bytes) else ""]))


def _utf8(value: object) -> str:
    """What the parser kept: bytes outside ASCII stand in it as lone surrogates."""
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _from_base64(coded: str) -> str:
    try:
        return base64.b64decode(coded).decode("utf-8", errors="replace")
    except (binascii.Error, ValueError):
        return coded


def _charset(part: Message) -> str:
    try:
        named = str(part.get_content_charset("utf-8"))
        b"".decode(named)
    except (LookupError, ValueError):
        return "latin-1"
    return named
