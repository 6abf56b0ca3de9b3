"""The lists that are filtered, saved as views and taken as files, by the address of each."""

from __future__ import annotations

from collections.abc import Mapping

REFERRALS, LETTERS, ALERTS = "/referrals", "/letters", "/alerts"
ALLOCATIONS, MY_CHILDREN = "/allocations", "/my-children"
ACCESS_LOG, OUTBOX, PRINT_QUEUE = "/access-log", "/outbox", "/print-queue"
BOUNCES, ONWARD, FIND = "/bounces", "/onward", "/find"
MATCHES, QUERIES, WHY_LATE, CHECK_IN = "/matches", "/queries", "/why-late", "/check-in"
SECOND_LOOKS, CORRECTIONS, DECISION_QUESTIONS = "/second-looks", "/corrections", "/decision-questions"
UNFINISHED, RESTRICTED = "/unfinished", "/restricted"
TITLES: Mapping[str, str] = {
    REFERRALS: "Screening list",
    LETTERS: "Letters",
    ALERTS: "Alerts",
    ALLOCATIONS: "Allocation list",
    MY_CHILDREN: "My children",
    ACCESS_LOG: "Access log",
    OUTBOX: "Outbox",
    PRINT_QUEUE: "Print queue",
    BOUNCES: "Bounces",
    ONWARD: "Referred onward",
    FIND: "Find a child",
    MATCHES: "Possible matches",
    QUERIES: "Queries",
    WHY_LATE: "Late, without a reason",
    CHECK_IN: "To check in",
    SECOND_LOOKS: "Second looks",
    CORRECTIONS: "Corrections",
    DECISION_QUESTIONS: "Does the decision stand?",
    UNFINISHED: "Unfinished contacts",
    RESTRICTED: "Restricted records",
}
