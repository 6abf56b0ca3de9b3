"""The words of the front door, each spelled once. ``docs/glossary.md`` says what they mean."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a referral stands on the pathway."""

    RECEIVED = "received"
    SCREENING = "screening"
    AWAITING_DECISION = "awaiting decision"
    DECIDED = "decided"
    AWAITING_ALLOCATION = "awaiting allocation"
    ALLOCATED = "allocated"
    CLOSED = "closed"
    SET_ASIDE = "set aside"


class Trigger(StrEnum):
    """What moves a referral from one state to the next."""

    BEGIN_SCREENING = "begin screening"
    COMPLETE_SCREENING = "complete screening"
    DECIDE = "decide"
    SEND_TO_ALLOCATION = "send to allocation"
    ALLOCATE = "allocate"
    BACK_TO_ALLOCATION = "back to allocation"
    CLOSE = "close"
    REOPEN = "reopen"
    CORRECT = "correct decision"
    UNDO = "undo decision"
    TAKE_BACK = "take back"
    SET_ASIDE = "set aside"
    RESTORE = "restore"


class EventKind(StrEnum):
    """What happened. Clocks start and stop on events; every event stands in the history."""

    RECEIVED = "received"
    IMPORTED = "imported"
    QUERY_RAISED = "query raised"
    QUERY_SETTLED = "query settled"
    CHILD_ADDED = "child added"
    ADULT_ADDED = "adult added"
    CHILD_JOINED = "child joined"
    DANGER_MARKED = "immediate danger"
    DANGER_WITHDRAWN = "immediate danger withdrawn"
    KIND_CHANGED = "kind of contact changed"
    DETAIL_CORRECTED = "detail corrected"
    CORRECTION_ASKED = "correction asked for"
    CORRECTION_REFUSED = "correction refused"
    MATCH_SETTLED = "match settled"
    MATCH_LEFT_OPEN = "match left open"
    PERSONS_MERGED = "persons merged"
    MERGE_UNDONE = "merge undone"
    PERSONS_SPLIT = "persons split"
    SPLIT_UNDONE = "split undone"
    SCREENING_BEGUN = "screening begun"
    CHECKED_IN = "checked in"
    CHECKED = "checked"
    SCREENED = "screened"
    RATED = "rated"
    DECIDED = "decided"
    DECIDED_BEFORE_CHECKS = "decided before checks"
    DECISION_CORRECTED = "decision corrected"
    DECISION_UNDONE = "decision undone"
    WHY_LATE = "why late"
    SECOND_LOOK_ASKED = "second look asked for"
    SECOND_LOOK_GIVEN = "second look given"
    NEW_INFORMATION_SENT = "new information sent"
    NEW_INFORMATION_TAKEN = "new information taken"
    SENT_ONWARD = "sent onward"
    RECEIVER_ACCEPTED = "receiver accepted"
    RECEIVER_REFUSED = "receiver refused"
    ACCEPTED = "accepted"
    CASELOAD_OVERRIDDEN = "caseload overridden"
    GIVEN_TO_TEAM = "given to team"
    ALLOCATED = "allocated"
    TRANSFER_PROPOSED = "transfer proposed"
    TRANSFER_REFUSED = "transfer refused"
    TRANSFERRED = "transferred"
    WORKER_LEFT = "worker left"
    CHILD_SEEN = "child seen"
    INITIAL_ASSESSMENT_AUTHORISED = "initial assessment authorised"
    CORE_ASSESSMENT_BEGUN = "core assessment begun"
    CORE_ASSESSMENT_AUTHORISED = "core assessment authorised"
    ASSESSMENT_AUTHORISED = "assessment authorised"
    STRATEGY_DISCUSSION_HELD = "strategy discussion held"
    CONFERENCE_HELD = "conference held"
    MINUTES_SENT = "minutes sent"
    CORE_GROUP_MET = "core group met"
    REVIEW_HELD = "review held"
    WORK_ENDED = "work ended"
    SHOULD_BE_CLOSED = "should be closed"
    CLOSED = "closed"
    REOPENED = "reopened"
    SET_ASIDE = "set aside"
    RESTORED = "restored"
    LETTER_WRITTEN = "letter written"
    INFORMATION_ASKED = "information asked for"
    INFORMATION_ADDED = "information added"
    DECISION_STANDS = "decision stands"
    DECISION_DOUBTED = "decision doubted"
    PARENTS_CHOSEN = "parents to be told"
    ACKNOWLEDGED = "acknowledged"
    FEEDBACK_GIVEN = "feedback given"
    LETTER_REFUSED = "letter refused"
    LETTER_PRINTED = "letter printed"
    LETTER_POSTED = "letter posted"
    LETTER_RETURNED = "letter returned"
    TOLD_BY_TELEPHONE = "told by telephone"
    ADDRESS_FOUND = "address found"
    ADDRESS_CONFIRMED = "address confirmed"
    LETTER_EXCUSED = "letter excused"
    LETTER_OPENED = "letter opened"
    LETTER_UNOPENED = "letter not opened"
    LINK_REVOKED = "link withdrawn"
    LINK_RENEWED = "link renewed"
    LETTER_CANCELLED = "letter cancelled"
    MESSAGE_RETRIED = "message retried"
    MESSAGE_CANCELLED = "message cancelled"
    BOUNCE_DISMISSED = "bounce dismissed"
    UNSAFE_MARKED = "unsafe to contact"
    UNSAFE_LIFTED = "safe to contact again"
    IDENTITY_PROTECTED = "identity protected"
    IDENTITY_OPENED = "identity no longer protected"
    TO_BE_TOLD_AGAIN = "referrer to be told again"
    CLOCK_STARTED = "clock started"
    CLOCK_STOPPED = "clock stopped"
    CLOCK_MOVED = "clock moved"
    CLOCK_NOT_APPLICABLE = "clock not applicable"
    BREACHED = "breached"
    ALERT_OPENED = "alert opened"
    RUNG_TAKEN = "rung taken"
    ALERT_TAKEN_ON = "alert taken on"
    ALERT_ACKNOWLEDGED = "alert acknowledged"
    ALERT_CLOSED = "alert closed"
    RULES_MOVED = "rules moved"
    CALENDAR_MOVED = "calendar moved"
    STAFF_CHANGED = "staff changed"
    RESTRICTED = "record restricted"
    RESTRICTION_LIFTED = "restriction lifted"
    GLASS_BROKEN = "glass broken"
    GLASS_REVIEWED = "broken glass reviewed"
    DRAFT_DISCARDED = "unfinished contact discarded"
    FAULT = "fault"


