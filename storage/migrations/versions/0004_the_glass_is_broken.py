"""Breaking the glass of a restricted record; the access log names children and keeps the words of a search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import checks

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
EVENT_KINDS = (
    "received",
    "imported",
    "query raised",
    "query settled",
    "child added",
    "immediate danger",
    "immediate danger withdrawn",
    "kind of contact changed",
    "match settled",
    "persons merged",
    "merge undone",
    "screening begun",
    "checked",
    "screened",
    "rated",
    "decided",
    "decided before checks",
    "decision corrected",
    "second look asked for",
    "second look given",
    "new information sent",
    "new information taken",
    "sent onward",
    "receiver accepted",
    "receiver refused",
    "accepted",
    "caseload overridden",
    "given to team",
    "allocated",
    "transfer proposed",
    "transfer refused",
    "transferred",
    "child seen",
    "initial assessment authorised",
    "core assessment begun",
    "core assessment authorised",
    "assessment authorised",
    "strategy discussion held",
    "conference held",
    "minutes sent",
    "core group met",
    "review held",
    "work ended",
    "should be closed",
    "closed",
    "reopened",
    "set aside",
    "restored",
    "letter written",
    "information asked for",
    "parents to be told",
    "acknowledged",
    "feedback given",
    "letter refused",
    "letter printed",
    "letter posted",
    "letter returned",
    "told by telephone",
    "address found",
    "letter excused",
    "letter opened",
    "letter not opened",
    "link withdrawn",
    "link renewed",
    "letter cancelled",
    "message retried",
    "message cancelled",
    "bounce dismissed",
    "unsafe to contact",
    "safe to contact again",
    "identity protected",
    "identity no longer protected",
    "referrer to be told again",
    "clock started",
    "clock stopped",
    "clock moved",
    "clock not applicable",
    "breached",
    "alert opened",
    "rung taken",
    "alert acknowledged",
    "alert closed",
    "rules moved",
    "calendar moved",
    "staff changed",
    "record restricted",
    "restriction lifted",
    "glass broken",
    "broken glass reviewed",
    "fault",
)


def upgrade() -> None:
    """Step from 0003 to 0004. There is no way back but the backup."""
    op.create_table(
        "glass_broken",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("broken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("review_note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_glass_broken_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_glass_broken")),
    )
    op.create_index(op.f("ix_glass_broken_person_id"), "glass_broken", ["person_id"])
    op.create_index(op.f("ix_glass_broken_username"), "glass_broken", ["username"])
    op.add_column("access", sa.Column("person_id", sa.Integer(), nullable=True))
    op.add_column("access", sa.Column("words", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_access_person_id"), "access", ["person_id"])
    checks.allow(op, "event", "kind", EVENT_KINDS)
    checks.allow(op, "clock", "started_on", EVENT_KINDS)
