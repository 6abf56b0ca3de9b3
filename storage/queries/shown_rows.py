"""What a page shows: the records that the access log names, and the children whose records must be open for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session, col, func, select

from rules.errors import NotFound
from storage.queries import contact_rows, draft_rows
from storage.queries.alerts import alert_rows
from storage.queries.children import adult_rows, close_birth_rows, match_rows, merge_rows, oddity_rows
from storage.queries.letters import message_rows, returned_mail_rows
from storage.tables import Alert, Contact, Letter, Message, Person, Referral, id_of

Subject = tuple[int | None, int | None]
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """``subjects``: (contact id, referral id) of each record, one pair at least. ``children``: whom they are about.

    ``which``: what tells the thing from others of its kind, where it is no record yet.
    """

    subjects: Sequence[Subject] = ((None, None),)
    children: frozenset[int] = frozenset()
    which: str = ""


def shown(session: Session, shows: str, params: Mapping[str, Any]) -> Shown:
    """What a page shows, by what its route says of it and the parts of its address; nothing for a list.

    A list hides the names of whoever is closed by itself. Raises NotFound.
    """
    find = _BY_KIND.get(shows)
    return find(session, params) if find else Shown()


def of_contact(session: Session, contact_id: int | None) -> Shown:
    """A contact with all its children; nothing for None."""
    return of_contacts(session, [] if contact_id is None else [contact_id])


def of_contacts(session: Session, contact_ids: Collection[int]) -> Shown:
    """Several contacts, each once, with all their children; nothing for none."""
    if not contact_ids:
        return Shown()
    children = contact_rows.children_of(session, contact_ids).values()
    return Shown(subjects=[(one, None) for one in dict.fromkeys(contact_ids)], children=frozenset().union(*children))


def of_child(session: Session, person_id: int) -> Shown:
    """All referrals of a child."""
    person_id = min(person_id, LARGEST)
    statement = select(Referral.contact_id, Referral.id).where(col(Referral.person_id) == person_id)
    rows = session.exec(statement.order_by(col(Referral.id))).all()
    return Shown(subjects=list(rows) or [(None, None)], children=_known(session, person_id))


def of_alerts(session: Session, alert_ids: Collection[int]) -> Shown:
    """What several alerts are about; nothing for none. Raises NotFound."""
    each = [_alert(session, {"alert_id": number}) for number in sorted(alert_ids)]
    subjects = dict.fromkeys(subject for one in each for subject in one.subjects)
    return Shown(subjects=list(subjects) or [(None, None)], children=frozenset().union(*(one.children for one in each)))


def children_of_mail(session: Session, message_ids: Collection[str]) -> Mapping[str, frozenset[int]]:
    """The children whom each of these messages is about, by its Message-ID."""
    statement = _mail().where(col(Message.message_id).in_(message_ids))
    contacts = {message_id: contact_id for message_id, contact_id in session.exec(statement) if contact_id}
    children = contact_rows.children_of(session, set(contacts.values()))
    return {message_id: children.get(contact_id, frozenset()) for message_id, contact_id in contacts.items()}


def _mail() -> Any:
    """Each Message-ID with the contact that the message is about, by itself, by its letter or by its alert."""
    about = func.coalesce(Message.contact_id, Letter.contact_id, Alert.contact_id, Referral.contact_id)
    return (
        select(Message.message_id, about)
        .outerjoin(Letter, col(Letter.id) == col(Message.letter_id))
        .outerjoin(Alert, col(Alert.id) == col(Message.alert_id))
        .outerjoin(Referral, col(Referral.id) == col(Alert.referral_id))
    )


def _referral(session: Session, params: Mapping[str, Any]) -> Shown:
    statement = select(Referral).where(col(Referral.ref) == params["ref"])
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound(f"There is no referral {params['ref']}; check the reference.")
    return Shown(subjects=[(found.contact_id, found.id)], children=frozenset({found.person_id}))


def _contact(session: Session, params: Mapping[str, Any]) -> Shown:
    found = session.exec(select(Contact.id).where(col(Contact.ref) == params["ref"])).one_or_none()
    if found is None:
        raise NotFound(f"There is no contact {params['ref']}; check the reference.")
    return of_contact(session, found)


def _letter(session: Session, params: Mapping[str, Any]) -> Shown:
    letter_id = params["letter_id"]
    statement = select(Letter.contact_id).where(col(Letter.id) == min(letter_id, LARGEST))
    found = session.exec(statement).one_or_none()
    if found is None:
        raise NotFound(f"There is no letter {letter_id}; open it again from the list of letters.")
    return of_contact(session, found)


def _message(session: Session, params: Mapping[str, Any]) -> Shown:
    return of_contact(session, message_rows.find(session, params["message_id"]).contact_id)


def _mail_of(session: Session, params: Mapping[str, Any]) -> Shown:
    """A message in the mailbox, by ``mail``, its Message-ID; mail of others is about nobody whom we know."""
    row = session.exec(_mail().where(col(Message.message_id) == params["mail"])).one_or_none()
    return of_contact(session, row[1] if row else None)


def _bounce(session: Session, params: Mapping[str, Any]) -> Shown:
    return of_contact(session, returned_mail_rows.contact_of(session, params["bounce_id"]))


def _alert(session: Session, params: Mapping[str, Any]) -> Shown:
    alert = alert_rows.find(session, min(params["alert_id"], LARGEST))
    if alert.referral_id is None:
        return of_contact(session, alert.contact_id)
    referral = session.get_one(Referral, alert.referral_id)
    return Shown(subjects=[(referral.contact_id, referral.id)], children=frozenset({referral.person_id}))


def _query(session: Session, params: Mapping[str, Any]) -> Shown:
    query = oddity_rows.get(session, params["query_id"])
    found, other = of_contact(session, query.contact_id), close_birth_rows.others(session, [query])
    return replace(found, children=found.children.union(map(id_of, other.values())))


def _adult(session: Session, params: Mapping[str, Any]) -> Shown:
    return of_contact(session, adult_rows.versions(session, params["adult_id"])[0].contact_id)


def _person(session: Session, params: Mapping[str, Any]) -> Shown:
    return of_child(session, int(params["person_id"]))


def _match(session: Session, params: Mapping[str, Any]) -> Shown:
    match = match_rows.get(session, params["match_id"])
    return Shown(children=frozenset({match.person_id, match.other_person_id}))


def _merge(session: Session, params: Mapping[str, Any]) -> Shown:
    merge = merge_rows.get(session, params["merge_id"])
    return Shown(children=frozenset({merge.kept_id, merge.merged_id}))


def _draft(session: Session, params: Mapping[str, Any]) -> Shown:
    draft = draft_rows.find(session, params["draft_id"])
    return Shown(which=f" {draft.id}, begun by {draft.writer}")


def _known(session: Session, person_id: int) -> frozenset[int]:
    return frozenset({person_id}) if session.get(Person, person_id) else frozenset()


_BY_KIND: Mapping[str, Callable[[Session, Mapping[str, Any]], Shown]] = {
    "referral": _referral,
    "contact": _contact,
    "letter": _letter,
    "message": _message,
    "mail": _mail_of,
    "bounce": _bounce,
    "alert": _alert,
    "query": _query,
    "adult": _adult,
    "person": _person,
    "match": _match,
    "merge": _merge,
    "draft": _draft,
}
