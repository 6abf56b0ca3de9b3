"""How often a child comes to the front door: what counts as a re-referral, and when a contact is one of too many.

Inspectors found repeated concerns that nobody added up (Joint Area Review, paragraph 21). Twelve months are how the
department counts re-referrals; the third contact is local.
"""

from __future__ import annotations

from datetime import datetime

from rules.timing import timescales, zones
from rules.timing.zones import LONDON

MONTHS = 12
SECOND_LOOK_FROM = 3


def twelve_months_before(moment: datetime) -> datetime:
    """The same time of day in London twelve calendar months earlier (29 February counts back to 28), in UTC."""
    local = moment.astimezone(zones.zone_named(LONDON))
    day = timescales.add_months(local.date(), -MONTHS)
    return zones.localise(datetime.combine(day, local.time()), LONDON)
