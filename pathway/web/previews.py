"""The letter that a form would lead to, shown above what was typed. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pathway.engine.act import Act
from pathway.engine.decisions import deciding_together, previewing
from pathway.engine.decisions.decision_input import DecisionInput
from pathway.engine.decisions.previewing import Preview
from pathway.engine.referrers import visible_referrer
from pathway.engine.together import OfChild
from pathway.web import steps
from pathway.web.forms import Form
from pathway.web.steps import Data, Extra, VersionedCommand
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Visit
from storage.queries import referral_rows
from storage.sessions import ReadSession
from storage.tables import Contact, Referral, id_of

RESTRICTED = "This letter tells of a child whose record is restricted: it is not shown here."
ASKED = ("do", "preview")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A preview as somebody may see it; ``hidden`` says why its words and its address are not shown."""

    preview: Preview
    hidden: str = ""


def is_asked(form: Form) -> bool:
    """True where the button for the preview was pressed."""
    name, value = ASKED
    return form.get(name) == value


def of_decision(visit: Visit, ref: str, form: Form, command: VersionedCommand[Data], data: Data) -> Shown:
    """The letter that the decision as typed would lead to. Raises what the command raises."""
    with visit.services.database.rehearse() as session:
        act, referral = Act(session, visit.actor, visit.now), referral_rows.by_ref(session, ref)
        decide = partial(command, act, id_of(referral), data, version=steps.version_of(form))
        preview = previewing.of_decision(act, referral, decide)
        return seen(visit, session.get_one(Contact, referral.contact_id), preview)


def of_family(visit: Visit, wanted: Sequence[OfChild[DecisionInput]]) -> Shown:
    """The letter that the decisions as typed would lead to, taken together. Raises what deciding raises."""
    return visit.rehearse(lambda act: _of_family(visit, act, wanted))


def _of_family(visit: Visit, act: Act, wanted: Sequence[OfChild[DecisionInput]]) -> Shown:
    referrals = [act.session.get_one(Referral, one.referral_id) for one in wanted]
    about = next((one for one in referrals if one.named_by_referrer), referrals[0])
    preview = previewing.of_decision(act, about, partial(deciding_together.decide, act, wanted))
    return seen(visit, act.session.get_one(Contact, about.contact_id), preview)


def seen(visit: Visit, contact: Contact, preview: Preview, *, to_parents: bool = False) -> Shown:
    """The preview without what this person may not see."""
    hidden = ""
    if not to_parents and visible_referrer.hidden(contact, sees=visit.sees_protected):
        hidden = f"{visible_referrer.PROTECTED}."
    if preview.children & visit.closed:
        hidden = RESTRICTED
    if hidden:
        preview = replace(preview, text="-" if preview.text else "", html="", recipient_name="", recipient_address="")
    return Shown(preview=preview, hidden=hidden)


def beside(extra: Extra, shown: Shown | None) -> Extra:
    """What a form about a referral needs, and the preview."""

    def both(visit: Visit, session: ReadSession, page: ReferralPage, form: Form) -> Mapping[str, Any]:
        return {**extra(visit, session, page, form), "preview": shown}

    return both
