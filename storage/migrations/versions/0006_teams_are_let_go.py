"""A team can be let go, and stays in the history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0005 to 0006. There is no way back but the backup."""
    op.add_column("team", sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()))
