"""What is odd about the children of a contact as they were typed: the queries that the import raises as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pathway.engine.children.child_input import ChildInput
from rules.errors import Fault
from rules.likeness import ages, born_together, names, not_known

PLACEHOLDER = "The forename stands for a name that was not known", "Put in the child's name when it is known"
NO_AGE = "This is no age of a child", "Write it in years, months or weeks, such as 4, about 4 or 18 months"
ADULT = (
    "By this birth date the person was {age} when the contact was received: an adult",
    "Check the date, or whether this is a child at all",
)


def faults_of(children: Sequence[ChildInput], *, received_on: date) -> Iterator[Fault]:
    """Each with the place of its field; nothing is refused because of it."""
    for number, child in enumerate(children):
        if child.forename and not_known.forename_is_none(names.fold(child.forename)):
            yield _fault(f"children.{number}.forename", PLACEHOLDER)
        age = born_together.age_on(child.birth_date, received_on) if child.birth_date else 0
        if age >= born_together.ADULT:
            yield _fault(f"children.{number}.birth_date", ADULT, age=age)


def _fault(place: str, words: tuple[str, str], **about: object) -> Fault:
    problem, remedy = words
    return Fault(place=place, problem=problem.format(**about), remedy=remedy)


def with_ages(children: Sequence[ChildInput], *, said_on: date) -> list[ChildInput]:
    """The children with the birth dates that an estimated age leaves, and the day on which it was said."""
    return [child.model_copy(update=_said(child.about_age, said_on)) for child in children]


def _said(age: str, on: date) -> dict[str, object]:
    said = ages.said(age, on)
    return {"about_age": said.words, "born_from": said.born_from, "born_to": said.born_to} if said else {}


def age_faults(place: str, child: ChildInput, *, said_on: date) -> Iterator[Fault]:
    """Where an estimated age is none."""
    if child.about_age and ages.said(child.about_age, said_on) is None:
        yield Fault(place=f"{place}.about_age", problem=NO_AGE[0], remedy=NO_AGE[1])
