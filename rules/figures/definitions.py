"""What each figure counts, in words, with its source. Days are those on the wall in London, the last one included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.figures import derive

SET_ASIDE = "What was logged twice or in error counts nowhere."
CONTACT_NOT_REFERRAL = "Department for Education, children in need census: a contact is not a referral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What one figure counts: ``unit`` is what, ``words`` when; ``judged``: only days that are over count.

    ``source``: plan action or guidance. ``parts``: their names in order, where they are always these.
    """

    key: str
    title: str
    unit: str
    words: str
    source: str
    judged: bool = False
    parts: Mapping[str, str] | None = None


_IN_TIME = {derive.IN_TIME: "In time", derive.LATE: "Late", derive.NOT_DONE: "Not done yet"}
_POST = {"email": "By e-mail", "post": "By post", "by hand": "By hand"}

DEFINITIONS: Mapping[str, Definition] = {
    one.key: one
    for one in (
        Definition(
            key=derive.CONTACTS,
            title="Contacts received",
            unit="contacts",
            words="Contacts by the day and hour at which they were received, whenever they were typed in; by who sent "
            f"them. {SET_ASIDE}",
            source="Action plan 7.2.3 (monthly report); sources: children in need census 2025-26",
        ),
        Definition(
            key=derive.HOURS,
            title="Contacts by hour",
            unit="contacts",
            words="The same contacts by the hour on the wall at which they were received; the hour that the clocks "
            "pass twice counts as one.",
            source="Local",
        ),
        Definition(
            key=derive.CHILDREN,
            title="Children in contacts received",
            unit="children",
            words="Each child of each contact received, brothers and sisters each by themselves.",
            source="Action plan 2.1.5; Joint Area Review, paragraph 44",
        ),
        Definition(
            key=derive.OUTCOMES,
            title="Decisions by outcome",
            unit="children",
            words="Children by the decision that stands, on the day on which it was made; a corrected decision counts "
            "in place of the wrong one.",
            source="Action plan 2.1.1 and 2.1.5",
        ),
        Definition(
            key=derive.CONVERSION,
            title="Conversion to accepted referrals",
            unit="children",
            words="Of the children in contacts received in the period, how many were accepted, were not, or wait for a "
            "decision, as it stands now.",
            source=CONTACT_NOT_REFERRAL,
            parts={
                derive.ACCEPTED: "Accepted",
                derive.NOT_ACCEPTED: "Not accepted",
                derive.UNDECIDED: "Not decided yet",
            },
        ),
        Definition(
            key=derive.REPEATS,
            title="Repeat contacts",
            unit="children",
            words="Of the children in contacts received in the period, those of whom another contact had been received "
            "in the twelve months before.",
            source="Joint Area Review, paragraph 21",
            parts={derive.AGAIN: "Here before", derive.FIRST: "Not within twelve months"},
        ),
        Definition(
            key=derive.RE_REFERRALS,
            title="Re-referrals",
            unit="children",
            words="Of the referrals accepted in the period, those of a child of whom another referral had been "
            "accepted in the twelve months before.",
            source="Department for Education, characteristics of children in need: re-referrals within 12 months",
            parts={derive.AGAIN: "Accepted before", derive.FIRST: "Not within twelve months"},
        ),
        Definition(
            key=derive.REASONS,
            title="Why it was late",
            unit="duties",
            words="Duties that fell due in the period and were met late or given up, by the reason that was given.",
            source="Working Together 2023: the reasons for an overrun are recorded; the list is the book's",
            judged=True,
        ),
        Definition(
            key=derive.HANDED_OVER,
            title="Letters that left",
            unit="letters",
            words="Letters to referrers on the day on which a mail server took them or they were recorded as posted or "
            "given by hand.",
            source="Action plan 2.1.1",
            parts=_POST,
        ),
        Definition(
            key=derive.RETURNED,
            title="Letters that came back",
            unit="letters",
            words="Letters on the day on which they came back: that handover told nobody, and the duty is owed again.",
            source="Local",
        ),
        Definition(
            key=derive.ALERTS,
            title="Alerts and how soon they were acknowledged",
            unit="alerts",
            words="Alerts about a contact or a child on the day on which they opened, by the time to the first "
            "acknowledgement.",
            source="Local",
            parts={
                derive.SOON: "Within 30 minutes",
                derive.SAME_TURN: "Within 4 hours",
                derive.LATER: "Later",
                derive.NEVER: "Not acknowledged",
            },
        ),
        Definition(
            key=derive.CASELOADS,
            title="Children a worker",
            unit="children",
            words="Open children whom each worker holds now, whatever the period.",
            source="Action plan 2.1.4; children and not families: Joint Area Review, paragraph 44",
        ),
    )
}


def of_clock(kind: str, title: str, owed: str, source: str) -> Definition:
    """The figure of a duty of a rulebook."""
    judged = " Of decision and feedback the first round is judged." if kind in ("decision", "feedback") else ""
    return Definition(
        key=f"{derive.CLOCK}{kind}",
        title=title,
        unit="children",
        words=f"{owed} Children for whom this fell due in the period; done at the due moment is in time. What does not "
        f"apply counts nowhere.{judged}",
        source=source or "Local",
        judged=True,
        parts=_IN_TIME,
    )
