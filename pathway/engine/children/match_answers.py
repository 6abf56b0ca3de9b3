"""The decision asks of each possible match: the same child, another, or not to be told yet and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pathway.engine.act import Act
from pathway.engine.children import matches, re_referrals
from pathway.engine.children.matches import MatchInput
from pathway.engine.inputs import Input, Line, NeededText, Number
from rules.errors import InvalidInput
from rules.vocabulary import EventKind
from storage.queries.children import match_rows
from storage.tables import Referral

SAME, ANOTHER, OPEN = "same", "another", "open"
ANSWERS: Mapping[str, str] = {
    SAME: "The same child",
    ANOTHER: "Another child",
    OPEN: "It can’t be told yet",
}


class MatchAnswer(Input):
    """What whoever decides says of one possible match, and how they know or why they can't tell."""

    match_id: Number
    answer: Line
    note: NeededText


def lock(act: Act, answers: Sequence[MatchAnswer]) -> None:
    """Holds every contact of the children whom the answers are about, before anything else is locked.

    Raises InvalidInput for an answer that there is not, NotFound.
    """
    for one in answers:
        if one.answer not in ANSWERS:
            remedy = "Choose the same, another, or that it can't be told yet"
            raise InvalidInput.of(f"match-{one.match_id}", "This is no answer", remedy)
    if found := match_rows.several(act.session, [one.match_id for one in answers]):
        matches.lock_contacts(act, {number for match in found for number in (match.person_id, match.other_person_id)})


def record(act: Act, referral: Referral, answers: Sequence[MatchAnswer]) -> None:
    """Settles what is sure, and keeps in the history why the rest stays open; no other match is touched."""
    if not answers:
        return
    names, settled = match_rows.to_be_answered(act.session, referral.person_id), set[int]()
    for one in answers:
        if one.match_id not in names:
            continue
        if one.answer == OPEN:
            summary = f"It can't be told yet whether this is {names[one.match_id]}: {one.note}"
            act.note(EventKind.MATCH_LEFT_OPEN, summary, about=referral, match=one.match_id)
            continue
        match = match_rows.lock(act.session, one.match_id)
        said = MatchInput(same_child=one.answer == SAME, reason=one.note)
        settled.update(matches.settle_uncounted(act, match, said))
    if settled:
        re_referrals.review(act.session, settled)
