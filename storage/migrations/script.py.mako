# ruff: noqa: E501, PLR0915  # written by storage.migrate, read once
"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from ${down_revision or "nothing"} to ${up_revision}. There is no way back but the backup."""
    ${upgrades if upgrades else "pass"}
