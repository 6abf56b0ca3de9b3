"""Alerts by family, in pages by key: all open alerts of one contact stand together, where its first one stands.

An alert about no record stands by itself, and so does each that is closed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, or_, select, true

from rules.vocabulary import AlertKind
from storage.queries import keyset
from storage.queries.alerts import alert_list_rows
from storage.queries.alerts.alert_list_rows import AlertLine
from storage.queries.keyset import Found, Order, Searched, Segment, Slice
from storage.queries.lists import sought_rows
from storage.queries.lists.sought_rows import Sought
from storage.remembered import once
from storage.tables import Alert, ListedReferral
from storage.tables.lists.listed import Part

_EARLIER = aliased(Alert)  # once: to make one takes longer than to ask


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsWanted:
    """What of the alerts is listed; what is empty narrows nothing.

    Without ``records`` only those about no child's record. ``unheld``: those that nobody has answered, at ``now``.
    ``families``: only those of these alerts. ``hidden``: children whose record is closed to whoever looks; a filter by
    team lists none of theirs.
    """

    closed: bool = False
    records: bool = True
    kinds: Collection[str] = ()
    teams: Collection[int] = ()
    unheld: bool = False
    sought: Sought | None = None
    hidden: frozenset[int] = frozenset()
    now: datetime | None = None
    families: Collection[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The alerts of one contact, the first due first; one alone where it is about no contact, or closed."""

    lines: Sequence[AlertLine]


def order(wanted: AlertsWanted) -> Order:
    """Open ones with immediate danger and the oldest due first, closed ones the newest first."""
    if wanted.closed:
        return Order(
            segments=[Segment(name="0", where=true())], keys=[col(Alert.closed_at), col(Alert.id)], descending=True
        )
    contact_id = col(Alert.contact_id)
    told = select(Alert.contact_id).where(
        col(Alert.kind) == AlertKind.DANGER, col(Alert.closed_at).is_(None), col(Alert.contact_id).is_not(None)
    )
    marked = select(ListedReferral.contact_id).where(col(ListedReferral.part) == Part.DANGER.value)
    calm = contact_id.is_(None) | (contact_id.not_in(told) & contact_id.not_in(marked))
    return Order(
        segments=[
            Segment(name="0", where=contact_id.in_(told)),
            Segment(name="1", where=contact_id.in_(marked) & contact_id.not_in(told)),
            Segment(name="2", where=calm),
        ],
        keys=[col(Alert.due_at), col(Alert.id)],
    )


def page(session: Session, wanted: AlertsWanted, page_wanted: keyset.Wanted) -> Slice:
    """A page of families."""
    if wanted.sought is not None and not wanted.closed:
        searched = _searched(session, wanted, wanted.sought)
        if searched.few is not None:
            return _of_few(session, searched.few, order(wanted), page_wanted)
    statement = select(Alert.id, Alert.contact_id).where(*_conditions(session, wanted, Alert))
    if not wanted.closed:
        statement = statement.where(~_before(session, wanted, _EARLIER))
    found = keyset.read(session, statement, order(wanted), page_wanted)
    rows = _families(session, wanted, [(number, contact_id) for number, contact_id in found.rows])
    return Slice(rows=rows, before=found.before, after=found.after)


def _searched(session: Session, wanted: AlertsWanted, sought: Sought) -> Searched:
    def ask() -> Searched:
        statement = select(Alert.id, Alert.contact_id).where(*_conditions(session, wanted, Alert))
        return keyset.searched(session, statement, order(wanted), many=sought_rows.of(session, sought).many)

    return once(session, wanted, ask)


def _of_few(session: Session, few: Sequence[Found], within: Order, page_wanted: keyset.Wanted) -> Slice:
    """A page of the families of all alerts that were found: each stands where its first alert does."""
    groups: dict[tuple[str, int], list[int]] = {}
    heads = []
    for place, (number, contact_id) in few:
        group = groups.setdefault(("alert", number) if contact_id is None else ("contact", contact_id), [])
        group.append(number)
        if len(group) == 1:
            heads.append((place, group))
    found = keyset.of_few(heads, within, page_wanted)
    return Slice(rows=_as_families(session, found.rows), before=found.before, after=found.after)


