"""What people type, checked field by field before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from rules.errors import Fault, InvalidInput
from rules.vocabulary import CheckKind, Delivery, Mark, MilestoneKind, Returned, Role

LONGEST_TEXT = 100_000


def _tidy(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _optional(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Line = Annotated[str, Field(max_length=500), BeforeValidator(_tidy)]
NeededLine = Annotated[str, Field(min_length=1, max_length=500), BeforeValidator(_tidy)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
NeededText = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
OptionalNumber = Annotated[int | None, BeforeValidator(_optional)]
OptionalDate = Annotated[date | None, BeforeValidator(_optional)]


class _Input(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class ChildInput(_Input):
    """One child as the referrer named them. Unborn children have a due date instead of a birth date."""

    forename: Line = ""
    surname: Line = ""
    birth_date: OptionalDate = None
    due_date: OptionalDate = None
    sex: Line = "U"
    ethnicity: Line = ""
    nhs_number: Line = ""
    upn: Line = ""
    address: Line = ""
    school: Line = ""

    @property
    def full_name(self) -> str:
        """Forename and surname as far as they are known."""
        return f"{self.forename} {self.surname}".strip()


class ContactInput(_Input):
    """One contact about one or more children."""

    received_at: AwareDatetime
    late_recording_reason: Line = ""
    channel: NeededLine
    source_code: NeededLine
    referrer_name: Line = ""
    referrer_agency: Line = ""
    referrer_role: Line = ""
    referrer_phone: Line = ""
    referrer_email: Line = ""
    referrer_address: Line = ""
    unsafe_to_contact: bool = False
    immediate_danger: bool = False
    identity_protected: bool = False
    kind: Line = ""
    concern_facts: NeededText
    professional_opinion: Text = ""
    consent: Line = ""
    children: Annotated[Sequence[ChildInput], Field(min_length=1, max_length=30)]


class DangerInput(_Input):
    """Why a contact is marked as immediate danger, or why the mark is withdrawn."""

    reason: NeededText


class KindInput(_Input):
    """Another kind of contact than was thought, and why."""

    kind: NeededLine
    reason: NeededText


class CheckInput(_Input):
    """One check before a decision: made, with what was found, or not made, because."""

    kind: CheckKind
    made: bool
    found: Text = ""
    not_made_because: Text = ""


class AddedChildInput(_Input):
    """A child whom the referrer did not name: somebody known of the household, or described anew, and why."""

    person_id: OptionalNumber = None
    child: ChildInput | None = None
    why: NeededText


class DecisionInput(_Input):
    """What a manager decided about one child. The pathway's guards say which of these an outcome needs."""

    outcome: Line = ""
    level_of_need: Line = ""
    primary_need: Line = ""
    reasons: Text = ""
    worker_id: OptionalNumber = None
    receiver: Line = ""
    receiver_email: Line = ""


class ReceiverAnswerInput(_Input):
    """What the receiver of a child who was referred onward said, and when; a refusal needs its ``note``."""

    accepted: bool
    answered_at: AwareDatetime
    note: Text = ""


class RatingInput(_Input):
    """How urgent a referral is, in the words of its book; a change needs its reason."""

    rating: NeededLine
    reason: Text = ""


class AllocationInput(_Input):
    """A child given to a worker after a discussion with the worker (plan action 2.1.4)."""

    worker_id: int
    discussed_at: Annotated[AwareDatetime | None, BeforeValidator(_optional)] = None
    discussed_by: Line = ""
    agreed: Text = ""
    override_reason: Text = ""


class TeamInput(_Input):
    """A child given to a team in which no worker is named yet."""

    team_id: int
    note: Text = ""


class TransferInput(_Input):
    """A child to be moved to another worker, or to a team whose manager names the worker when accepting."""

    to_worker_id: OptionalNumber = None
    to_team_id: OptionalNumber = None
    handover_note: NeededText


class TransferAcceptanceInput(_Input):
    """One side's acceptance; for a transfer to a team, with the worker who takes the child."""

    worker_id: OptionalNumber = None
    override_reason: Text = ""


class TransferRefusalInput(_Input):
    """Why a transfer is not accepted, or is taken back."""

    reason: NeededText


class MilestoneInput(_Input):
    """Something that happened after a referral was accepted; which facts are needed depends on the kind."""

    kind: MilestoneKind
    occurred_at: AwareDatetime
    note: Text = ""
    reason_for_overrun: Text = ""
    enquiry_started: Annotated[bool | None, BeforeValidator(_optional)] = None
    took_part: Text = ""
    seen_alone: Annotated[bool | None, BeforeValidator(_optional)] = None


class ClosureInput(_Input):
    """Why a referral is closed; an accepted one with the department's ``code`` for the reason."""

    reason: NeededText
    code: Line = ""


