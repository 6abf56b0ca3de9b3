"""The columns of the file, and what each means. ``docs/import-format.md`` explains them at length."""

from __future__ import annotations

CONTACT_COLUMNS = (
    "contact_ref",
    "received",
    "channel",
    "source_code",
    "referrer_name",
    "referrer_agency",
    "referrer_role",
    "referrer_email",
    "referrer_address",
    "anonymous",
    "immediate_danger",
    "concern_facts",
    "professional_opinion",
    "consent",
)
CHILD_COLUMNS = (
    "child_forename",
    "child_surname",
    "child_dob",
    "child_age",
    "child_edd",
    "child_sex",
    "child_ethnicity",
    "child_nhs_number",
    "child_address",
    "child_school",
    "outcome",
    "outcome_reason",
    "decided",
    "decided_by",
    "feedback_sent",
    "feedback_by",
)
COLUMNS = CONTACT_COLUMNS + CHILD_COLUMNS

ADDED = ("child_age",)
"""Columns that came later: a contact that says nothing in them is the same as before, and no file misses them."""

NEEDED = (
    "contact_ref",
    "received",
    "source_code",
    "anonymous",
    "child_forename",
    "child_surname",
    "child_dob",
    "immediate_danger",
    "concern_facts",
)
"""Without which nothing is taken: who the child is, what was said and when, and what keeps people safe."""

MUST_AGREE = ("received", "source_code", "referrer_name", "anonymous")
"""Where the lines of one contact may not contradict each other."""

SHOULD_AGREE = ("channel", "referrer_agency", "referrer_role", "referrer_email", "referrer_address", "consent")
"""Where the first line counts and a later one that differs is a query."""

FREE_TEXT = (
    "referrer_name",
    "referrer_agency",
    "referrer_role",
    "referrer_address",
    "concern_facts",
    "professional_opinion",
    "child_forename",
    "child_surname",
    "child_address",
    "child_school",
    "outcome_reason",
    "decided_by",
)

CHANNELS = ("police notification", "form", "email", "phone", "letter", "visit", "other")
CONSENTS = ("given", "refused", "not sought: would raise risk", "not sought")
WRITTEN = ("email", "letter", "by hand")
