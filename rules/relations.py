"""What adults are to children."""

from __future__ import annotations

from enum import StrEnum


class Relation(StrEnum):
    """What an adult is to a child, as a contact says it."""

    MOTHER = "mother"
    FATHER = "father"
    STEP_PARENT = "step-parent"
    PARTNER = "partner of a parent"
    GRANDPARENT = "grandparent"
    RELATIVE = "other relative"
    CARER = "carer"
    HOUSEHOLD = "other member of the household"
    VISITOR = "regular visitor"
    OTHER = "other"
