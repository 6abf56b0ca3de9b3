"""Indexes for what every page asks, whether a child is in danger, and for what waits by how its clock began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0033 to 0034. There is no way back but the backup."""
    is_open = sa.text("closed_at IS NULL")
    op.create_index("ix_alert_open_kind", "alert", ["kind", "id"], sqlite_where=is_open, postgresql_where=is_open)
    op.create_index("ix_clock_started_on", "clock", ["started_on", "state"])
