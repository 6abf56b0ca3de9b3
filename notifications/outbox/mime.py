"""One e-mail as bytes. Built once, when its row is written: date, Message-ID and wording never change afterwards."""

from __future__ import annotations

import re
from binascii import b2a_qp
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import Header, decode_header, make_header
from email.message import Message as MimeMessage
from email.utils import format_datetime
from uuid import uuid4

from notifications import plain

_VERSION = b"MIME-Version: 1.0\r\n"
_LINE = 76
_FOLD = "\r\n "
_LONGEST_WORD = 60
_FOLDED = re.compile(r"\r?\n(?=[ \t])")
_NEXT_HEADER = re.compile(r"\r\n(?! )")
_NEEDS_QUOTES = re.compile(r"[^\w !#$%&'*+/=?^`{|}~-]")


def new_message_id(sender: str) -> str:
    """A Message-ID that no other message has, in the domain of ``sender``; it tells neither host nor time."""
    return f"<{uuid4().hex}@{sender.rpartition('@')[2]}>"


def build(
    *,
    sender: tuple[str, str],
    recipient: tuple[str, str],
    reply_to: str,
    subject: str,
    text: str,
    html: str | None,
    message_id: str,
    now: datetime,
) -> bytes:
    """The whole message; ``sender`` and ``recipient`` are (name, address), the addresses checked and all ASCII."""
    headers = {
        "From": _mailbox("From", *sender),
        "To": _mailbox("To", *recipient),
        "Subject": _words("Subject", plain.one_line(subject)),
        "Date": format_datetime(now),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Reply-To": reply_to,
    }
    return _block(headers.items()) + _body(text, html)


def sender_of(content: bytes) -> str:
    """The address in the From header of a message built here, where it stands last and the header first."""
    head = content.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
    return _NEXT_HEADER.split(head, maxsplit=1)[0].removeprefix("From: ").rpartition("<")[2].rstrip(">")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a message was built from; ``html`` is None where it has plain text only."""

    sender: str
    subject: str
    text: str
    html: str | None


def parts_of(content: bytes) -> Parts:
    """The parts of a message built here, as they were given to it."""
    message = message_from_bytes(content)
    subject = str(make_header(decode_header(_FOLDED.sub("", str(message["Subject"] or "")))))
    text, html = (_words_in(message, subtype) for subtype in ("text/plain", "text/html"))
    return Parts(sender=sender_of(content), subject=subject, text=text or "", html=html)


def _words_in(message: MimeMessage, subtype: str) -> str | None:
    payload = next(
        (part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == subtype), b""
    )
    words = payload.decode("utf-8") if isinstance(payload, bytes) else ""
    return words.replace("\r\n", "\n").removesuffix("\n") or None


def _block(headers: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers if value).encode("ascii")


def _body(text: str, html: str | None) -> bytes:
    # Put together by hand: a contact is logged while its letter is written, and EmailMessage takes six times as long.
    plain_part = _part("plain", text)
    if html is None:
        return _VERSION + plain_part
    # In quoted-printable "=" stands only before two digits or a line's end: no typed text can hold the boundary.
    boundary = f"=_{uuid4().hex}"
    opening = f'Content-Type: multipart/alternative;{_FOLD}boundary="{boundary}"\r\n\r\n'.encode()
    between, end = f"--{boundary}\r\n".encode(), f"--{boundary}--\r\n".encode()
    return b"".join([_VERSION, opening, between, plain_part, b"\r\n", between, _part("html", html), b"\r\n", end])


def _part(subtype: str, text: str) -> bytes:
    headers = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    lines = (plain.block(text) + "\n").replace("\n", "\r\n")
    return headers.encode() + b2a_qp(lines.encode(), istext=True)


def _mailbox(header: str, name: str, address: str) -> str:
    phrase = _phrase(header, plain.one_line(name))
    if not phrase:
        return address
    last_line = f"{header}: {phrase}".rpartition("\r\n")[2]
    return f"{phrase}{' ' if len(last_line) + len(address) + 3 <= _LINE else _FOLD}<{address}>"


def _phrase(header: str, name: str) -> str:
    if _needs_encoding(name) or not _NEEDS_QUOTES.search(name):
        return _words(header, name)
    quoted = name.replace("\\", r"\\").replace('"', r"\"")
    return _words(header, f'"{quoted}"')


def _words(header: str, text: str) -> str:
    # The newer header classes of the standard library read "=?utf-8?q?...?=" in typed text as an encoded word and lose
    # the place in long names outside ASCII; this older one does neither.
    charset = "utf-8" if _needs_encoding(text) else "us-ascii"
    return Header(text, charset, maxlinelen=_LINE, header_name=header).encode(linesep="\r\n")


def _needs_encoding(text: str) -> bool:
    return not text.isascii() or "=?" in text or any(len(word) > _LONGEST_WORD for word in text.split())
