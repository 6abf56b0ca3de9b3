"""Keeping what somebody types into a form until it is recorded: nothing typed is lost, and nobody else reads it.

A draft is named by its form's token. Two opened pages can have the same one, on two devices: the later never takes the
place of a text that it has not seen, but is kept beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.alerts.notices import IN_DANGER
from rules import unfinished
from rules.errors import NotFound
from storage.queries import draft_rows
from storage.sessions import WriteSession
from storage.tables import Draft

NEW_CONTACT = "/contacts/new"
LOGGED = "The contact was logged"
LONGEST_AGE = timedelta(hours=12)
DANGER = "immediate_danger"
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a page sends: the form's ``token`` and address, its fields, and which sending of which page this is.

    ``version`` is that of the draft with which the page was opened, 0 for a new form. ``given``: the page shows that it
    was given to whoever sends. ``age``: for how long it has been typed. ``sent``: by a button, and not while typing.
    """

    token: str
    form: str
    fields: Fields
    page: str = ""
    turn: int = 0
    version: int = 0
    given: bool = False
    age: timedelta = timedelta(0)
    sent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The draft as it stands now; ``beside`` is the one beside which it had to be kept, None where there is none."""

    draft: Draft
    beside: Draft | None = None


def keep(act: Act, typed: Typed) -> Kept:
    """Keeps what was typed. An older text of the same page changes nothing, and neither does the same text again.

    Where the token is another person's, was recorded with another text, or bears a text that the page has not seen, a
    draft of its own is made.
    """
    there = draft_rows.lock(act.session, typed.token)
    if there is None:
        return Kept(draft=_add(act, typed, begun_at=act.now - min(max(typed.age, timedelta(0)), LONGEST_AGE)))
    if not (there.writer == act.actor.username or typed.given):
        return _beside(act, typed, there)
    if not _is_over(there, typed) and not _says_nothing_new(there, typed):
        if there.ended_at is not None or _has_not_seen(there, typed):
            return _beside(act, typed, there)
        _put(act, there, typed)
    return Kept(draft=there)


def _is_over(there: Draft, typed: Typed) -> bool:
    """True for what arrives late from the page that has been sent since."""
    overtaken = typed.page == there.page and typed.turn < there.turn
    return overtaken or (there.ended_at is not None and typed.page == there.page and not typed.sent)


def _says_nothing_new(there: Draft, typed: Typed) -> bool:
    text = _text(typed.fields)
    return (there.sent_sha256 == _sha256(text)) if there.ended_at is not None else there.fields == text


def _has_not_seen(there: Draft, typed: Typed) -> bool:
    return typed.page != there.page and typed.version != there.version


def _beside(act: Act, typed: Typed, there: Draft) -> Kept:
    """The same page finds the same draft again, so that an answer that got lost makes no third."""
    kept = keep(act, replace(typed, token=_sha256(f"{typed.token} {typed.page}")[:32], given=False))
    if there.writer == act.actor.username and there.ended_at is None:
        kept.draft.begun_at = min(kept.draft.begun_at, there.begun_at)
    return replace(kept, beside=there)


def _add(act: Act, typed: Typed, *, begun_at: datetime) -> Draft:
    draft = Draft(
        token=typed.token,
        form=typed.form,
        writer=act.actor.username,
        fields="{}",
        version=0,
        begun_at=begun_at,
        changed_at=act.now,
        changed_by=act.actor.username,
    )
    _put(act, draft, typed)
    act.session.add(draft)
    act.session.flush()
    return draft


def _put(act: Act, draft: Draft, typed: Typed) -> None:
    draft.fields, draft.page, draft.turn = _text(typed.fields), typed.page, typed.turn
    draft.version += 1
    draft.changed_at, draft.changed_by = act.now, act.actor.username
    if draft.form == NEW_CONTACT:
        draft.in_danger = bool(typed.fields.get(DANGER))
        draft.look_at = unfinished.told_at(act.now, in_danger=draft.in_danger)


def fields_of(draft: Draft) -> Fields:
    """The fields as they were typed."""
    fields: Fields = json.loads(draft.fields)
    return fields


def end(act: Act, token: str, *, because: str = LOGGED) -> Draft | None:
    """The form was recorded: its text is emptied, in the same transaction. None where there is nothing to end.

    The alerts about an unfinished contact close, and say ``because``. Whoever calls knows that the actor may: ``keep``
    has returned it.
    """
    draft = draft_rows.lock(act.session, token)
    if draft is None or draft.ended_at is not None:
        return None
    empty(draft, now=act.now)
    for key in subjects(draft):
        ladders.close_for(act, key, because=because)
    return draft


def subjects(draft: Draft) -> Sequence[str]:
    """What alerts about an unfinished contact may be about: it may have been told as one without danger before."""
    return (f"draft:{draft.id}", f"draft:{draft.id}{IN_DANGER}")


def subject(draft: Draft) -> str:
    """What the next alert about it is about."""
    return subjects(draft)[draft.in_danger]


def throw_away(act: Act, draft_id: int) -> str:
    """Throws away what the actor typed, and returns the form's address.

    Raises NotFound for another person's, and for a new contact: that is discarded with a reason.
    """
    draft = draft_rows.find(act.session, draft_id)
    if draft.writer != act.actor.username or draft.form == NEW_CONTACT:
        raise NotFound(draft_rows.NONE)
    empty(draft, now=act.now)
    return draft.form


def empty(draft: Draft, *, now: datetime) -> None:
    """Takes the text away, and leaves the hash by which a second click is known."""
    draft.sent_sha256, draft.fields = _sha256(draft.fields), "{}"
    draft.ended_at, draft.look_at = now, None


def clear(session: WriteSession, *, now: datetime) -> None:
    """Removes what was left for seven days. A new contact stays until somebody finishes or discards it."""
    draft_rows.clear(session, before=now - unfinished.KEPT_FOR, except_form=NEW_CONTACT)


def _text(fields: Fields) -> str:
    return json.dumps({name: list(values) for name, values in fields.items()}, sort_keys=True, ensure_ascii=False)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
