"""Details that were put right: what stood there, what stands there now, why, and who says so."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class Correction(SQLModel, table=True):
    """One detail of a contact, its referrer, a child or an adult, corrected; or, where it ``waits``, to be confirmed.

    ``referral_id`` and ``person_id`` are empty where it is about the whole contact. ``old`` and ``new`` are kept as the
    database writes them: days and moments in ISO form. ``taken_wrong``: the referrer had said it right, so how the
    contact names the child was corrected too. ``adult_id`` is the first row of the adult whom it is about, or from whom
    it follows. Never changed, never deleted.
    """

    __tablename__ = "correction"

    id: int | None = Field(default=None, primary_key=True)
    contact_id: int = Field(foreign_key="contact.id", index=True)
    referral_id: int | None = Field(default=None, foreign_key="referral.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    field: str
    old: str = ""
    new: str = ""
    taken_wrong: bool = False
    reason: str
    made_at: datetime
    made_by: str
    waits: bool = False
    adult_id: int | None = None


class CorrectionAnswer(SQLModel, table=True):
    """What a second person said of a correction that waited: confirmed, or refused and why."""

    __tablename__ = "correction_answer"

    correction_id: int = Field(foreign_key="correction.id", primary_key=True)
    confirmed: bool
    reason: str = ""
    answered_at: datetime
    answered_by: str


class OvertakenLetter(SQLModel, table=True):
    """A letter that has left and says what was corrected since: a corrected one is offered until somebody answers."""

    __tablename__ = "overtaken_letter"

    id: int | None = Field(default=None, primary_key=True)
    correction_id: int = Field(foreign_key="correction.id", index=True)
    letter_id: int = Field(foreign_key="letter.id", index=True)
    answered_at: datetime | None = None
    answered_by: str = ""
    new_letter_id: int | None = Field(default=None, foreign_key="letter.id")
    because: str = ""
