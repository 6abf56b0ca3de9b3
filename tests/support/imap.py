"""A small IMAP server on loopback: the commands that reading and moving mail takes, and faults on purpose."""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

DROP = "drop the connection"
SILENCE = "say nothing"
ATOMS = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\([^)]*\)|[^\s"]+)')


@dataclass
class Mail:
    uid: int
    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Mailbox:
    """What the server has, what it can do, and what goes wrong: ``faults`` answers a command such as ``UID MOVE``."""

    username: str = "front.door"
    secret: str = 'gr\u00fcn "7'
    abilities: str = "MOVE UIDPLUS AUTH=PLAIN"
    starttls: bool = False
    faults: dict[str, str] = field(default_factory=dict)
    folders: dict[str, list[Mail]] = field(default_factory=lambda: {"INBOX": []})
    commands: list[str] = field(default_factory=list)
    next_uid: int = 101

    def put(self, content: bytes, folder: str = "INBOX") -> Mail:
        mail = Mail(self.next_uid, content)
        self.next_uid += 1
        self.folders[folder].append(mail)
        return mail

    def contents(self, folder: str = "INBOX") -> list[bytes]:
        return [mail.content for mail in self.folders.get(folder, [])]


class _Connection:
    def __init__(self, mailbox: Mailbox, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tls) -> None:
        self.mailbox, self.reader, self.writer, self.tls = mailbox, reader, writer, tls
        self.signed_in, self.selected = False, ""

    async def serve(self) -> None:
        self.say("* OK ready")
        while line := await self.reader.readline():
            tag, *words = [quoted.replace(b"\\", b"") or plain for quoted, plain in ATOMS.findall(line)]
            name = words[0].decode().upper()
            name = f"UID {words[1].decode().upper()}" if name == "UID" else name
            self.mailbox.commands.append(name)
            rest = [word.decode() for word in words[2 if name.startswith("UID ") else 1 :]]
            if not await self.faulty(tag, name):
                result = await self.do(name, rest)
                self.say(f"{tag.decode()} {result}")
            await self.writer.drain()
            if name == "LOGOUT":
                return
            if name == "STARTTLS":
                await self.writer.start_tls(self.tls)

    async def faulty(self, tag: bytes, name: str) -> bool:
        fault = self.mailbox.faults.get(name, "")
        if fault == DROP:
            self.writer.transport.abort()
            raise ConnectionResetError
        if fault == SILENCE:
            await asyncio.sleep(30)
        if fault:
            self.say(f"{tag.decode()} {fault}")
        return bool(fault)

    def say(self, line: str) -> None:
        self.writer.write(line.encode() + b"\r\n")

    async def do(self, name: str, words: list[str]) -> str:
        method = getattr(self, "do_" + name.replace(" ", "_").lower(), None)
        if method is None:
            return "BAD unknown"
        if not self.signed_in and name not in {"CAPABILITY", "STARTTLS", "LOGIN", "AUTHENTICATE", "LOGOUT"}:
            return "NO sign in first"
        answer = method(*words)
        return (await answer if asyncio.iscoroutine(answer) else answer) or "OK done"

    def do_capability(self) -> None:
        more = " STARTTLS" if self.mailbox.starttls else ""
        self.say(f"* CAPABILITY IMAP4rev1 {self.mailbox.abilities}{more}")

    def do_starttls(self) -> None: ...

    def do_logout(self) -> None:
        self.say("* BYE")

    def do_login(self, username: str, secret: str) -> str | None:
        self.signed_in = (username, secret) == (self.mailbox.username, self.mailbox.secret)
        return None if self.signed_in else f"NO [AUTHENTICATIONFAILED] {secret} is wrong"

    async def do_authenticate(self, _mechanism: str) -> str | None:
        self.say("+ ")
        _, username, secret = base64.b64decode(await self.reader.readline()).decode().split("\0")
        return self.do_login(username, secret)

    def do_select(self, folder: str) -> str | None:
        if folder not in self.mailbox.folders:
            return "NO no such folder"
        self.selected = folder
        self.say(f"* {len(self.here)} EXISTS")
        return None

    def do_create(self, folder: str) -> None:
        self.mailbox.folders.setdefault(folder, [])

    @property
    def here(self) -> list[Mail]:
        return self.mailbox.folders[self.selected]

    def mail(self, uid: str) -> list[Mail]:
        return [mail for mail in self.here if mail.uid == int(uid)]

    def do_uid_search(self, block: str, *words: str) -> str | None:
        start, end = map(int, block.split(":"))
        if not 1 <= start <= end <= len(self.here):
            return "BAD no such message"
        unwanted = {r"\Deleted", *(words[at + 1] for at, word in enumerate(words) if word == "UNKEYWORD")}
        found = [str(mail.uid) for mail in self.here[start - 1 : end] if not unwanted & mail.flags]
        self.say(f"* SEARCH {' '.join(found)}".rstrip())
        return None

    def do_uid_fetch(self, uid: str, what: str) -> str | None:
        if fault := self.mailbox.faults.get(f"UID FETCH {uid}"):
            return fault
        most = int(re.search(r"<0\.(\d+)>", what)[1])
        for mail in self.mail(uid):
            if "PEEK" not in what:
                mail.flags.add(r"\Seen")
            content = mail.content[:most]
            self.writer.write(b"* 1 FETCH (UID %d BODY[]<0> {%d}\r\n" % (mail.uid, len(content)) + content + b")\r\n")
        return None

    def do_uid_store(self, uid: str, _how: str, flags: str) -> None:
        for mail in self.mail(uid):
            mail.flags |= set(flags.strip("()").split())

    def do_uid_copy(self, uid: str, folder: str) -> str | None:
        if folder not in self.mailbox.folders:
            return "NO [TRYCREATE] no such folder"
        for mail in self.mail(uid):
            self.mailbox.put(mail.content, folder).flags |= mail.flags
        return None

    def do_uid_expunge(self, uid: str) -> None:
        for mail in self.mail(uid):
            self.here.remove(mail)

    def do_uid_move(self, uid: str, folder: str) -> str | None:
        return self.do_uid_copy(uid, folder) or self.do_uid_expunge(uid)


@contextmanager
def running(mailbox: Mailbox, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a server with this mailbox, on loopback; with ``tls`` from the first byte, or after STARTTLS."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
            await _Connection(mailbox, reader, writer, tls).serve()
        writer.close()

    async def start() -> asyncio.Server:
        at_once = None if mailbox.starttls else tls
        return await asyncio.start_server(connected, "127.0.0.1", 0, ssl=at_once)

    async def stop() -> None:
        server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(10)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
