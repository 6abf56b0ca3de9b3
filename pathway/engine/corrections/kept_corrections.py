"""A correction: what somebody types, what stands on record, the row that keeps both, and what followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pathway.engine.act import Act
from pathway.engine.corrections import details, judged_again
from pathway.engine.corrections.details import Detail
from pathway.engine.corrections.judged_again import Judged
from pathway.engine.corrections.letters_again import LetterChange
from pathway.engine.corrections.onward_again import OnwardChange
from pathway.engine.corrections.receipt import ClockChange
from pathway.engine.inputs import Input, Line, NeededText, Text
from rules.errors import Stale
from storage.tables import Contact, Correction, Person, Referral, id_of

SINCE = "Somebody else has corrected this since you opened the page. It reads now: {now}. Look at it before you go on."


class DetailInput(Input):
    """One detail corrected: which, what is right, what stood on the page, and why.

    ``taken_wrong``: the referrer had said it right, so how this contact names the child is corrected too.
    """

    field: Line
    value: Text = ""
    was: str | None = None
    taken_wrong: bool = False
    reason: NeededText


class AdultDetailInput(DetailInput):
    """One detail of an adult corrected; ``of`` is the reference of the child where it is one that each child has."""

    of: Line = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What was corrected, and what followed or, in a rehearsal, would follow.

    ``waits``: nothing has changed, a second person is asked first.
    """

    detail: Detail
    old: str
    new: str
    letters: tuple[LetterChange, ...] = ()
    onward: tuple[OnwardChange, ...] = ()
    judged: Judged = judged_again.NOTHING
    notes: tuple[str, ...] = ()
    clocks: tuple[ClockChange, ...] = ()
    waits: bool = False


def stands(row: Person | Contact, detail: Detail) -> str:
    """What stands on record now, as a correction keeps it."""
    value = getattr(row, detail.name)
    if detail.name == "nhs_number":
        value = value or row.nhs_number_unverified  # type: ignore[union-attr]
    return details.kept(value)


def refuse_stale(old: str, data: DetailInput) -> None:
    """Raises Stale where what stands is not what somebody saw who corrects it."""
    if data.was is not None and data.was.split() != old.split():
        raise Stale(SINCE.format(now=old or "nothing"))


def keep(
    act: Act,
    subject: Contact | Referral,
    detail: Detail,
    data: DetailInput,
    *,
    values: tuple[str, str],
    **more: Any,
) -> Correction:
    """Keeps old and new value with the reason, who and when; ``more`` are ``waits`` and ``adult_id`` of the row."""
    child = isinstance(subject, Referral)
    correction = Correction(
        contact_id=subject.contact_id if isinstance(subject, Referral) else id_of(subject),
        referral_id=subject.id if child else None,
        person_id=subject.person_id if isinstance(subject, Referral) else None,
        field=detail.name,
        old=values[0],
        new=values[1],
        taken_wrong=child and data.taken_wrong,
        reason=data.reason,
        made_at=act.now,
        made_by=act.actor.username,
        **more,
    )
    act.session.add(correction)
    act.session.flush()
    return correction
