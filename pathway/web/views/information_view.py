"""Information added to a contact, as somebody may see it, with a mark on what is new since their last look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.referrers import visible_referrer
from storage.queries import information_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import AttachedFile, Contact, Information, id_of

WITHHELD = "What this referrer wrote is kept from you: their identity is protected."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One piece of information. ``is_new``: recorded by somebody else since the last look of whoever looks."""

    information: Information
    files: Sequence[AttachedFile]
    from_whom: str
    text: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """Who looks, which look of the access log this is, and whether protected referrers are seen."""

    username: str
    look: int | None
    sees: bool


def of_contact(session: ReadSession | WriteSession, contact: Contact, eyes: Eyes) -> list[Shown]:
    """What was added to a contact, the last given first."""
    last = _last_look(session, contact, eyes)
    hidden = visible_referrer.hidden(contact, sees=eyes.sees)
    found = []
    for entry in information_rows.of_contact(session, id_of(contact)):
        told = entry.information
        kept = hidden and told.from_referrer
        found.append(
            Shown(
                information=told,
                files=() if kept else entry.files,
                from_whom=visible_referrer.PROTECTED if kept else told.from_whom,
                text=WITHHELD if kept and told.bounce_id is not None else told.text,
                is_new=last is not None and told.recorded_at > last and told.recorded_by != eyes.username,
            )
        )
    return found


def _last_look(session: ReadSession | WriteSession, contact: Contact, eyes: Eyes) -> datetime | None:
    if eyes.look is None:
        return None
    return information_rows.last_look(session, id_of(contact), eyes.username, before=eyes.look)


def asked(session: ReadSession | WriteSession, contact: Contact) -> str:
    """What the referrer was asked for and has not answered; the empty string where nothing is open."""
    event = information_rows.asked_of_referrer(session, id_of(contact))
    return event.summary if event else ""
