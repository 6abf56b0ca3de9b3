"""What a child is found by, folded."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from rules.likeness import search_words

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
PAGE = 1000


def upgrade() -> None:
    """Step from 0009 to 0010. There is no way back but the backup."""
    op.add_column("person", sa.Column("sought", sa.String(), nullable=False, server_default=""))
    person = sa.table("person", *map(sa.column, ("id", "forename", "surname", "address", "upn", "sought")))
    numbers: list[sa.ColumnClause[str]] = [sa.column("nhs_number"), sa.column("nhs_number_unverified")]
    rows = sa.select(person.c.id, person.c.forename, person.c.surname, person.c.address, person.c.upn, *numbers)
    bind, last = op.get_bind(), 0
    while page := bind.execute(rows.where(person.c.id > last).order_by(person.c.id).limit(PAGE)).all():
        bind.execute(
            sa.update(person).where(person.c.id == sa.bindparam("number")).values(sought=sa.bindparam("words")),
            [{"number": row.id, "words": _words(row)} for row in page],
        )
        last = page[-1].id


def _words(row: sa.Row[Any]) -> str:
    numbers = (row.nhs_number or "", row.nhs_number_unverified, row.upn)
    return search_words.of_child(row.forename, row.surname, numbers=numbers, address=row.address)
