"""The department's reasons for closing, and which of them fit a record (children in need census, rules 8825Q, 2990)."""

from __future__ import annotations

from collections.abc import Sequence

from pathway.engine import code_lists
from rules.errors import InvalidInput
from rules.vocabulary import MilestoneKind
from storage.queries.casework import milestone_rows
from storage.sessions import WriteSession
from storage.tables import Milestone, Referral, id_of

AFTER_ASSESSMENT = ("RC8", "RC9")
_ASSESSED = (
    MilestoneKind.INITIAL_ASSESSMENT_AUTHORISED,
    MilestoneKind.CORE_ASSESSMENT_AUTHORISED,
    MilestoneKind.ASSESSMENT_AUTHORISED,
)
_REMEDY = "Choose another reason of the list"


def words(code: str) -> str:
    """The label of a code as the beginning of a sentence in the history; empty where there is none."""
    return f"{code}, {code_lists.label(code_lists.CLOSURE_REASON, code)}. " if code else ""


def refuse_unfit(session: WriteSession, referral: Referral, code: str) -> None:
    """Raises InvalidInput for a code that is not of the list, or that the record contradicts."""
    if not code:
        return
    if code not in code_lists.labels(code_lists.CLOSURE_REASON):
        raise InvalidInput.of("code", f"{code} is not a reason of the department's list", _REMEDY)
    if referral.accepted_at is None:
        raise InvalidInput.of("code", "Only an accepted referral has a reason of the list", "Leave it empty")
    if code in AFTER_ASSESSMENT:
        _refuse_without_assessment(code, milestone_rows.of_referral(session, id_of(referral)))


def _refuse_without_assessment(code: str, happened: Sequence[Milestone]) -> None:
    kinds = {milestone.kind for milestone in happened}
    if kinds.isdisjoint(_ASSESSED):
        remedy = "Record the milestone 'assessment authorised' first, or choose another reason"
        raise InvalidInput.of("code", f"{code} is for a case closed after an assessment; none is recorded", remedy)
    if MilestoneKind.CONFERENCE_HELD in kinds or any(milestone.enquiry_started for milestone in happened):
        problem = f"{code} is for a case that ended with the assessment; an enquiry or a conference followed"
        raise InvalidInput.of("code", problem, _REMEDY)
