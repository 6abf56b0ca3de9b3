"""Words that pages put on what the record holds: names, days, places; a name only where the record is open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from pathway.engine import code_lists
from rules.likeness import identifiers
from rules.words import unborn
from storage.tables import Person, Query

RESTRICTED = "Restricted record"
# The children whose name the page being rendered must not show. Imported macros don't see the page's own variables.
_closed: ContextVar[frozenset[int]] = ContextVar("closed", default=frozenset())
_named: ContextVar[set[int] | None] = ContextVar("named", default=None)
_CHILD = re.compile(r"children\.(\d+)\.(\w+)")


@contextmanager
def closed_to_reader(children: frozenset[int]) -> Iterator[set[int]]:
    """While a page is rendered, the names of these children are kept from it; gives the children whom it names."""
    named: set[int] = set()
    tokens = _closed.set(children), _named.set(named)
    try:
        yield named
    finally:
        _closed.reset(tokens[0])
        _named.reset(tokens[1])


def clip(text: str, length: int = 160) -> str:
    """The beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + " …"


def is_closed(person: Person) -> bool:
    """True where the child's record is closed to whoever looks."""
    return person.id in _closed.get()


def child_name(person: Person) -> str:
    """The child's name as far as it is known, unless the record is closed to whoever looks."""
    if person.id in _closed.get():
        return RESTRICTED
    if (named := _named.get()) is not None and person.id is not None:
        named.add(person.id)
    name = f"{person.forename} {person.surname}".strip()
    waits = person.due_date if person.birth_date is None else None
    return name or (unborn(person.mother, waits) if waits else "Name not known")


def open_queries(queries: Iterable[Query], beside: Mapping[int, Person]) -> Sequence[Query]:
    """Those that nobody has settled, without what is about another child as well whose record is closed."""
    return [one for one in queries if one.settled_at is None and not _is_hidden(beside.get(one.id or 0))]


def _is_hidden(person: Person | None) -> bool:
    return person is not None and is_closed(person)


def told_child(child: Person) -> str:
    """A child in one line as a contact named it: name, birth date, number, address, school."""
    number = identifiers.show_nhs_number(child.nhs_number) if child.nhs_number else child.nhs_number_unverified
    told = (
        child_name(child),
        f"born {day_words(child.birth_date)}" if child.birth_date else "",
        f"due {day_words(child.due_date)}" if child.due_date else "",
        f"NHS number {number}" if number else "",
        child.address,
        child.school,
    )
    return ", ".join(filter(None, told))


def day_words(day: date | None) -> str:
    """Such as ``27 March 2009``; empty for None."""
    return f"{day.day} {day:%B %Y}" if day else ""


def source_words(code: str) -> str:
    """A referral source's code and label."""
    return f"{code} {code_lists.label(code_lists.REFERRAL_SOURCE, code)}"


def place_words(place: str) -> str:
    """Where a query lies, in words: ``children.0.nhs_number`` is child 1, NHS number."""
    match = _CHILD.fullmatch(place)
    where = f"Child {int(match[1]) + 1}, " if match else ""
    words = (match[2] if match else place).replace("_", " ")
    words = words.replace("nhs", "NHS").replace("upn", "unique pupil number")
    return where + words if where else words[:1].upper() + words[1:]


def form_words(path: str) -> str:
    """Which form it is, from its address: ``/contacts/PW-7F3K-22QD/screen`` is Screen, PW-7F3K-22QD."""
    if path == "/contacts/new":
        return "New contact"
    *_, about, what = ("", *path.strip("/").split("/"))
    words = what.replace("-", " ")
    return f"{words[:1].upper()}{words[1:]}{f', {about}' if about else ''}"
