"""Possible matches weighed again where a record has changed: what no longer speaks for itself is not asked any more."""

from __future__ import annotations

from collections.abc import Iterable

from pathway.engine.act import Act
from pathway.engine.children import candidates
from pathway.engine.children.candidates import Proposal
from rules.likeness import matching
from storage.queries.children import match_rows, merge_rows
from storage.sessions import WriteSession
from storage.tables import Person, PersonSplit, ProposedMatch, id_of

APART = "Said to be two children"
NOTHING_SPEAKS = "Withdrawn: nothing says any more that they are one child."
SAID_AT_ONCE = "Said when the contact was logged."


def propose(act: Act, person_id: int, found: Iterable[Proposal], *, split_id: int | None = None) -> None:
    """Puts possible matches of a child before an officer."""
    for proposal in found:
        act.session.add(
            ProposedMatch(
                person_id=person_id,
                other_person_id=proposal.person_id,
                reason=proposal.likeness.reason,
                weight=proposal.likeness.weight,
                proposed_at=act.now,
                split_id=split_id,
            )
        )


def open_anew(act: Act, person_id: int, found: Iterable[Proposal], *, split_id: int | None = None) -> list[int]:
    """Proposes those of whom nobody has been asked, or was no longer; returns them.

    What somebody has said of two children stands, however alike they are by now.
    """
    opened = []
    for proposal in found:
        between = match_rows.between(act.session, person_id, proposal.person_id)
        if not all(is_withdrawn(match) for match in between):
            continue
        for match in between:
            act.session.delete(match)
        act.session.flush()
        propose(act, person_id, [proposal], split_id=split_id)
        opened.append(proposal.person_id)
    act.session.flush()
    return opened


def withdraw(act: Act, match: ProposedMatch, *, note: str) -> None:
    """Asks nobody any more whether the two are one, for nothing says so. It may be asked again."""
    match.settled_at, match.settled_by, match.note = act.now, act.actor.username, note


def is_withdrawn(match: ProposedMatch) -> bool:
    """True where nobody has said anything of the two, and nobody is asked."""
    return match.settled_at is not None and match.same_child is None


def keep_apart(act: Act, person: Person, others: Iterable[int], *, why: str = SAID_AT_ONCE) -> None:
    """Keeps that a child is another than these, with who has said so: a match that is declined as it is made."""
    for other_id in others:
        act.session.add(
            ProposedMatch(
                person_id=id_of(person),
                other_person_id=other_id,
                reason=APART,
                proposed_at=act.now,
                settled_at=act.now,
                settled_by=act.actor.username,
                same_child=False,
                note=why,
            )
        )


def review(act: Act, row: PersonSplit, person_id: int, *, anew: bool) -> set[int]:
    """Withdraws open proposals about a record that nothing speaks for now; ``anew`` looks for others as well.

    Returns the other children of both. None is proposed of whom somebody has said that it is another.
    """
    session = act.session
    person = session.get_one(Person, person_id)
    mine, touched = candidates.read(person), set[int]()
    for match in match_rows.of_record(session, person_id):
        other_id = match.other_person_id if match.person_id == person_id else match.person_id
        touched.add(other_id)
        if match.settled_at is None and not matching.likeness(mine, candidates.read(session.get_one(Person, other_id))):
            withdraw(act, match, note=NOTHING_SPEAKS)
            match.split_id = row.id
    if anew:
        around = candidates.around(session, mine)
        found = candidates.likely(mine, around, except_for={person_id, *merge_rows.beside(session, person_id)})
        touched.update(open_anew(act, person_id, found, split_id=id_of(row)))
    session.flush()
    return touched


def put_back(session: WriteSession, row: PersonSplit) -> set[int]:
    """What a split had withdrawn is open again, and what it brought is gone; returns the children concerned."""
    touched = set[int]()
    for match in match_rows.of_split(session, row):
        touched |= {match.person_id, match.other_person_id}
        if is_withdrawn(match) and row.to_id not in (match.person_id, match.other_person_id):
            match.settled_at, match.settled_by, match.note, match.split_id = None, "", "", None
        else:
            session.delete(match)
    session.flush()
    return touched
