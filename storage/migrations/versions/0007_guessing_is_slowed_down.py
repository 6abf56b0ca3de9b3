"""Failed sign-ins and known devices, shared by all processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0006 to 0007. There is no way back but the backup."""
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name_sha256", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    for column in ("at", "name_sha256", "address"):
        op.create_index(op.f(f"ix_sign_in_failure_{column}"), "sign_in_failure", [column])
    op.create_table(
        "known_device",
        sa.Column("token_sha256", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_known_device_user_id")),
        sa.PrimaryKeyConstraint("token_sha256", "user_id", name=op.f("pk_known_device")),
    )
