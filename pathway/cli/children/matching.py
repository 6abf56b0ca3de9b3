"""``pathway matches`` and ``pathway persons``: who may be one child, settled; two persons merged, and taken apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated

import typer

from pathway.cli.acting_as import By, ReferralRef, acting, acting_on, acting_on_referral, looking
from pathway.cli.speech import say, say_all
from pathway.engine import inputs
from pathway.engine.children import checking_joins, matches, merging, splitting
from pathway.engine.children.checking_joins import Doubt
from rules.errors import InvalidInput
from rules.words import counted
from storage.queries import keyset
from storage.queries.children import merge_rows, named_rows, split_rows
from storage.queries.children.match_rows import Line
from storage.queries.keyset import Wanted
from storage.queries.lists import match_page_rows
from storage.queries.lists.match_page_rows import MatchesWanted
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.queries.shown_rows import Shown
from storage.tables import Person, id_of

STATES = ("open", "confirmed", "declined")
MOST = 50
NUMBER = {"min": 1, "max": 2**31 - 1}

matches_app = typer.Typer()
persons_app = typer.Typer()

Match = Annotated[int, typer.Argument(metavar="MATCH", help="The number of the match, as listed.", **NUMBER)]
Reason = Annotated[str, typer.Option("--reason", help="How it is known; it stands in the history of both.")]
Settled = Annotated[str, typer.Option("--state", help=f"Which ones: {', '.join(STATES)}.")]
Kept = Annotated[int, typer.Argument(metavar="KEPT", help="The number of the child whose record goes on.", **NUMBER)]
Merged = Annotated[int, typer.Argument(metavar="MERGED", help="The number of the child who is the same.", **NUMBER)]
Merge = Annotated[int, typer.Argument(metavar="MERGE", help="The number of the merge.", **NUMBER)]

Also = Annotated[str, typer.Option("--also", help="Other referrals of the record that go as well.", metavar="REFS")]
Restricted = Annotated[
    bool | None,
    typer.Option(
        "--restricted/--open", help="Of a restricted record: whether the new one opens only to the same people."
    ),
]


@matches_app.command("list")
def list_matches(
    *, state: Settled = "open", words: Annotated[str, typer.Option("--name", help="In a name.")] = "", by: By = ""
) -> None:
    """List possible matches, the likeliest first, with the number of each and of both children.

    That you looked is kept in the access log. Restricted records are not named.

    \b
    Examples:
      pathway matches list
      pathway matches list --state confirmed
    """
    if state not in STATES:
        raise InvalidInput.of("--state", f"There is no state {state!r}", f"Give one of: {', '.join(STATES)}")
    with looking("possible matches", by, words=words) as look:
        closed = look.closed
        wanted = MatchesWanted(tab=state, words=words, of=ReferralsWanted(closed=closed))
        lines = match_page_rows.page(look.session, wanted, Wanted(size=MOST)).rows
        count = match_page_rows.count(look.session, wanted, most=keyset.LARGEST - 1)
        look.showed({id_of(person) for line in lines for person in (line.older, line.newer)})
    for line in lines:
        say_all(_told(line, closed))
    say(f"{counted(count, 'match', 'matches')}{f', the likeliest {MOST} shown' if count > MOST else ''}.")


@matches_app.command("confirm")
def confirm(match: Match, *, reason: Reason, by: By = "") -> None:
    """Say that the two are the same child. Nobody is merged by it.

    \b
    Example:
      pathway matches confirm 12 --reason 'The school knows her under both names.'
    """
    _settle(match, reason=reason, by=by, same_child=True)
    say("To make one record of the two: pathway persons merge KEPT MERGED --reason ...")


@matches_app.command("decline")
def decline(match: Match, *, reason: Reason, by: By = "") -> None:
    """Say that they are two children.

    \b
    Example:
      pathway matches decline 12 --reason 'Cousins, says the grandmother.'
    """
    _settle(match, reason=reason, by=by, same_child=False)


@persons_app.command("merge")
def merge(kept: Kept, merged: Merged, *, reason: Reason, by: By = "") -> None:
    """Move all referrals of one record to the other, which goes on. Nothing else changes, and it can be undone.

    \b
    Example:
      pathway persons merge 7 31 --reason 'One child, says the health visitor.'
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting(by, lambda _: Shown(children=frozenset({kept, merged}))) as act:
        done = merging.merge(act, kept, merged, data)
        moved = merge_rows.moved(act.session, id_of(done))
    say(f"Merge {done.id}: child {merged} is child {kept} now; {counted(len(moved), 'referral')} moved.")
    say(f"To undo it: pathway persons undo {done.id} --reason ...")


