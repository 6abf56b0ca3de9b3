"""A contact as the old system held it, read and checked, not yet taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from rules.likeness.ages import Said
from rules.rulebook import Outcome
from rules.vocabulary import ReferrerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDecision:
    """What was decided about a child, and when the referrer was told in writing. Reasons may be blank."""

    outcome: Outcome
    reasons: str
    decided_at: datetime
    decided_by: str
    feedback_at: datetime | None
    feedback_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedChild:
    """One child. ``decision`` is None where nobody decided, or not in a way that can be used."""

    line: int
    forename: str
    surname: str
    birth_date: date | None
    age: Said | None
    due_date: date | None
    sex: str
    ethnicity: str
    nhs_number: str | None
    nhs_number_unverified: str
    address: str
    school: str
    decision: ImportedDecision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedContact:
    """One contact and its children. ``lines`` is JSON: what stood in the file."""

    line: int
    ref: str
    sha256: str
    lines: str
    received_at: datetime
    channel: str
    source_code: str
    referrer_kind: ReferrerKind
    referrer_name: str
    referrer_agency: str
    referrer_role: str
    referrer_email: str
    referrer_email_as_typed: str
    referrer_address: str
    anonymous: bool
    identity_protected: bool
    unsafe_to_contact: bool
    immediate_danger: bool
    concern_facts: str
    professional_opinion: str
    consent: str
    children: tuple[ImportedChild, ...]
