"""``pathway user notices``: when somebody is told."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli.acting_as import By, acting, user_called
from pathway.cli.speech import say
from pathway.engine.watch import notice_choices
from rules.errors import InvalidInput
from storage.tables import id_of

Quiet = Annotated[str | None, typer.Option("--quiet", help="Local times from and to: 22:00-07:00, or none.")]
Existing = Annotated[str, typer.Argument(help="The name to sign in with.", show_default=False)]
DigestAt = Annotated[str | None, typer.Option("--digest", help="The local time of a manager's digest: 08:30, or none.")]


def notices(username: Existing, *, quiet: Quiet = None, digest: DigestAt = None, by: By = "") -> None:
    """Show or set when somebody is told: quiet hours, and a manager's digest.

    In quiet hours only immediate danger and faults of the system are sent; the rest comes as one when they end. Alerts
    climb their ladders all the same. What you leave out stays as it is.

    \b
    Examples:
      pathway user notices jo.smith
      pathway user notices jo.smith --quiet 22:00-07:00 --digest 08:30
      pathway user notices jo.smith --quiet none --digest none
    """
    with acting(by) as act:
        user = user_called(act.session, username)
        if quiet is not None or digest is not None:
            typed = notice_choices.as_typed(user)
            if quiet is not None:
                typed["quiet_from"], typed["quiet_to"] = _span(quiet)
            if digest is not None:
                typed["digest_at"] = _none(digest)
            data = notice_choices.parse(typed)
            notice_choices.choose(act, id_of(user), data)
    say(f"{user.name} ({username}): {notice_choices.in_words(user)}.")


def _span(typed: str) -> tuple[str, str]:
    if not _none(typed):
        return "", ""
    begins, dash, ends = typed.partition("-")
    if not (dash and begins.strip() and ends.strip()):
        raise InvalidInput.of("--quiet", f"{typed!r} is not a span of time", "Write it as 22:00-07:00, or none")
    return begins, ends


def _none(typed: str) -> str:
    return "" if typed.strip().casefold() == "none" else typed.strip()
