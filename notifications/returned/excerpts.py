"""What a person is shown of a received e-mail: from whom, about what, when, and how it begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime

from notifications import plain
from notifications.returned import decoding

# Reports begin with what is said to people; what stands further on is our own letter, and belongs to nobody's list.
_READ = 64_000
_SHOWN = 1000
_TAGS = re.compile(r"<(style|script)\b.*?</\1\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_YEARS = range(1990, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """The outside of an e-mail. ``dated`` is its own date, None where it has none; ``excerpt`` is text."""

    sender: str = ""
    subject: str = ""
    dated: datetime | None = None
    excerpt: str = ""


def take(content: bytes) -> Glimpse:
    """A glimpse at a received e-mail, whatever it holds. Never raises."""
    try:
        message = message_from_bytes(content[:_READ])
        return Glimpse(
            sender=decoding.address(message, "From"),
            subject=decoding.header(message, "Subject"),
            dated=_dated(decoding.header(message, "Date")),
            excerpt=_excerpt(message),
        )
    except Exception:  # noqa: BLE001 - the email package raises a dozen kinds on broken mail, by accident
        return Glimpse()


def _dated(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        moment = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.year in _YEARS else None


def _excerpt(message: Message) -> str:
    texts = {part.get_content_type(): part for part in reversed(list(decoding.outer_parts(message)))}
    if "text/plain" in texts:
        return plain.block(decoding.text(texts["text/plain"]))[:_SHOWN]
    if "text/html" in texts:
        return plain.one_line(_TAGS.sub(" ", decoding.text(texts["text/html"])))[:_SHOWN]
    return ""
