"""Making one child of two persons, and undoing it: referrals move to the person kept, nothing else is changed."""

from __future__ import annotations

from pathway.engine import record_access, record_openers
from pathway.engine.act import Act
from pathway.engine.children import matches, moving
from pathway.engine.children.matches import MatchInput
from pathway.engine.inputs import ReasonInput
from rules.errors import NotFound, Refused, Stale
from rules.vocabulary import Action, EventKind
from storage.queries.children import match_rows, merge_rows
from storage.sessions import WriteSession
from storage.tables import MergedReferral, Person, PersonMerge, id_of


def merge(act: Act, kept_id: int, merged_id: int, data: ReasonInput) -> PersonMerge:
    """Moves the merged person's referrals to the person kept, whose record goes on.

    Raises Refused with each reason that stands against it, Stale when one of the children has just been named in
    another contact, NotAllowed, NotFound.
    """
    act.require(Action.MERGE_PERSONS)
    kept, merged = _lock(act, kept_id, merged_id)
    if act.repeated and (there := merge_rows.standing_of(act.session, merged_id)):
        return there
    record_access.require_open(act.session, act.actor, (kept_id, merged_id), now=act.now)
    _refuse(act.session, kept, merged)
    row = PersonMerge(
        kept_id=kept_id, merged_id=merged_id, reason=data.reason, merged_at=act.now, merged_by=act.actor.username
    )
    same = MatchInput(same_child=True, reason=data.reason)
    matches.settle_between(act, kept_id, merged_id, same)
    act.session.add(row)
    act.session.flush()
    moved = merge_rows.referrals_of(act.session, merged_id)
    act.session.add_all([MergedReferral(merge_id=id_of(row), referral_id=id_of(referral)) for referral in moved])
    merged.merged_into_id = kept_id
    moving.move(act.session, moved, to=kept_id)
    act.session.flush()
    matches.decline_those_apart(act, kept_id)
    summary = f"Child {merged_id} merged into child {kept_id}: {data.reason}"
    kind = EventKind.PERSONS_MERGED
    matches.tell_history(act, (kept_id,), kind, summary)
    moving.review(act, (kept_id,))
    record_openers.ensure(act)
    return row


def undo(act: Act, merge_id: int, data: ReasonInput) -> PersonMerge:
    """Gives the referrals that a merge moved back to the person who had them; what came later stays with the one kept.

    Raises Refused for a merge that is undone already or on which another was built, Stale, NotAllowed, NotFound.
    """
    act.require(Action.MERGE_PERSONS)
    row = merge_rows.get(act.session, merge_id)
    kept, merged = _lock(act, row.kept_id, row.merged_id)
    act.session.refresh(row)
    if act.repeated:
        return row
    record_access.require_open(act.session, act.actor, (row.kept_id, row.merged_id), now=act.now)
    _refuse_undoing(row, kept)
    row.undone_at, row.undone_by, row.undone_because = act.now, act.actor.username, data.reason
    merged.merged_into_id = None
    moved = [one for one in merge_rows.moved(act.session, merge_id) if one.person_id == row.kept_id]
    moving.move(act.session, moved, to=row.merged_id)
    other = MatchInput(same_child=False, reason=data.reason)
    matches.settle_between(act, row.kept_id, row.merged_id, other)
    summary = f"Child {row.merged_id} is not child {row.kept_id} after all, the merge is undone: {data.reason}"
    both, kind = (row.kept_id, row.merged_id), EventKind.MERGE_UNDONE
    matches.tell_history(act, both, kind, summary)
    moving.review(act, both)
    return row


def _lock(act: Act, kept_id: int, merged_id: int) -> tuple[Person, Person]:
    """Both persons, locked under all their contacts: the order that every command keeps is contact, person, worker."""
    ids = {kept_id, merged_id}
    before = matches.lock_contacts(act, ids)
    persons = {id_of(person): person for person in merge_rows.lock_persons(act.session, ids)}
    for number in ids - persons.keys():
        raise NotFound(f"There is no child with the number {number}; see `pathway matches list`.")
    if {*merge_rows.contacts_of(act.session, ids)} - {*before}:
        raise Stale("One of the children has just been named in another contact. Look at that, then do this again.")
    return persons[kept_id], persons[merged_id]


def _refuse(session: WriteSession, kept: Person, merged: Person) -> None:
    if kept.id == merged.id:
        raise Refused(["A child can't be merged with itself: name two."])
    reasons = [
        f"Child {person.id} is merged into child {person.merged_into_id} already."
        for person in (kept, merged)
        if person.merged_into_id is not None
    ]
    reasons += [
        f"Both have a referral in contact {ref}: set one aside as logged twice first."
        for ref in merge_rows.shared_contacts(session, id_of(kept), id_of(merged))
    ]
    reasons += [
        f"{said.settled_by} has said that they are two children: {said.note} Confirm first that they are one."
        for said in match_rows.between(session, id_of(kept), id_of(merged))
        if said.same_child is False
    ]
    if reasons:
        raise Refused(reasons)


def _refuse_undoing(row: PersonMerge, kept: Person) -> None:
    if row.undone_at is not None:
        raise Refused([f"This merge is undone already: {row.undone_because}"])
    if kept.merged_into_id is not None:
        raise Refused([f"Child {kept.id} was itself merged into child {kept.merged_into_id}: undo that merge first."])