@persons_app.command("undo")
def undo(merge: Merge, *, reason: Reason, by: By = "") -> None:
    """Give the referrals that a merge moved back to the record that had them.

    \b
    Example:
      pathway persons undo 3 --reason 'They are cousins after all.'
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting_on("merge", merge, by) as act:
        done = merging.undo(act, merge, data)
        moved = merge_rows.moved(act.session, merge)
    say(f"Undone: {counted(len(moved), 'referral')} back with child {done.merged_id}.")


@persons_app.command("split")
def split(ref: ReferralRef, *, reason: Reason, also: Also = "", restricted: Restricted = None, by: By = "") -> None:
    """Give a referral a record of its own: it is about another child. What its contact had filled in is taken back.

    \b
    Examples:
      pathway persons split PW-7K2M-X4TD-1 --reason 'Another mother: the number was wrong.'
      pathway persons split PW-7K2M-X4TD-1 --also PW-9ABC-DEFG-1 --reason 'Both are about the cousin.'
    """
    fields = {"reason": reason, "also": also, "restricted": restricted}
    data = inputs.parse(splitting.SplitInput, fields)
    with acting_on_referral(ref, by) as (act, referral):
        done = splitting.split(act, id_of(referral), data)
        moved = [one.ref for one in split_rows.moved(act.session, id_of(done))]
    say(f"{', '.join(moved)}: child {done.to_id} from now on, another than child {done.from_id}.")
    say(f"To put them together again: pathway persons rejoin {ref} --reason ...")


@persons_app.command("rejoin")
def rejoin(ref: ReferralRef, *, reason: Reason, by: By = "") -> None:
    """Put two children together again who were taken apart by split: they are one after all.

    \b
    Example:
      pathway persons rejoin PW-7K2M-X4TD-1 --reason 'One child after all, says the health visitor.'
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting_on_referral(ref, by) as (act, referral):
        done = splitting.rejoin(act, id_of(referral), data)
    say(f"Child {done.to_id} is child {done.from_id} again, with every referral.")


@persons_app.command("check")
def check(*, by: By = "") -> None:
    """Judge all children with several referrals by the joining rule again, and list what would not be joined now.

    Nothing is changed. What somebody has merged is trusted. That you looked is kept in the access log, and restricted
    records are not named.

    \b
    Example:
      pathway persons check
    """
    with looking("children judged again", by) as look:
        ids = named_rows.with_several(look.session)
        found = [doubt for person_id in ids for doubt in checking_joins.doubts(look.session, person_id)]
        look.showed({id_of(doubt.person) for doubt in found})
        say_all([_doubted(doubt, look.closed) for doubt in found] or ["Every record holds together by the rule."])
    say(f"{counted(len(ids), 'child', 'children')} with several referrals judged; nothing was changed.")


def _doubted(doubt: Doubt, closed: Collection[int]) -> str:
    person = doubt.person
    if person.id in closed:
        return f"child {person.id}: restricted record"
    why = "; ".join(doubt.against) or "too little agrees"
    return f"child {person.id}: {_named(person)}. {doubt.referral.ref} named {doubt.named or 'nobody'}: {why}"


def _settle(match: int, *, reason: str, by: str, same_child: bool) -> None:
    data = inputs.parse(matches.MatchInput, {"same_child": same_child, "reason": reason})
    with acting_on("match", match, by) as act:
        done = matches.settle(act, match, data)
        ids = f"child {done.other_person_id} and child {done.person_id}"
    say(f"{matches.answer(done).capitalize()}: {ids} are {'the same child' if same_child else 'two children'}.")


def _told(line: Line, closed: Collection[int]) -> Iterator[str]:
    shut = line.older.id in closed or line.newer.id in closed
    yield f"{line.match.id}  {'restricted record' if shut else line.match.reason}"
    for person in (line.older, line.newer):
        named = "restricted record" if shut else _named(person)
        yield f"    child {person.id}: {named}"


def _named(person: Person) -> str:
    name = f"{person.forename} {person.surname}".strip() or "name not known"
    return f"{name}, born {person.birth_date:%d %B %Y}" if person.birth_date else name