class MatchInput(_Input):
    """Whether two persons are the same child, and why."""

    same_child: bool
    reason: NeededText


class MergeInput(_Input):
    """Why two persons are made one child."""

    reason: NeededText


class UndoInput(_Input):
    """Why a merge is undone."""

    reason: NeededText


class QueryInput(_Input):
    """What was found out about a query on a record."""

    note: NeededText


class AcknowledgementInput(_Input):
    """What somebody is doing about an alert."""

    note: NeededText


class HandoverInput(_Input):
    """A letter that was posted or given by hand, or of which the referrer was told by telephone."""

    delivery: Delivery
    handed_over_at: AwareDatetime
    note: Text = ""


class AddressInput(_Input):
    """Where a referrer can be written to; what is left empty stays as it was."""

    email: Line = ""
    address: Text = ""


class ReasonInput(_Input):
    """Why something is done that needs its reason."""

    reason: NeededText


def _things(value: object) -> object:
    """Things to ask for, typed one a line."""
    lines = value.splitlines() if isinstance(value, str) else value
    return tuple(filter(None, map(_tidy, lines))) if isinstance(lines, list | tuple) else value


class AskingInput(_Input):
    """What a referrer is asked for in writing, one thing a line; the referrer reads it word for word."""

    things: Annotated[tuple[NeededLine, ...], BeforeValidator(_things), Field(min_length=1, max_length=20)]


class ParentsInput(_Input):
    """A letter to a parent or carer: to whom and where, what happens next, and why telling them raises no risk."""

    name: NeededLine
    email: Line = ""
    address: Text = ""
    next_steps: NeededText
    no_risk: bool = False
    no_risk_because: NeededText


class ReturnInput(_Input):
    """A letter that came back after it was handed over."""

    how: Returned
    returned_at: AwareDatetime
    note: Text = ""


class BouncedLetterInput(_Input):
    """The letter that a returned e-mail is about."""

    letter_id: int
    note: Text = ""


class ReopeningInput(_Input):
    """Why a closed referral is taken up again, and whether the referrer is owed another letter."""

    reason: NeededText
    tell_again: bool = False


class SetAsideInput(_Input):
    """Why a referral is set aside; ``right_ref`` is the right one where it was logged twice."""

    mark: Mark
    reason: NeededText
    right_ref: Line = ""


class RestoreInput(_Input):
    """Why a referral that was set aside is restored."""

    reason: NeededText


class CorrectionInput(DecisionInput):
    """The decision that follows a wrong one, and why."""

    correction_reason: Text = ""


class SecondLookInput(_Input):
    """What another manager thinks of a decision."""

    agrees: bool
    note: NeededText


class UserInput(_Input):
    """Somebody who works here: what others read, where alerts go, what they may do, and whether they still do."""

    name: NeededLine
    email: NeededLine
    roles: frozenset[Role] = frozenset()
    team_id: OptionalNumber = None
    active: bool = True


class NewUserInput(UserInput):
    """The same, with the name to sign in with."""

    username: NeededLine


def _names(value: object) -> object:
    """User names typed with commas or blanks between them."""
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


class RestrictionInput(_Input):
    """Why a child's record opens only to people named, and the user names of those people."""

    reason: NeededText
    usernames: Annotated[tuple[NeededLine, ...], BeforeValidator(_names)] = ()


class NamingInput(_Input):
    """One more person to whom a restricted record opens, and why."""

    username: NeededLine
    reason: NeededText


class LiftingInput(_Input):
    """Why a restriction is lifted."""

    reason: NeededText


_Model = TypeVar("_Model", bound=BaseModel)

_REMEDIES = {
    "missing": "Fill it in",
    "string_too_short": "Fill it in",
    "string_too_long": "Shorten it, or attach the rest to the record",
    "too_short": "Add at least one child",
    "too_long": "Log the other children in a contact of their own",
    "date_from_datetime_parsing": "Give a date such as 2009-03-27",
    "timezone_aware": "Give the moment with its time zone",
    "extra_forbidden": "Leave it out",
}


def parse(model: type[_Model], fields: Mapping[str, Any]) -> _Model:
    """The validated input. Raises InvalidInput with one fault a field, such as ``children.0.birth_date``."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise InvalidInput([_fault(dict(found)) for found in error.errors()]) from error


def _fault(found: Mapping[str, Any]) -> Fault:
    place = ".".join(str(part) for part in found["loc"])
    kind = str(found["type"])
    problem = "This is needed" if kind in ("missing", "string_too_short") else str(found["msg"])
    return Fault(place=place, problem=problem, remedy=_REMEDIES.get(kind, "Correct it"))


def refuse_future(place: str, moment: datetime, *, now: datetime) -> None:
    """Raises InvalidInput for a moment that has not come yet."""
    if moment > now:
        raise InvalidInput.of(place, "This moment lies in the future", "Give the moment when it really happened")
