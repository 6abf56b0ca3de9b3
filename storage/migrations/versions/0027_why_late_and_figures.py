"""Why something was late; the figures, stored with what they count; who gets the week's figures by e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import checks, triggers

revision = "0027"
down_revision = "0026"
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
    "checked in",
    "checked",
    "screened",
    "rated",
    "decided",
    "decided before checks",
    "decision corrected",
    "decision undone",
    "why late",
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
    "address confirmed",
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
MESSAGE_KINDS = (
    "acknowledgement",
    "receipt",
    "outcome",
    "part outcome",
    "corrected outcome",
    "missing information",
    "parents",
    "onward referral",
    "new information",
    "warning",
    "alert",
    "alert closed",
    "notices",
    "digest",
    "weekly figures",
)


def upgrade() -> None:
    """Step from 0026 to 0027. There is no way back but the backup."""
    checks.allow(op, "event", "kind", EVENT_KINDS)
    checks.allow(op, "clock", "started_on", EVENT_KINDS)
    checks.allow(op, "message", "kind", MESSAGE_KINDS)
    checks.allow(op, "letter", "kind", MESSAGE_KINDS)
    checks.allow(op, "notice", "kind", MESSAGE_KINDS)
    late = sa.text("breached_at IS NOT NULL AND state = 'stopped'")
    op.create_index("ix_clock_ended_late", "clock", ["breached_at", "id"], sqlite_where=late, postgresql_where=late)
    _why_late()
    _figure_row()
    _figure_count()
    _figure_stale()
    _weekly_figures()


def _why_late() -> None:
    op.create_table(
        "why_late",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("clock_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_why_late_clock_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_why_late_referral_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_why_late")),
    )
    op.create_index(op.f("ix_why_late_clock_id"), "why_late", ["clock_id"])
    op.create_index(op.f("ix_why_late_referral_id"), "why_late", ["referral_id"])
    triggers.keep_history(op, "why_late")
    triggers.refuse_replacing(op, "why_late", ("id",))


def _figure_row() -> None:
    op.create_table(
        "figure_row",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("clock_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_figure_row_contact_id")),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_figure_row_referral_id")),
        sa.ForeignKeyConstraint(["clock_id"], ["clock.id"], name=op.f("fk_figure_row_clock_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_row")),
        sa.UniqueConstraint("figure", "key", name=op.f("uq_figure_row_figure_key")),
    )
    op.create_index("ix_figure_row_listed", "figure_row", ["figure", "day", "at", "id", "part"])
    op.create_index(op.f("ix_figure_row_contact_id"), "figure_row", ["contact_id"])


def _figure_count() -> None:
    op.create_table(
        "figure_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("folded", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_count")),
    )
    op.create_index("ix_figure_count_day", "figure_count", ["day", "figure", "part", "change"])
    for name, columns, which, unique in (
        ("ix_figure_count_folded", ["day", "figure", "part"], "folded = 1", True),
        ("ix_figure_count_unfolded", ["id"], "folded = 0", False),
    ):
        where = sa.text(which)
        op.create_index(name, "figure_count", columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _figure_stale() -> None:
    op.create_table(
        "figure_stale",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_figure_stale")),
    )
    # What was there before: the sweep counts it in the minutes after the upgrade, some hundred contacts a step.
    op.execute("INSERT INTO figure_stale (contact_id) SELECT id FROM contact")


def _weekly_figures() -> None:
    op.create_table(
        "weekly_figures",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_week", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_weekly_figures_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_weekly_figures")),
    )
