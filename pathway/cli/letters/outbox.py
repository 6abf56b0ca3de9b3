"""``pathway outbox``: what waits to be sent and what was refused, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

import typer

from pathway.cli.acting_as import By, Look, acting_on, looking
from pathway.cli.given import one_of
from pathway.cli.speech import note, say, say_all
from pathway.engine.inputs import ReasonInput, parse
from pathway.engine.post import outbox_commands
from pathway.web import times
from pathway.web.lists import listed
from pathway.web.views.post import outbox_view
from pathway.web.views.post.outbox_view import MessageView, Viewer
from rules.messages import MessageKind, MessageState
from storage.queries import keyset
from storage.queries.letters import message_rows
from storage.queries.lists import message_page_rows
from storage.queries.lists.message_page_rows import MessagesWanted

app = typer.Typer()

Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The message's number.", show_default=False)]
State = Annotated[str, typer.Option("--state", help=f"Only one of: {', '.join(MessageState)}.")]
Kind = Annotated[str, typer.Option("--kind", help=f"Only one of: {', '.join(MessageKind)}.")]
To = Annotated[str, typer.Option("--to", help="Words of the recipient, or a contact's reference.")]
Long = Annotated[bool, typer.Option("--long", help="Only what has waited longer than an hour.")]
Twice = Annotated[bool, typer.Option("--twice", help="Only what may have arrived twice.")]
Most = Annotated[int, typer.Option("--most", help="How many to print.", min=1, max=10_000)]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept.", show_default=False)]


@app.command("list")
def list_messages(
    *,
    state: State = "",
    kind: Kind = "",
    to: To = "",
    long: Long = False,
    twice: Twice = False,
    most: Most = 50,
    by: By = "",
) -> None:
    """List the messages: first what waits, the urgent and the oldest before all, then the newest.

    No protected referrer and nobody of a restricted record is named. That you looked is kept in the access log.

    \b
    Examples:
      pathway outbox list --state refused
      pathway outbox list --long --to school.example.org
    """
    state, kind = _word(state, MessageState, "--state"), _word(kind, MessageKind, "--kind")
    with looking("outbox", by, words=to, refused=_refused) as look:
        # Whoever reads this may be anybody at this machine: no protected referrer is named here.
        who = replace(_viewer(look), sees_protected=False)
        asked = MessagesWanted(
            states=[state] if state else [], kinds=[kind] if kind else [], words=to, perhaps_twice=twice
        )
        wanted = who.may_ask(replace(asked, before=look.now - outbox_view.LONG if long else None))
        found = message_page_rows.page(look.session, wanted, keyset.Wanted(size=most))
        lines, count = found.rows, message_page_rows.count(look.session, wanted)
        look.shut([line.contact.id for line in lines if line.contact is not None])
        told = [_told(outbox_view.view(line, who)) for line in lines]
        by_state = message_rows.counts(look.session)
    say_all(told or ["No message matches."])
    if found.after is not None:
        note(f"The first {len(told):,} of {listed.number_words(count)}; --most prints more.")
    note("In all: " + ", ".join(f"{number:,} {word}" for word, number in by_state.items()) + ".")


@app.command()
def retry(number: Number, *, by: By = "") -> None:
    """Send a message that waits or was refused now.

    `pathway up` or `pathway worker` sends it within seconds; with neither running this command does.

    \b
    Example:
      pathway outbox retry 1204 --by jo.smith
    """
    with acting_on("message", number, by) as act:
        message = outbox_commands.retry(act, number)
    say(f"Message {number} ({message.kind}) is to be sent now.")


@app.command()
def cancel(number: Number, *, reason: Reason, by: By = "") -> None:
    """Take a message that waits out of the outbox.

    A letter whose e-mail is cancelled stays on the list of letters owed.

    \b
    Example:
      pathway outbox cancel 1204 --reason 'Given by hand' --by jo.smith
    """
    data = parse(ReasonInput, {"reason": reason})
    with acting_on("message", number, by) as act:
        message = outbox_commands.cancel(act, number, data)
        owed = f" Letter {message.letter_id} is still owed." if message.letter_id else ""
    say(f"Message {number} ({message.kind}) is cancelled.{owed}")


def _viewer(look: Look) -> Viewer:
    return outbox_view.viewer(look.actor, look.book, closed=look.closed)


def _refused(look: Look) -> str:
    who = _viewer(look)
    return "" if who.reads_letters or who.administers else "Your role does not open the outbox."


def _told(view: MessageView) -> str:
    message = view.message
    to = " ".join(filter(None, (view.name, f"<{view.address}>" if view.address else "")))
    twice = ", perhaps twice" if message.perhaps_twice else ""
    said = view.said(message.last_answer)
    return (
        f"{message.id}: {message.kind} to {to}, written {times.at(message.created_at)}, "
        f"{message.state}{twice}{f'. {said}' if said else ''}"
    )


def _word(text: str, known: Iterable[str], place: str) -> str:
    return one_of(text, known, place, f"There is no {text!r}") if text.strip() else ""
