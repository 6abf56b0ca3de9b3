"""Do we know this child? One search over everybody on record, in whatever state, for whoever may read records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pathway.engine import permissions
from pathway.engine.actors import Actor
from pathway.engine.children import candidates, kept_back
from pathway.engine.children.ranking import Candidate, Ranking
from pathway.engine.rulebooks import published_books
from rules.likeness import asked
from rules.likeness.asked import Kind, Question
from rules.timing import zones
from rules.vocabulary import Action, RestrictedAnswer
from storage.queries.children import found_rows, restriction_rows, shown_child_rows
from storage.queries.children.found_rows import MOST, Part, Wanted
from storage.queries.children.shown_child_rows import ChildFacts
from storage.sessions import ReadSession, WriteSession

MOST_SHOWN = 50
LONGEST = asked.LONGEST
_LONDON = zones.zone_named(zones.LONDON)
_OF_CHILD = (Kind.WORD, Kind.BORN, Kind.AGE, Kind.NUMBER, Kind.POSTCODE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who fits, the likeliest first. ``more`` fit than are shown; ``searched`` is counted only where nobody does.

    ``numbers`` are those of all who fit as far as was looked, ``people`` those of them whose facts were read.

    ``kept_back``: restricted children who fit in full and are closed to whoever asks; to be told with
    ``kept_back.tell``. ``silent``: the book wants nothing said of them. ``ring``: the number to ring.
    """

    question: Question
    numbers: Sequence[int] = ()
    people: Sequence[ChildFacts] = ()
    more: bool = False
    wider: bool = False
    searched: int = 0
    kept_back: Sequence[int] = ()
    silent: bool = False
    ring: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    session: ReadSession | WriteSession
    question: Question
    closed: frozenset[int]
    sees_protected: bool

    def persons(self, *, begins: bool = False, wider: bool = False, by_referrer: bool = False) -> Sequence[int]:
        """Those who fit all parts, the words being the child's or, all of them, the referrer's."""
        words = [Kind.WORD] if by_referrer else []
        of_child = [kind for kind in _OF_CHILD if kind not in words]
        return self._found(
            words=[term.spans(begins=begins, wider=wider) for term in self.question.of(*of_child)],
            made_by=[term.spans(begins=begins) for term in self.question.of(Kind.TELEPHONE, *words)],
        )

    def all_parts(self, *, wider: bool) -> Sequence[int]:
        """Those who fit all parts; of looser ways only the loosest is asked, unless it stops at its most."""
        found = dict.fromkeys(self.persons())
        if len(found) < MOST:
            loosest = self.persons(begins=True, wider=wider)
            stricter = self.persons(begins=True) if wider and len(loosest) >= MOST else ()
            found |= dict.fromkeys([*stricter, *loosest])
        return list(found)

    def of_reference(self) -> Sequence[int]:
        """Those with a referral that has the one word for its reference; those of other systems have any shape."""
        return self._found(refs=self.question.references)

    def any_part(self) -> Sequence[int]:
        """Those who fit a part that not very many have, however little they fit the others."""
        parts = [Part(spans=term.spans(wider=True), exact=term.exact) for term in self.question.of(*_OF_CHILD)]
        return found_rows.of_any(self.session, parts, self.closed)

    def _found(self, **more: Sequence[object]) -> Sequence[int]:
        wanted = Wanted(closed=self.closed, sees_protected=self.sees_protected, **more)  # type: ignore[arg-type]
        return found_rows.persons(self.session, wanted)


def find(session: ReadSession | WriteSession, actor: Actor, text: str, *, now: datetime, wider: bool = False) -> Answer:
    """Answers what was typed with the first fifty. ``wider`` as in ``ranked``. Raises NotAllowed."""
    answer = ranked(session, actor, text, now=now, wider=wider)
    closed = restriction_rows.closed_to(session, actor.username, now=now)
    shown = answer.numbers[:MOST_SHOWN]
    facts = shown_child_rows.facts(session, shown, closed=closed)
    more = answer.more or len(answer.numbers) > MOST_SHOWN
    return replace(answer, people=[facts[number] for number in shown], more=more)


def ranked(
    session: ReadSession | WriteSession, actor: Actor, text: str, *, now: datetime, wider: bool = False
) -> Answer:
    """Who fits what was typed, by number alone, for whoever reads the facts page by page.

    ``wider``: by sound, other spellings, dates near, and any part instead of all. Raises NotAllowed for whoever may
    not read records.
    """
    published = published_books.current(session, now=now)
    permissions.require(published.book, actor, Action.READ_RECORD)
    question = asked.read(text, today=now.astimezone(_LONDON).date(), forms=candidates.forms())
    closed = restriction_rows.closed_to(session, actor.username, now=now)
    sees = permissions.may(published.book, actor, Action.SEE_PROTECTED)
    search = _Search(session=session, question=question, closed=closed, sees_protected=sees)
    found, full = _numbers(search, wider=wider)
    numbers = _ranked(search, found)
    back = kept_back.fitting(session, question, closed)
    return Answer(
        question=question,
        numbers=numbers,
        more=full,
        wider=wider,
        searched=0 if numbers or not question.terms else found_rows.count(session, closed),
        kept_back=back,
        silent=published.book.restricted is RestrictedAnswer.SILENT,
        ring=kept_back.number_to_ring(session, published, now=now) if back else "",
    )


def _numbers(search: _Search, *, wider: bool) -> tuple[Mapping[int, bool], bool]:
    """Who may be shown, true where words of others name them, and whether a look-up stopped at its most.

    The loose ones only where the strict find few.
    """
    found: dict[int, bool] = {}
    full = False
    for some, by_others in _steps(search, wider=wider):
        found = {**dict.fromkeys(some, by_others), **found}
        full = full or len(some) >= MOST
        # Whom a later step finds fits less, and stands below these; of the double some may be merged into one.
        if len(found) > (2 * MOST_SHOWN if wider else MOST_SHOWN):
            break
    return found, full


def _steps(search: _Search, *, wider: bool) -> Iterator[tuple[Sequence[int], bool]]:
    """Those whom each way finds, the strictest first; true where what fits is a referral's or a referrer's."""
    yield search.of_reference(), True
    yield search.all_parts(wider=wider), False
    if search.question.words:
        yield search.persons(begins=True, by_referrer=True), True
    if wider:
        yield search.any_part(), False


def _ranked(search: _Search, numbers: Mapping[int, bool]) -> Sequence[int]:
    """Those whose records go on, the likeliest first; nobody twice, and nobody who is closed."""
    if not numbers:
        return []
    kept = found_rows.kept(search.session, numbers)
    words = found_rows.words_of(search.session, {*kept, *kept.values()})
    joined: dict[int, set[str]] = {}
    for number, into in kept.items():
        joined.setdefault(into, set(words[into])).update(words[number])
    by_others = {kept[number] for number, others in numbers.items() if others}
    names = found_rows.names_of(search.session, joined)
    people = [
        Candidate(number, frozenset(theirs), names[number], by_others=number in by_others)
        for number, theirs in joined.items()
    ]
    return [number for number in Ranking(search.question).order(people) if number not in search.closed]
