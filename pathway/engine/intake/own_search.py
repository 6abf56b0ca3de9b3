"""What Pathway's own record answers to a check: where it holds nothing, that can be taken over instead of typed.

Only what the product searches itself is answered here, never a check with others; and never where somebody is still to
say whether a child is one on record (plan actions 2.1.9 and 2.2.6: history and siblings come before the decision).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from pathway.engine.children import candidates
from rules.likeness import match_keys, places
from rules.likeness.matching import Child
from rules.likeness.places import Place
from rules.vocabulary import CheckKind
from storage.queries import referral_rows
from storage.queries.children import address_rows, match_rows, person_rows, repeat_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Referral, id_of


class Answer(Enum):
    """What the record says; only NOTHING can be taken over."""

    NOTHING = "nothing on record"
    SOMETHING = "something on record"
    ASKED = "somebody is still to say whether two children are one"
    NOT_SEARCHED = "too little is known to search by"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSearch:
    """One check of one child as far as the record answers it; ``by`` names what was searched by."""

    kind: CheckKind
    answer: Answer
    by: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What is recorded where it is taken over."""
        return f"{_NOTHING[self.kind]} Searched by {', '.join(self.by)}."


_NOTHING: Mapping[CheckKind, str] = {
    CheckKind.HISTORY: "Nothing on record in Pathway: no earlier contact or referral of this child, nor of a child "
    "who may be the same.",
    CheckKind.ALREADY_OPEN: "Nothing on record in Pathway: no other open referral of this child, nor of a child who "
    "may be the same, so no worker has this child there.",
    CheckKind.SIBLINGS: "Nothing on record in Pathway: no child beside those of this contact was ever named together "
    "with this one, and none at an address that was ever said of this one.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What the searches for one child share: ``own`` are its persons, ``here`` the children of the contact.

    ``told`` is the child as its record stands and as each contact named it: every one of them is searched by.
    """

    told: Sequence[Child]
    own: frozenset[int]
    here: set[int]
    is_asked: bool
    is_like_another: bool


def of_child(session: ReadSession | WriteSession, referral: Referral) -> Mapping[CheckKind, OwnSearch]:
    """What the record answers, as it stands now, to each check that the product searches itself."""
    seen = _seen(session, referral)
    found = (_history(session, referral, seen), _already_open(session, referral, seen))
    return {one.kind: one for one in (*found, _siblings(session, referral, seen))}


def _seen(session: ReadSession | WriteSession, referral: Referral) -> _Seen:
    records = person_rows.records(session, referral.person_id)
    told = list(dict.fromkeys(candidates.read(record) for record in records))
    own = person_rows.joined_with(session, referral.person_id)
    here = {id_of(other) for _, other in referral_rows.children_of_contact(session, referral.contact_id)}
    return _Seen(
        told=told,
        own=own,
        here=here,
        is_asked=bool(match_rows.open_of(session, referral.person_id)),
        is_like_another=any(_is_like_another(session, child, own, here) for child in told),
    )


def _is_like_another(session: ReadSession | WriteSession, child: Child, own: frozenset[int], here: set[int]) -> bool:
    """True where the child may be another on record; the others of the contact are not, whoever named them said so."""
    like = candidates.likely(child, candidates.around(session, child), except_for=own | here)
    return any(not _declined(session, min(own), one.person_id) for one in like)


def _declined(session: ReadSession | WriteSession, one_id: int, other_id: int) -> bool:
    return any(match.same_child is False for match in match_rows.between(session, one_id, other_id))


def _history(session: ReadSession | WriteSession, referral: Referral, seen: _Seen) -> OwnSearch:
    elsewhere = repeat_rows.are_elsewhere(session, referral.contact_id, seen.own)
    return _judged(CheckKind.HISTORY, seen, _who(seen.told), something=elsewhere or seen.is_like_another)


def _already_open(session: ReadSession | WriteSession, referral: Referral, seen: _Seen) -> OwnSearch:
    is_open = repeat_rows.are_open_elsewhere(session, referral.contact_id, seen.own)
    return _judged(CheckKind.ALREADY_OPEN, seen, _who(seen.told), something=is_open or seen.is_like_another)


def _siblings(session: ReadSession | WriteSession, referral: Referral, seen: _Seen) -> OwnSearch:
    together = {id_of(person) for person in person_rows.household(session, referral.person_id)} - seen.here
    houses = [child.place for child in seen.told if child.place.postcode and child.place.rest]
    there = set[int]().union(*(_at(session, house) for house in houses)) - seen.own - seen.here
    by = ("the contacts that name this child", "every address said of it") if houses else ()
    if by and match_rows.is_any_open(session, seen.here):
        return OwnSearch(kind=CheckKind.SIBLINGS, answer=Answer.ASKED, by=by)
    return _judged(CheckKind.SIBLINGS, seen, by, something=bool(together or there))


def _at(session: ReadSession | WriteSession, house: Place) -> set[int]:
    """Every child who was ever said to live there."""
    said = address_rows.said_at(session, match_keys.at_postcode(house.postcode))
    return {number for number, address in said if places.same(house, places.read(address))}


def _judged(kind: CheckKind, seen: _Seen, by: Sequence[str], *, something: bool) -> OwnSearch:
    if something:
        answer = Answer.SOMETHING
    elif not by:
        answer = Answer.NOT_SEARCHED
    else:
        answer = Answer.ASKED if seen.is_asked else Answer.NOTHING
    return OwnSearch(kind=kind, answer=answer, by=tuple(by))


def _who(told: Sequence[Child]) -> tuple[str, ...]:
    """What a child is searched by; a first name alone finds nobody, and nothing is said to have been searched then."""
    named = any(child.forename and child.surname for child in told)
    known = {
        "name and its other spellings": named,
        "birth date": named and any(child.birth_date for child in told),
        "NHS number": any(child.nhs_number for child in told),
        "unique pupil number": any(child.upn for child in told),
        "postcode": named and any(child.place.postcode for child in told),
    }
    return tuple(words for words, is_known in known.items() if is_known)
