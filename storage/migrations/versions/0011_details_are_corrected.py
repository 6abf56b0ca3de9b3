"""Details that were corrected, what waits for a second person, and letters that have left and say it wrong."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import checks, triggers

revision = "0011"
down_revision = "0010"
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
    "detail corrected",
    "correction asked for",
    "correction refused",
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
    """Step from 0010 to 0011. There is no way back but the backup."""
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("old", sa.String(), nullable=False),
        sa.Column("new", sa.String(), nullable=False),
        sa.Column("taken_wrong", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_correction_contact_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_correction_referral_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_correction_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_contact_id"), "correction", ["contact_id"])
    op.create_index(op.f("ix_correction_person_id"), "correction", ["person_id"])
    op.create_table(
        "correction_answer",
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_correction_answer_correction_id")),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_correction_answer")),
    )
    for table, key in (("correction", "id"), ("correction_answer", "correction_id")):
        triggers.keep_history(op, table)
        triggers.refuse_replacing(op, table, (key,))
    op.create_table(
        "overtaken_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("new_letter_id", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["correction_id"], ["correction.id"], name=op.f("fk_overtaken_letter_correction_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_overtaken_letter_letter_id")),
        sa.ForeignKeyConstraint(["new_letter_id"], ["letter.id"], name=op.f("fk_overtaken_letter_new_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overtaken_letter")),
    )
    op.create_index(op.f("ix_overtaken_letter_correction_id"), "overtaken_letter", ["correction_id"])
    op.create_index(op.f("ix_overtaken_letter_letter_id"), "overtaken_letter", ["letter_id"])
    checks.allow(op, "event", "kind", EVENT_KINDS)
    checks.allow(op, "clock", "started_on", EVENT_KINDS)
