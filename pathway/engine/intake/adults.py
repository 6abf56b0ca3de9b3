"""The adults whom a contact names: kept as it was said, and what each is to which child. None is joined to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import BeforeValidator

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.children import close_births, record_fields
from pathway.engine.children.child_input import ChildInput
from pathway.engine.inputs import Input, Line, NeededLine, OptionalAnswer, OptionalDate, Text
from rules.errors import Fault, InvalidInput, Refused
from rules.relations import Relation
from rules.vocabulary import Action, EventKind
from storage.queries import referral_rows
from storage.queries.children import named_rows
from storage.tables import AdultRelation, Contact, NamedAdult, NamedChild, Person, Referral, id_of

MOST_ADULTS = 30
HEARD_LATER = ("adult added", "the mother was named after the contact was logged")
NOBODY = "Nothing tells who this adult is"
TO_ALL = "Give the numbers of the children, such as 1, 3, or leave it empty for all"


def _places(value: object) -> object:
    """Numbers typed with commas or blanks between them."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class AdultInput(Input):
    """One adult as the contact names them. ``of``: the places of the children from 1, empty for all of them."""

    forename: Line = ""
    surname: Line = ""
    birth_date: OptionalDate = None
    relation: NeededLine
    of: Annotated[tuple[Line, ...], BeforeValidator(_places)] = ()
    parental_responsibility: OptionalAnswer = None
    lives_there: OptionalAnswer = None
    phone: Line = ""
    language: Line = ""
    interpreter: bool = False
    risk: Text = ""

    @property
    def full_name(self) -> str:
        """Forename and surname as far as they are known."""
        return f"{self.forename} {self.surname}".strip()

    def is_of(self, place: int) -> bool:
        """True where the adult is something to the child at this place, from 1."""
        return not self.of or str(place) in self.of


def faults(adults: Iterable[AdultInput], *, children: int) -> list[Fault]:
    """What is wrong with the adults of a contact about so many children, each fault with its place."""
    found = []
    for number, adult in enumerate(adults):
        place = f"adults.{number}"
        if not is_told(adult):
            remedy = "Give a name or a telephone number, or take the adult out"
            found.append(Fault(place=f"{place}.forename", problem=NOBODY, remedy=remedy))
        if adult.relation not in list(Relation):
            problem = f"There is no relation {adult.relation}"
            found.append(Fault(place=f"{place}.relation", problem=problem, remedy="Choose one from the list"))
        known = {str(one) for one in range(1, children + 1)}
        if unknown := [one for one in adult.of if one not in known]:
            problem = f"This contact has no child {', '.join(unknown)}"
            found.append(Fault(place=f"{place}.of", problem=problem, remedy=TO_ALL))
    return found


def is_told(adult: AdultInput | NamedAdult) -> bool:
    """True where something tells who an adult is."""
    return any((adult.forename, adult.surname, adult.phone, adult.risk))


def with_mothers(children: Sequence[ChildInput], adults: Sequence[AdultInput]) -> list[ChildInput]:
    """The children with the name and birth date of the mother whom the contact gives each, where it gives one."""
    found = []
    for place, child in enumerate(children, start=1):
        named = (one for one in adults if one.relation == Relation.MOTHER and one.is_of(place) and one.full_name)
        mother = next(named, None)
        told = {"mother": mother.full_name, "mother_birth_date": mother.birth_date} if mother else {}
        found.append(child.model_copy(update=told))
    return found


def keep(act: Act, contact: Contact, referrals: Sequence[Referral], adults: Iterable[AdultInput]) -> None:
    """Keeps each adult, and what they are to which of the children, in the order in which the contact names them."""
    for told in adults:
        adult = NamedAdult(
            contact_id=id_of(contact),
            named_at=act.now,
            named_by=act.actor.username,
            **told.model_dump(
                include={"forename", "surname", "birth_date", "phone", "language", "interpreter", "risk"}
            ),
        )
        act.session.add(adult)
        act.session.flush()
        known = told.model_dump(include={"relation", "parental_responsibility", "lives_there"})
        act.session.add_all(
            AdultRelation(adult_id=id_of(adult), referral_id=id_of(referral), **known)
            for place, referral in enumerate(referrals, start=1)
            if told.is_of(place)
        )


def add(act: Act, contact_id: int, data: AdultInput) -> Contact:
    """Adds an adult of whom was heard after the contact was logged; the children by their order in the contact.

    Raises InvalidInput, Refused where every child of the contact is set aside, NotAllowed, NotFound.
    """
    contact = act.hold(contact_id)
    if act.repeated:
        return contact
    act.require(Action.SCREEN)
    referrals = [one for one in referral_rows.of_contact(act.session, contact_id) if one.set_aside_at is None]
    record_access.require_open(act.session, act.actor, {one.person_id for one in referrals}, now=act.now)
    if not referrals:
        raise Refused(["Every child of this contact is set aside."])
    if wrong := faults([data], children=len(referrals)):
        raise InvalidInput([Fault(place=f.place.rpartition(".")[2], problem=f.problem, remedy=f.remedy) for f in wrong])
    keep(act, contact, referrals, [data])
    _name_mother(act, referrals, data)
    for place, referral in enumerate(referrals, start=1):
        if data.is_of(place):
            act.note(EventKind.ADULT_ADDED, f"Adult added: {data.relation}", about=referral)
    return contact


def _name_mother(act: Act, referrals: Sequence[Referral], data: AdultInput) -> None:
    """A mother of whom was heard later stands with those of her children of whom the contact had named none."""
    if data.relation != Relation.MOTHER or not data.full_name:
        return
    mother = {"mother": data.full_name, "mother_birth_date": data.birth_date}
    for place, referral in enumerate(referrals, start=1):
        named = named_rows.of_referral(act.session, id_of(referral)) if data.is_of(place) else None
        if named is None or named.mother:
            continue
        again = NamedChild(**named.model_dump(exclude={"id", "named_at"}) | mother, named_at=act.now)
        act.session.add(again)
        person = act.session.get_one(Person, referral.person_id)
        filled = record_fields.fill(act.session, person, again, None)
        record_fields.keep_fills(act, person, id_of(referral), filled, by=HEARD_LATER)
    close_births.ask(act, referrals)
