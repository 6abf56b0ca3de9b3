"""The invented children and referrers of the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NotRequired, TypedDict

YEAR = 2009
"""The year in which these children are as old as they seem."""


class Decision(TypedDict):
    """What a manager decides and why."""

    outcome: str
    level: str
    primary_need: str
    reasons: str
    receiver: NotRequired[str]
    receiver_email: NotRequired[str]


ASSESSMENT = Decision(
    outcome="assessment",
    level="3",
    primary_need="N5",
    reasons="Needs that call for an assessment: missed school, no food at home, and two earlier contacts.",
)
EARLY_HELP = Decision(
    outcome="early-help",
    level="2",
    primary_need="N5",
    reasons="The school can lead on what is needed; both parents agree to a common assessment.",
    receiver="Early Help Hub",
    receiver_email="hub@earlyhelp.example.org",
)
ALREADY_OPEN = Decision(
    outcome="already-open",
    level="3",
    primary_need="",
    reasons="Sam has the child already, and must know of this before the next visit.",
)
NO_FURTHER_ACTION = Decision(
    outcome="no-further-action",
    level="1",
    primary_need="",
    reasons="Checked with school and health visitor: well cared for, and no further concern.",
)
ADVICE = Decision(
    outcome="information-and-advice",
    level="1",
    primary_need="",
    reasons="The family has support already; advice about the noise was given.",
)

SCHOOL: dict[str, object] = {
    "channel": "phone",
    "source_code": "2A",
    "referrer_name": "Miriam Stone",
    "referrer_agency": "Park Lane Primary",
    "referrer_role": "Designated safeguarding lead",
    "referrer_email": "m.stone@parklane.example.org",
    "concern_facts": "Attendance fell to 61 %. The children say that there is no food at home at weekends.",
    "professional_opinion": "I am worried about neglect.",
    "consent": "given",
}
NEIGHBOUR: dict[str, object] = {
    "channel": "form",
    "source_code": "1B",
    "referrer_name": "Frank Doyle",
    "referrer_email": "frank.doyle@mail.example.org",
    "concern_facts": "Shouting late at night, and a child who cries.",
}
HEALTH_VISITOR: dict[str, object] = {
    "channel": "form",
    "source_code": "3B",
    "referrer_name": "Leila Haddad",
    "referrer_agency": "Health visiting service",
    "referrer_role": "Health visitor",
    "referrer_email": "l.haddad@health.example.org",
    "concern_facts": "Third missed appointment; the baby is not gaining weight.",
    "professional_opinion": "I would like somebody to see the baby soon.",
    "consent": "refused",
}
POLICE: dict[str, object] = {
    "channel": "police notification",
    "source_code": "6",
    "referrer_name": "PC Ian Marsh",
    "referrer_agency": "Metropolitan Police",
    "referrer_role": "Police constable",
    "referrer_email": "notifications@police.example.org",
    "late_recording_reason": "Found on the fax on Monday morning",
    "concern_facts": "Called to an argument in the street; a child was present and upset.",
}
HOSPITAL: dict[str, object] = {
    "channel": "phone",
    "source_code": "3E",
    "referrer_name": "Nurse Obi Eze",
    "referrer_agency": "Hospital A&E",
    "referrer_role": "Staff nurse",
    "referrer_address": "Emergency Department, 1 Hospital Road, London N0 0AA",
    "concern_facts": "Brought in with a fracture; the account changed twice.",
}
CLINIC: dict[str, object] = {
    "channel": "phone",
    "source_code": "3A",
    "referrer_name": "Dr Anna Weiss",
    "referrer_agency": "Mill Lane Surgery",
    "referrer_role": "General practitioner",
    "referrer_email": "a.weiss@surgery.example.org",
    "concern_facts": "The mother came alone, with a bruise on her arm that she would not speak about.",
    "professional_opinion": "I think that somebody hurts her at home.",
    "consent": "refused",
}
ANONYMOUS: dict[str, object] = {
    "channel": "phone",
    "source_code": "9",
    "concern_facts": "A stepfather has moved in, and the child is afraid of him.",
}


def child(forename: str, surname: str, born: str, **more: str) -> dict[str, str]:
    """What an officer types about one child."""
    return {"forename": forename, "surname": surname, "birth_date": born, "sex": "U"} | more


def aged(children: Sequence[dict[str, str]], *, years: int) -> list[dict[str, str]]:
    """The same children, born so many years later."""
    return [child | {"birth_date": _later(child["birth_date"], years)} for child in children]


def _later(born: str, years: int) -> str:
    year, dash, rest = born.partition("-")
    return f"{int(year) + years}{dash}{rest}" if born else ""


SIBLINGS = [
    child("Maya", "Carter", "2001-05-06", nhs_number="943 476 5919"),
    child("Leo", "Carter", "2003-09-17"),
    child("Zane", "Carter", "2006-01-30"),
]
UNNAMED = child("Nell", "Carter", "2008-11-09")
"""A child of the same home whom the school did not name: screening finds her."""
CASELOAD = [
    [child(forename, surname, born) for forename, born in zip(forenames, born_on, strict=True)]
    for surname, forenames, born_on in (
        ("Adler", ("Ines", "Tomas", "Vera"), ("1998-02-11", "2000-07-03", "2004-10-25")),
        ("Bright", ("Kofi", "Esi", "Yaw"), ("1997-12-01", "1999-03-19", "2005-06-08")),
        ("Corrigan", ("Orla", "Finn", "Niamh"), ("2001-01-15", "2002-11-30", "2007-04-22")),
        ("Demirci", ("Elif", "Can", "Deniz"), ("1996-08-09", "2000-05-27", "2003-02-14")),
        ("Ellery", ("Poppy", "Max", "Iris"), ("2002-09-05", "2004-12-18", "2008-03-03")),
    )
]
