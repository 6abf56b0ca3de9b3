"""What whoever logs a contact says at once of the children who are perhaps known: the same child, or another.

Nobody is joined by it but by the rule that joins everybody. "The same" settles the possible match between the new
record and the child named, as if it had been settled a moment later on its page; whoever may merge the two sees it
there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.children import candidates, matches
from pathway.engine.children.child_input import ChildInput
from pathway.engine.children.matches import MatchInput
from pathway.engine.children.persons import Found, Named
from pathway.engine.children.proposals import SAID_AT_ONCE
from pathway.engine.inputs import Input, Number
from rules.errors import Fault, InvalidInput
from rules.likeness import identifiers, joining, matching
from rules.likeness.joining import Fact
from rules.vocabulary import Action
from storage.queries.children import match_rows, merge_rows, person_rows, restriction_rows
from storage.tables import ProposedMatch, id_of

MOST_ANSWERS = 200
NOT_TO_BE_SAID = (
    "You said that this is a child on record, and nothing says so any more: that record or what you typed has changed",
    "Check what you typed, and answer again",
)
OTHER_NUMBER = (
    "You said that this is child {number}, whose record has another NHS number or unique pupil number",
    "Find out which is right. Leave the number out if it is wrong, or say that it is another child",
)
HELD_NUMBER = (
    "You said that this is child {number}, and the number that you typed is on another child’s record",
    "Find out whose number it is. Leave it out until then, or say that it is another child",
)
SAID_TWICE = (
    "You said of two children of this contact that they are child {number}",
    "Say it of one of them",
)
BOTH = ("You said of child {number} both that it is the same and that it is another", "Choose one of the two")


class KnownAnswer(Input):
    """What is said of one child of the contact (``child`` counts from 0) and one on record, by the latter's number."""

    child: Number
    person_id: Number
    same_child: bool


def lock(act: Act, answers: Sequence[KnownAnswer]) -> None:
    """Holds every contact of the children who are said to be the same, before anything else is locked.

    Raises NotAllowed for whoever may not settle matches, and InvalidInput for a child whom the actor may not see, in
    the same words as for one that there is not.
    """
    if not answers:
        return
    act.require(Action.SETTLE_MATCH)
    closed = restriction_rows.closed_to(act.session, act.actor.username, now=act.now)
    for one in answers:
        if one.person_id in closed or not person_rows.is_there(act.session, one.person_id):
            raise InvalidInput([_fault(one, NOT_TO_BE_SAID)])
    same = {one.person_id for one in answers if one.same_child}
    held = matches.lock_contacts(act, same)
    kept = {person_rows.kept_id(act.session, number) for number in same}
    if {*merge_rows.contacts_of(act.session, kept)} - {*held}:
        # Merged or named in another contact meanwhile: what was shown beside the row was another record.
        raise InvalidInput([_fault(one, NOT_TO_BE_SAID) for one in answers if one.same_child])


def named(act: Act, children: Sequence[ChildInput], answers: Sequence[KnownAnswer]) -> list[Named]:
    """The children with what is said of them. Raises InvalidInput where an answer can't be so, each at its child."""
    kept = {one.person_id: person_rows.kept_id(act.session, one.person_id) for one in answers}
    same = {one.child: kept[one.person_id] for one in answers if one.same_child}
    faults = [*_contradictions(answers, kept), *_number_faults(act, children, same)]
    if faults:
        raise InvalidInput(faults)
    return [
        Named(place=f"children.{place}", child=_without(act, child, place, answers), the_same=same.get(place))
        for place, child in enumerate(children)
    ]


def _without(act: Act, child: ChildInput, place: int, answers: Sequence[KnownAnswer]) -> ChildInput:
    """The child with those of whom it is another. What was said before the row was typed anew says nothing any more."""
    said = {one.person_id for one in answers if one.child == place and not one.same_child}
    others = {number for number in said if _is_like(act, child, number)}
    return child.model_copy(update={"another_than": tuple(sorted({*child.another_than, *others}))}) if others else child


def _is_like(act: Act, child: ChildInput, number: int) -> bool:
    mine = candidates.read(child)
    return any(matching.likeness(mine, candidates.read(row)) for row in person_rows.records(act.session, number))


def _contradictions(answers: Sequence[KnownAnswer], kept: Mapping[int, int]) -> list[Fault]:
    faults, said = [], dict[int, int]()
    others = {(one.child, kept[one.person_id]) for one in answers if not one.same_child}
    for one in (answer for answer in answers if answer.same_child):
        number = kept[one.person_id]
        if (one.child, number) in others:
            faults.append(_fault(one, BOTH))
        elif number in said or one.child in said.values():
            faults.append(_fault(one, SAID_TWICE))
        said[number] = one.child
    return faults


def _number_faults(act: Act, children: Sequence[ChildInput], same: Mapping[int, int]) -> list[Fault]:
    """A number that speaks for another child is never overruled by a click."""
    faults = []
    closed = restriction_rows.closed_to(act.session, act.actor.username, now=act.now)
    for place, number in same.items():
        if place >= len(children):
            continue
        child = candidates.read(children[place])
        theirs = [candidates.read(row) for row in person_rows.records(act.session, number)]
        holders = {
            one.kept_id for one in candidates.around(act.session, child) if _holds(one.nhs_number, children[place])
        }
        if any(Fact.OTHER_NUMBER in joining.facts(child, record) for record in theirs):
            faults.append(_at(place, number, OTHER_NUMBER))
        elif holders - {number} - closed:  # of a record that is closed to the actor nothing is said
            faults.append(_at(place, number, HELD_NUMBER))
    return faults


def _holds(nhs_number: str | None, child: ChildInput) -> bool:
    typed = identifiers.normalise_nhs_number(child.nhs_number)
    return bool(typed) and typed == nhs_number


def settle(act: Act, found: Sequence[Found], answers: Sequence[KnownAnswer]) -> None:
    """Settles what was said to be the same. Raises InvalidInput where nothing speaks for it any more."""
    for one in (answer for answer in answers if answer.same_child):
        number = person_rows.kept_id(act.session, one.person_id)
        if one.child >= len(found):
            raise InvalidInput([_fault(one, NOT_TO_BE_SAID)])
        person_id = id_of(found[one.child].person)
        if person_id == number:
            continue  # the rule has joined them
        record_access.require_open(act.session, act.actor, (number,), now=act.now)
        matches.settle_locked(act, _proposed(act, person_id, one), MatchInput(same_child=True, reason=SAID_AT_ONCE))


def _proposed(act: Act, person_id: int, one: KnownAnswer) -> ProposedMatch:
    act.session.flush()
    number = person_rows.kept_id(act.session, one.person_id)
    for match, other in match_rows.open_of(act.session, person_id):
        if id_of(other) == number:
            return match
    raise InvalidInput([_fault(one, NOT_TO_BE_SAID)])


def _fault(one: KnownAnswer, words: tuple[str, str]) -> Fault:
    return _at(one.child, one.person_id, words)


def _at(place: int, number: int, words: tuple[str, str]) -> Fault:
    problem, remedy = words
    return Fault(place=f"children.{place}.known", problem=problem.format(number=number), remedy=remedy)
