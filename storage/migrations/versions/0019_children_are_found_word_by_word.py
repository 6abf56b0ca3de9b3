"""The words by which children and referrers are found, one a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

from rules.likeness import search_words

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
PAGE = 1000
WORD = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Step from 0018 to 0019. There is no way back but the backup."""
    _make("child_word", "person_id", "person.id")
    _make("referrer_word", "contact_id", "contact.id")
    child = sa.table("child_word", sa.column("person_id"), sa.column("word"))
    referrer = sa.table("referrer_word", sa.column("contact_id"), sa.column("word"))
    facts = ("forename", "surname", "nhs_number", "upn", "address")
    person = sa.table("person", *map(sa.column, ("id", "nhs_number_unverified", *facts)), _born())
    _fill(sa.select(person), child, _of_child)
    named = sa.table("named_child", *map(sa.column, ("id", "referral_id", *facts)), _born())
    referral = sa.table("referral", sa.column("id"), sa.column("person_id"))
    said = sa.select(named, referral.c.person_id).join(referral, referral.c.id == named.c.referral_id)
    _fill(said, child, _of_child)
    contact = sa.table("contact", *map(sa.column, ("id", "referrer_name", "referrer_agency", "referrer_phone")))
    _fill(sa.select(contact), referrer, _of_referrer)


def _born() -> sa.ColumnClause[Any]:
    return sa.column("birth_date", sa.Date())


def _make(table: str, whose: str, target: str) -> None:
    op.create_table(
        table,
        sa.Column(whose, sa.Integer(), nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.ForeignKeyConstraint([whose], [target], name=op.f(f"fk_{table}_{whose}")),
        sa.PrimaryKeyConstraint(whose, "word", name=op.f(f"pk_{table}")),
        sqlite_with_rowid=False,
    )
    op.create_index(f"ix_{table}_word_{whose}", table, ["word", whose])


def _fill(rows: Any, table: Any, words: Callable[[Any], frozenset[str]]) -> None:
    number, whose = rows.selected_columns[0], table.columns.keys()[0]
    bind, last = op.get_bind(), 0
    while page := bind.execute(rows.where(number > last).order_by(number).limit(PAGE)).all():
        found = {(getattr(row, whose, row.id), word) for row in page for word in words(row)}
        ids = {number for number, _ in found}
        there = set(map(tuple, bind.execute(sa.select(table).where(table.c[whose].in_(ids)))))
        if new := sorted(found - there):
            bind.execute(sa.insert(table), [{whose: number, "word": word} for number, word in new])
        last = page[-1].id


def _of_child(row: sa.Row[Any]) -> frozenset[str]:
    born = row.birth_date
    numbers = (row.nhs_number or "", getattr(row, "nhs_number_unverified", ""), row.upn)
    return search_words.of_record(row.forename, row.surname, numbers=numbers, address=row.address, born=born)


def _of_referrer(row: sa.Row[Any]) -> frozenset[str]:
    return search_words.of_referrer(row.referrer_name, row.referrer_agency, telephone=row.referrer_phone)
