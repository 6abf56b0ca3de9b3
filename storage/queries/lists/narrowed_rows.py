"""Other lists narrowed by what is asked of referrals: queries, matches and duties are filtered by the children's.

Such a line tells neither team nor state, and of a closed record nothing at all: where a filter is in force, none is
listed that is about a child whose record is closed to whoever looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from storage.queries.lists import referral_list_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted
from storage.tables import ListedReferral

CONTACT, CHILD, REFERRAL = ListedReferral.contact_id, ListedReferral.person_id, ListedReferral.referral_id


def narrows(wanted: ReferralsWanted) -> bool:
    """True where something is asked for: a filter, or words."""
    among = (wanted.states, wanted.teams, wanted.workers, wanted.sources, wanted.kinds)
    return any(among) or bool(wanted.mine or wanted.late or wanted.undecided) or wanted.sought is not None


def numbers(session: Session, wanted: ReferralsWanted, of: Any) -> Any:
    """The numbers, by one column of the listed referrals, of those that are asked for."""
    return select(of).where(*referral_list_rows.conditions(session, wanted))


def of_closed(wanted: ReferralsWanted, of: Any) -> Any:
    """The numbers of those about a child whose record is closed to whoever looks."""
    return select(of).where(col(ListedReferral.person_id).in_(wanted.closed))


def conditions(session: Session, wanted: ReferralsWanted, column: Any, of: Any) -> Sequence[Any]:
    """What a row must be whose ``column`` holds such a number; nothing where nothing is asked for."""
    if not narrows(wanted):
        return []
    found = [column.in_(numbers(session, wanted, of))]
    if wanted.closed:
        found.append(column.not_in(of_closed(wanted, of)))
    return found


def kept_back(wanted: ReferralsWanted, column: Any, of: Any) -> Any:
    """True for the rows that a file leaves out."""
    return column.in_(of_closed(wanted, of))
