"""Questions that wait for somebody's word: who is told, and that they are told no more once it is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from rules.rulebook import Ladder, Rung
from rules.vocabulary import AlertKind, Role
from storage.tables import Contact, Referral

# Local: no source says who hears that a correction or a decision waits for a word.
LADDER = Ladder(
    name=AlertKind.ANSWER_NEEDED,
    rungs=(
        Rung(offset=timedelta(0), role=Role.DUTY_MANAGER, local=True),
        Rung(offset=timedelta(hours=4), role=Role.SERVICE_MANAGER, local=True),
    ),
)


def ask(
    act: Act, subject_key: str, headline: str, *, next_step: str, about: Contact | Referral, not_to: str = ""
) -> None:
    """Tells whoever decides, and of a restricted record whoever may open it. The headline never names a child.

    ``not_to``: the user name of somebody who may not answer; where nobody else is on a rung, the next one is taken.
    """
    matter = Matter(
        kind=AlertKind.ANSWER_NEEDED,
        subject_key=subject_key,
        headline=headline,
        next_step=next_step,
        ladder=replace(LADDER, not_to=not_to),
        due_at=act.now,
        about=about,
    )
    ladders.open_alert(act, matter)


def answered(act: Act, subject_key: str) -> None:
    """The word is given."""
    ladders.close_for(act, subject_key, because=f"Answered by {act.actor.name}.")
