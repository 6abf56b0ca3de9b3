"""The words by which children and referrers are found, one a row, kept by whatever changes what they stand for.

Looked up by what they begin with, so the column compares byte by byte whatever language the database is set to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Index, String, Table, delete, event, inspect, select
from sqlalchemy.orm import object_session
from sqlalchemy.orm.util import identity_key
from sqlmodel import Field, SQLModel

from rules.likeness import search_words
from storage.tables.base import INSERT, metadata
from storage.tables.contacts import Contact
from storage.tables.named import NamedChild
from storage.tables.people import Person
from storage.tables.referrals import Referral

_PERSON, _NAMED, _REFERRAL = (metadata.tables[name] for name in ("person", "named_child", "referral"))
_OF_CHILD = ("forename", "surname", "nhs_number", "upn", "address", "birth_date")


TAKEN_BACK = "taken-back-"  # what the references of an import that was taken back begin with
WORD = String().with_variant(String(collation="C"), "postgresql")


class ChildWord(SQLModel, table=True):
    """One word of a child, from its record or from what a contact said of it (see ``rules.likeness.search_words``)."""

    __tablename__ = "child_word"
    __table_args__ = (Index("ix_child_word_word_person_id", "word", "person_id"), {"sqlite_with_rowid": False})

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    word: str = Field(primary_key=True, sa_type=WORD)


class ReferrerWord(SQLModel, table=True):
    """One word of whoever made a contact: of the name, of the agency, or the telephone number."""

    __tablename__ = "referrer_word"
    __table_args__ = (Index("ix_referrer_word_word_contact_id", "word", "contact_id"), {"sqlite_with_rowid": False})

    contact_id: int = Field(foreign_key="contact.id", primary_key=True)
    word: str = Field(primary_key=True, sa_type=WORD)


def words_of(child: Any) -> frozenset[str]:
    """The words of a child's record, or of a child as a contact named it; a row of either will do."""
    unverified = getattr(child, "nhs_number_unverified", "")
    return search_words.of_record(
        child.forename,
        child.surname,
        numbers=(child.nhs_number or "", unverified, child.upn),
        address=child.address,
        born=child.birth_date,
    )


def words_of_referrer(contact: Any) -> frozenset[str]:
    """The words of whoever made a contact."""
    return search_words.of_referrer(contact.referrer_name, contact.referrer_agency, telephone=contact.referrer_phone)


@event.listens_for(Person, "after_insert")
def _new(_mapper: object, connection: Connection, person: Person) -> None:
    _add(connection, ChildWord, {"person_id": person.id}, words_of(person))


@event.listens_for(NamedChild, "after_insert")
def _named(_mapper: object, connection: Connection, named: NamedChild) -> None:
    _add(connection, ChildWord, {"person_id": _whose(connection, named)}, words_of(named))


def _whose(connection: Connection, named: NamedChild) -> int:
    """The child's number: from the session where it holds the referral, which it mostly has just stored."""
    session = object_session(named)
    held: Any = session.identity_map.get(identity_key(Referral, named.referral_id)) if session else None
    if held is not None and (number := inspect(held).dict.get("person_id")) is not None:
        return int(number)
    whose = select(_REFERRAL.c.person_id).where(_REFERRAL.c.id == named.referral_id)
    return int(connection.execute(whose).scalar_one())


@event.listens_for(Person, "after_update")
def _changed(_mapper: object, connection: Connection, person: Person) -> None:
    if _touched(person, _OF_CHILD):
        keep(connection, [person.id or 0])


@event.listens_for(Referral, "after_update")
def _moved(_mapper: object, connection: Connection, referral: Referral) -> None:
    """What a contact said of a child goes where its referral goes: by a merge, by its undoing, by a split."""
    history = inspect(referral).attrs.person_id.history
    if history.has_changes() or referral.ref.startswith(TAKEN_BACK):
        keep(connection, sorted({*history.deleted, *history.added, referral.person_id}))


@event.listens_for(Contact, "after_insert")
def _made(_mapper: object, connection: Connection, contact: Contact) -> None:
    _add(connection, ReferrerWord, {"contact_id": contact.id}, words_of_referrer(contact))


@event.listens_for(Contact, "after_update")
def _made_known(_mapper: object, connection: Connection, contact: Contact) -> None:
    if _touched(contact, ("referrer_name", "referrer_agency", "referrer_phone")):
        _replace(connection, ReferrerWord, {"contact_id": contact.id}, words_of_referrer(contact))


def keep(connection: Connection, person_ids: Collection[int]) -> None:
    """Keeps the words of these persons anew, from their records and from what contacts said under their referrals."""
    for person_id in person_ids:
        own = _PERSON.select().where(_PERSON.c.id == person_id)
        said = _NAMED.select().join(_REFERRAL, _REFERRAL.c.id == _NAMED.c.referral_id)
        said = said.where(_REFERRAL.c.ref.not_like(f"{TAKEN_BACK}%"))  # an import that was taken back said nothing
        rows = [*connection.execute(own), *connection.execute(said.where(_REFERRAL.c.person_id == person_id))]
        _replace(connection, ChildWord, {"person_id": person_id}, frozenset().union(*map(words_of, rows)))


def _touched(row: SQLModel, fields: Collection[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in fields)


def _replace(connection: Connection, model: Any, whose: Mapping[str, Any], words: frozenset[str]) -> None:
    table: Table = model.__table__
    ((name, number),) = whose.items()
    theirs = table.c[name] == number
    there = set(connection.execute(select(table.c.word).where(theirs)).scalars())
    if gone := there - words:
        connection.execute(delete(table).where(theirs, table.c.word.in_(sorted(gone))))
    _add(connection, model, whose, words - there)


def _add(connection: Connection, model: Any, whose: Mapping[str, Any], words: frozenset[str]) -> None:
    # In one order, so that two who add the same words at one moment wait for each other and not in a circle.
    if words:
        insert: Any = INSERT[connection.dialect.name]
        statement = insert(model).on_conflict_do_nothing()
        connection.execute(statement, [{**whose, "word": word} for word in sorted(words)])
