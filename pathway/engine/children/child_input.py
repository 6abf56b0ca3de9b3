"""One child as somebody typed it."""

from __future__ import annotations

from pathway.engine.inputs import Input, Line, Number, OptionalDate


class ChildInput(Input):
    """One child as the referrer named them. Unborn children have a due date instead of a birth date.

    ``another_than``: the numbers of children on record of whom whoever types says that they are another child.
    """

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
    another_than: tuple[Number, ...] = ()

    @property
    def full_name(self) -> str:
        """Forename and surname as far as they are known."""
        return f"{self.forename} {self.surname}".strip()
