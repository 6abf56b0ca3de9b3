"""Whether the words of an automatic reply say no more than that somebody is away. All else waits for a person."""

from __future__ import annotations

import re

# Somebody is away, for a time.
_AWAY = re.compile(
    r"\b(?:away|absent|abroad|on (?:\w+ ){0,2}leave|annual leave|on holidays?|vacation"
    r"|out of (?:the )?(?:office|school)|not in (?:the )?(?:office|school|work)"
    r"|not (?:currently )?working|non[- ]working|do not work|don[’']t work"
    r"|(?:back|return(?:ing)?) (?:\w+ ){0,4}(?:on|until|in|after)|be back|school is closed|closed (?:for|until|over)"
    r"|limited access|part[- ]time|working (?:days|hours|pattern)|term[- ]time|half[- ]term|abwesend|urlaub|absence"
    r"|congés?)\b",
    re.IGNORECASE,
)
# The letter was not read, or will not be; or it was, and somebody has something to say.
_NOT_READ = re.compile(
    r"\b(?:no longer|not monitored|unmonitored|never read"
    r"|(?:not|won[’']t) be (?:read|monitored|actioned|delivered|answered)"
    r"|not (?:been )?(?:read|delivered|received)|(?:has|have) left|left the|retired"
    r"|(?:mailbox|inbox|account|address) (?:is|was|has been|will be) (?:\w+ )?"
    r"(?:closed|disabled|deleted|full|decommissioned|replaced|archived)|quarantined?|blocked|rejected|undeliverable"
    r"|could not be|cannot be delivered|do not reply|ticket|case (?:number|reference|id)|reference number"
    r"|has been (?:logged|raised|opened|created|forwarded|redirected)|changed (?:my|our|its) (?:e-?mail|address)"
    r"|new (?:e-?mail )?address|passed away|deceased|maternity"
    r"|wrong (?:person|address)|not (?:the )?(?:right|correct))\b",
    re.IGNORECASE,
)
# No absence note speaks of it; "urgent" and "call 999" stand in most.
_CARE = re.compile(r"\b(?:hit|hurt(?:s|ing)?|bruis\w*|beaten|burnt|burned)\b", re.IGNORECASE)
_LONGEST = 1500  # characters: who writes more than a note says more than that somebody is away
_QUOTED = re.compile(
    r"^\s*>.*$|^-+ ?original message ?-+[\s\S]*|^on .{5,120} wrote:[\s\S]*", re.IGNORECASE | re.MULTILINE
)


def is_plain(subject: str, words: str) -> bool:
    """True where subject and words say that somebody is away, and nothing else that a person should know."""
    own = _QUOTED.sub("", words).strip()
    if len(own) > _LONGEST or _NOT_READ.search(own) or _CARE.search(own):
        return False
    return bool(_AWAY.search(f"{subject}\n{own}")) or not own
