"""No row of the history, a decision, a letter or the access log is replaced, whatever SQLite client tries."""

from __future__ import annotations

from alembic import op

from storage import triggers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Step from 0002 to 0003. There is no way back but the backup."""
    triggers.refuse_replacing(op, "access", ("id",))
    triggers.refuse_replacing(op, "bounce", ("id",), ("sha256",))
    triggers.refuse_replacing(op, "bounce_settlement", ("bounce_id",))
    triggers.refuse_replacing(op, "decision", ("id",))
    triggers.refuse_replacing(op, "event", ("id",), ("request_id",))
    triggers.refuse_replacing(op, "handover", ("id",))
    triggers.refuse_replacing(op, "letter", ("contact_id", "kind", "number"), ("id",))
    triggers.refuse_replacing(op, "letter_cancellation", ("letter_id",))
    triggers.refuse_replacing(op, "letter_excuse", ("letter_id",))
    triggers.refuse_replacing(op, "letter_link_revocation", ("link_id",))
    triggers.refuse_replacing(op, "letter_link_try", ("id",))
    triggers.refuse_replacing(op, "letter_print", ("batch_id", "letter_id"))
    triggers.refuse_replacing(op, "letter_referral", ("letter_id", "referral_id"))
    triggers.refuse_replacing(op, "letter_return", ("handover_id",), ("id",))
    triggers.refuse_replacing(op, "message_attempt", ("id",))
    triggers.refuse_replacing(op, "milestone", ("id",))
    triggers.refuse_replacing(op, "notify_status", ("attempt_id", "status"), ("id",))
    triggers.refuse_replacing(op, "merged_referral", ("merge_id", "referral_id"))
    triggers.refuse_replacing(op, "print_batch", ("id",))
    triggers.refuse_replacing(op, "rating", ("id",))
    triggers.refuse_replacing(op, "second_look", ("id",))
