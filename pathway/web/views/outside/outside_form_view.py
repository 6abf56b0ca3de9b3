"""The form for professionals outside: what its fields mean, and the blocks that come and go without a script."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pathway.engine import code_lists
from pathway.engine.intake import from_outside
from pathway.engine.intake.from_outside import OutsideInput, Sending
from pathway.web import forms, typed
from pathway.web.forms import Form
from pathway.web.views import adult_blocks, contact_form_view
from pathway.web.views.contact_form_view import CONSENTS, MOST_CHILDREN
from rules import referrers
from rules.errors import Fault
from rules.vocabulary import ReferrerKind

FIELDS = (
    "source_code",
    "referrer_name",
    "referrer_agency",
    "referrer_role",
    "referrer_phone",
    "referrer_email",
    "concern_facts",
    "professional_opinion",
    "consent",
)
# A number that identifies a child is asked of nobody outside, so none is taken: it would ask the record.
OF_A_CHILD = ("forename", "surname", "birth_date", "about_age", "due_date", "sex", "address", "school", "where_now")
# What tells one sending from another is what was typed, not how the form was sent.
NOT_TYPED = ("request_id", "do")


def fresh(*, children: int, adults: int) -> Form:
    """An empty form with so many blocks; there is a child at least."""
    blocks = {f"children.{number}.sex": "U" for number in range(max(1, min(children, MOST_CHILDREN)))}
    blocks |= {f"adults.{number}.forename": "" for number in range(min(adults, MOST_CHILDREN))}
    return forms.fresh(**blocks)


def changed(form: Form) -> tuple[Form, str] | None:
    """The form with a block more or less, and the block that begins with the cursor; None where it is to be sent."""
    step, _, place = form.get("do").partition("-")
    if step == "stay":
        return replace(form, shown={}), ""  # Enter in a field must not send a form that is half filled in
    if step == "add":
        return contact_form_view.with_child(form), f"children.{contact_form_view.count(form)}"
    if step == "remove":
        return contact_form_view.without_child(form, place), ""
    if step == "adult":
        return adult_blocks.with_one(form), f"adults.{len(adult_blocks.of(form))}"
    if step == "unadult":
        return adult_blocks.without(form, place), ""
    return None


def parse(form: Form, *, now: datetime) -> OutsideInput:
    """What was typed, as received now. Raises InvalidInput naming every field at once."""
    faults: list[Fault] = []
    fields: dict[str, Any] = {name: form.get(name) for name in FIELDS}
    fields |= {
        "received_at": now,
        "channel": from_outside.CHANNEL,
        "immediate_danger": form.has("immediate_danger", "yes"),
    }
    blocks = [{name: block.get(name, "") for name in OF_A_CHILD} for block in contact_form_view.children_of(form)]
    fields["children"] = [contact_form_view.child(block, f"children.{n}", faults) for n, block in enumerate(blocks)]
    people = adult_blocks.of(form)
    fields["adults"] = [adult_blocks.read(block, f"adults.{n}", faults) for n, block in enumerate(people)]
    return typed.parse(OutsideInput, fields, faults)


def sending(form: Form, network: str) -> Sending:
    """What tells this sending from another, and where it came from."""
    told = sorted((name, values) for name, values in form.values.items() if name not in NOT_TYPED)
    content = json.dumps(told, ensure_ascii=True).encode("ascii")
    return Sending(content_sha256=hashlib.sha256(content).hexdigest(), network=network)


def token(form: Form) -> str | None:
    """The form's token as the contact keeps it: never one of the council's own forms."""
    return "outside:" + hashlib.sha256(form.token.encode("utf-8", "replace")).hexdigest() if form.token else None


def options() -> Mapping[str, Sequence[tuple[str, str]]]:
    """The lists to choose from, as (value, words)."""
    sources = code_lists.labels(code_lists.REFERRAL_SOURCE).items()
    professional = [(code, label) for code, label in sources if referrers.kind_of(code) is ReferrerKind.PROFESSIONAL]
    return {
        "sources": [(code, _readable(label)) for code, label in professional],
        "sexes": [(code, label.capitalize()) for code, label in code_lists.labels(code_lists.SEX).items()],
        "relations": adult_blocks.RELATIONS,
        "yes_or_no": adult_blocks.YES_OR_NO,
        "consents": [(consent, consent) for consent in CONSENTS],
    }


def _readable(label: str) -> str:
    """The department's words without its capitals: ``Health services – health visitor``."""
    first, dash, rest = label.partition("–")
    return first.capitalize().replace("La services", "Council services").strip() + (
        f" – {rest.strip()}" if dash else ""
    )
