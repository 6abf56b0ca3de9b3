"""Indexes for how many letters wait to be printed: of all that are owed few go on paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0034 to 0035. There is no way back but the backup."""
    on_paper = sa.text("delivery <> 'email' AND recipient_address <> ''")
    op.create_index("ix_letter_on_paper", "letter", ["id"], sqlite_where=on_paper, postgresql_where=on_paper)
    known = sa.text("referrer_address <> ''")
    op.create_index("ix_contact_address_known", "contact", ["id"], sqlite_where=known, postgresql_where=known)
