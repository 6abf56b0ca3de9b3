"""``pathway letters queue``, ``print`` and ``posted``: letters for the post, printed together as one PDF."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from notifications.letters import paper
from pathway.cli import acting_as, opening
from pathway.cli.acting_as import PRINTED, By, looking
from pathway.cli.figures import saying_why
from pathway.cli.figures.saying_why import WhyLate
from pathway.cli.speech import note, say, say_all
from pathway.engine import following, record_access
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.post import print_queue
from pathway.engine.post.print_queue import Posting, Printed, Queue, Queued, Viewer
from pathway.engine.rulebooks import published_books
from pathway.engine.why_late import answered
from pathway.web import times
from rules.books import batch as batches
from rules.errors import Fault, InvalidInput, NotFound, Refused
from rules.words import counted
from storage.clock import utc_now
from storage.queries import shown_rows
from storage.sessions import Database, ReadSession, WriteSession
from storage.tables import Letter

Out = Annotated[Path, typer.Option("--out", metavar="FILE.pdf", help="Where to write the PDF.", show_default=False)]
Refs = Annotated[
    list[str] | None,
    typer.Argument(metavar="REF", help="Letters by number, or contacts; all that wait where none is given."),
]
Batch = Annotated[int, typer.Option("--batch", help="The batch's number; may be left out where only one waits.")]
At = Annotated[str, typer.Option("--at", help="When they were posted, with a time zone; now where left out.")]


def queue(*, by: By = "") -> None:
    """List the letters that wait to be printed, and the batches that wait to be posted.

    No protected referrer and nobody of a restricted record is named. That you looked is kept in the access log.

    \b
    Example:
      pathway letters queue
    """
    with looking("print queue, on the command line", by, reason="") as look:
        # Whoever reads this may be anybody at this machine.
        who = _viewer(look.session, look.actor, named=False)
        found = print_queue.queue(look.session, who, most=print_queue.MOST_PRINTED)
        printed = [one for batch in found.batches for one in batch.letters]
        look.shut([one.line.letter.contact_id for one in (*found.to_print, *printed)])
    say_all(_told(found))


def print_letters(refs: Refs = None, *, out: Out, by: By = "") -> None:
    """Write letters that wait into one PDF, and keep them as a batch.

    Letters to protected referrers are printed only with --by somebody who may see them. A letter whose address can't be
    used, or that has a character of no font here, is left out, and said; one that is named is refused.

    \b
    Examples:
      pathway letters print --out today.pdf
      pathway letters print --out one.pdf PW-7K2M-X4TD --by jo.smith
    """
    if missing := paper.available():
        raise Refused([f"{missing}. Until then print from the browser, on the page Print queue."])
    now = utc_now()
    with opening.database(opening.load()) as database:
        with database.read() as session:
            actor = acting_as.actor(session, by)
            who = _viewer(session, actor, named=bool(by.strip()))
            waiting = print_queue.queue(session, who, most=print_queue.MOST_PRINTED)
            numbers = _named(waiting, refs) if refs else _all_printable(session, waiting)
            letters = print_queue.chosen(session, numbers, who)
            print_queue.require_glyphs(session, letters)
            papers = print_queue.on_paper(session, letters)
        _looked(database, actor, letters, now=now)
        _write(out, paper.pdf_of_many(papers))
        with following.acting(database, actor, now=now) as act:
            batch = print_queue.keep(act, numbers, who)
            say(f"Batch {batch.id}: {counted(len(letters), 'letter')} in {out}.")
    note(f"When they have left: pathway letters posted --batch {batch.id}")


def posted(*, batch: Batch = 0, at: At = "", why_late: WhyLate = "", by: By = "") -> None:
    """Record every letter of a batch as posted, which meets the duty of each at that moment.

    A letter that is refused leaves the others; exit code 1 then. Where one of them is late, --why-late says why of all.

    \b
    Examples:
      pathway letters posted
      pathway letters posted --batch 3 --at 2009-03-27T16:00:00Z --by jo.smith
    """
    now = utc_now()
    moment = batches.moment_of(at, "--at") if at else now
    settings = opening.load()
    with opening.database(settings) as database:
        with database.read() as session:
            actor = acting_as.actor(session, by)
            printed = _printed(session, _viewer(session, actor, named=True), batch)

        def change(work: Callable[[Act], Letter], token: str | None) -> Letter:
            with following.acting(database, actor, now=now, token=token) as act:
                return work(act)

        posting = Posting(at=moment, why=saying_why.read(why_late))
        with database.read() as session, saying_why.asked_for("--why-late"):
            answered(print_queue.why_late_asked(session, printed, at=moment), posting.why)
        done = print_queue.post(change, printed, posting, now=now)
        opening.send_what_is_due(database, settings)
    say(f"Batch {printed.batch.id}: {counted(len(done.done), 'letter')} recorded as posted.")
    for why in done.refused:
        note(f"error: {why}")
    if done.refused:
        raise typer.Exit(1)


def _viewer(session: ReadSession | WriteSession, actor: Actor, *, named: bool) -> Viewer:
    now = utc_now()
    who = print_queue.viewer(session, actor, published_books.current(session, now=now).book, now=now)
    return who if named else replace(who, sees_protected=False)


def _all_printable(session: ReadSession, queue: Queue) -> list[int]:
    boxes = print_queue.boxes(session, queue.to_print)
    for one in queue.to_print:
        if wrong := one.faults or boxes.get(one.number):
            note(f"left out: {_line(one)}{'' if one.faults else f'. {_said(wrong)}'}")
    found = [one.number for one in queue.to_print if not one.faults and one.number not in boxes]
    if not found:
        raise Refused(["No letter waits to be printed."])
    return found[: print_queue.MOST]


def _said(faults: Sequence[Fault]) -> str:
    return " ".join(f"{fault.problem}. {fault.remedy}." for fault in faults)


def _named(queue: Queue, refs: Sequence[str]) -> list[int]:
    known = [*queue.to_print, *(one for printed in queue.batches for one in printed.letters)]
    numbers: list[int] = []
    for ref in refs:
        of_contact = [one.number for one in known if one.line.contact.ref == ref.strip().upper()]
        if not of_contact and not ref.isdecimal():
            raise NotFound(f"No letter of contact {ref} waits to be printed; see `pathway letters queue`.")
        numbers += of_contact or [int(ref)]
    return list(dict.fromkeys(numbers))


def _printed(session: ReadSession, who: Viewer, batch: int) -> Printed:
    if batch:
        found = print_queue.standing(session, batch, who)
        if not found.letters:
            raise Refused([f"Nothing of batch {batch} waits to be posted."])
        return found
    waiting = print_queue.queue(session, who).batches
    if not waiting:
        raise Refused(["No batch waits to be posted."])
    if len(waiting) > 1:
        numbers = ", ".join(str(one.batch.id) for one in waiting)
        raise InvalidInput.of("--batch", f"Several batches wait to be posted: {numbers}", "Give one of them")
    return waiting[0]


def _looked(database: Database, actor: Actor, letters: Sequence[Queued], *, now: datetime) -> None:
    with database.read() as session:
        shown = shown_rows.of_contacts(session, [one.line.letter.contact_id for one in letters])
    record_access.open_record(database, actor, "printed letter", shown, now=now, reason=PRINTED)


def _write(path: Path, content: bytes) -> None:
    try:
        # Letters about children: only this account may read them.
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
    except OSError as error:
        raise InvalidInput.of("--out", f"{path} can't be written: {error.strerror}", "Give another file") from error


def _told(found: Queue) -> list[str]:
    lines = [_line(one) for one in found.to_print] or ["No letter waits to be printed."]
    for printed in found.batches:
        at, count = times.at(printed.batch.printed_at), counted(len(printed.letters), "letter")
        lines.append(f"Batch {printed.batch.id}, printed {at} by {printed.batch.printed_by}, not posted: {count}")
        lines += [f"  {_line(one)}" for one in printed.letters]
    if found.others:
        lines.append(f"{counted(found.others, 'more letter')} to protected referrers or of restricted records.")
    return lines


def _line(one: Queued) -> str:
    to = ", ".join(one.address.lines) if one.address else f"the address can't be used. {_said(one.faults)}"
    letter = one.line.letter
    name = letter.recipient_name or "the referrer"
    more = f". {one.only_here}" if one.only_here else ""
    return f"{letter.id}  {letter.kind} to {name}, contact {one.line.contact.ref}: {to}{more}"
