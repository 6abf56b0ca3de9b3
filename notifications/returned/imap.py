"""Reading a mailbox by IMAP (RFC 9051, RFC 3501). Its secret is in no repr, no error and no log."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from notifications import plain
from notifications.returned.bounce_reports import MOST
from notifications.returned.received import CannotCollect, Received, Source
from notifications.smtp import servers
from rules.errors import InvalidInput

FIELD = "PATHWAY_RETURNED_MAIL"
REMEDY = (
    "Write imaps://USER:SECRET@mail.example.org/INBOX; write odd signs in user, secret and folder as in a web address "
    "(@ is %40, / is %2F)"
)
PORTS = {"imaps": 993, "imap": 143}
OPTIONS = frozenset({"done", "ca"})
SEEN_BY = "PathwaySeen"
_SECONDS = 30.0
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapMailbox:
    """One folder of a mailbox, and the folder ``done`` to which recorded mail is moved.

    ``tls`` from the first byte, or by STARTTLS; neither only on loopback. ``ca`` is a file of certificates to trust.
    """

    host: str
    port: int
    tls: servers.Security
    username: str = field(repr=False)
    secret: str = field(repr=False)
    folder: str = "INBOX"
    done: str = "Done"
    ca: str = ""
    seconds: float = _SECONDS

    @classmethod
    def from_url(cls, url: str) -> ImapMailbox:
        """The mailbox that ``url`` names: ``imaps://user:secret@host:993/INBOX?done=Done&ca=file``.

        ``imap://`` begins plain and turns to TLS (STARTTLS), but on loopback. Raises InvalidInput at
        PATHWAY_RETURNED_MAIL, which never repeats the address, as it holds a secret.
        """
        parts, host, port = _split(url.strip())
        options = _options(parts.query)
        username, secret = unquote(parts.username or ""), unquote(parts.password or "")
        if not username or not secret or not f"{username}{secret}".isprintable():
            raise _odd("names no user and secret, or has control characters in them")
        plain_allowed = parts.scheme == "imap" and servers.is_loopback(host)
        mailbox = cls(
            host=host,
            port=port,
            tls=servers.Security.NONE if plain_allowed else _SECURITY[parts.scheme],
            username=username,
            secret=secret,
            folder=_folder(unquote(parts.path.strip("/")) or "INBOX"),
            done=_folder(options.get("done", "") or "Done"),
            ca=options.get("ca", ""),
        )
        if mailbox.folder.casefold() == mailbox.done.casefold():
            raise _odd("moves what is recorded into the folder that it reads", "Name another folder with ?done=")
        mailbox.trust()
        return mailbox

    def __str__(self) -> str:
        return f"{self.folder} on {self.host}:{self.port}"

    def trust(self) -> ssl.SSLContext:
        """The certificates to trust; InvalidInput where ``ca`` can't be read."""
        try:
            return ssl.create_default_context(cafile=self.ca or None)
        except (OSError, ssl.SSLError):
            raise _odd(f"names certificates in {self.ca} that can't be read", "Give ca= a file in PEM form") from None

    @contextmanager
    def opened(self, us: str = "") -> Iterator[Source]:
        """The folder as a source for the installation ``us``, signed in; CannotCollect where that fails."""
        with _told(self):
            connection = _connected(self)
        try:
            with _told(self):
                _sign_in(connection, self)
                opened = _Opened(self, connection, us)
            yield opened
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()
            with suppress(OSError):
                connection.shutdown()


