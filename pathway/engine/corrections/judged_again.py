"""Possible matches after a correction: proposed, and closed where nothing speaks for them any more.

Nobody is joined and nobody is taken apart by it: a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pathway.engine.act import Act
from pathway.engine.children import candidates, checking_joins, matches, proposals, re_referrals
from pathway.engine.intake import logging_contact
from rules.errors import Fault
from rules.likeness import match_keys, matching
from rules.vocabulary import EventKind
from storage.queries import contact_rows
from storage.queries.children import match_rows, merge_rows, person_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Person, id_of

NO_MORE = "Closed by itself: after a correction nothing says any more that they are one child."
ASK = "Look at both; where they are two children, take them apart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Whom the child may be now, whom no more, and which referrals may be somebody else's."""

    opened: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()
    doubted: tuple[str, ...] = ()

    def and_also(self, other: Judged) -> Judged:
        """What was found of two children of one contact, each once."""
        return Judged(
            opened=tuple(dict.fromkeys((*self.opened, *other.opened))),
            closed=tuple(dict.fromkeys((*self.closed, *other.closed))),
            doubted=tuple(dict.fromkeys((*self.doubted, *other.doubted))),
        )


NOTHING = Judged()


def doubted(session: WriteSession, person_id: int) -> frozenset[str]:
    """The references of the referrals that do not fit the other records of a child."""
    return frozenset(doubt.referral.ref for doubt in checking_joins.doubts(session, person_id))


def judge(act: Act, person: Person, *, doubts: frozenset[str]) -> Judged:
    """Judges a child again whose record has changed; ``doubts`` are those that there were before."""
    act.session.flush()
    number, child = id_of(person), candidates.read(person)
    keep_keys(act.session, person)
    found = candidates.likely(child, candidates.around(act.session, child), except_for=_apart(act, number))
    opened = proposals.open_anew(act, number, found)
    closed = list(_close(act, number))
    act.session.flush()
    new = doubted(act.session, number) - doubts
    _ask(act, number, new)
    re_referrals.review(act.session, {number, *opened, *closed})
    return Judged(opened=tuple(opened), closed=tuple(closed), doubted=tuple(sorted(new)))


def keep_keys(session: WriteSession, person: Person) -> None:
    """Stores the keys by which a child is found now.

    Those of before stay: whoever types the old name again finds the child by them.
    """
    wanted = match_keys.stored(candidates.read(person))
    person_rows.add_keys(session, id_of(person), wanted - person_rows.keys_of(session, id_of(person)))


def _apart(act: Act, person_id: int) -> frozenset[int]:
    """The child itself, and those who stand beside it in one contact: no two children of a contact are one."""
    contacts = merge_rows.contacts_of(act.session, {person_id})
    beside = contact_rows.children_of(act.session, contacts).values()
    return person_rows.joined_with(act.session, person_id).union(*beside)


def _close(act: Act, person_id: int) -> Iterator[int]:
    for match, other in match_rows.open_of(act.session, person_id):
        if _alike(act.session, person_id, id_of(other)):
            continue
        proposals.withdraw(act.by_itself, match, note=NO_MORE)
        summary = f"Child {match.person_id} and child {match.other_person_id}: {NO_MORE[0].lower()}{NO_MORE[1:]}"
        matches.tell_history(act.by_itself, (person_id,), EventKind.MATCH_SETTLED, summary)
        yield id_of(other)


def _alike(session: WriteSession, one_id: int, other_id: int) -> bool:
    """True where one record of the one, those merged into it among them, is like one of the other's."""
    ours, theirs = (
        [candidates.read(session.get_one(Person, number)) for number in person_rows.joined_with(session, person_id)]
        for person_id in (one_id, other_id)
    )
    return any(matching.likeness(one, other) for one in ours for other in theirs)


def _ask(act: Act, person_id: int, refs: frozenset[str]) -> None:
    """Puts each referral that no longer fits on the list of queries."""
    for earlier in person_rows.referrals_of(act.session, person_id):
        if earlier.referral.ref in refs:
            problem = f"After a correction, {earlier.referral.ref} may be about another child than the record"
            fault = Fault(place="child", problem=problem, remedy=ASK)
            contact = act.session.get_one(Contact, earlier.referral.contact_id)
            logging_contact.raise_query(act, contact, fault, value="", referral_id=id_of(earlier.referral))
