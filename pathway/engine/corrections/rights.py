"""Who may correct: officers what they logged until it is decided, managers later."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine.act import Act
from rules.vocabulary import Action
from storage.tables import Contact, Referral

NOT_YOURS = (
    "You may correct what you logged yourself until somebody has decided. After that, and what others logged, is for "
    "a manager."
)
PROTECTED = "The identity of this referrer is protected: only those who may see it correct it."


def refusal(act: Act, referrals: Sequence[Referral], *, added_by: str = "") -> str:
    """Why somebody may not correct what stands with these referrals; the empty string where they may.

    ``added_by``: who added it to the contact later, and logged that by it.
    """
    own = act.may(Action.LOG_CONTACT) and all(_is_own(act, referral, added_by) for referral in referrals)
    return "" if own or act.may(Action.CORRECT_DECISION) else NOT_YOURS


def _is_own(act: Act, referral: Referral, added_by: str) -> bool:
    contact = act.session.get_one(Contact, referral.contact_id)
    logged = act.actor.username in (contact.recorded_by, added_by) and not referral.imported
    return logged and referral.decided_at is None
