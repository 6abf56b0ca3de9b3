"""A correction: what somebody types, what stands on record, the row that keeps both, and what followed."""

from __future__ import annotations

from dataclasses import dataclass

from pathway.engine.act import Act
from pathway.engine.corrections import details, judged_again
from pathway.engine.corrections.details import Detail
from pathway.engine.corrections.judged_again import Judged
from pathway.engine.corrections.letters_again import LetterChange
from pathway.engine.corrections.onward_again import OnwardChange
from pathway.engine.corrections.receipt import ClockChange
from pathway.engine.inputs import Input, Line, NeededText, Text
from storage.tables import Contact, Correction, Person, Referral, id_of


class DetailInput(Input):
    """One detail corrected: which, what is right, what stood on the page, and why.

    ``taken_wrong``: the referrer had said it right, so how this contact names the child is corrected too.
    """

    field: Line
    value: Text = ""
    was: str | None = None
    taken_wrong: bool = False
    reason: NeededText


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


def keep(
    act: Act,
    subject: Contact | Referral,
    detail: Detail,
    data: DetailInput,
    *,
    values: tuple[str, str],
    waits: bool = False,
) -> Correction:
    """Keeps old and new value with the reason, who and when; ``waits``: for a second person."""
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
        waits=waits,
    )
    act.session.add(correction)
    act.session.flush()
    return correction
