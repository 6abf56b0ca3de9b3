"""What came back by e-mail: reports that a letter was not delivered, automatic replies, and what is neither.

Whoever writes a bounce chooses every byte of it: nothing here raises, whatever comes in, and what is not understood is
``Unknown``, for a person to look at. Where two readings are possible the one that a person sees wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from enum import StrEnum
from itertools import islice

from notifications import plain
from notifications.returned import absence, decoding

# Reports stand in front of what they return: more than this is never read.
MOST = 1_000_000
_SAID = 500
_MANY = 50
# More nesting or more parts than this is made to keep a reader busy.
_NESTED = 200
_PARTS = 5_000

_IDS = re.compile(r"<[^<>\s@]{1,250}@[^<>\s@]{1,250}>")
_ID_LINE = re.compile(r"^[> \t]*Message-ID:\s*(<[^<>\s@]{1,250}@[^<>\s@]{1,250}>)", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_REPORTS = frozenset(("message/delivery-status", "message/global-delivery-status"))
_RETURNED = frozenset(("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"))
_READ = frozenset(("message/disposition-notification", "message/global-disposition-notification"))
_POSTMASTERS = frozenset(("mailer-daemon", "postmaster"))
# The last resort, for replies that say nothing of themselves in their headers. Only the whole phrase before a colon:
# a person may write "Out of office on Friday?", and who answers such a reply writes "Re: Automatic reply: ...".
_AWAY = re.compile(
    r"(?:auto(?:matic|mated)?[ -]?(?:reply|response)|out of (?:the )?office(?: auto-?reply| reply)?"
    r"|abwesenheitsnotiz|automatische antwort|r[ée]ponse automatique)\s*(?::|$)",
    re.IGNORECASE,
)


class Action(StrEnum):
    """What a mail server did for one recipient (RFC 3464, 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of the message for one recipient.

    ``address`` is where the last server tried to deliver, ``original`` what the sender had written, where it is told.
    ``status`` is like 5.1.1 (RFC 3463) or empty; ``diagnostic`` is the server's own sentence.
    """

    action: Action
    address: str
    original: str = ""
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A report by a mail server about one message. Not every report is a failure: see ``failed``.

    ``message_ids`` are those it may be about, the surest first; none where nothing was returned. ``envelope_id`` is the
    sender's own mark (ENVID), ``reporter`` the server that reports.
    """

    message_ids: tuple[str, ...]
    fates: tuple[Fate, ...]
    envelope_id: str = ""
    reporter: str = ""

    @property
    def failed(self) -> tuple[Fate, ...]:
        """The recipients who will not get the message."""
        return tuple(fate for fate in self.fates if fate.action is Action.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoReply:
    """A machine answered for a person: out of office, received, read. ``because`` says what shows it."""

    message_ids: tuple[str, ...]
    sender: str
    subject: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Neither, or not understood; ``because`` says why. A person must look."""

    message_ids: tuple[str, ...]
    sender: str
    subject: str
    because: str


def read(content: bytes) -> Bounce | AutoReply | Unknown:
    """What a received e-mail is. Never raises; reads the first million bytes."""
    start = content[:MOST]
    if start.lower().count(b"boundary") > _NESTED or start.count(b"\n--") > _PARTS:
        return Unknown(message_ids=(), sender="", subject="", because="It can't be read (too many parts)")
    try:
        return _understood(message_from_bytes(start))
    except Exception as error:  # noqa: BLE001 - the email package raises a dozen kinds on broken mail, by accident
        because = f"It can't be read ({type(error).__name__})"
        return Unknown(message_ids=(), sender="", subject="", because=because)


def _understood(message: Message) -> Bounce | AutoReply | Unknown:
    parts = list(decoding.outer_parts(message))
    if bounce := _report(message, parts) or _by_header(message, parts):
        return bounce
    ids, sender = _references(message), decoding.address(message, "From")
    subject = decoding.header(message, "Subject")
    because = _why_automatic(message, parts, sender)
    if because and (_is_receipt(parts) or absence.is_plain(subject, _words(parts))):
        return AutoReply(message_ids=ids, sender=sender, subject=subject, because=because)
    because = "It looks automatic, and says more than that somebody is away" if because else ""
    if _from_a_server(message, sender):
        because = "A mail server wrote it, in no form that can be read"
    return Unknown(
        message_ids=_distinct([*ids, *_returned_ids(parts)]),
        sender=sender,
        subject=subject,
        because=because or "It is neither a report of a mail server nor an automatic reply",
    )


# --- reports (RFC 3464, RFC 3462, RFC 6533) ---------------------------------------------------------------------------


def _report(message: Message, parts: list[Message]) -> Bounce | None:
    report = next((part for part in parts if part.get_content_type() in _REPORTS), None)
    if report is None:
        return None
    # Some servers leave the blank line out between what is about the message and what is about its first recipient.
    about, *recipients = [*islice(_blocks(report), _MANY + 1), Message()]
    fates = [fate for block in [about, *recipients] if (fate := _fate(block))]
    if not fates:
        return None
    return Bounce(
        message_ids=_distinct([*_returned_ids(parts), *_references(message)]),
        fates=tuple(fates),
        envelope_id=_xtext(decoding.header(about, "Original-Envelope-Id")),
        reporter=_typed(decoding.header(about, "Reporting-MTA")),
    )


def _blocks(report: Message) -> Iterator[Message]:
    """The groups of fields of a report. The standard library splits them only where they are not encoded."""
    for block in _BLANK_LINE.split(decoding.text(report).strip()):
        yield message_from_string(block + "\n\n")


def _fate(block: Message) -> Fate | None:
    address = _recipient(decoding.header(block, "Final-Recipient"))
    original = _recipient(decoding.header(block, "Original-Recipient"))
    status = _status(decoding.header(block, "Status"))
    action = _action(decoding.header(block, "Action"), status)
    if action is None or not (address or original):
        return None
    return Fate(
        action=action,
        address=address or original,
        original=original,
        status=status,
        diagnostic=_typed(decoding.header(block, "Diagnostic-Code")),
    )


def _action(named: str, status: str) -> Action | None:
    word = named.partition("(")[0].partition(";")[0].strip().casefold()
    if word in set(Action):
        return Action(word)
    by_class = {"5": Action.FAILED, "4": Action.DELAYED, "2": Action.DELIVERED}
    return by_class.get(status[:1])


def _status(field: str) -> str:
    found = _STATUS.search(field)
    return found[1] if found else ""


def _typed(field: str) -> str:
    """A field such as ``smtp; 550 No such user`` without its type."""
    before, semicolon, after = field.partition(";")
    return (after if semicolon and before.strip().replace("-", "").isalnum() else field).strip()


def _recipient(field: str) -> str:
    return _xtext(_typed(field)).strip("<> ")


def _xtext(text: str) -> str:
    return plain.one_line(_XTEXT.sub(lambda found: chr(int(found[1], 16)), text))


def _by_header(message: Message, parts: list[Message]) -> Bounce | None:
    """The older way of Exim, which Gmail adds to its reports: the addresses in a header, the rest in words."""
    named = decoding.header(message, "X-Failed-Recipients", most=5000)
    addresses = [address for each in named.split(",") if "@" in (address := _recipient(each))]
    if not addresses:
        return None
    diagnostic = next((decoding.text(part) for part in parts if part.get_content_type() == "text/plain"), "")
    status = _status(diagnostic)
    said = plain.one_line(diagnostic)[:_SAID]
    fates = [
        Fate(action=Action.FAILED, address=each, status=status, diagnostic=said)
        for each in _distinct(addresses)[:_MANY]
    ]
    return Bounce(message_ids=_distinct([*_returned_ids(parts), *_references(message)]), fates=tuple(fates))


# --- which message it is about ----------------------------------------------------------------------------------------


def _returned_ids(parts: Iterable[Message]) -> list[str]:
    """The Message-IDs of what was returned: whole, as headers, or quoted in the text of the report."""
    found: list[str] = []
    quoted: list[str] = []
    for part in parts:
        if part.get_content_type() in _RETURNED:
            head = _BLANK_LINE.split(decoding.text(part).lstrip(), maxsplit=1)[0]
            found += _ID_LINE.findall(_unfolded(head))[:1]
        elif part.get_content_type() == "text/plain":
            quoted += _ID_LINE.findall(_unfolded(decoding.text(part)))[:1]
    return found + quoted


def _unfolded(text: str) -> str:
    return re.sub(r"\r?\n[ \t]+", " ", text)


def _references(message: Message) -> tuple[str, ...]:
    answered = _IDS.findall(decoding.header(message, "In-Reply-To", most=2000))
    thread = _IDS.findall(decoding.header(message, "References", most=20_000))
    return _distinct([*answered, *reversed(thread)])


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


# --- automatic replies (RFC 3834) -------------------------------------------------------------------------------------


def _why_automatic(message: Message, parts: list[Message], sender: str) -> str:
    if _is_receipt(parts):
        return "It tells that the message was displayed or deleted"
    # What a mail server wrote in no known form may be a failure: it must not be put aside as somebody's holiday.
    if _from_a_server(message, sender):
        return ""
    return next((because for because, holds in _SIGNS.items() if holds(message)), "")


def _is_receipt(parts: list[Message]) -> bool:
    return any(part.get_content_type() in _READ for part in parts)


def _words(parts: list[Message]) -> str:
    return "\n".join(decoding.text(part) for part in parts if part.get_content_type() in ("text/plain", "text/html"))


def _from_a_server(message: Message, sender: str) -> bool:
    return sender.partition("@")[0].casefold() in _POSTMASTERS or "x-failed-recipients" in message


def _is_answer(message: Message) -> bool:
    return bool(_references(message))


def _word(message: Message, name: str) -> str:
    return decoding.header(message, name).partition(";")[0].partition("(")[0].strip().casefold()


_SIGNS: dict[str, Callable[[Message], bool]] = {
    "Auto-Submitted says that it is a reply": lambda it: _word(it, "Auto-Submitted").startswith("auto-replied"),
    "Auto-Submitted, and it answers a message": lambda it: (
        _is_answer(it) and _word(it, "Auto-Submitted") not in {"", "no"}
    ),
    "X-Autoreply": lambda it: _word(it, "X-Autoreply") in {"yes", "true", "1"},
    "X-Autorespond": lambda it: bool(_word(it, "X-Autorespond") or _word(it, "X-Autoresponder")),
    "Precedence": lambda it: _word(it, "Precedence") in {"auto_reply", "auto-reply"},
    "Its subject": lambda it: bool(_AWAY.match(decoding.header(it, "Subject"))),
}
