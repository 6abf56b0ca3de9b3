"""Indexes by which the access log and the outbox are filtered and read page by page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0030 to 0031. There is no way back but the backup."""
    for name, table, columns, of_sqlite, of_postgresql in (
        ("ix_access_words", "access", ["id", "words"], "words <> ''", "words <> ''"),
        ("ix_access_refused", "access", ["id"], "allowed = 0", "NOT allowed"),
        ("ix_message_twice", "message", ["id"], "perhaps_twice = 1", "perhaps_twice"),
    ):
        op.create_index(name, table, columns, sqlite_where=sa.text(of_sqlite), postgresql_where=sa.text(of_postgresql))
    op.create_index("ix_message_state", "message", ["state", "id"])
    op.create_index("ix_message_kind", "message", ["kind", "id", "state"])