class MilestoneKind(StrEnum):
    """What happens after a referral was accepted: a dated event of the same name, with a form and a command."""

    CHILD_SEEN = "child seen"
    INITIAL_ASSESSMENT_AUTHORISED = "initial assessment authorised"
    CORE_ASSESSMENT_BEGUN = "core assessment begun"
    CORE_ASSESSMENT_AUTHORISED = "core assessment authorised"
    ASSESSMENT_AUTHORISED = "assessment authorised"
    STRATEGY_DISCUSSION_HELD = "strategy discussion held"
    CONFERENCE_HELD = "conference held"
    MINUTES_SENT = "minutes sent"
    CORE_GROUP_MET = "core group met"
    REVIEW_HELD = "review held"
    WORK_ENDED = "work ended"

    @property
    def event(self) -> EventKind:
        """The event by which it stands in the history and starts and stops clocks."""
        return EventKind(self.value)


class Condition(StrEnum):
    """A fact of an acceptance or of a milestone on which a clock may hang."""

    AT_ONCE = "at once"
    ENQUIRY_STARTED = "enquiry started"
    SEEN_ALONE = "seen alone"

    @property
    def known_of(self) -> EventKind:
        """The only event of which this fact is recorded."""
        known = {Condition.AT_ONCE: EventKind.ACCEPTED, Condition.SEEN_ALONE: EventKind.CHILD_SEEN}
        return known.get(self, EventKind.STRATEGY_DISCUSSION_HELD)


class Effect(StrEnum):
    """What an outcome does to a referral. Only the two *accept* effects make it an accepted referral."""

    CLOSE = "close"
    ADVISE = "advise"
    REFER_ONWARD = "hand over"
    ACCEPT = "accept"
    ACCEPT_URGENTLY = "accept urgently"
    PASS_TO_WORKER = "pass to worker"

    @property
    def accepts(self) -> bool:
        """True where the outcome accepts the referral, so that a worker must be allocated."""
        return self in (Effect.ACCEPT, Effect.ACCEPT_URGENTLY)

    @property
    def conditions(self) -> frozenset[Condition]:
        """What an acceptance with this effect makes true."""
        return frozenset({Condition.AT_ONCE}) if self is Effect.ACCEPT_URGENTLY else frozenset()


