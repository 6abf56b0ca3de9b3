"""What each contact said of each child, and which blanks of a record it filled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import checks, triggers

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
EVENT_KINDS = (
    "received",
    "imported",
    "query raised",
    "query settled",
    "child added",
    "child joined",
    "immediate danger",
    "immediate danger withdrawn",
    "kind of contact changed",
    "match settled",
    "match left open",
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
    """Step from 0008 to 0009. There is no way back but the backup."""
    op.create_table(
        "named_child",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("forename", sa.String(), nullable=False),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("ethnicity", sa.String(), nullable=False),
        sa.Column("nhs_number", sa.String(), nullable=False),
        sa.Column("upn", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("school", sa.String(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_named_child_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_child")),
    )
    op.create_index(op.f("ix_named_child_referral_id"), "named_child", ["referral_id"])
    triggers.keep_history(op, "named_child")
    triggers.refuse_replacing(op, "named_child", ("id",))
    op.create_table(
        "filled_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_filled_field_person_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_filled_field_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filled_field")),
    )
    op.create_index(op.f("ix_filled_field_person_id"), "filled_field", ["person_id"])
    op.create_index(op.f("ix_filled_field_referral_id"), "filled_field", ["referral_id"])
    checks.allow(op, "event", "kind", EVENT_KINDS)
    checks.allow(op, "clock", "started_on", EVENT_KINDS)
