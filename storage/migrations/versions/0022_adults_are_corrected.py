"""Adults are corrected: a later row of the same adult holds, and corrections say whom they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0021 to 0022. There is no way back but the backup."""
    op.add_column("named_adult", sa.Column("first_id", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_named_adult_first_id"), "named_adult", ["first_id"])
    op.add_column("correction", sa.Column("adult_id", sa.Integer(), nullable=True))
