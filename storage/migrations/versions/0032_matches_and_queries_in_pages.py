"""Possible matches and queries are read in pages by key: each order of each tab has an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0030 to 0032. There is no way back but the backup."""
    partial = (
        ("ix_proposed_match_open", "proposed_match", ["weight", "id"], "settled_at IS NULL"),
        ("ix_record_query_open", "record_query", ["id"], "settled_at IS NULL"),
        ("ix_record_query_settled", "record_query", ["settled_at", "id"], "settled_at IS NOT NULL"),
    )
    for name, table, columns, where in partial:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ix_proposed_match_settled", "proposed_match", ["same_child", "weight", "id"])
