"""This is another child: referrals go from a record to one of their own, with what their contacts had filled in.

A wrong number or a wrong date files one child under another; nothing that follows from it may stay. That the two are
two is kept as a declined match, which joining, proposing, import and merging honour whatever a later score says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated

from pydantic import BeforeValidator

from pathway.engine import locking, record_access, record_openers
from pathway.engine.act import Act
from pathway.engine.children import households, matches, moving, oddities, proposals, record_fields, restricting
from pathway.engine.children.households import Records
from pathway.engine.inputs import Input, NeededLine, NeededText, OptionalAnswer, ReasonInput
from rules.errors import InvalidInput, NotFound, Refused, Stale
from rules.vocabulary import Action, EventKind
from storage.queries.children import merge_rows, person_rows, restriction_rows, split_rows, told_rows
from storage.sessions import WriteSession
from storage.tables import Person, PersonSplit, Referral, SplitReferral, id_of

NONE_LEFT = "No referral would be left with the child on record: correct the child’s details instead."
NOT_TAKEN_OFF = "This referral was not taken off a record."
CHANGED = "One of the children has just been named in another contact. Look at that, then do this again."


def _refs(value: object) -> object:
    """References typed with commas or blanks between them."""
    return tuple(value.replace(",", " ").upper().split()) if isinstance(value, str) else value


class SplitInput(Input):
    """Why a referral is about another child, and which others of the record are about that child as well.

    ``also``: their references; what is not named stays. ``restricted``: whether the new record opens only to the people
    named on a restricted one; to be said where it is restricted.
    """

    reason: NeededText
    also: Annotated[tuple[NeededLine, ...], BeforeValidator(_refs)] = ()
    restricted: OptionalAnswer = None


def split(act: Act, referral_id: int, data: SplitInput, *, version: int | None = None) -> PersonSplit:
    """Gives a referral, and those that are about the same child, a record of their own.

    Raises Refused where nothing would stay or a merge is to be undone instead, InvalidInput naming the field, Stale
    when the referral changed since ``version`` or one of the children has just been named elsewhere, NotAllowed,
    NotFound.
    """
    act.require(Action.MERGE_PERSONS)
    referral = _hold(act, referral_id)
    if act.repeated and (there := split_rows.standing_of(act.session, referral_id)):
        return there
    locking.refuse_stale(referral, version)
    old_id = referral.person_id
    record_access.require_open(act.session, act.actor, person_rows.joined_with(act.session, old_id), now=act.now)
    before = told_rows.by_record(act.session, old_id)
    moved = _chosen(before, referral, data.also)
    _refuse(act.session, before, moved)
    restriction = restriction_rows.standing(act.session, old_id)
    if restriction is not None and data.restricted is None:
        remedy = "Say whether the other child’s record opens only to the same people"
        raise InvalidInput.of("restricted", "The record is restricted", remedy)
    row = _take_off(act, moved, data)
    if restriction is not None and data.restricted:
        restricting.copy(act, restriction, to=row.to_id)
    after = _follow(act, row, before)
    moving.review(act, _propose(act, row, before, after))
    matches.tell_history(act, (row.from_id, row.to_id), EventKind.PERSONS_SPLIT, _summary(row, moved))
    record_openers.ensure(act)
    return row


def undo(act: Act, split_id: int, data: ReasonInput) -> PersonSplit:
    """The same child after all: everything under the record that was made goes back, and with it what it filled in.

    Raises Refused for a split that is undone already, where the record made has been merged with another or both have a
    referral in one contact, Stale, NotAllowed, NotFound.
    """
    act.require(Action.MERGE_PERSONS)
    row = split_rows.get(act.session, split_id)
    kept_id = person_rows.kept_id(act.session, row.from_id)
    _lock(act, {kept_id, row.to_id})
    act.session.refresh(row)
    if act.repeated:
        return row
    record_access.require_open(act.session, act.actor, (kept_id, row.to_id), now=act.now)
    _refuse_undoing(act.session, row, kept_id)
    row.undone_at, row.undone_by, row.undone_because = act.now, act.actor.username, data.reason
    before = {**told_rows.by_record(act.session, kept_id), **told_rows.by_record(act.session, row.to_id)}
    moving.move(act.session, merge_rows.referrals_of(act.session, row.to_id), to=kept_id)
    touched = proposals.put_back(act.session, row)
    act.session.get_one(Person, row.to_id).merged_into_id = kept_id
    _follow(act, row, before)
    moving.review(act, {person_rows.kept_id(act.session, number) for number in touched} | {kept_id})
    summary = f"Child {row.to_id} is child {kept_id} after all, the two are put together again: {data.reason}"
    matches.tell_history(act, (kept_id,), EventKind.SPLIT_UNDONE, summary)
    record_openers.ensure(act)
    return row


def rejoin(act: Act, referral_id: int, data: ReasonInput, *, version: int | None = None) -> PersonSplit:
    """The same, by a referral that was taken off. Raises Refused where none was, and as for ``undo``."""
    act.require(Action.MERGE_PERSONS)
    referral, row = _found(act, referral_id), split_rows.latest_of(act.session, referral_id)
    if row is None or not (act.repeated or row.undone_at is None):
        raise Refused([NOT_TAKEN_OFF])
    locking.refuse_stale(referral, None if act.repeated else version)
    return undo(act, id_of(row), data)


def _found(act: Act, referral_id: int) -> Referral:
    found = act.session.get(Referral, referral_id)
    if found is None:
        raise NotFound("There is no such referral; check the reference.")
    return found


def _hold(act: Act, referral_id: int) -> Referral:
    """The referral, with every contact of its child and the child locked, in the order that every command keeps."""
    found = _found(act, referral_id)
    person_id = found.person_id
    _lock(act, {person_id})
    act.session.refresh(found)
    if found.person_id != person_id:
        raise Stale(CHANGED)
    return found


def _lock(act: Act, person_ids: Collection[int]) -> None:
    before = matches.lock_contacts(act, person_ids)
    merge_rows.lock_persons(act.session, person_ids)
    if {*merge_rows.contacts_of(act.session, person_ids)} - {*before}:
        raise Stale(CHANGED)


def _chosen(before: Records, referral: Referral, also: Collection[str]) -> list[Referral]:
    """The referrals that go, in the order of their numbers. Raises InvalidInput for one that this child has not."""
    held = {told.referral.ref: told.referral for record in before.values() for told in record}
    if unknown := [ref for ref in also if ref not in held]:
        remedy = f"Give some of {', '.join(ref for ref in held if ref != referral.ref) or 'none: there is no other'}"
        raise InvalidInput.of("also", f"This child has no referral {', '.join(unknown)}", remedy)
    return sorted({id_of(one): one for one in (referral, *(held[ref] for ref in also))}.values(), key=id_of)


def _refuse(session: WriteSession, before: Records, moved: Sequence[Referral]) -> None:
    ids = {id_of(one) for one in moved}
    whole = [number for number, record in before.items() if ids.issuperset(id_of(one.referral) for one in record)]
    if len(whole) == len(before):
        raise Refused([NONE_LEFT])
    reasons = [
        f"All that came with child {number} would go: undo the merge with that child instead (merge {merge.id})."
        for number in whole
        if (merge := merge_rows.standing_of(session, number))
    ]
    if reasons:
        raise Refused(reasons)


def _take_off(act: Act, moved: Sequence[Referral], data: SplitInput) -> PersonSplit:
    old_id, other = moved[0].person_id, Person(created_at=act.now)
    act.session.add(other)
    act.session.flush()
    row = PersonSplit(
        from_id=old_id, to_id=id_of(other), reason=data.reason, split_at=act.now, split_by=act.actor.username
    )
    act.session.add(row)
    act.session.flush()
    act.session.add_all([SplitReferral(split_id=id_of(row), referral_id=id_of(one)) for one in moved])
    proposals.keep_apart(act, other, (old_id,), why=data.reason)
    moving.move(act.session, moved, to=row.to_id)
    for referral in moved:
        oddities.settle_otherwise(act, referral)
    return row


def _follow(act: Act, row: PersonSplit, before: Records) -> Records:
    """Details and household follow from who has which contact; returns the contacts of each record as they are now."""
    kept = {person_rows.kept_id(act.session, number) for number in (row.from_id, row.to_id)}
    after = {number: told for one in kept for number, told in told_rows.by_record(act.session, one).items()}
    record_fields.rebuild(act, before, after)
    households.link_anew(act.session, before, after)
    return after


def _propose(act: Act, row: PersonSplit, before: Records, after: Records) -> set[int]:
    """Possible matches are weighed anew; those of a record that begins anew are looked for. Who is concerned."""
    begun = {number for number, told in after.items() if number not in before or before[number][0] != told[0]}
    touched = {other for number in after for other in proposals.review(act, row, number, anew=number in begun)}
    return {person_rows.kept_id(act.session, number) for number in touched | {row.from_id, row.to_id}}


def _summary(row: PersonSplit, moved: Sequence[Referral]) -> str:
    refs = ", ".join(one.ref for one in moved)
    return f"{refs}: another child than child {row.from_id}, and child {row.to_id} from now on: {row.reason}"


def _refuse_undoing(session: WriteSession, row: PersonSplit, kept_id: int) -> None:
    if row.undone_at is not None:
        raise Refused([f"The two are put together again already: {row.undone_because}"])
    if there := merge_rows.into(session, (row.to_id,)):
        raise Refused([f"Child {row.to_id} was merged since: undo merge {there[-1].id} first."])
    reasons = [
        f"Both have a referral in contact {ref}: set one aside as logged twice first."
        for ref in merge_rows.shared_contacts(session, kept_id, row.to_id)
    ]
    if reasons:
        raise Refused(reasons)
