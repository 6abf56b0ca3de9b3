"""This is another child: a referral goes to a record of its own; and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathway.engine.children import splitting
from pathway.engine.children.splitting import SplitInput
from pathway.web import typed
from pathway.web.forms import Form
from pathway.web.steps import Step
from pathway.web.views import split_view
from pathway.web.views.record_view import ReferralPage
from pathway.web.visit import Visit
from rules.errors import Fault
from storage.sessions import ReadSession

GOES, STAYS = "goes", "stays"
RESTRICTED = (
    ("yes", "Yes, only to the same people", ""),
    ("no", "No, to everybody whose role allows it", "A wrong number can file a child under a restricted record"),
)


def _read(form: Form) -> SplitInput:
    asked = {ref: form.get(f"whose.{ref}") for ref in form.all("other")}
    faults = [
        Fault(place=f"whose.{ref}", problem="Nothing is chosen", remedy="Say whose it is")
        for ref, answer in asked.items()
        if answer not in (GOES, STAYS)
    ]
    also = tuple(ref for ref, answer in asked.items() if answer == GOES)
    fields = {"reason": form.get("reason"), "also": also, "restricted": form.get("restricted")}
    return typed.parse(SplitInput, fields, faults)


def _extra(visit: Visit, session: ReadSession, page: ReferralPage, _form: Form) -> Mapping[str, Any]:
    return {"split": split_view.of(session, page.referral, closed=visit.closed), "restricted": RESTRICTED}


STEP = Step(template="split.html", read=_read, command=splitting.split, notice="child-split", extra=_extra)
BACK = Step(template="rejoin.html", read=typed.reason, command=splitting.rejoin, notice="child-rejoined", extra=_extra)