class _Opened:
    """A selected folder. Messages are known by their UIDs, which hold while it is selected."""

    def __init__(self, mailbox: ImapMailbox, connection: imaplib.IMAP4, us: str) -> None:
        self._mailbox, self._seen = mailbox, f"{SEEN_BY}{us}"
        self._connection = connection
        self._abilities = {str(word).upper() for word in connection.capabilities}
        self._selected()

    def waiting(self) -> Iterator[Received]:
        """Each message that is not marked as deleted or seen by us, the oldest first; it stays unread where it is."""
        with _told(self._mailbox):
            count = self._selected()
            # In blocks: imaplib refuses a line of more than a million characters.
            uids = [uid for start in range(1, count + 1, _AT_ONCE) for uid in self._found(start, count)]
        refused = ""
        for uid in uids:
            received = None
            with _told(self._mailbox):
                try:
                    received = self._fetched(uid)
                except _Refused as error:
                    refused = str(error)
            if received:
                yield received
        if refused:
            raise CannotCollect(f"Some messages in {self._mailbox} can't be read: {refused}. Look at them there.")

    def done(self, received: Received) -> None:
        """Mark the message as read and move it, by copy and deletion where the server can't move."""
        uid, target = received.place, _quoted(self._mailbox.done)
        with _told(self._mailbox):
            _answer(self._connection.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
            self._taken_over("MOVE" if "MOVE" in self._abilities else "COPY", uid, target)
            if "MOVE" not in self._abilities:
                _answer(self._connection.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
                # Without UIDPLUS an EXPUNGE would take what others have marked: the mark alone is enough for us.
                if "UIDPLUS" in self._abilities:
                    _answer(self._connection.uid("EXPUNGE", uid))

    def leave(self, received: Received) -> None:
        """Give the message our own keyword; unread it stays, for whomever it is about.

        A server that keeps no keywords offers it again: the hash tells that it is recorded.
        """
        with _told(self._mailbox), suppress(_Refused):
            _answer(self._connection.uid("STORE", received.place, "+FLAGS.SILENT", f"({self._seen})"))

    def _selected(self) -> int:
        return int(_answer(self._connection.select(_quoted(self._mailbox.folder)))[0] or 0)

    def _found(self, start: int, count: int) -> list[str]:
        block = f"{start}:{min(start + _AT_ONCE - 1, count)}"
        found = _answer(self._connection.uid("SEARCH", block, "UNDELETED", "UNKEYWORD", self._seen))
        return [uid.decode("ascii") for line in found if line for uid in line.split()]

    def _fetched(self, uid: str) -> Received | None:
        answer = _answer(self._connection.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST}>)"))
        contents = [part[1] for part in answer if isinstance(part, tuple)]
        return Received.of(contents[0], uid) if contents else None  # somebody else has taken it away

    def _taken_over(self, command: str, uid: str, target: str) -> None:
        try:
            _answer(self._connection.uid(command, uid, target))
        except _Refused:
            with suppress(_Refused):
                _answer(self._connection.create(target))
            _answer(self._connection.uid(command, uid, target))


class _Refused(imaplib.IMAP4.error):
    """The server answered NO or BAD."""


_SECURITY = {"imaps": servers.Security.TLS, "imap": servers.Security.STARTTLS}


def _answer(given: tuple[str, Sequence[Any]]) -> list[Any]:
    state, data = given
    if state != "OK":
        raise _Refused(" ".join(part.decode("utf-8", "replace") for part in data if isinstance(part, bytes)))
    return list(data)


def _connected(mailbox: ImapMailbox) -> imaplib.IMAP4:
    where = (mailbox.host, mailbox.port)
    if mailbox.tls is servers.Security.TLS:
        return imaplib.IMAP4_SSL(*where, ssl_context=mailbox.trust(), timeout=mailbox.seconds)
    return imaplib.IMAP4(*where, timeout=mailbox.seconds)


def _sign_in(connection: imaplib.IMAP4, mailbox: ImapMailbox) -> None:
    if mailbox.tls is servers.Security.STARTTLS:
        connection.starttls(mailbox.trust())
    if "AUTH=PLAIN" in connection.capabilities:
        connection.authenticate("PLAIN", lambda _: f"\0{mailbox.username}\0{mailbox.secret}".encode())
    else:
        connection.login(_quoted(mailbox.username), mailbox.secret)
    # What a server can do may change with the sign-in, and imaplib does not ask again.
    connection.capabilities = tuple(str(_answer(connection.capability())[0], "ascii", "replace").upper().split())


@contextmanager
def _told(mailbox: ImapMailbox) -> Iterator[None]:
    """What goes wrong with the server, as an error of ours that says what to do."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise CannotCollect(_sentence(mailbox, error, f"Name its authority with ?ca=FILE in {FIELD}")) from None
    except imaplib.IMAP4.abort as error:
        raise CannotCollect(_sentence(mailbox, error, "It will be tried again")) from None
    except imaplib.IMAP4.error as error:
        raise CannotCollect(_sentence(mailbox, error, _LOOK)) from None
    except OSError as error:
        raise CannotCollect(_sentence(mailbox, error, "Check host and port; it will be tried again")) from None


_LOOK = f"Check user, secret and folder in {FIELD}"


def _sentence(mailbox: ImapMailbox, error: Exception, remedy: str) -> str:
    said = plain.one_line(re.sub(r"""^b(['"])(.*)\1$""", r"\2", str(error)))[:300] or type(error).__name__
    return f"{mailbox} can't be read: {said.replace(mailbox.secret, '***').rstrip('.')}. {remedy}."


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _odd(problem: str, remedy: str = REMEDY) -> InvalidInput:
    return InvalidInput.of(FIELD, problem, remedy)


def _folder(name: str) -> str:
    if not name.isascii() or not name.isprintable():
        raise _odd("names a folder outside ASCII", "Write its name as the server does, in modified UTF-7")
    return name


def _split(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _odd("is not an address with a host and a port from 1 to 65535") from None
    if parts.scheme not in PORTS or parts.fragment:
        raise _odd("does not begin with imaps:// or imap://, or has a # in it")
    if not host or any(sign.isspace() or not sign.isprintable() for sign in host):
        raise _odd("names no host")
    return parts, host, PORTS[parts.scheme] if port is None else port


def _options(query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    if options.keys() - OPTIONS:  # not repeated: it may be part of a secret with an unescaped question mark
        raise _odd("has an unknown option", f"Options are {' and '.join(sorted(OPTIONS))}")
    return options
