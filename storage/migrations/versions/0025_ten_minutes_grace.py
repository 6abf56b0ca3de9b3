"""What a decision leads to waits for a grace, within which the decision can be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import checks, triggers

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None
EVENT_KINDS = (
    "received",
    "imported",
    "query raised",
    "query settled",
    "child added",
    "adult added",
    "child joined",
    "immediate danger",
    "immediate danger withdrawn",
    "kind of contact changed",
    "detail corrected",
    "correction asked for",
    "correction refused",
    "match settled",
    "match left open",
    "persons merged",
    "merge undone",
    "persons split",
    "split undone",
    "screening begun",
    "checked",
    "screened",
    "rated",
    "decided",
    "decided before checks",
    "decision corrected",
    "decision undone",
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
    "worker left",
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
    "information added",
    "decision stands",
    "decision doubted",
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
    "alert taken on",
    "alert acknowledged",
    "alert closed",
    "rules moved",
    "calendar moved",
    "staff changed",
    "record restricted",
    "restriction lifted",
    "glass broken",
    "broken glass reviewed",
    "unfinished contact discarded",
    "fault",
)


def upgrade() -> None:
    """Step from 0024 to 0025. There is no way back but the backup.

    What is on record had no grace: no column is filled.
    """
    op.add_column("council", sa.Column("grace_minutes", sa.Integer(), server_default="10", nullable=False))
    op.add_column("decision", sa.Column("grace_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("letter", sa.Column("waits_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referral", sa.Column("grace_until", sa.DateTime(timezone=True), nullable=True))
    waiting = sa.text("grace_until IS NOT NULL")
    op.create_index(
        "ix_referral_grace", "referral", ["grace_until", "id"], sqlite_where=waiting, postgresql_where=waiting
    )
    _undone()
    checks.allow(op, "event", "kind", EVENT_KINDS)
    checks.allow(op, "clock", "started_on", EVENT_KINDS)


def _undone() -> None:
    op.create_table(
        "undone_decision",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_undone_decision_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_undone_decision")),
    )
    triggers.keep_history(op, "undone_decision")
    triggers.refuse_replacing(op, "undone_decision", ("decision_id",))
