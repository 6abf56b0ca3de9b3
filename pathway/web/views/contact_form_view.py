"""The form of a contact: what its fields mean, and the blocks of children that come and go without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pathway.engine import code_lists
from pathway.engine.children.child_input import ChildInput
from pathway.engine.intake import contact_kind
from pathway.engine.intake.logging_contact import ContactInput
from pathway.web import forms, times, typed
from pathway.web.forms import Form
from pathway.web.typed import Moment
from pathway.web.views import adult_blocks
from pathway.web.views.log_form import folds_view, typed_rows_view
from rules.errors import Fault, InvalidInput
from rules.rulebook import Rulebook

MOST_CHILDREN = 30
BOXES = ("unsafe_to_contact", "immediate_danger", "identity_protected")
GIVEN_ELSEWHERE = ("another_than", "mother", "mother_birth_date", "born_from", "born_to")
CHILD_FIELDS = tuple(name for name in ChildInput.model_fields if name not in GIVEN_ELSEWHERE)

CHANNELS = ("telephone", "e-mail", "online form", "letter", "police notification", "visit to the office", "meeting")
LATE_REASONS = (
    "Taken by the emergency duty team out of hours",
    "Arrived by e-mail or post after the office had closed",
    "Taken on paper while the system was away",
    "First sent to another team",
    "Waiting for the written form after a telephone call",
)
CONSENTS = (
    "Family informed and agrees",
    "Family informed and does not agree",
    "Family not informed: telling them could put a child at risk",
    "Family not informed for another reason",
    "Not known",
)


def fresh(book: Rulebook, *, now: datetime) -> Form:
    """An empty form with one child, received now, of the usual kind."""
    there = times.local(now)
    return forms.fresh(
        received_at=f"{there:%d/%m/%Y}",
        received_at_time=f"{there:%H:%M}",
        channel=folds_view.USUAL_CHANNEL,
        kind=contact_kind.USUAL if contact_kind.USUAL in book.contact_kinds else "",
        **{"children.0.sex": "U"},
    )


def blank_row() -> Form:
    """What stands in a row that a script adds, before anything is kept from the row above."""
    return Form(values={"children.ROW.sex": ("U",)})


def children_of(form: Form) -> Sequence[Mapping[str, str]]:
    """The blocks of children in their order, at least one; without those that a script began and nobody typed into."""
    found = form.nested().get("children")
    blocks = [block for block in found if isinstance(block, dict)] if isinstance(found, list) else []
    typed_in = [block for block in blocks if not typed_rows_view.is_left_out(block)]
    return typed_in[:MOST_CHILDREN] or [{"sex": "U"}]


def count(form: Form) -> int:
    """How many blocks of children the form shows."""
    return len(children_of(form))


def with_child(form: Form) -> Form:
    """The form with one more block; what siblings often share is taken over from the last."""
    blocks = list(children_of(form))
    if len(blocks) < MOST_CHILDREN:
        blocks.append({"sex": "U", **{name: blocks[-1].get(name, "") for name in typed_rows_view.LIKE_THE_LAST}})
    return _with_blocks(form, blocks)


def without_child(form: Form, place: str) -> Form:
    """The form without one block; the others close up."""
    blocks = [block for number, block in enumerate(children_of(form)) if str(number) != place]
    return _with_blocks(form, blocks or [{"sex": "U"}])


def _with_blocks(form: Form, blocks: Sequence[Mapping[str, str]]) -> Form:
    values = {name: value for name, value in form.values.items() if not name.startswith("children.")}
    for number, block in enumerate(blocks):
        for name in CHILD_FIELDS:
            values[f"children.{number}.{name}"] = (str(block.get(name, "")),)
        values.update(typed_rows_view.kept(block, f"children.{number}"))
    return replace(form, values=values, faults=(), messages=(), shown={})


def closed_up(form: Form) -> Form:
    """The form without the rows that were only begun, so that what is wrong in a row stands at that row."""
    blocks = children_of(form)
    return form if len(blocks) == _sent(form) else replace(_with_blocks(form, blocks), faults=form.faults)


def _sent(form: Form) -> int:
    found = form.nested().get("children")
    return len(found) if isinstance(found, list) else 1


def parse(form: Form, *, begun_at: datetime | None = None) -> tuple[ContactInput, str]:
    """What was typed as a command's input, and the notice to show. Raises InvalidInput naming every field at once.

    Where no moment of receipt is typed, it was received when the typing began, at ``begun_at``.
    """
    faults: list[Fault] = []
    fields: dict[str, Any] = {
        name: form.get(name)
        for name in ContactInput.model_fields
        if name not in (*BOXES, "received_at", "children", "adults", "answers")
    }
    fields.update({name: form.has(name, "yes") for name in BOXES})
    children = children_of(form)
    fields["children"] = [child(block, f"children.{n}", faults) for n, block in enumerate(children)]
    fields["answers"] = typed_rows_view.answers(children)
    blocks = adult_blocks.of(form)
    fields["adults"] = [adult_blocks.read(block, f"adults.{n}", faults) for n, block in enumerate(blocks)]
    notice = "logged"
    try:
        received = _received(form, begun_at)
        fields["received_at"] = received.utc
        notice = "logged-in-fold" if received.twice else "logged" if received.existed else "logged-in-gap"
    except InvalidInput as error:
        faults = [*error.faults, *faults]
    faults += _choices(form)
    return typed.parse(ContactInput, fields, faults, unread=("received_at",)), notice


def _received(form: Form, begun_at: datetime | None) -> Moment:
    day, clock = form.get("received_at"), form.get("received_at_time")
    if begun_at is not None and not (day.strip() or clock.strip()):
        return Moment(utc=begun_at)
    return typed.moment(day, clock, place="received_at")


def child(block: Mapping[str, str], place: str, faults: list[Fault]) -> Mapping[str, Any]:
    """One child's fields as the command's input wants them; what is no date is added to ``faults`` at its place."""
    child: dict[str, Any] = {name: block.get(name, "") for name in CHILD_FIELDS}
    child["sex"] = child["sex"] or "U"
    typed_rows_view.with_age(child, str(child["birth_date"]).strip(), place, faults)
    due = str(child["due_date"]).strip()
    child["due_date"] = typed.day(due)
    if due and child["due_date"] is None:
        faults.append(Fault(place=f"{place}.due_date", problem="This is not a date", remedy=typed.DAY_REMEDY))
    return child


def _choices(form: Form) -> Sequence[Fault]:
    """Lists that begin with an empty line: nothing chosen is said as such."""
    if form.get("source_code"):
        return []
    return [Fault(place="source_code", problem="Nothing is chosen", remedy="Choose who is contacting us")]


def options(book: Rulebook) -> Mapping[str, Sequence[tuple[str, str]]]:
    """The lists to choose from, as (value, words)."""
    return {
        "kinds": [(code, kind.title) for code, kind in book.contact_kinds.items()],
        "sources": [(code, f"{code} {label}") for code, label in code_lists.labels(code_lists.REFERRAL_SOURCE).items()],
        "ethnicities": list(code_lists.labels(code_lists.ETHNICITY).items()),
        "sexes": [(code, label.capitalize()) for code, label in code_lists.labels(code_lists.SEX).items()],
        "disabilities": list(code_lists.labels(code_lists.DISABILITY).items()),
        "relations": adult_blocks.RELATIONS,
        "yes_or_no": adult_blocks.YES_OR_NO,
        "channels": [(channel, channel.capitalize()) for channel in CHANNELS],
        "consents": [(consent, consent) for consent in CONSENTS],
        "late_reasons": [(reason, reason) for reason in LATE_REASONS],
    }


def choices(book: Rulebook, name: str) -> Sequence[tuple[str, str]]:
    """One of the lists; none for the empty name."""
    return options(book)[name] if name else ()
