"""What would come of a form as it stands, said before it is recorded."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pathway.engine import guard_facts
from pathway.engine.rulebooks import published_books
from pathway.web import times
from pathway.web.forms import Form
from storage.queries import clock_rows, referral_rows
from storage.queries.children import match_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Referral, id_of

ASKED = ("do", "check")


def is_asked(form: Form) -> bool:
    """True where the button "Check what I typed" was pressed, or Enter in a field."""
    name, value = ASKED
    return form.get(name) == value


def of_contact(session: WriteSession, contact: Contact, closed: Collection[int]) -> Sequence[str]:
    """A line a child: when the strictest duty is due, and how many records there are to compare with.

    Nobody is named, for no record is opened; who is ``closed`` to the reader is not counted.
    """
    children = referral_rows.of_contact(session, id_of(contact))
    return [_of_child(session, number, referral, closed) for number, referral in enumerate(children, start=1)]


def _of_child(session: WriteSession, number: int, referral: Referral, closed: Collection[int]) -> str:
    due = min(clock_rows.running(session, id_of(referral)), key=lambda clock: clock.due_at, default=None)
    words = f"Child {number}: a referral of its own"
    if due is not None:
        words += f"; {due.duty} due {times.at(due.due_at)}"
    like = [person for _, person in match_rows.open_of(session, referral.person_id) if person.id not in closed]
    if like:
        words += f"; {len(like)} {'record' if len(like) == 1 else 'records'} of a child who may be the same, to compare"
    return f"{words}."


def of_screening(session: WriteSession, referral: Referral) -> Sequence[str]:
    """What is missing still once these checks are recorded."""
    missing = guard_facts.checks_missing(session, referral, published_books.published_of(session, referral))
    if missing:
        return [f"Still missing then: {', '.join(missing)}."]
    return ["Every check that the rulebook asks for is recorded then."]
