"""What every list of referrals is filtered by, and what an address asks for as a question to the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pathway.engine import code_lists
from pathway.engine.children import candidates
from pathway.web import page_words, times
from pathway.web.lists.filtered import Choice, Choices, Filtered, Tick
from pathway.web.visit import Visit
from rules.likeness import asked
from rules.vocabulary import State
from storage.queries.lists import choice_rows
from storage.queries.lists.referral_list_rows import ReferralsWanted, Sort
from storage.queries.lists.sought_rows import Sought
from storage.sessions import ReadSession

LATE = Tick(name="late", words="Something is late")
UNDECIDED = Tick(name="undecided", words="Not decided yet")
MINE = Tick(name="mine", words="Only mine")
TICKS = (LATE, UNDECIDED, MINE)
SORTS: Choices = (
    (Sort.DUE.value, "What is due soonest"),
    (Sort.NEWEST.value, "Received last"),
    (Sort.OLDEST.value, "Received first"),
)
STATES = Choice(
    name="state", legend="State", choices=[(state.value, state.capitalize()) for state in State], several=True
)


def all_of(visit: Visit, session: ReadSession) -> Sequence[Choice]:
    """Every filter by what a referral is, for lists of something else about the child."""
    return [STATES, teams(session), workers(session), sources(), *kinds(visit)]


def sources() -> Choice:
    """The sources of referrals, in the department's order."""
    codes = code_lists.labels(code_lists.REFERRAL_SOURCE)
    return Choice(name="source", legend="Source", choices=[(code, page_words.source_words(code)) for code in codes])


def teams(session: ReadSession) -> Choice:
    """The teams."""
    found = [(str(number), name) for number, name in choice_rows.teams(session)]
    return Choice(name="team", legend="Team", choices=found)


def workers(session: ReadSession) -> Choice:
    """The workers."""
    found = [(str(number), name) for number, name in choice_rows.workers(session)]
    return Choice(name="worker", legend="Worker", choices=found)


def kinds(visit: Visit) -> Sequence[Choice]:
    """The kinds of contact of the book in force; none where it knows none."""
    found = [(code, kind.title) for code, kind in visit.book.contact_kinds.items()]
    return [Choice(name="kind", legend="Kind of contact", choices=found)] if found else []


def sought(visit: Visit, words: str) -> Sought | None:
    """What is searched for, None where nothing is."""
    if not words:
        return None
    question = asked.read(words, today=times.local(visit.now).date(), forms=candidates.forms())
    return Sought(question=question, closed=visit.closed, sees_protected=visit.sees_protected)


def wanted(visit: Visit, filtered: Filtered) -> ReferralsWanted:
    """What an address asks for."""
    return replace(narrowed(visit, filtered), sort=Sort(filtered.sort or Sort.DUE))


def narrowed(visit: Visit, filtered: Filtered) -> ReferralsWanted:
    """The same for a list of something else, which has an order of its own."""
    return ReferralsWanted(
        states=filtered.all("state"),
        teams=filtered.numbers("team"),
        workers=filtered.numbers("worker"),
        sources=filtered.all("source"),
        kinds=filtered.all("kind"),
        mine=visit.actor.username if filtered.ticked(MINE.name) else "",
        late=filtered.ticked(LATE.name),
        undecided=filtered.ticked(UNDECIDED.name),
        sought=sought(visit, filtered.words),
        closed=visit.closed,
        now=visit.now,
    )
