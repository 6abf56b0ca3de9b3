"""``pathway bounces``: collect what came back by e-mail, and list what waits for a person."""

from __future__ import annotations

import typer

from pathway.cli import opening
from pathway.cli.acting_as import By, Look, looking
from pathway.cli.speech import note, say, say_all
from pathway.engine import permissions
from pathway.web import times
from pathway.web.views.post import returned_mail_view
from pathway.web.views.post.returned_mail_view import BounceView
from pathway.wiring import collecting_mail
from rules.errors import InvalidInput
from rules.vocabulary import Action
from rules.words import counted
from storage.clock import utc_now
from storage.queries.letters import returned_mail_rows
from storage.sessions import Database

app = typer.Typer()
MOST = 1000


@app.command()
def collect() -> None:
    """Record once what waits in the mailbox or folder that PATHWAY_RETURNED_MAIL names.

    `pathway up` and `pathway worker` do this every minute. Twice changes nothing: each e-mail is recorded once.

    \b
    Example:
      PATHWAY_RETURNED_MAIL=/var/spool/pathway-returned pathway bounces collect
    """
    settings = opening.load()
    if not settings.bounces:
        problem = "names no mailbox and no folder"
        remedy = "Write imaps://USER:SECRET@mail.example.org/INBOX or /path/of/a/folder"
        raise InvalidInput.of("PATHWAY_RETURNED_MAIL", problem, remedy)
    with opening.database(settings) as database:
        opening.refuse_where_held(database, "Nothing is collected")
        found = collecting_mail.collect(database, settings.bounces, clock=utc_now)
        say(f"Recorded {counted(found.recorded, 'e-mail')}. {_waiting(database)}")
        if found.left:
            note(f"Left {found.left} about messages that are just being sent; the next round looks again.")
        if found.faults:
            note(f"{counted(found.faults, 'e-mail')} could not be recorded and stays where it is.")
        opening.send_what_is_due(database, settings)


@app.command("list")
def list_bounces(*, by: By = "") -> None:
    """List what came back and waits for a person, failures first.

    Where it may name a protected referrer or a restricted child it is not shown. That you looked is kept in the access
    log.

    \b
    Example:
      pathway bounces list
    """
    with looking("bounces", by, refused=_refused) as look:
        # Whoever reads this may be anybody at this machine: no protected referrer is named here.
        eyes = returned_mail_view.eyes(look.session, sees=False, closed=look.closed)
        lines = returned_mail_rows.all_waiting(look.session, most=MOST)
        look.shut([line.contact.id for line in lines if line.contact is not None])
        told = [_told(eyes.view(look.session, line)) for line in lines]
    say_all(told or ["Nothing waits for a person."])


def _refused(look: Look) -> str:
    may = permissions.may(look.book, look.actor, Action.RECORD_POSTED)
    return "" if may else f"Your role does not allow you to {Action.RECORD_POSTED}."


def _told(view: BounceView) -> str:
    bounce = view.bounce
    said = view.shown(bounce.diagnostic or bounce.subject)
    return (
        f"{bounce.id}: {bounce.kind}, {view.about}, {times.at(view.at)}. {bounce.because}.{f' {said}' if said else ''}"
    )


def _waiting(database: Database) -> str:
    with database.read() as session:
        waiting = returned_mail_rows.waiting(session)
    return (
        f"{counted(waiting, 'bounce waits', 'bounces wait')} for a person." if waiting else "None waits for a person."
    )
