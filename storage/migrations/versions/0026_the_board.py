"""The board: one card a contact that waits, who is on it, and what somebody has begun."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
CARDS = """
INSERT INTO board_card (contact_id, rank, due_at, asked_at)
SELECT contact.id,
       CASE WHEN contact.immediate_danger THEN 0 ELSE 1 END,
       COALESCE(MIN(clock.due_at), :never),
       CASE WHEN MAX(CASE WHEN referral.named_by_referrer
                           AND referral.state IN ('received', 'screening', 'awaiting decision')
                          THEN 1 ELSE 0 END) = 1
            THEN (SELECT MAX(letter.written_at) FROM letter
                  WHERE letter.contact_id = contact.id AND letter.kind = 'missing information'
                    AND NOT EXISTS (SELECT 1 FROM letter_cancellation WHERE letter_id = letter.id)
                    AND NOT EXISTS (SELECT 1 FROM letter_excuse WHERE letter_id = letter.id)
                    AND NOT EXISTS (SELECT 1 FROM information
                                    WHERE information.contact_id = letter.contact_id
                                      AND (information.from_referrer OR information.answers)
                                      AND information.recorded_at > letter.written_at))
       END
FROM contact
JOIN referral ON referral.contact_id = contact.id AND NOT referral.imported
              AND referral.state NOT IN ('allocated', 'closed', 'set aside')
LEFT JOIN clock ON clock.referral_id = referral.id AND clock.state = 'running'
GROUP BY contact.id, contact.immediate_danger
"""


def upgrade() -> None:
    """Step from 0025 to 0026. There is no way back but the backup."""
    op.create_table(
        "board_card",
        sa.Column("contact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_board_card_contact_id")),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_board_card")),
    )
    op.create_index("ix_board_card_order", "board_card", ["rank", "due_at", "contact_id"])
    op.create_index("ix_board_card_due", "board_card", ["due_at", "contact_id"])
    _partial("ix_board_card_asked", "board_card", ["rank", "due_at", "contact_id"], "asked_at IS NOT NULL")
    op.create_table(
        "on_it",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_on_it_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_it")),
    )
    op.create_index(op.f("ix_on_it_contact_id"), "on_it", ["contact_id"])
    _partial("ix_on_it_standing", "on_it", ["contact_id"], "ended_at IS NULL", unique=True)
    _partial("ix_draft_writer", "draft", ["writer"], "ended_at IS NULL")
    op.get_bind().execute(sa.text(CARDS).bindparams(sa.bindparam("never", NEVER, type_=MOMENT)))


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    told = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=told, postgresql_where=told)
