"""Possible matches in tests: who may be one child, settled, merged and taken apart again."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import inputs, matches, merging, setting_aside
from pathway.engine.actors import Actor
from rules.vocabulary import Mark
from storage.queries import matches as match_rows
from storage.queries import merges
from storage.tables import Person, PersonMerge, ProposedMatch, Referral, id_of
from support import rows
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields


def child(door: FrontDoor, forename: str, surname: str = "Harlow", **known: str) -> Referral:
    """The referral of one child in a contact of its own."""
    (referral,) = door.referrals(door.log(children=[child_fields(forename, surname, **known)]))
    return referral


def proposals(door: FrontDoor, referral: Referral) -> Sequence[tuple[ProposedMatch, Person]]:
    """The open proposals about a referral's child, each with the other child."""
    with door.database.read() as session:
        return match_rows.open_of(session, door.fresh(referral).person_id)


def proposal(door: FrontDoor, referral: Referral) -> ProposedMatch:
    """The one open proposal about a referral's child."""
    ((match, _),) = proposals(door, referral)
    return match


def settle(
    door: FrontDoor, match: ProposedMatch, *, same: bool, by: Actor = OFFICER, reason: str = "Rang the school."
) -> ProposedMatch:
    """Confirms or declines."""
    data = inputs.MatchInput(same_child=same, reason=reason)
    with door.database.write() as session:
        return matches.settle(session, id_of(match), data, actor=by, now=door.now)


def merge(door: FrontDoor, kept: Referral, merged: Referral, by: Actor = MANAGER, **more: str) -> PersonMerge:
    """Makes one child of those of two referrals."""
    return merge_persons(door, door.fresh(kept).person_id, door.fresh(merged).person_id, by=by, **more)


def merge_persons(door: FrontDoor, kept_id: int, merged_id: int, by: Actor = MANAGER, **more: str) -> PersonMerge:
    """Makes one child of two persons by their numbers."""
    data = inputs.MergeInput(reason="The same mother and address.")
    with door.database.write() as session:
        return merging.merge(session, kept_id, merged_id, data, actor=by, now=door.now, **more)


def undo(door: FrontDoor, merge: PersonMerge, by: Actor = MANAGER, **more: str) -> PersonMerge:
    """Takes them apart again."""
    data = inputs.UndoInput(reason="Cousins, says the grandmother.")
    with door.database.write() as session:
        return merging.undo(session, id_of(merge), data, actor=by, now=door.now, **more)


def person(door: FrontDoor, person_id: int) -> Person:
    """The person as recorded now."""
    with door.database.read() as session:
        return session.get_one(Person, person_id)


def merges_on_record(door: FrontDoor) -> list[PersonMerge]:
    """Every merge, undone or not."""
    with door.database.read() as session:
        return rows.everything(session, PersonMerge)


def moved(door: FrontDoor, merge: PersonMerge) -> list[str]:
    """The references of the referrals that a merge moved."""
    with door.database.read() as session:
        return [referral.ref for referral in merges.moved(session, id_of(merge))]


def set_aside(door: FrontDoor, referral: Referral, right: Referral) -> None:
    """Marks a referral as logged twice."""
    data = inputs.SetAsideInput(mark=Mark.LOGGED_TWICE, reason="Typed in twice.", right_ref=right.ref)
    with door.database.write() as session:
        setting_aside.set_aside(session, id_of(referral), data, version=None, actor=MANAGER, now=door.now)
