"""What goes out and what comes back: the kinds and states of messages, letters and bounces."""

from __future__ import annotations

from enum import StrEnum


class MessageKind(StrEnum):
    """Every kind of message that the outbox carries."""

    ACKNOWLEDGEMENT = "acknowledgement"
    RECEIPT = "receipt"
    OUTCOME = "outcome"
    PART_OUTCOME = "part outcome"
    CORRECTED_OUTCOME = "corrected outcome"
    MISSING_INFORMATION = "missing information"
    PARENTS = "parents"
    ONWARD = "onward referral"
    NEW_INFORMATION = "new information"
    WARNING = "warning"
    ALERT = "alert"
    ALERT_CLOSED = "alert closed"
    NOTICES = "notices"
    DIGEST = "digest"
    WEEKLY_FIGURES = "weekly figures"

    @property
    def is_letter(self) -> bool:
        """True for what is kept as a letter; the rest is a message to staff or to a receiver."""
        return self in LETTERS

    @property
    def tells_outcome(self) -> bool:
        """True for what gives a referrer written feedback."""
        return self in FEEDBACK


FEEDBACK = frozenset({MessageKind.OUTCOME, MessageKind.PART_OUTCOME, MessageKind.CORRECTED_OUTCOME})
LETTERS = FEEDBACK | {MessageKind.ACKNOWLEDGEMENT, MessageKind.MISSING_INFORMATION, MessageKind.PARENTS}


class MessageState(StrEnum):
    """How far a message has come. *Handed over* means that the mail server accepted it, not that it was read."""

    QUEUED = "queued"
    SENDING = "sending"
    HANDED_OVER = "handed over"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class Delivery(StrEnum):
    """How a letter leaves the building."""

    EMAIL = "email"
    POST = "post"
    BY_HAND = "by hand"
    BY_TELEPHONE = "by telephone"


class Returned(StrEnum):
    """How a letter that had been handed over came back."""

    BOUNCED = "bounced"
    BY_POST = "returned by post"
    NOT_PRINTED = "not printed"
    WITHDRAWN = "link withdrawn unopened"


class LinkTry(StrEnum):
    """How it ended when somebody tried to open the link to a letter. The page itself tells strangers less."""

    OPENED = "opened"
    WRONG = "wrong answers"
    EXPIRED = "too late"
    REVOKED = "withdrawn"
    UNKNOWN = "no link of ours"
    THROTTLED = "too many tries"


class BounceKind(StrEnum):
    """What a received e-mail is: a mail server's report, by what it says of our recipient, or something else."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"
    AUTOMATIC_REPLY = "automatic reply"
    UNKNOWN = "unknown"


class Settlement(StrEnum):
    """How a bounce was settled. One that is not settled waits for a person."""

    LETTER_RETURNED = "letter returned"
    ALERTED = "alerted"
    WITHOUT_EFFECT = "without effect"
    DISMISSED = "dismissed"
    INFORMATION = "information"
