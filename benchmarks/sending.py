"""How fast letters are rendered and sent: from the outbox to a mail server, every answer recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import aiosmtplib
from sqlmodel import select, update

from benchmarks import scenes, sinks, timing
from benchmarks.scenes import NOW, Databases
from notifications.dispatch import dispatcher
from notifications.letters import letters
from notifications.outbox import mime, queue
from notifications.smtp.servers import MailServer
from pathway.engine.post import handing_over
from rules.messages import MessageKind, MessageState
from rules.vocabulary import ReferrerKind
from storage.sessions import Database
from storage.tables import Message
from support.letters import draft, facts

MESSAGES = 2_000
LETTERS = 200
MEMORY_MESSAGES = 20_000
CONNECTIONS = 8
ROUNDS = 5
RENDERED = 500
KINDS = ("sqlite", "postgresql")
SENDER = "front.door@northbridge.example.org"


def rates(databases: Databases) -> str:
    """Messages a second over eight connections: ours, a bare loop with the same bytes, and smtp-source."""
    with sinks.sink() as server:
        outboxes = {f"outbox, {kind}": _Outbox(databases.fresh(kind), server) for kind in KINDS}
        contents = next(iter(outboxes.values())).contents()
        bare = "bare aiosmtplib loop"
        contenders = {bare: lambda: asyncio.run(_bare(server, contents))}
        contenders |= {name: found.send for name, found in outboxes.items()}
        if sinks.SOURCE:
            size = sum(map(len, contents)) // MESSAGES
            contenders["smtp-source"] = lambda: sinks.source(
                server, messages=MESSAGES, connections=CONNECTIONS, size=size
            )
        seconds = timing.medians(
            contenders,
            rounds=ROUNDS,
            warm_up=1,
            before=lambda name: outboxes[name].queue_again() if name in outboxes else None,
        )
        letters_too = {kind: _letters_a_second(databases.fresh(kind), server) for kind in KINDS}
    head = ["sent over 8 connections", "messages a second", "of the bare loop"]
    rows = [[name, f"{MESSAGES / taken:,.0f}", timing.ratio(seconds[bare], taken)] for name, taken in seconds.items()]
    rows += [[f"letters and what follows, {kind}", f"{rate:,.0f}", ""] for kind, rate in letters_too.items()]
    return f"Into {sinks.NAME}.\n\n{timing.markdown(head, rows)}"


def memory(databases: Databases) -> str:
    """What this process holds before and after 20,000 messages."""
    with sinks.sink() as server:
        found = _Outbox(databases.fresh("sqlite"), server)
        found.send()
        before = _resident()
        for _ in range(MEMORY_MESSAGES // MESSAGES):
            found.queue_again()
            found.send()
        after = _resident()
    head = ["messages sent", "resident before", "resident after"]
    return timing.markdown(head, [[f"{MEMORY_MESSAGES:,}", f"{before:.1f} MiB", f"{after:.1f} MiB"]])


def rendering() -> str:
    """Outcome letters about two children, written as text and HTML and built as e-mail."""
    _render(20)
    start = perf_counter()
    _render(RENDERED)
    return timing.markdown(
        ["letters", "a second"], [["rendered and built", f"{RENDERED / (perf_counter() - start):,.0f}"]]
    )


def _render(count: int) -> None:
    for number in range(count):
        letter = letters.write(MessageKind.OUTCOME, ReferrerKind.PROFESSIONAL, facts(contact_ref=f"FD-{number}"))
        mime.build(
            sender=("Front Door", SENDER),
            recipient=("Isla O'Brien", "isla@agency.example.org"),
            reply_to="",
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            message_id=mime.new_message_id(SENDER),
            now=NOW,
        )


class _Outbox:
    """A database with messages of a letter's size to staff, and the server that they go to."""

    def __init__(self, database: Database, server: MailServer) -> None:
        self.database, self._server = database, server
        letter = letters.write(MessageKind.OUTCOME, ReferrerKind.PROFESSIONAL, facts())
        kind = MessageKind.ALERT
        with database.write() as session:
            for number in range(MESSAGES):
                wanted = draft(number, kind=kind, dedup_key=f"bench:{number}", text=letter.text, html=letter.html)
                queue.enqueue(session, wanted, now=NOW)

    def contents(self) -> list[bytes]:
        with self.database.read() as session:
            return list(session.exec(select(Message.content)).all())

    def queue_again(self) -> None:
        fresh = {"state": MessageState.QUEUED.value, "next_attempt_at": NOW, "attempts": 0}
        with self.database.write() as session:
            session.exec(update(Message).values(**fresh))

    def send(self) -> None:
        assert _send_all(self.database, self._server) == MESSAGES


def _send_all(database: Database, server: MailServer) -> int:
    """Batch after batch, as the dispatcher does it, until nothing is due."""
    sent = 0
    while True:
        report = dispatcher.run_once(
            database, server, handing_over.settle_message, now=lambda: NOW, connections=CONNECTIONS
        )
        assert not report.faults, report
        assert not report.server_down, report
        sent += report.handed_over
        if not report.found_work:
            return sent


def _letters_a_second(database: Database, server: MailServer) -> float:
    """Letters to referrers, each of which meets duties and writes history; once, as they can't be queued again."""
    for number in range(LETTERS):
        scenes.log(database, number, children=1, received_at=NOW)
    start = perf_counter()
    sent = _send_all(database, server)
    return sent / (perf_counter() - start)


async def _bare(server: MailServer, contents: Sequence[bytes]) -> None:
    waiting = iter(contents)

    async def work() -> None:
        client = aiosmtplib.SMTP(
            hostname=server.host, port=server.port, local_hostname="localhost", use_tls=False, start_tls=False
        )
        await client.connect()
        for content in waiting:
            await client.sendmail(SENDER, ["recipient@agency.example.org"], content)
        await client.quit()

    await asyncio.gather(*(work() for _ in range(CONNECTIONS)))


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20
