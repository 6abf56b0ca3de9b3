"""What keeps GOV.UK Notify from taking a message, or from answering at all: as its client reports it.

The words of its errors change; what counts are the status and the kind of error, as its documentation asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from notifications import plain

LONGEST = 500
NOT_FOUND = 404
NOT_ALLOWED = frozenset({401, 403})
TOO_MUCH = 429
TOO_SLOW = 408
# Told by the service itself, which took nothing; other faults of servers come from something in between.
NOTHING_TAKEN = frozenset({500, 503})
# The client's own exceptions and those that they were made from, by name: its home is notify_channel.
NEVER_CONNECTED = frozenset(
    {"ConnectTimeout", "ConnectTimeoutError", "NameResolutionError", "NewConnectionError", "ProxyError"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What the client reports: the status ``code``, None where no answer came, what was said and what it came from.

    ``said`` is a sentence, or a list of errors, each with its kind (``error``) and its ``message``.
    """

    code: int | None
    said: object
    cause: BaseException | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault with the meanings of ``Answer``: about the service or one message, for good or not, in doubt or not."""

    text: str
    code: int | None = None
    final: bool = False
    server_down: bool = False
    perhaps_taken: bool = False


def read(trouble: Trouble, *, handing: bool, opening: bool = False, by_post: bool = False) -> Fault:
    """What a trouble means.

    ``handing``: a message was being handed over, one ``by_post`` or an e-mail; ``opening``: no message was asked about.
    """
    if trouble.code is None:
        return _unreachable(trouble.cause, handing=handing)
    if trouble.code < 400:
        return silent("What it answered can't be understood", handing=handing)
    if trouble.code in NOT_ALLOWED:
        return _not_allowed(trouble, for_one_letter=by_post and handing)
    text = _said(trouble)
    if trouble.code == TOO_MUCH:
        return Fault(text=f"It wants us to wait: {text}", code=trouble.code, server_down=True)
    if trouble.code >= 500 or trouble.code == TOO_SLOW:
        taken = handing and trouble.code not in NOTHING_TAKEN
        return Fault(text=text, code=trouble.code, server_down=not handing, perhaps_taken=taken)
    return Fault(text=text, code=trouble.code, final=handing or opening, server_down=not handing)


def silent(text: str, *, handing: bool) -> Fault:
    """No answer that tells anything: a message that was being handed over may have been taken."""
    return Fault(text=_short(text), server_down=not handing, perhaps_taken=handing)


def _not_allowed(trouble: Trouble, *, for_one_letter: bool) -> Fault:
    # A team key may send e-mail and no letters; that is said with the status of a key that is not known.
    text = _said(trouble)
    if for_one_letter and _kinds(trouble) == {"BadRequestError"}:
        return Fault(text=text, code=trouble.code, final=True)
    remedy = "Check PATHWAY_NOTIFY_API_KEY, and that this machine's clock is right"
    return Fault(text=f"{text}. {remedy}", code=trouble.code, final=True, server_down=True)


def _unreachable(cause: BaseException | None, *, handing: bool) -> Fault:
    """No answer at all: nothing was sent, where no connection came about; else it may have been taken."""
    kinds = {type(one).__name__ for one in _chain(cause)}
    if kinds & {"SSLError", "SSLCertVerificationError"}:
        text = f"The certificate of GOV.UK Notify is not trusted: {_last(cause)}"
        return Fault(text=_short(text), final=True, server_down=True)
    if kinds & NEVER_CONNECTED:
        return Fault(text=_short(f"GOV.UK Notify can't be reached: {_last(cause)}"), server_down=True)
    return silent(f"The connection broke before an answer came: {_last(cause)}", handing=handing)


def _chain(error: object) -> Iterator[BaseException]:
    """An exception and what it was made from: ``requests`` wraps those of urllib3 as arguments."""
    while isinstance(error, BaseException):
        yield error
        error = getattr(error, "reason", None) or next(iter(error.args), None)


def _last(cause: BaseException | None) -> str:
    chain = list(_chain(cause))
    return plain.one_line(str(chain[-1])) or type(chain[-1]).__name__ if chain else ""


def _said(trouble: Trouble) -> str:
    message = trouble.said
    if isinstance(message, list):
        message = "; ".join(str(one.get("message", one)) if isinstance(one, dict) else str(one) for one in message)
    return _short(str(message))


def _kinds(trouble: Trouble) -> set[str]:
    errors = trouble.said if isinstance(trouble.said, list) else []
    return {str(one.get("error")) for one in errors if isinstance(one, dict)}


def _short(text: str) -> str:
    return plain.one_line(text)[:LONGEST]
