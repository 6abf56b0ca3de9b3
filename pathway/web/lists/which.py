"""The lists that are filtered, saved as views and taken as files, by the address of each."""

from __future__ import annotations

from collections.abc import Mapping

REFERRALS, LETTERS, ALERTS = "/referrals", "/letters", "/alerts"
ALLOCATIONS, MY_CHILDREN = "/allocations", "/my-children"
TITLES: Mapping[str, str] = {
    REFERRALS: "Screening list",
    LETTERS: "Letters",
    ALERTS: "Alerts",
    ALLOCATIONS: "Allocation list",
    MY_CHILDREN: "My children",
}
