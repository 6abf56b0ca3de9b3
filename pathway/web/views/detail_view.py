"""Details as pages show them before and after they are corrected, and what follows from a correction."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pathway.engine import code_lists
from pathway.engine.corrections import correcting_adults, details
from pathway.engine.corrections.details import Detail, Whose
from pathway.engine.corrections.kept_corrections import Followed, stands
from pathway.engine.corrections.onward_again import OnwardChange
from pathway.engine.corrections.receipt import ClockChange
from pathway.web import page_words, times
from storage.queries import correction_rows
from storage.queries.children import adult_rows
from storage.queries.children.adult_rows import Standing
from storage.queries.correction_rows import Line
from storage.sessions import ReadSession, WriteSession
from storage.tables import Contact, Letter, Person, Referral, id_of

LISTS: Mapping[str, str] = {
    "sex": "sexes",
    "ethnicity": "ethnicities",
    "channel": "channels",
    "consent": "consents",
    "adult_relation": "relations",
    "adult_parental_responsibility": "yes_or_no",
    "adult_lives_there": "yes_or_no",
    "adult_interpreter": "yes_or_no",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One detail that can be corrected, as it stands: as kept, and in words."""

    detail: Detail
    kept: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One correction on a page; ``who`` is the adult whom it is about, and the child where each has the detail."""

    line: Line
    detail: Detail
    old: str
    new: str
    who: str = ""

    @property
    def words(self) -> str:
        """What was corrected, and of whom where that is an adult."""
        return f"{self.detail.words}, {self.who}" if self.who else self.detail.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """What follows from a correction, in sentences; of matches only whom they are with."""

    sentences: tuple[str, ...]
    opened: tuple[Person, ...]
    closed: tuple[Person, ...]
    waits: bool = False

    @property
    def is_nothing(self) -> bool:
        """True where only the detail itself changes."""
        return not (self.sentences or self.opened or self.closed)


def rows(row: Person | Contact, *, without: Collection[Whose] = ()) -> list[Row]:
    """The details of a child, or of a contact and its referrer, that can be corrected."""
    whose = details.OF_CHILD if isinstance(row, Person) else details.OF_CONTACT
    found = [one for one in details.DETAILS.values() if one.whose in whose and one.whose not in without]
    return [Row(detail=one, kept=stands(row, one), words=shown(one, stands(row, one))) for one in found]


def shown(detail: Detail, kept: str) -> str:
    """A kept value in words."""
    if detail.is_day and kept:
        return page_words.day_words(date.fromisoformat(kept))
    if detail is details.RECEIVED and kept:
        return times.at(datetime.fromisoformat(kept))
    if detail.whose is Whose.ADULT and (detail.name in LISTS):
        return kept.capitalize()
    if detail.name == "sex":
        return code_lists.label(code_lists.SEX, kept).capitalize()
    if detail.name == "ethnicity" and kept:
        return code_lists.label(code_lists.ETHNICITY, kept)
    return kept


def changes(
    session: ReadSession | WriteSession, contact: Contact, person_ids: Collection[int], *, sees: bool
) -> list[Change]:
    """What has been corrected of a contact, these children and the adults, the last first.

    Not what tells who a protected referrer is, unless somebody ``sees`` that; on a child's page no adult who is nothing
    to that child: a record that is restricted may be of another child of the contact.
    """
    lines = [
        line
        for line in reversed(correction_rows.of_record(session, id_of(contact), person_ids))
        if _concerns(session, line, person_ids) and (sees or not _is_shut(session, line))
    ]
    return [change(line, _who(session, line)) for line in lines]


def _concerns(session: ReadSession | WriteSession, line: Line, person_ids: Collection[int]) -> bool:
    adult_id = line.correction.adult_id
    if adult_id is None or line.correction.person_id is not None or not person_ids:
        return True
    return adult_rows.is_of(session, adult_id, person_ids)


def of_adult(session: ReadSession, adult: Standing) -> list[Change]:
    """What has been corrected of one adult, and of the children with it, the last first."""
    lines = correction_rows.of_adult(session, adult.number)
    return [change(line, _child(session, line)) for line in reversed(lines)]


def _is_shut(session: ReadSession | WriteSession, line: Line) -> bool:
    if line.correction.adult_id is not None:
        return correcting_adults.is_referrer(session, line.contact, line.correction.adult_id)
    return line.contact.identity_protected and details.DETAILS[line.correction.field].whose is Whose.REFERRER


def _who(session: ReadSession | WriteSession, line: Line) -> str:
    one = line.correction
    if one.adult_id is None or details.DETAILS[one.field].whose is not Whose.ADULT:
        return ""
    return ", ".join(filter(None, (adult_name(adult_rows.standing(session, one.adult_id)), _child(session, line))))


def _child(session: ReadSession | WriteSession, line: Line) -> str:
    one = line.correction
    if one.referral_id is None:
        return ""
    return session.get_one(Referral, one.referral_id).ref


def adult_name(adult: Standing) -> str:
    """An adult in words: the name, or the number where it is not known."""
    return adult.full_name or f"adult {adult.number}"


def change(line: Line, who: str = "") -> Change:
    """One correction in words."""
    one, detail = line.correction, details.DETAILS[line.correction.field]
    return Change(line=line, detail=detail, old=shown(detail, one.old), new=shown(detail, one.new), who=who)


def as_typed(detail: Detail, kept: str) -> str:
    """A kept value as somebody would type it."""
    if detail is details.RECEIVED:
        return f"{times.local(datetime.fromisoformat(kept)):%d/%m/%Y %H:%M}"
    return f"{date.fromisoformat(kept):%d/%m/%Y}" if detail.is_day and kept else kept


def following(session: ReadSession | WriteSession, followed: Followed) -> Following:
    """What followed, or would follow, in words."""
    judged = followed.judged
    return Following(
        sentences=tuple(sentences(session, followed)),
        opened=_persons(session, judged.opened),
        closed=_persons(session, judged.closed),
        waits=followed.waits,
    )


def sentences(session: ReadSession | WriteSession, followed: Followed) -> Iterator[str]:
    """What follows, but for the matches: letters first."""
    for one in followed.letters:
        written = times.at(session.get_one(Letter, one.letter_id).written_at)
        kind = one.kind.capitalize()
        if one.rewritten:
            yield f"{kind} of {written} has not left: it is stopped, and written anew as it is right."
        else:
            yield f"{kind} of {written} has left and stays as it is: a corrected letter is offered."
    yield from map(_onward, followed.onward)
    yield from map(_clock, followed.clocks)
    if followed.detail is details.RECEIVED:
        yield from _figures(followed)
    for ref in followed.judged.doubted:
        yield f"{ref} may be about another child than this record: somebody is asked, on the list of queries."
    for note in followed.notes:
        yield f"{note}."


def _onward(change: OnwardChange) -> str:
    if change.rewritten:
        return f"The message to {change.receiver} about {change.ref} has not left: it is written anew."
    return f"{change.receiver} may know it otherwise already, of {change.ref}: tell them yourself."


def _clock(change: ClockChange) -> str:
    where = f"{change.title}, {change.ref}"
    if not change.runs:
        stays, other = ("late" if late else "in time" for late in (change.was_late, change.is_late))
        return (
            f"{where}: judged, and stays {stays}; beside it stands that it was due {times.at(change.new_due)}, {other}."
        )
    late = " It is late by that." if change.is_late and not change.was_late else ""
    return f"{where}: due {times.at(change.new_due)} instead of {times.at(change.old_due)}.{late}"


def _figures(followed: Followed) -> Iterator[str]:
    old, new = (times.local(datetime.fromisoformat(text)).date() for text in (followed.old, followed.new))
    if old != new:
        yield f"Figures count it as received {page_words.day_words(new)} instead of {page_words.day_words(old)}."


def _persons(session: ReadSession | WriteSession, numbers: Sequence[int]) -> tuple[Person, ...]:
    return tuple(session.get_one(Person, number) for number in numbers)
