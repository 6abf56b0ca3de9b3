"""What a referral's page says of others beside it: the one before, the right one, and the second manager's look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pathway.engine.children import re_referrals
from rules import repeats as limits
from storage.queries.children import repeat_rows
from storage.queries.decisions import setting_aside_rows
from storage.sessions import ReadSession
from storage.tables import Referral, SecondLook, id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondThoughts:
    """``before_ref`` is set for a re-referral, ``right_ref`` for one logged twice; ``contacts`` in twelve months."""

    before_ref: str
    right_ref: str
    contacts: int
    looks: Sequence[SecondLook]
    look_waits: bool
    disputed: bool

    @property
    def asks_for_a_look(self) -> bool:
        """True where a decision will ask another manager to look a second time."""
        return self.contacts >= limits.SECOND_LOOK_FROM


def of(session: ReadSession, referral: Referral) -> SecondThoughts:
    """The same for one referral."""
    return SecondThoughts(
        before_ref=setting_aside_rows.ref_of(session, referral.re_referral_of_id),
        right_ref=setting_aside_rows.ref_of(session, referral.right_referral_id),
        contacts=re_referrals.contacts_in_a_year(session, referral),
        looks=repeat_rows.second_looks(session, id_of(referral)),
        look_waits=repeat_rows.waiting_look(session, id_of(referral)) is not None,
        disputed=repeat_rows.is_disputed(session, id_of(referral)),
    )
