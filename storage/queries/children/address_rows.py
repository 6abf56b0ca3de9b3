"""Children by where they were said to live, on their record and in every contact that named them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from storage.queries.children import named_rows
from storage.tables import MatchKey, NamedChild, Person, Referral


def said_at(session: Session, keys: Collection[str]) -> Sequence[tuple[int, str]]:
    """(child, address) for each address said of the children who bear one of the keys; a merged one is the kept one."""
    near = select(MatchKey.person_id).where(col(MatchKey.key).in_(sorted(keys)))
    kept = select(Person.id, Person.merged_into_id, Person.address).where(col(Person.id).in_(near))
    named = (
        select(Person.id, Person.merged_into_id, NamedChild.address)
        .join(Referral, col(Referral.person_id) == col(Person.id))
        .join(NamedChild, col(NamedChild.referral_id) == col(Referral.id))
        .where(col(Person.id).in_(near), named_rows.holds())
    )
    rows = (*session.exec(kept), *session.exec(named))
    return [(into or number or 0, address) for number, into, address in rows if address]
