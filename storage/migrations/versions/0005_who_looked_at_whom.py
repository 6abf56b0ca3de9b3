"""The access log names each child whom a look showed, however many; one column could name only one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import triggers

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0004 to 0005. There is no way back but the backup."""
    op.drop_index(op.f("ix_access_person_id"), "access")
    op.drop_column("access", "person_id")
    op.create_table(
        "access_child",
        sa.Column("access_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["access_id"], ["access.id"], name=op.f("fk_access_child_access_id_access")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_access_child_person_id_person")),
        sa.PrimaryKeyConstraint("access_id", "person_id", name=op.f("pk_access_child")),
    )
    op.create_index(op.f("ix_access_child_person_id"), "access_child", ["person_id"], unique=False)
    triggers.keep_history(op, "access_child")
    triggers.refuse_replacing(op, "access_child", ("access_id", "person_id"))
