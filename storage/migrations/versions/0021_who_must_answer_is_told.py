"""Whoever must say whether a correction holds, or a decision still stands, is told."""

from __future__ import annotations

from alembic import op

from storage import checks

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
ALERT_KINDS = (
    "clock",
    "immediate danger",
    "new information",
    "caseload",
    "letter",
    "mail server",
    "import",
    "unfinished contact",
    "answer needed",
    "system",
)


def upgrade() -> None:
    """Step from 0020 to 0021. There is no way back but the backup."""
    checks.allow(op, "alert", "kind", ALERT_KINDS)
