"""A check that Pathway's own search answered says so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0022 to 0023. There is no way back but the backup."""
    op.add_column("referral_check", sa.Column("taken_over", sa.Boolean(), nullable=False, server_default=sa.false()))