def _before(session: Session, wanted: AlertsWanted, earlier: Any) -> Any:
    """True where another alert of the same contact is listed before this one."""
    same = select(earlier.id).where(
        earlier.contact_id == col(Alert.contact_id),
        tuple_(earlier.due_at, earlier.id) < tuple_(col(Alert.due_at), col(Alert.id)),
        *_conditions(session, wanted, earlier),
    )
    return same.correlate(Alert).exists()


def count(session: Session, wanted: AlertsWanted) -> int:
    """How many alerts there are, ``AtLeast`` for more than are counted."""
    if wanted.sought is not None and not wanted.closed:
        return _searched(session, wanted, wanted.sought).count
    return keyset.count(session, select(Alert.id).where(*_conditions(session, wanted, Alert)))


def _families(session: Session, wanted: AlertsWanted, firsts: Sequence[tuple[int, int | None]]) -> Sequence[Family]:
    theirs = {} if wanted.closed else _of_contacts(session, wanted, [one for _, one in firsts if one is not None])
    return _as_families(session, [theirs.get(contact_id or 0, [number]) for number, contact_id in firsts])


def _as_families(session: Session, groups: Sequence[Sequence[int]]) -> Sequence[Family]:
    numbers = [number for group in groups for number in group]
    lines = dict(zip(numbers, alert_list_rows.among(session, numbers), strict=True))
    return [Family(lines=[lines[number] for number in group]) for group in groups]


def _of_contacts(session: Session, wanted: AlertsWanted, contact_ids: Sequence[int]) -> Mapping[int, list[int]]:
    statement = select(Alert.contact_id, Alert.id).where(
        col(Alert.contact_id).in_(contact_ids), *_conditions(session, wanted, Alert)
    )
    found: dict[int, list[int]] = {}
    for contact_id, number in session.exec(statement.order_by(col(Alert.due_at), col(Alert.id))):
        found.setdefault(contact_id or 0, []).append(number or 0)
    return found


def _conditions(session: Session, wanted: AlertsWanted, alert: Any) -> Sequence[Any]:
    closed_at = col(alert.closed_at)
    found: list[Any] = [closed_at.is_not(None) if wanted.closed else closed_at.is_(None)]
    if not wanted.records:
        found += [col(alert.contact_id).is_(None), col(alert.referral_id).is_(None)]
    if wanted.families:
        contacts = select(Alert.contact_id).where(col(Alert.id).in_(wanted.families))
        found.append(or_(col(alert.id).in_(wanted.families), col(alert.contact_id).in_(contacts)))
    if wanted.kinds:
        found.append(col(alert.kind).in_(wanted.kinds))
    if wanted.unheld:
        found.append(or_(col(alert.held_until).is_(None), col(alert.held_until) <= wanted.now))
    if wanted.teams:
        children = _of_teams(wanted)
        of_child = col(alert.referral_id).in_(children.with_only_columns(col(ListedReferral.referral_id)))
        of_contact = col(alert.contact_id).in_(children.with_only_columns(col(ListedReferral.contact_id)))
        found.append(of_child | (col(alert.referral_id).is_(None) & of_contact))
    if wanted.sought is not None:
        found.append(_about(session, wanted.sought, alert))
    return found


def _about(session: Session, sought: Sought, alert: Any) -> Any:
    """True for an alert about a referral that is sought, or about the whole contact of one."""
    of_child = sought_rows.referral(session, sought, col(alert.referral_id))
    of_contact = sought_rows.contact(session, sought, col(alert.contact_id))
    found = or_(of_child, and_(col(alert.referral_id).is_(None), of_contact))
    if not sought.closed:
        return found
    shut = select(ListedReferral.contact_id).where(col(ListedReferral.person_id).in_(sought.closed))
    return and_(found, col(alert.contact_id).not_in(shut))


def _of_teams(wanted: AlertsWanted) -> Any:
    statement = select(ListedReferral).where(col(ListedReferral.team_id).in_(wanted.teams))
    return statement.where(col(ListedReferral.person_id).not_in(wanted.hidden)) if wanted.hidden else statement
