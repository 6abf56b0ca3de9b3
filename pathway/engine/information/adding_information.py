"""Adding information to a contact at any time: what was learnt, from whom, by what channel, with its files.

It answers what the referrer was asked for, where that is open; where a child has been decided it asks whether the
decision stands.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import AwareDatetime, Field

from pathway.engine import inputs, record_access
from pathway.engine.act import Act
from pathway.engine.information import file_kinds, standing_decisions
from pathway.engine.information.file_kinds import Upload
from pathway.engine.inputs import Input, Line, NeededLine, Text
from rules.errors import InvalidInput, NotAllowed
from rules.vocabulary import Action, EventKind
from storage.queries import information_rows, referral_rows
from storage.tables import AttachedFile, Contact, Information, id_of

MAY = (Action.LOG_CONTACT, Action.SCREEN, Action.RECORD_MILESTONE)
FOR_OTHERS = "Your role does not allow you to add information to a record."
REFERRER = "the referrer"


class InformationInput(Input):
    """What was learnt: when, from whom (the referrer or somebody else), by what channel, in what words."""

    given_at: AwareDatetime
    from_referrer: bool = False
    from_whom: Line = ""
    channel: NeededLine
    text: Text = ""
    answers: bool = False
    files: Annotated[tuple[Upload, ...], Field(max_length=100)] = ()


def add(act: Act, contact_id: int, data: InformationInput, *, bounce_id: int | None = None) -> Information | None:
    """Keeps it with the contact, tells the history of each child, and asks of each decision whether it stands.

    None on a second click. Raises InvalidInput naming each field and each file, NotAllowed, NotFound.
    """
    contact = act.lock_contact(contact_id)
    if contact is None:
        return None
    if not any(act.may(action) for action in MAY):
        raise NotAllowed(FOR_OTHERS)
    children = {one.person_id for one in referral_rows.of_contact(act.session, contact_id)}
    record_access.require_open(act.session, act.actor, children, now=act.now)
    _refuse(act, data)
    file_kinds.refuse_any(data.files)
    return _keep(act, contact, data, bounce_id)


def _refuse(act: Act, data: InformationInput) -> None:
    inputs.refuse_future("given_at", data.given_at, now=act.now)
    if not (data.from_referrer or data.from_whom):
        raise InvalidInput.of("from_whom", "This is needed", "Say who gave it, or that it was the referrer")
    if not (data.text.strip() or data.files):
        raise InvalidInput.of("text", "Nothing was said and no file is given", "Write what was said, or add a file")


def _keep(act: Act, contact: Contact, data: InformationInput, bounce_id: int | None) -> Information:
    asked = information_rows.asked_of_referrer(act.session, id_of(contact))
    answers = asked is not None and data.answers
    row = Information(
        contact_id=id_of(contact),
        given_at=data.given_at,
        from_whom=REFERRER if data.from_referrer else data.from_whom,
        from_referrer=data.from_referrer,
        channel=data.channel,
        text=data.text,
        answers=answers,
        bounce_id=bounce_id,
        recorded_at=act.now,
        recorded_by=act.actor.username,
    )
    act.session.add(row)
    act.session.flush()
    for upload in data.files:
        _attach(act, row, upload)
    _tell(act, contact, row, files=len(data.files))
    return row


def _attach(act: Act, row: Information, upload: Upload) -> None:
    kind = file_kinds.kind_of(upload.content)
    if kind is None:  # refused before
        return
    act.session.add(
        AttachedFile(
            information_id=id_of(row),
            name=file_kinds.kept_name(upload.name, kind),
            kind=kind,
            size=len(upload.content),
            sha256=hashlib.sha256(upload.content).hexdigest(),
            content=upload.content,
        )
    )
    act.session.flush()


def _tell(act: Act, contact: Contact, row: Information, *, files: int) -> None:
    # From whom stands with the information: not everybody who reads the history may know.
    summary = f"Information added, by {row.channel}{f', with {files} file(s)' if files else ''}"
    if row.answers:
        summary = f"{summary}: it answers what the referrer was asked for"
    for referral in referral_rows.of_contact(act.session, id_of(contact)):
        if referral.set_aside_at is not None:
            continue
        act.note(EventKind.INFORMATION_ADDED, summary, about=referral, occurred_at=row.given_at, information=id_of(row))
        if referral.decided_at is not None:
            standing_decisions.ask(act, referral, id_of(row))
    act.session.flush()
