"""Possible matches in tests: who may be one child, settled, merged and taken apart again."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import inputs
from pathway.engine.actors import Actor
from pathway.engine.children import matches, merging
from pathway.engine.decisions import setting_aside
from rules.vocabulary import Mark
from storage.queries.children import match_rows, merge_rows
from storage.queries.keyset import Wanted
from storage.queries.lists import match_page_rows
from storage.queries.lists.match_page_rows import MatchesWanted
from storage.tables import Contact, Letter, Person, PersonMerge, ProposedMatch, Referral, id_of
from support import rows
from support.front_door import MANAGER, OFFICER, FrontDoor, child_fields
from support.scenes import kept


def child(door: FrontDoor, forename: str, surname: str = "Harlow", **known: str) -> Referral:
    """The referral of one child in a contact of its own."""
    (referral,) = door.referrals(door.log(children=[child_fields(forename, surname, **known)]))
    return referral


def contact_of(door: FrontDoor, referral: Referral) -> Contact:
    """The contact that named a child."""
    with door.database.read() as session:
        return session.get_one(Contact, referral.contact_id)


def contact_of_letter(door: FrontDoor, letter: Letter) -> Contact:
    """The contact that a letter answers."""
    with door.database.read() as session:
        return session.get_one(Contact, letter.contact_id)


def proposals(door: FrontDoor, referral: Referral) -> Sequence[tuple[ProposedMatch, Person]]:
    """The open proposals about a referral's child, each with the other child."""
    with door.database.read() as session:
        return match_rows.open_of(session, door.fresh(referral).person_id)


def proposal(door: FrontDoor, referral: Referral) -> ProposedMatch:
    """The one open proposal about a referral's child."""
    ((match, _),) = proposals(door, referral)
    return match


@kept
def settle(
    door: FrontDoor, match: ProposedMatch, *, same: bool, by: Actor = OFFICER, reason: str = "Rang the school."
) -> ProposedMatch:
    """Confirms or declines."""
    data = matches.MatchInput(same_child=same, reason=reason)
    with door.acting(by) as act:
        return matches.settle(act, id_of(match), data)


def merge(door: FrontDoor, kept: Referral, merged: Referral, by: Actor = MANAGER, **more: str) -> PersonMerge:
    """Makes one child of those of two referrals."""
    return merge_persons(door, door.fresh(kept).person_id, door.fresh(merged).person_id, by=by, **more)


@kept
def merge_persons(door: FrontDoor, kept_id: int, merged_id: int, by: Actor = MANAGER, **more: str) -> PersonMerge:
    """Makes one child of two persons by their numbers."""
    data = inputs.ReasonInput(reason="The same mother and address.")
    with door.acting(by, token=more.get("request_id")) as act:
        return merging.merge(act, kept_id, merged_id, data)


@kept
def undo(door: FrontDoor, merge: PersonMerge, by: Actor = MANAGER, **more: str) -> PersonMerge:
    """Takes them apart again."""
    data = inputs.ReasonInput(reason="Cousins, says the grandmother.")
    with door.acting(by, token=more.get("request_id")) as act:
        return merging.undo(act, id_of(merge), data)


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
        return [referral.ref for referral in merge_rows.moved(session, id_of(merge))]


@kept
def set_aside(door: FrontDoor, referral: Referral, right: Referral) -> None:
    """Marks a referral as logged twice."""
    data = setting_aside.SetAsideInput(mark=Mark.LOGGED_TWICE, reason="Typed in twice.", right_ref=right.ref)
    with door.acting(MANAGER) as act:
        setting_aside.set_aside(act, id_of(referral), data, version=None)


def every_page(door: FrontDoor) -> None:
    """A match that is open, one that is confirmed, and a merge, each with everything that its page can show."""
    known = {"nhs_number": "943 476 5919", "upn": "H801200001001", "address": "28 Muswell Hill Broadway, N17 9UD"}
    for surname in ("Bramble", "Quillfeather", "Ottoline"):
        elizabeth = child(door, "Elizabeth", surname, **(known if surname == "Bramble" else {}))
        liz = child(door, "Liz", surname, birth_date="2004-06-05", address="3 Green Lanes, London N8 6SG")
        door.decide(elizabeth)
        if surname != "Bramble":
            found = (match for match, other in proposals(door, liz) if other.id == elizabeth.person_id)
            settle(door, next(found), same=True)
        if surname == "Ottoline":
            merge(door, elizabeth, liz)


def numbers(door: FrontDoor) -> dict[str, int]:
    """The numbers of the match that is open, the one that is confirmed, and the merge."""
    with door.database.read() as session:
        return {
            tab: id_of(match_page_rows.page(session, MatchesWanted(tab=tab, words=words), Wanted(size=1)).rows[0].match)
            for tab, words in (("open", "Bramble"), ("confirmed", "Quillfeather"))
        } | {"merge": id_of(rows.everything(session, PersonMerge)[0])}
