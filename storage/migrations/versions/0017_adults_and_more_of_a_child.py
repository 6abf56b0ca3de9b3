"""Adults as contacts name them, and what more a contact says of a child."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import checks, triggers

revision = "0017"
down_revision = "0016"
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
RELATIONS = (
    "mother",
    "father",
    "step-parent",
    "partner of a parent",
    "grandparent",
    "other relative",
    "carer",
    "other member of the household",
    "regular visitor",
    "other",
)
MORE = ("disability", "religion", "language", "gp", "health_visitor", "mother")


def upgrade() -> None:
    """Step from 0016 to 0017. There is no way back but the backup."""
    for table, names in (("person", MORE), ("named_child", (*MORE, "where_now"))):
        for name in names:
            op.add_column(table, sa.Column(name, sa.String(), nullable=False, server_default=""))
        op.add_column(table, sa.Column("mother_birth_date", sa.Date(), nullable=True))
    _adults()
    checks.allow(op, "event", "kind", EVENT_KINDS)
    checks.allow(op, "clock", "started_on", EVENT_KINDS)


def _adults() -> None:
    op.create_table(
        "named_adult",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("forename", sa.String(), nullable=False),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=False),
        sa.Column("risk", sa.String(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("named_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_named_adult_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_adult")),
    )
    op.create_index(op.f("ix_named_adult_contact_id"), "named_adult", ["contact_id"])
    quoted = ", ".join(f"'{word}'" for word in RELATIONS)
    op.create_table(
        "adult_relation",
        sa.Column("adult_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("parental_responsibility", sa.Boolean(), nullable=True),
        sa.Column("lives_there", sa.Boolean(), nullable=True),
        sa.CheckConstraint(f"relation IN ({quoted})", name=op.f("ck_adult_relation_relation")),
        sa.ForeignKeyConstraint(["adult_id"], ["named_adult.id"], name=op.f("fk_adult_relation_adult_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_adult_relation_referral_id")),
        sa.PrimaryKeyConstraint("adult_id", "referral_id", name=op.f("pk_adult_relation")),
    )
    op.create_index(op.f("ix_adult_relation_referral_id"), "adult_relation", ["referral_id"])
    for table, unique in (("named_adult", ("id",)), ("adult_relation", ("adult_id", "referral_id"))):
        triggers.keep_history(op, table)
        triggers.refuse_replacing(op, table, unique)
