"""What a change touched is named in its transaction, and counted by whoever reads or sweeps next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0029 to 0030. There is no way back but the backup."""
    op.create_table(
        "figure_touch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_touch")),
    )
    op.execute("INSERT INTO figure_touch (contact_id) SELECT contact_id FROM figure_stale ORDER BY contact_id")
    op.drop_table("figure_stale")
