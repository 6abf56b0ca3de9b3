"""What was learnt after a contact was logged, with its files, and whether decisions stand after it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import checks, triggers

revision = "0014"
down_revision = "0013"
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
SETTLEMENTS = ("letter returned", "alerted", "without effect", "dismissed", "information")
FILE_KINDS = (
    "PDF",
    "JPEG image",
    "PNG image",
    "GIF image",
    "TIFF image",
    "WebP image",
    "Word document",
    "Word document of before 2007",
    "e-mail",
    "Outlook e-mail",
)


def upgrade() -> None:
    """Step from 0013 to 0014. There is no way back but the backup."""
    op.create_table(
        "information",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_whom", sa.String(), nullable=False),
        sa.Column("from_referrer", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.Column("bounce_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_information_contact_id")),
        sa.ForeignKeyConstraint(["bounce_id"], ["bounce.id"], name=op.f("fk_information_bounce_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information")),
    )
    op.create_index(op.f("ix_information_contact_id"), "information", ["contact_id"])
    op.create_index(op.f("ix_information_bounce_id"), "information", ["bounce_id"])
    kinds = ", ".join(f"'{kind}'" for kind in FILE_KINDS)
    op.create_table(
        "attached_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("information_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_attached_file_kind")),
        sa.ForeignKeyConstraint(["information_id"], ["information.id"], name=op.f("fk_attached_file_information_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attached_file")),
    )
    op.create_index(op.f("ix_attached_file_information_id"), "attached_file", ["information_id"])
    for table in ("information", "attached_file"):
        triggers.keep_history(op, table)
        triggers.refuse_replacing(op, table, ("id",))
    op.create_table(
        "decision_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("information_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["information_id"], ["information.id"], name=op.f("fk_decision_question_information_id")
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_decision_question_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_question")),
    )
    op.create_index(op.f("ix_decision_question_information_id"), "decision_question", ["information_id"])
    op.create_index(op.f("ix_decision_question_referral_id"), "decision_question", ["referral_id"])
    op.create_table(
        "received_email",
        sa.Column("bounce_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bounce_id"], ["bounce.id"], name=op.f("fk_received_email_bounce_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_received_email_contact_id")),
        sa.PrimaryKeyConstraint("bounce_id", name=op.f("pk_received_email")),
    )
    op.create_index(op.f("ix_received_email_contact_id"), "received_email", ["contact_id"])
    checks.allow(op, "bounce_settlement", "how", SETTLEMENTS)
    checks.allow(op, "event", "kind", EVENT_KINDS)
    checks.allow(op, "clock", "started_on", EVENT_KINDS)
