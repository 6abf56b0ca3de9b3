"""Whoever leaves: to whom what they hold goes, as it is typed on the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import typer

from pathway.cli import opening
from pathway.cli.acting_as import acting, user_called
from pathway.cli.speech import say, say_all
from pathway.engine.act import Act
from pathway.engine.staff import account_changes, held, team_changes
from pathway.engine.staff.held import HandedOver, Held
from rules.errors import InvalidInput, NotFound
from rules.vocabulary import Role
from rules.words import counted
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import id_of

To = Annotated[
    list[str] | None,
    typer.Option(
        "--to",
        help="To whom what they hold goes: a user name or a worker's name; REFERENCE=NAME for one child, "
        "alert:NUMBER=NAME for one alert. May be given several times.",
    ),
]
OPTION = "--to"
ALERT = "alert:"


def user_leaves(username: str, to: Sequence[str], by: str) -> None:
    """Ends somebody's sign-in, whatever they hold, and says what became of it; at a terminal it asks first."""
    to = to or _asked(username)
    with acting(by) as act:
        user = user_called(act.session, username)
        roles = ", ".join(sorted(staff_rows.roles(act.session, id_of(user))))
        holds = held.now_by(act.session, held.of_user(act.session, user))
        chosen, unknown = _chosen(act.session, to, holds)
        done = account_changes.leave(act, id_of(user), chosen)
        nobody = not staff_rows.holders(act.session, Role.ADMINISTRATOR)
    say(f"{user.name} ({username}): {roles}; no longer works here, and is signed out.")
    say_all(_told(user.name, holds.words, done, unknown))
    if nobody:
        say(account_changes.NO_ADMINISTRATOR)


def worker_goes(act: Act, worker_id: int, to: Sequence[str]) -> Sequence[str]:
    """Lets a worker go, whatever they hold; returns what to say afterwards."""
    worker = team_changes.find_worker(act.session, worker_id)
    holds = held.now_by(act.session, held.of_worker(worker))
    chosen, unknown = _chosen(act.session, to, holds)
    done = team_changes.let_go(act, worker_id, chosen)
    return list(_told(worker.name, holds.words, done, unknown))


def refuse_alone(to: Sequence[str] | None, beside: str) -> None:
    """Raises InvalidInput where somebody says to whom things go, and nobody is let go."""
    if to:
        raise InvalidInput.of(OPTION, "Nobody is let go, so nothing is handed over", f"Give it with {beside}")


def _asked(username: str) -> Sequence[str]:
    if not sys.stdin.isatty():
        return ()
    with opening.existing_database(opening.load()) as database, database.read() as session:
        user = staff_rows.user(session, username)
        holds = held.now_by(session, held.of_user(session, user)).words if user is not None else ""
    if user is None or not holds:
        return ()
    question = f"{user.name} holds {holds}. To whom? A user name or a worker's name; nothing for the allocation list"
    answer = typer.prompt(question, default="", show_default=False)
    return [answer] if answer.strip() else []


def _chosen(session: WriteSession, to: Sequence[str], holds: Held) -> tuple[Mapping[str, str], Sequence[str]]:
    """To whom each thing goes, and the names that nobody here has: they keep nobody from leaving.

    Raises InvalidInput for what is not held: whoever typed it means something else that would go to nobody.
    """
    chosen: dict[str, str] = {}
    unknown = []
    known = _known(holds)
    if odd := [what for typed in to if (what := typed.rpartition("=")[0].strip()) and what not in known]:
        held_now = ", ".join(sorted(known)) or "nothing"
        remedy = f"Held are: {held_now}. Leave out what is before the = to name somebody for all of it"
        raise InvalidInput.of(OPTION, f"They do not hold {', '.join(odd)}; nobody was let go", remedy)
    for typed in to:
        what, _, name = typed.rpartition("=")
        try:
            key = _key(session, name.strip())
        except NotFound as error:
            unknown.append(str(error))
            continue
        for place in _places(what.strip()):
            chosen[place] = key
    return chosen, unknown


def _known(holds: Held) -> frozenset[str]:
    refs = {referral.ref for referral, _ in holds.children} | {referral.ref for _, referral in holds.transfers}
    return frozenset(refs | {f"{ALERT}{alert.id}" for alert in holds.alerts})


def _places(what: str) -> Sequence[str]:
    if not what or what.startswith(ALERT):
        return [what]
    return [f"child:{what}", f"transfer:{what}"]


def _key(session: WriteSession, name: str) -> str:
    user = staff_rows.user(session, name)
    if user is not None and user.active:
        return f"user:{user.id}"
    worker_name, _, team = name.partition(",")
    workers = staff_rows.workers_called(session, worker_name.strip(), team.strip())
    if len(workers) > 1:
        raise NotFound(f"Several workers are called {name}: write the team behind a comma.")
    if not workers:
        raise NotFound(f"Nobody who works here is called {name}.")
    return f"worker:{workers[0][0].id}"


def _told(name: str, holds: str, done: HandedOver, unknown: Sequence[str]) -> Iterator[str]:
    if holds:
        yield f"{name} held {holds}."
    yield from (f"{problem} What was meant for them went to nobody." for problem in unknown)
    yield from (f"  {ref} goes to {taker}." for ref, taker in done.given.items())
    if done.listed:
        yield (
            f"  On the allocation list now, and the team manager is told: {', '.join(done.listed)}. Allocate each on "
            "the page Allocations, or with `pathway allocate`."
        )
    if done.alerts:
        yield f"  {counted(len(done.alerts), 'alert')}: told to whom you named, else to the rest of the role."
