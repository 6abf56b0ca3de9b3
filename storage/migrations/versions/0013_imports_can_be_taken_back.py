"""Which import took in what, so that it can be taken back, and what a trial of one foresaw."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
# What one run took in before it was counted bears one moment and one name; its own events bear that moment too.
RUNS = """
INSERT INTO import_run (file, started_at, started_by, taken_back_by, taken_back_because)
SELECT DISTINCT '', recorded_at, recorded_by, '', '' FROM contact WHERE imported ORDER BY recorded_at, recorded_by
"""
CONTACTS = """
INSERT INTO imported_lines (run_id, contact_id, contact_ref, sha256, lines, last_event_id)
SELECT import_run.id, contact.id, contact.ref, contact.import_sha256, '[]', COALESCE((
    SELECT MAX(event.id) FROM event WHERE event.contact_id = contact.id AND event.recorded_at = contact.recorded_at
), 0)
FROM contact JOIN import_run ON import_run.started_at = contact.recorded_at
AND import_run.started_by = contact.recorded_by WHERE contact.imported ORDER BY contact.id
"""


def upgrade() -> None:
    """Step from 0012 to 0013. There is no way back but the backup."""
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.String(), nullable=False),
        sa.Column("taken_back_because", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "imported_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("contact_ref", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("last_event_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_imported_lines_run_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_imported_lines_contact_id")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["imported_lines.id"], name=op.f("fk_imported_lines_replaced_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_lines")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_imported_lines_contact_id")),
    )
    op.create_index(op.f("ix_imported_lines_run_id"), "imported_lines", ["run_id"])
    op.create_index(op.f("ix_imported_lines_contact_ref"), "imported_lines", ["contact_ref"])
    op.create_table(
        "import_foresight",
        sa.Column("file_sha256", sa.String(), nullable=False),
        sa.Column("contact_ref", sa.String(), nullable=False),
        sa.Column("foreseen", sa.String(), nullable=False),
        sa.Column("foreseen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("file_sha256", "contact_ref", name=op.f("pk_import_foresight")),
    )
    op.execute(RUNS)
    op.execute(CONTACTS)
