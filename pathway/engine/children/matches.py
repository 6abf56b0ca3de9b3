"""Settling a possible match: an officer says whether two persons are one child, and why. Nobody is joined by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.children import re_referrals
from pathway.engine.inputs import Input, NeededText
from rules.errors import Refused
from rules.vocabulary import Action, EventKind
from storage.queries.children import match_rows, merge_rows, person_rows, split_rows
from storage.tables import ProposedMatch, id_of


class MatchInput(Input):
    """Whether two persons are the same child, and why."""

    same_child: bool
    reason: NeededText


def settle(act: Act, match_id: int, data: MatchInput) -> ProposedMatch:
    """Confirms or declines a proposal, and every other open one between the two children.

    Raises Refused for one that is settled already, NotAllowed, NotFound.
    """
    match = match_rows.get(act.session, match_id)
    lock_contacts(act, (match.person_id, match.other_person_id))
    match = match_rows.lock(act.session, match_id)
    if act.repeated:
        return match
    act.require(Action.SETTLE_MATCH)
    both = (match.person_id, match.other_person_id)
    record_access.require_open(act.session, act.actor, both, now=act.now)
    if match.settled_at is not None:
        _refuse_settled(act, match, data)
    settle_locked(act, match, data)
    return match


def _refuse_settled(act: Act, match: ProposedMatch, data: MatchInput) -> None:
    """What was said is said, but whoever may merge two records may say that two are one child after all."""
    told = f"This match has been {answer(match)} already, by {match.settled_by}: {match.note}"
    if match.same_child or not data.same_child:
        raise Refused([told])
    if split := split_rows.between(act.session, match.person_id, match.other_person_id):
        raise Refused([f"{told} They were taken apart: put them together again instead (split {split.id})."])
    if not act.may(Action.MERGE_PERSONS):
        raise Refused([told])


def settle_locked(act: Act, match: ProposedMatch, data: MatchInput) -> None:
    """The same where the contacts of both children are held already: what was counted together is counted anew."""
    re_referrals.review(act.session, settle_uncounted(act, match, data))


def settle_uncounted(act: Act, match: ProposedMatch, data: MatchInput) -> tuple[int, int]:
    """Settles, and leaves to the caller to count anew what was counted together: of the two children returned."""
    ids = (match.person_id, match.other_person_id)
    settle_between(act, *ids, data)
    words = "the same child as" if data.same_child else "another child than"
    summary = f"Child {match.person_id} is {words} child {match.other_person_id}: {data.reason}"
    tell_history(act, ids, EventKind.MATCH_SETTLED, summary)
    return ids


def lock_contacts(act: Act, person_ids: Collection[int]) -> Sequence[int]:
    """Locks every contact of these children in the order of their numbers, before anything else is locked."""
    kept = person_rows.kept_ids(act.session, person_ids).values()
    found = merge_rows.contacts_of(act.session, set(kept))
    act.hold_several(found)
    return found


def answer(match: ProposedMatch) -> str:
    """How a settled proposal was settled, in a word."""
    return "confirmed" if match.same_child else "declined"


def settle_between(act: Act, one_id: int, other_id: int, data: MatchInput) -> None:
    """Settles the open proposals between two children, and those that were settled otherwise."""
    for match in match_rows.between(act.session, one_id, other_id):
        if match.same_child is not data.same_child:
            match.settled_at, match.settled_by = act.now, act.actor.username
            match.same_child, match.note = data.same_child, data.reason


def decline_those_apart(act: Act, person_id: int) -> None:
    """Where two of three records have been said to be two children, what is proposed about the third says so too."""
    for match, other in match_rows.open_of(act.session, person_id):
        between = match_rows.between(act.session, person_id, id_of(other))
        said = next((one for one in between if one.same_child is False), None)
        if said is not None:
            match.settled_at, match.settled_by = act.now, act.actor.username
            match.same_child, match.note = False, said.note


def tell_history(act: Act, person_ids: Collection[int], kind: EventKind, summary: str) -> None:
    """Puts one event on every referral of these children."""
    for person_id in sorted(set(person_rows.kept_ids(act.session, person_ids).values())):
        for referral in merge_rows.referrals_of(act.session, person_id):
            act.note(kind, summary, about=referral)
