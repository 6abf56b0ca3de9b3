"""Children born too close to be of one mother: a query for each two of them, once.

Those of one contact are held against each other as they were typed, all of them against the children on record of the
same household or with the same named mother. The query names nobody: whoever may see the other child is shown it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import chain

from pathway.engine.act import Act
from rules.likeness import born_together, match_keys, names
from rules.likeness.born_together import Sibling, Tie
from rules.words import counted
from storage.queries.children import close_birth_rows
from storage.tables import Person, Query, Referral, id_of

SAYS = "Born "
TOGETHER = SAYS + "{apart} from child {number}: two children of one mother hardly are"
ON_RECORD = SAYS + "less than eight months from another child on record: two children of one mother hardly are"
REMEDY = "Check both birth dates, and whether they have one mother"
_SPAN = timedelta(days=born_together.FARTHEST)


def ask(act: Act, referrals: Sequence[Referral], typed: Sequence[Sibling] = ()) -> None:
    """Raises a query for each two whom nobody has been asked about yet, whatever was found out then.

    ``typed``: how the contact names the children of ``referrals``, where they are held against each other too.
    """
    for one, other, days in born_together.too_close(typed):
        if not _asked(act, referrals[one].person_id, referrals[other].person_id):
            problem = TOGETHER.format(apart=counted(days, "day"), number=one + 1)
            _raise(act, referrals[other], referrals[one], place=f"children.{other}.birth_date", problem=problem)
    for referral, sibling in _on_record(act, referrals):
        if not _asked(act, referral.person_id, id_of(sibling)):
            _raise_beside(act, referral, sibling)


def ask_again(act: Act, referral: Referral) -> None:
    """Raises a query for each two of whom none is open, after what is known of a child was corrected."""
    for one, sibling in _on_record(act, [referral]):
        there = close_birth_rows.between(act.session, one.person_id, id_of(sibling))
        if all(query.settled_at for query in there):
            _raise_beside(act, one, sibling)


def _asked(act: Act, one_id: int, other_id: int) -> bool:
    act.session.flush()
    return bool(
        close_birth_rows.between(act.session, one_id, other_id)
        or close_birth_rows.in_files(act.session, one_id, other_id, said=SAYS)
    )


def _on_record(act: Act, referrals: Sequence[Referral]) -> Iterator[tuple[Referral, Person]]:
    """Each of the children with each brother or sister on record who hardly is one."""
    act.session.flush()
    of_child = {referral.person_id: referral for referral in referrals}
    children = [act.session.get_one(Person, number) for number in of_child]
    siblings = _siblings(act, [child for child in children if child.birth_date])
    for child in children:
        for number, (sibling, tie) in siblings.items():
            twice = number in of_child and number < id_of(child)
            if not twice and number != child.id and born_together.hardly_siblings(child, sibling, tie):
                yield of_child[id_of(child)], sibling


def _siblings(act: Act, children: Sequence[Person]) -> dict[int, tuple[Person, Tie]]:
    """Everybody who may be a brother or sister and was born at about the time of one of these children."""
    if not children:
        return {}
    dates = [child.birth_date for child in children if child.birth_date]
    born = min(dates) - _SPAN, max(dates) + _SPAN
    mothers = [name for child in children if (name := names.surname(child.mother))]
    by_mother = close_birth_rows.of_mothers(act.session, {match_keys.of_mother(name) for name in mothers}, born)
    at_home = close_birth_rows.household(act.session, {id_of(child) for child in children}, born)
    tied = chain(((one, Tie.MOTHER) for one in by_mother), ((one, Tie.HOUSEHOLD) for one in at_home))
    return {id_of(one): (one, tie) for one, tie in tied}


def _raise_beside(act: Act, referral: Referral, sibling: Person) -> None:
    if (theirs := close_birth_rows.latest(act.session, id_of(sibling))) is not None:
        _raise(act, referral, theirs, place=close_birth_rows.PLACE, problem=ON_RECORD)


def _raise(act: Act, referral: Referral, beside: Referral, *, place: str, problem: str) -> None:
    act.session.add(
        Query(
            contact_id=referral.contact_id,
            referral_id=referral.id,
            place=place,
            value=beside.ref,
            problem=problem,
            remedy=REMEDY,
            raised_at=act.now,
        )
    )
