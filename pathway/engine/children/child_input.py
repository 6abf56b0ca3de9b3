"""One child as somebody typed it."""

from __future__ import annotations

from pathway.engine.inputs import Input, Line, OptionalDate


class ChildInput(Input):
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
