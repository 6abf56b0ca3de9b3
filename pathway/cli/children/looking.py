"""``pathway referral``: one child's timeline."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli import opening, record_text
from pathway.cli.speech import say_all
from storage.clock import utc_now


def referral(
    ref: Annotated[str, typer.Argument(metavar="REF", help="A referral's reference, or a contact's.")],
) -> None:
    """Print one referral with its whole timeline.

    Where it stands, its clocks, and everything that happened, in order. A contact's reference lists its referrals. That
    you looked is kept in the access log.

    \b
    Examples:
      pathway referral PW-7K2M-X4TD-1
      pathway referral PW-7K2M-X4TD
    """
    with opening.database(opening.load()) as database:
        say_all(record_text.read(database, ref.strip(), actor=opening.actor(), now=utc_now()))
