"""An estimated age, where nobody knows the birth date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0019 to 0020. There is no way back but the backup."""
    for table in ("person", "named_child"):
        op.add_column(table, sa.Column("about_age", sa.String(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("born_from", sa.Date(), nullable=True))
        op.add_column(table, sa.Column("born_to", sa.Date(), nullable=True))