class Role(StrEnum):
    """Who somebody is to this product."""

    SCREENING_OFFICER = "screening officer"
    DUTY_MANAGER = "duty manager"
    EMERGENCY_DUTY_TEAM = "emergency duty team"
    SOCIAL_WORKER = "social worker"
    TEAM_MANAGER = "team manager"
    SERVICE_MANAGER = "service manager"
    HEAD_OF_SERVICE = "head of service"
    DIRECTOR = "director"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM_OWNER = "system owner"


class Action(StrEnum):
    """What somebody may do; a rulebook says which roles may."""

    LOG_CONTACT = "log contact"
    MARK_DANGER = "mark immediate danger"
    SCREEN = "screen"
    SETTLE_MATCH = "settle match"
    MERGE_PERSONS = "merge persons"
    DECIDE = "decide"
    CORRECT_DECISION = "correct decision"
    GIVE_SECOND_LOOK = "give second look"
    RECORD_RECEIVER = "record receiver"
    SET_ASIDE = "set aside"
    ALLOCATE = "allocate"
    OVERRIDE_CASELOAD = "override caseload"
    TRANSFER = "transfer"
    SEE_OWN_CHILDREN = "see own children"
    CLOSE = "close"
    REOPEN = "reopen"
    RECORD_MILESTONE = "record milestone"
    ACKNOWLEDGE_ALERT = "acknowledge alert"
    RECORD_POSTED = "record posted"
    EXCUSE_LETTER = "excuse letter"
    MARK_UNSAFE = "mark unsafe"
    PROTECT_IDENTITY = "protect identity"
    SEE_PROTECTED = "see protected referrer"
    READ_RECORD = "read record"
    RESTRICT_RECORD = "restrict record"
    READ_REPORTS = "read reports"
    READ_ACCESS_LOG = "read access log"
    ADMINISTER = "administer"


class ReferrerKind(StrEnum):
    """What a referrer may be told follows from who they are."""

    PROFESSIONAL = "professional"
    PUBLIC = "public"
    ANONYMOUS = "anonymous"


class Reader(StrEnum):
    """Who a letter is for, which settles what it may tell. *Unsafe to contact* is whoever referred, where it is so."""

    PROFESSIONAL = "professional"
    PUBLIC = "public"
    ANONYMOUS = "anonymous"
    UNSAFE = "unsafe to contact"
    PARENT = "parent"


class CheckKind(StrEnum):
    """What is looked up before a decision."""

    HISTORY = "history"
    SIBLINGS = "siblings"
    ALREADY_OPEN = "already open"
    CHILD_PROTECTION_PLAN = "child protection plan"
    ADULT_SERVICES = "adult services"
    HOUSING = "housing"
    POLICE = "police"
    PROBATION = "probation"
    HEALTH = "health"
    SCHOOL = "school"


class Unit(StrEnum):
    """What a limit is counted in. Elapsed units run on the wall of UTC, working ones only while the office is open."""

    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_SECONDS = "working seconds"
    WORKING_MINUTES = "working minutes"
    WORKING_HOURS = "working hours"
    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    MONTHS = "months"


class ClockState(StrEnum):
    """Whether a duty is still owed."""

    RUNNING = "running"
    STOPPED = "stopped"
    NOT_APPLICABLE = "not applicable"


class NotApplicable(StrEnum):
    """Why a clock does not apply: a fact of the contact that a rulebook may name."""

    ANONYMOUS = "anonymous"
    UNSAFE_TO_CONTACT = "unsafe to contact"
    IMPORTED = "imported"
    NOT_NAMED = "not named by the referrer"
    NO_ADDRESS = "no address"
    CLOSED = "closed"
    SET_ASIDE = "set aside"
    CORRECTED = "decision corrected"
    UNDONE = "decision undone"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused by the receiver"


class Mark(StrEnum):
    """Why a referral is set aside: it counts in no figure, and its history stays."""

    LOGGED_TWICE = "logged twice"
    IN_ERROR = "logged in error"


class AlertKind(StrEnum):
    """What an alert is about."""

    CLOCK = "clock"
    DANGER = "immediate danger"
    NEW_INFORMATION = "new information"
    CASELOAD = "caseload"
    LETTER = "letter"
    MAIL_SERVER = "mail server"
    IMPORT = "import"
    UNFINISHED = "unfinished contact"
    ANSWER_NEEDED = "answer needed"
    SYSTEM = "system"


class RestrictedAnswer(StrEnum):
    """What a search says where all of a restricted record was typed: that there is one, or nothing."""

    TOLD = "told"
    SILENT = "silent"


class RungResult(StrEnum):
    """What became of a rung."""

    TOLD = "told"
    NOBODY = "nobody to tell"
    OVERTAKEN = "overtaken by a later rung"
