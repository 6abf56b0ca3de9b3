"""``pathway information``: what was learnt after a contact was logged, added and listed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathway.cli.acting_as import By, ContactRef, acting_on_contact, contact_of, rehearsing
from pathway.cli.speech import say, say_all
from pathway.engine import inputs
from pathway.engine.information import adding_information
from pathway.engine.information.adding_information import InformationInput
from pathway.engine.information.file_kinds import LARGEST, Upload
from pathway.engine.referrers import visible_referrer
from pathway.web import times
from pathway.web.views import information_view
from rules.errors import InvalidInput
from rules.timing import written
from rules.words import counted
from storage.clock import utc_now
from storage.queries import shown_rows
from storage.tables import id_of

app = typer.Typer()
At = Annotated[str, typer.Option("--at", help="When it was given, such as '27 3 2009 16:40'; now if left out.")]
Whom = Annotated[str, typer.Option("--from", help="Who gave it; the referrer if left out.")]
Channel = Annotated[str, typer.Option("--channel", help="How it came, such as telephone.", show_default=False)]
Text = Annotated[str, typer.Option("--text", help="What was said.")]
Files = Annotated[list[Path] | None, typer.Option("--file", help="A PDF, image, Word document or e-mail; repeat it.")]
Answers = Annotated[bool, typer.Option("--answers", help="It answers what the referrer was asked for.")]


@app.command()
def add(
    ref: ContactRef,
    *,
    channel: Channel,
    text: Text = "",
    at: At = "",
    whom: Whom = "",
    file: Files = None,
    answers: Answers = False,
    by: By = "",
) -> None:
    """Add what was learnt to a contact; it stands with each of its children.

    Where a child has been decided, whoever decides is asked whether the decision stands.

    \b
    Examples:
      pathway information add PW-7K2M-X4TD --channel telephone --text 'The grandmother has taken him in.'
      pathway information add PW-7K2M-X4TD --channel letter --from 'Dr Lund, GP' --file report.pdf --answers
    """
    typed = {
        "given_at": _moment(at),
        "from_referrer": not whom.strip(),
        "from_whom": whom,
        "channel": channel,
        "text": text,
        "answers": answers,
        "files": tuple(_read(path) for path in file or ()),
    }
    data = inputs.parse(InformationInput, typed)
    with acting_on_contact(ref, by) as (act, contact):
        adding_information.add(act, id_of(contact), data)
    say(f"Added to contact {contact.ref}, with {counted(len(data.files), 'file')}.")


def _moment(text: str) -> object:
    if not text.strip():
        return utc_now()
    found = written.moment(text)
    if found is None:
        raise InvalidInput.of("--at", "This is not a date with a time of day", "Write it as '27 3 2009 16:40'")
    return found.utc


def _read(path: Path) -> Upload:
    try:
        with path.open("rb") as opened:
            return Upload(name=path.name, content=opened.read(LARGEST + 1))
    except OSError as error:
        problem = f"{path} can't be read: {error.strerror}"
        raise InvalidInput.of("--file", problem, "Check the path, and that you may read it") from error


@app.command("list")
def listed(ref: ContactRef, *, by: By = "") -> None:
    """List what was added to a contact, the last given first. That you looked is kept in the access log.

    \b
    Example:
      pathway information list PW-7K2M-X4TD
    """
    what = f"information of {ref.strip()}"
    with rehearsing(by, lambda session: shown_rows.of_contact(session, contact_of(session, ref).id), what=what) as act:
        contact = contact_of(act.session, ref)
        sees = visible_referrer.sees_protected(act.actor, act.book)
        eyes = information_view.Eyes(username=act.actor.username, look=None, sees=sees)
        found = information_view.of_contact(act.session, contact, eyes)
        told = [line for one in found for line in _told(one)]
    say_all([*told, f"{len(found)} added."])


def _told(one: information_view.Shown) -> list[str]:
    row = one.information
    files = [f"    {file.name}, {file.kind}, {file.size} bytes, SHA-256 {file.sha256}" for file in one.files]
    return [f"{times.at(row.given_at)}, by {row.channel}, from {one.from_whom}: {one.text}", *files]
