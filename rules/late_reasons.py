"""Why a duty was met late: the shipped list, which a book may replace by its own.

No source gives a list. That the reasons for an overrun are recorded: Working Together 2023 (the assessment's 45 working
days). That feedback was not routinely in time, and delays were extreme: Joint Area Review, paragraphs 14 and 20.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ASKED = "Say why it is late: choose a reason from the list."
ASKED_IN_WORDS = "Say in words why it is late: none of the reasons in the list was it."
OTHER = "other"
SHIPPED: Mapping[str, str] = MappingProxyType(
    {
        "waited-for-information": "Waited for information from others",
        "referrer-not-reached": "The referrer or the family could not be reached",
        "more-than-usual": "More came in than could be seen to",
        "staff-away": "Too few staff: leave, sickness or a vacancy",
        "came-to-us-late": "It came to us, or was logged, late",
        "more-complex": "More complex than it looked",
        "system-or-post": "The system, the e-mail or the post failed",
        OTHER: "Another reason",
    }
)


def missing(reasons: Mapping[str, str], code: str, words: str) -> str:
    """What is still to be said of why something is late, by a book's list; the empty string where nothing is."""
    if code not in reasons:
        return ASKED
    return ASKED_IN_WORDS if code == OTHER and not words.strip() else ""
