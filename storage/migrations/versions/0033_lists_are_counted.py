"""How many rows of each list are alike is kept ready, so that no list is counted row by row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import list_counts

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0032 to 0033. There is no way back but the backup."""
    op.create_table(
        "list_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("source_code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("folded", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_count")),
    )
    columns = ["list", "part", "state", "team_id", "worker_id", "source_code", "kind", "change"]
    op.create_index("ix_list_count_alike", "list_count", columns)
    loose = sa.text("folded = 0")
    op.create_index("ix_list_count_loose", "list_count", ["id"], sqlite_where=loose, postgresql_where=loose)
    list_counts.keep(op)
