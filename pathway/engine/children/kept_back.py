"""What a search says of a restricted record, and to whom.

Part of a name finds nothing. The whole name with the birth date, or a valid number, is answered: there is a record, it
opens only to people named, and they are told. Whatever else was typed changes nothing of the answer, so that nobody
learns a further fact by trying; the record is in no count, no order and no household.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.alerts import notices, recipients
from pathway.engine.rulebooks.published_books import Published
from rules.likeness import asked, identifiers
from rules.likeness.asked import Question
from rules.timing import working_time, zones
from storage.queries.children import found_rows, restriction_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Council, NamedChild, Person

FOUND = "find"
NEXT_STEP = "If they need to see it, name them on the record, or speak to them. If you don’t know why they asked, ask."
_LONDON = zones.zone_named(zones.LONDON)


def fitting(session: ReadSession | WriteSession, question: Question, closed: Collection[int]) -> Sequence[int]:
    """Those of the closed children whose record fits in full, each under the number with which it goes on."""
    if not closed or not (question.number or question.born):
        return []
    fits = {number for number, record in found_rows.records(session, closed) if _fits(question, record)}
    return sorted(set(found_rows.kept(session, fits).values()))


def _fits(question: Question, record: Person | NamedChild) -> bool:
    numbers = {identifiers.normalise_nhs_number(record.nhs_number or ""), identifiers.normalise_upn(record.upn)} - {""}
    if question.number in numbers:
        return True
    born = question.born is not None and record.birth_date == question.born
    return born and asked.in_full(question, record.forename, record.surname)


def tell(act: Act, text: str) -> Sequence[int]:
    """Tells the people named that somebody asked for a child in full, once a child, searcher and day.

    The refusal is in the access log in the same transaction. What is told is judged anew here.
    """
    day = act.now.astimezone(_LONDON).date()
    question = asked.read(text, today=day)
    closed = restriction_rows.closed_to(act.session, act.actor.username, now=act.now)
    found = fitting(act.session, question, closed)
    for person_id in found:
        record_access.keep_back(act.session, act.actor, FOUND, frozenset({person_id}), now=act.now)
        for person in recipients.openers(act, [person_id]):
            notices.tell_of_search(
                act,
                person,
                key=f"searched:{person_id}:{day.isoformat()}:{act.actor.username}",
                headline=f"{act.actor.name} searched for a restricted record that opens to you",
                next_step=NEXT_STEP,
                link=f"/children/{person_id}/chronology",
            )
    return found


def number_to_ring(session: ReadSession | WriteSession, published: Published, *, now: datetime) -> str:
    """The council's number at this hour."""
    council = session.get_one(Council, 1)
    open_now = working_time.is_open(published.calendar, now)
    return council.telephone if open_now else council.out_of_hours_telephone
