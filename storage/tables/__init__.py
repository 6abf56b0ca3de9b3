"""Every table of the product, importable from one place."""

from storage.tables.alerts import Alert, AlertTakenOn, RungTaken
from storage.tables.base import id_of, metadata
from storage.tables.board import BoardCard, OnIt
from storage.tables.books import CalendarVersion, RulebookVersion
from storage.tables.bounces import Bounce, BounceSettlement
from storage.tables.clocks import Clock
from storage.tables.contacts import Contact, OutsideContact, OutsideTry
from storage.tables.corrections import Correction, CorrectionAnswer, OvertakenLetter
from storage.tables.council import Council, OwnTemplate
from storage.tables.drafts import Draft
from storage.tables.figures import FigureCount, FigureRow, FigureTouch, WeeklyFigures, WhyLate
from storage.tables.found_by import ChildWord, ReferrerWord
from storage.tables.history import Access, AccessChild, Event
from storage.tables.imports import ImportedLines, ImportForesight, ImportRun
from storage.tables.information import AttachedFile, DecisionQuestion, Information, ReceivedEmail
from storage.tables.installation import ClockDoubt, Installation
from storage.tables.letters import (
    Handover,
    Letter,
    LetterCancellation,
    LetterExcuse,
    LetterPrint,
    LetterReferral,
    LetterReturn,
    PrintBatch,
)
from storage.tables.links import LetterLink, LetterLinkRevocation, LetterLinkTry
from storage.tables.lists.listed import ListCount, ListedLetter, ListedReferral, SavedView
from storage.tables.messages import Message, MessageAttempt, NotifyStatus
from storage.tables.milestones import Milestone
from storage.tables.named import AdultRelation, FilledField, NamedAdult, NamedChild
from storage.tables.notices import Notice
from storage.tables.people import (
    GlassBroken,
    HouseholdLink,
    MatchKey,
    MergedReferral,
    Person,
    PersonMerge,
    PersonSplit,
    ProposedMatch,
    Restriction,
    RestrictionName,
    SplitReferral,
)
from storage.tables.referrals import (
    Allocation,
    Check,
    Decision,
    OnwardReferral,
    Query,
    Rating,
    Referral,
    SecondLook,
    Transfer,
    UndoneDecision,
)
from storage.tables.staff import KnownDevice, SignInFailure, Team, User, UserRole, WebSession, Worker
from storage.tables.watch import Heartbeat, WatchGap

__all__ = [
    "Access",
    "AccessChild",
    "AdultRelation",
    "Alert",
    "AlertTakenOn",
    "Allocation",
    "AttachedFile",
    "BoardCard",
    "Bounce",
    "BounceSettlement",
    "CalendarVersion",
    "Check",
    "ChildWord",
    "Clock",
    "ClockDoubt",
    "Contact",
    "Correction",
    "CorrectionAnswer",
    "Council",
    "Decision",
    "DecisionQuestion",
    "Draft",
    "Event",
    "FigureCount",
    "FigureRow",
    "FigureTouch",
    "FilledField",
    "GlassBroken",
    "Handover",
    "Heartbeat",
    "HouseholdLink",
    "ImportForesight",
    "ImportRun",
    "ImportedLines",
    "Information",
    "Installation",
    "KnownDevice",
    "Letter",
    "LetterCancellation",
    "LetterExcuse",
    "LetterLink",
    "LetterLinkRevocation",
    "LetterLinkTry",
    "LetterPrint",
    "LetterReferral",
    "LetterReturn",
    "ListCount",
    "ListedLetter",
    "ListedReferral",
    "MatchKey",
    "MergedReferral",
    "Message",
    "MessageAttempt",
    "Milestone",
    "NamedAdult",
    "NamedChild",
    "Notice",
    "NotifyStatus",
    "OnIt",
    "OnwardReferral",
    "OutsideContact",
    "OutsideTry",
    "OvertakenLetter",
    "OwnTemplate",
    "Person",
    "PersonMerge",
    "PersonSplit",
    "PrintBatch",
    "ProposedMatch",
    "Query",
    "Rating",
    "ReceivedEmail",
    "Referral",
    "ReferrerWord",
    "Restriction",
    "RestrictionName",
    "RulebookVersion",
    "RungTaken",
    "SavedView",
    "SecondLook",
    "SignInFailure",
    "SplitReferral",
    "Team",
    "Transfer",
    "UndoneDecision",
    "User",
    "UserRole",
    "WatchGap",
    "WebSession",
    "WeeklyFigures",
    "WhyLate",
    "Worker",
    "id_of",
    "metadata",
]
