"""One child as somebody typed it."""

from __future__ import annotations

from pathway.engine.inputs import Input, Line, Number, OptionalDate
from rules.words import unborn


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
    disability: Line = ""
    religion: Line = ""
    language: Line = ""
    gp: Line = ""
    health_visitor: Line = ""
    where_now: Line = ""
    mother: Line = ""
    mother_birth_date: OptionalDate = None
    about_age: Line = ""
    born_from: OptionalDate = None
    born_to: OptionalDate = None
    another_than: tuple[Number, ...] = ()

    @property
    def full_name(self) -> str:
        """Forename and surname as far as they are known; of an unborn child without them its mother and due date."""
        name = f"{self.forename} {self.surname}".strip()
        return unborn(self.mother, self.due_date) if not name and self.due_date and not self.birth_date else name
