"""Somebody says "I have it"; who looked at one child is read by key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import checks, triggers

revision = "0024"
down_revision = "0023"
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
    """Step from 0023 to 0024. There is no way back but the backup."""
    checks.allow(op, "event", "kind", EVENT_KINDS)
    checks.allow(op, "clock", "started_on", EVENT_KINDS)
    op.create_table(
        "alert_taken_on",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_taken_on_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_taken_on")),
        sa.UniqueConstraint("alert_id", "username", name=op.f("uq_alert_taken_on_alert_id_username")),
    )
    triggers.keep_history(op, "alert_taken_on")
    triggers.refuse_replacing(op, "alert_taken_on", ("id",), ("alert_id", "username"))
    # Both columns, so that the newest looks at one child are read by key, however often it stood on a list.
    op.create_index("ix_access_child_person_id_access_id", "access_child", ["person_id", "access_id"])
    op.drop_index(op.f("ix_access_child_person_id"), "access_child")
