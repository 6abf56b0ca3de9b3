"""What the lists stand on is kept ready; a list as somebody filtered it is kept under a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import listing

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None
ORDERS = {
    "due": ("part", "due_at", "received_at", "referral_id"),
    "received": ("part", "received_at", "referral_id"),
    "state": ("state", "part", "due_at", "received_at", "referral_id"),
    "worker": ("worker_id", "part", "due_at", "received_at", "referral_id"),
    "team": ("team_id", "part", "due_at", "received_at", "referral_id"),
    "allocation": ("team_id", "state", "part", "allocation_due_at", "referral_id"),
}
MOMENTS = ("due_at", "allocation_due_at", "received_at")


def upgrade() -> None:
    """Step from 0028 to 0029. There is no way back but the backup."""
    op.create_table(
        "listed_referral",
        sa.Column("referral_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in MOMENTS),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("source_code", "kind", "recorded_by")),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_listed_referral_{name}_id"))
            for name in ("contact", "person", "referral")
        ),
        sa.PrimaryKeyConstraint("referral_id", name=op.f("pk_listed_referral")),
    )
    for name, columns in ORDERS.items():
        op.create_index(f"ix_listed_referral_{name}", "listed_referral", list(columns))
    for name in ("contact_id", "person_id", "recorded_by"):
        op.create_index(op.f(f"ix_listed_referral_{name}"), "listed_referral", [name])
    op.create_table(
        "listed_letter",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        # Compared byte by byte: what is searched for is a part of it as typed.
        sa.Column("address", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "stage IN ('owed', 'underway', 'left', 'cancelled', 'excused')", name=op.f("ck_listed_letter_stage")
        ),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_listed_letter_{name}_id"))
            for name in ("contact", "letter")
        ),
        sa.PrimaryKeyConstraint("letter_id", name=op.f("pk_listed_letter")),
    )
    op.create_index("ix_listed_letter_stage", "listed_letter", ["stage", "letter_id"])
    op.create_index("ix_listed_letter_kind", "listed_letter", ["kind", "letter_id"])
    op.create_index("ix_listed_letter_address", "listed_letter", ["address"])
    op.create_index(op.f("ix_listed_letter_contact_id"), "listed_letter", ["contact_id"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("path", "name", "query", "owner")),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("owner", "path", "name", name=op.f("uq_saved_view_owner_path_name")),
    )
    listing.keep(op)
    # What the other lists read in order: open alerts, of which each family's first comes, and checks by who made them.
    for name, columns, where in (
        ("ix_alert_open_due", ("due_at", "id"), "closed_at IS NULL"),
        ("ix_alert_closed", ("closed_at", "id"), "closed_at IS NOT NULL"),
    ):
        op.create_index(name, "alert", list(columns), sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index(op.f("ix_referral_check_recorded_by"), "referral_check", ["recorded_by"])
