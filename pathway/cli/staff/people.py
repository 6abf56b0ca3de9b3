"""``pathway user``: who signs in."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pathway.cli import opening
from pathway.cli.acting_as import By, acting, team_called, user_called
from pathway.cli.given import one_of
from pathway.cli.speech import say
from pathway.cli.staff import handing_over, notices
from pathway.cli.staff.handing_over import To
from pathway.engine.staff import account_changes, accounts
from pathway.engine.staff.account_changes import UserInput
from pathway.web import password_strength, passwords
from rules.errors import InvalidInput
from rules.vocabulary import Role
from storage.clock import utc_now
from storage.queries.staff import staff_list_rows, staff_rows
from storage.tables import id_of

user_app = typer.Typer()
user_app.command("notices")(notices.notices)

Name = Annotated[str, typer.Option("--name", help="The full name, as others read it.")]
Email = Annotated[str, typer.Option("--email", help="Where alerts and messages go.")]
Roles = Annotated[list[str], typer.Option("--role", help=f"May be given several times: {', '.join(Role)}.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
OwnTeam = Annotated[str | None, typer.Option("--team", help="The team that a team manager manages; all if none.")]
Existing = Annotated[str, typer.Argument(help="The name to sign in with.", show_default=False)]
NewName = Annotated[str, typer.Option("--name", help="Another full name.")]
NewEmail = Annotated[str, typer.Option("--email", help="Another address for alerts.")]
NewRoles = Annotated[
    list[str] | None, typer.Option("--role", help="These roles and no others; may be given several times.")
]
NewTeam = Annotated[str, typer.Option("--team", help="The team that a team manager manages.")]
WorksHere = Annotated[bool | None, typer.Option("--back/--left", help="Whether they work here.")]


@user_app.command("add")
def add_user(
    username: Annotated[str, typer.Argument(help="The name to sign in with: small letters, no spaces.")],
    *,
    name: Name,
    email: Email,
    role: Roles,
    team: OwnTeam = None,
    password_stdin: FromStdin = False,
) -> None:
    """Add somebody who may sign in. The password is asked for, and never shown or kept as it is.

    \b
    Examples:
      pathway user add jo.smith --name 'Jo Smith' --email jo@example.org --role 'duty manager'
      pathway user add jo.smith --name 'Jo Smith' --email jo@example.org --role administrator --password-stdin < secret
    """
    roles = [_role(word) for word in role]
    password = _password(username, name, email, from_stdin=password_stdin)
    hashed = passwords.hash_password(password)
    with opening.database(opening.load()) as database, database.write() as session:
        accounts.add_user(
            session,
            username=username,
            name=name,
            email=email,
            password_hash=hashed,
            roles=roles,
            now=utc_now(),
            team=team_called(session, team) if team else None,
        )
    say(f"Added {name}, who signs in as {username}: {', '.join(roles)}.")


@user_app.command("list")
def list_users() -> None:
    """List everybody who signs in, with their roles.

    \b
    Example:
      pathway user list
    """
    with opening.existing_database(opening.load()) as database, database.read() as session:
        for line in staff_list_rows.lines(session):
            left = "" if line.user.active else " (left)"
            team = f", {line.team}" if line.team else ""
            say(f"{line.user.username:<24} {line.user.name}{left}{team}: {', '.join(line.roles)}")


@user_app.command("change")
def change_user(
    username: Existing,
    *,
    name: NewName = "",
    email: NewEmail = "",
    role: NewRoles = None,
    team: NewTeam = "",
    works_here: WorksHere = None,
    to: To = None,
    by: By = "",
) -> None:
    """Change somebody's name, address, roles or team, or let them go. What you leave out stays as it is.

    Letting somebody go is never refused and acts at once; the rest of them stays as it was. What they hold is asked
    about at a terminal, or given with --to. What is given to nobody goes to the allocation list, alerts to the rest of
    the role.

    \b
    Examples:
      pathway user change jo.smith --role 'duty manager' --role 'team manager' --team 'Assessment team'
      pathway user change jo.smith --left
      pathway user change jo.smith --left --to ann.lee --to PW-7F3K-Q2MD-1='Sam Okoro'
    """
    if works_here is False:
        handing_over.user_leaves(username, to or [], by)
        return
    handing_over.refuse_alone(to, "--left")
    with acting(by) as act:
        user = user_called(act.session, username)
        roles = [_role(word) for word in role] if role else staff_rows.roles(act.session, id_of(user))
        data = UserInput(
            name=name or user.name,
            email=email or user.email,
            roles=frozenset(roles),
            team_id=id_of(team_called(act.session, team)) if team else user.team_id,
            active=user.active if works_here is None else works_here,
        )
        account_changes.change(act, id_of(user), data)
    say(f"{user.name} ({username}): {', '.join(sorted(data.roles))}.")


@user_app.command("password")
def set_password(username: Existing, *, password_stdin: FromStdin = False, by: By = "") -> None:
    """Give somebody a new password. It signs them out everywhere.

    \b
    Example:
      pathway user password jo.smith
    """
    hashed = passwords.hash_password(_password(username, from_stdin=password_stdin))
    with acting(by) as act:
        user = user_called(act.session, username)
        account_changes.set_password(act, id_of(user), password_hash=hashed)
    say(f"{username} has a new password, and is signed out everywhere.")


def _role(word: str) -> Role:
    return one_of(word, Role, "--role", f"There is no role {word!r}")


def _password(*about: str, from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        raise InvalidInput.of("password", "There is no terminal to ask for it", "Give it with --password-stdin")
    password_strength.require(password, about=(*about, opening.load().council_name))
    return password
