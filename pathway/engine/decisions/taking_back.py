"""Taking back a contact of an import that nobody has worked on: it counts and is found nowhere; its history stays.

The rows stay, since the history hangs on them, but say no more whom and what they were about; ``imported_lines`` keeps
what the file said. So the same reference can be imported again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from pathway.engine.act import Act
from pathway.engine.actors import SYSTEM
from pathway.engine.children import candidates, re_referrals
from pathway.engine.decisions import setting_aside
from pathway.engine.decisions.setting_aside import SetAsideInput
from rules.errors import Refused
from rules.timing import zones
from rules.vocabulary import EventKind, Mark
from storage.queries import referral_rows
from storage.queries.children import merge_rows
from storage.queries.intake import import_run_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, FilledField, ImportedLines, Person, Referral, id_of

RESTRICTED = "the record of a child is restricted"
LETTER = "a letter was printed or has left"
_BLANK_CONTACT = (
    "channel",
    "source_code",
    "referrer_name",
    "referrer_agency",
    "referrer_role",
    "referrer_phone",
    "referrer_email",
    "referrer_email_as_typed",
    "referrer_address",
    "concern_facts",
    "professional_opinion",
    "consent",
    "import_sha256",
)
_BLANK_CHILD = (
    "forename", "surname", "name_key", "ethnicity", "nhs_number_unverified", "upn", "address", "school", "about_age",
)  # fmt: skip
_NOTHING = {"birth_date": None, "born_from": None, "born_to": None, "due_date": None, "nhs_number": None, "sex": "U"}


class TakenUp(Refused):
    """Somebody has worked on the contact."""


def kept_because(
    session: ReadSession | WriteSession, lines: ImportedLines, *, gone: Collection[int] = ()
) -> tuple[str, ...]:
    """Why a contact of an import can't be taken back: each thing that somebody did with it; nothing where it can.

    ``gone``: the numbers of contacts that will have been taken back by then.
    """
    contact_id = lines.contact_id
    done = import_run_rows.events_after(session, contact_id, lines.last_event_id, except_by=SYSTEM.username)
    reasons = [f"{event.kind} by {event.actor} on {_london_day(event.recorded_at)}" for event in done]
    children = {one.person_id for one in referral_rows.of_contact(session, contact_id)}
    later = import_run_rows.came_later(session, contact_id, children)
    reasons += [f"{ref} came later and is about the same child" for number, ref in later if number not in gone]
    if import_run_rows.letter_is_out(session, contact_id):
        reasons.append(LETTER)
    if import_run_rows.any_restricted(session, children):
        reasons.append(RESTRICTED)
    return tuple(dict.fromkeys(reasons))


def take_back(act: Act, lines: ImportedLines, *, because: str) -> None:
    """Takes one contact back, with the children whom it alone made and what it filled in on others' records.

    Raises TakenUp with each thing that somebody did with it.
    """
    contact = act.hold(lines.contact_id)
    referrals = referral_rows.of_contact(act.session, lines.contact_id)
    merge_rows.lock_persons(act.session, {one.person_id for one in referrals})
    if reasons := kept_because(act.session, lines):
        raise TakenUp(reasons)
    near = _near(act.session, referrals)
    data = SetAsideInput(mark=Mark.IN_ERROR, reason=because)
    for referral in referrals:
        setting_aside.put(act, referral, data)
        _part(act, referral)
    import_run_rows.forget_contact(act.session, lines.contact_id)
    act.note(EventKind.SET_ASIDE, because, about=contact, import_run=lines.run_id)
    _empty(contact, referrals, run_id=lines.run_id)
    lines.taken_back_at = act.now
    act.session.flush()
    re_referrals.review(act.session, near)


def _near(session: WriteSession, referrals: Sequence[Referral]) -> set[int]:
    """The children of a contact, and whoever may be one of them: what they follow on may change."""
    children = {one.person_id for one in referrals}
    return children.union(*(import_run_rows.perhaps_same(session, child) for child in children))


def _part(act: Act, referral: Referral) -> None:
    """A child whom this referral brought on record is found no more; another's record keeps nothing of it."""
    person = act.session.get_one(Person, referral.person_id)
    fills = import_run_rows.fills_of(act.session, id_of(referral))
    for fill in fills:
        fill.taken_back_at = act.now
    if import_run_rows.first_referral_of(act.session, id_of(person)) == referral.id:
        _blank(act.session, person)
        return
    _unfill(act.session, person, fills)
    nobody = Person(created_at=act.now)
    act.session.add(nobody)
    act.session.flush()
    referral.person_id = id_of(nobody)


def _blank(session: WriteSession, person: Person) -> None:
    for name in _BLANK_CHILD:
        setattr(person, name, "")
    for name, nothing in _NOTHING.items():
        setattr(person, name, nothing)
    import_run_rows.forget_likeness(session, id_of(person))


def _unfill(session: WriteSession, person: Person, fills: Sequence[FilledField]) -> None:
    """Blanks again what stands as it was filled in; what was put right since stays."""
    for fill in fills:
        if str(getattr(person, fill.field)) == fill.value:
            setattr(person, fill.field, _NOTHING.get(fill.field, ""))
    if fills:
        import_run_rows.forget_keys(session, id_of(person))
        candidates.keep_keys(session, person, candidates.read(person))


def _empty(contact: Contact, referrals: Sequence[Referral], *, run_id: int) -> None:
    for name in _BLANK_CONTACT:
        setattr(contact, name, "")
    contact.immediate_danger = False
    contact.ref = f"taken-back-{run_id}-{contact.id}"
    for number, referral in enumerate(referrals, start=1):
        referral.ref, referral.named_as = f"{contact.ref}-{number}", ""


def _london_day(at: datetime) -> str:
    return f"{at.astimezone(zones.zone_named(zones.LONDON)):%d/%m/%Y}"
