"""Why something is late: asked of whoever decides or writes after the due moment, kept beside the clock.

In immediate danger nobody is held up: the question stays open, and can be answered afterwards. Source: Working Together
2023 (the reasons for an overrun are recorded). The list is local.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pathway.engine import clocks
from pathway.engine.act import Act
from pathway.engine.inputs import Input, Line, Text
from pathway.engine.rulebooks import published_books
from rules import late_reasons
from rules.errors import InvalidInput, NotAllowed, Refused
from rules.pathway import Facts
from rules.vocabulary import Action, EventKind
from storage.queries import late_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Clock, Contact, Referral, WhyLate, id_of

# Who is asked: whoever decides, and whoever sees to what leaves the building.
ACTIONS = (Action.DECIDE, Action.RECORD_POSTED, Action.ALLOCATE)
BY_DECIDING = frozenset({EventKind.DECIDED, EventKind.FEEDBACK_GIVEN})
BY_WRITING = frozenset({EventKind.FEEDBACK_GIVEN, EventKind.ACKNOWLEDGED})
FIELDS = frozenset({"late_reason", "late_words"})


class LateInput(Input):
    """Why it is late: a code of the book's list, and words."""

    late_reason: Line = ""
    late_words: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is late when somebody is about to do it, and what may be answered: (code, words) of the referral's book."""

    late: Sequence[Clock]
    titles: Sequence[str]
    reasons: Sequence[tuple[str, str]]


def is_asked(
    session: ReadSession | WriteSession,
    referral: Referral,
    *,
    now: datetime,
    by: Collection[EventKind] = BY_DECIDING,
) -> Question | None:
    """What is asked of whoever does now what ``by`` says; None where nothing is late, and in immediate danger."""
    if session.get_one(Contact, referral.contact_id).immediate_danger:
        return None
    return _question(session, referral, _late(session, referral, at=now, by=by))


def is_asked_of_letters(
    session: ReadSession | WriteSession, letter_ids: Collection[int], *, now: datetime
) -> Question | None:
    """What is asked of whoever records now that these letters left: once for all of them; None where none is late."""
    late = late_rows.owed_late(session, late_rows.named_in(session, letter_ids), at=now)
    numbers = dict.fromkeys(clock.referral_id for clock in late)
    asked = [is_asked(session, session.get_one(Referral, number), now=now, by=BY_WRITING) for number in numbers]
    found = [question for question in asked if question is not None]
    if not found:
        return None
    titles = dict.fromkeys(title for question in found for title in question.titles)
    return Question(
        late=[clock for question in found for clock in question.late],
        titles=list(titles),
        reasons=found[0].reasons,
    )


def said(session: ReadSession | WriteSession, contact_id: int) -> LateInput:
    """What was said last of a child of this contact, to begin with for the next; empty where nothing was."""
    last = late_rows.last_said_of_contact(session, contact_id)
    return LateInput(late_reason=last.reason, late_words=last.words) if last else LateInput()


def with_question(act: Act, referral: Referral, facts: Facts, data: LateInput) -> Facts:
    """The guards' facts, with what is still to be said of why it is late."""
    question = None if act.in_doubt else is_asked(act.session, referral, now=act.now)
    if question is None:
        return facts
    return replace(facts, why_late=late_reasons.missing(dict(question.reasons), data.late_reason, data.late_words))


def require(act: Act, referral: Referral, data: LateInput, *, at: datetime) -> None:
    """Raises InvalidInput, naming the field, where something is written late and nobody says why."""
    answered(None if act.in_doubt else is_asked(act.session, referral, now=at, by=BY_WRITING), data)


def answered(question: Question | None, data: LateInput) -> None:
    """Raises InvalidInput, naming the field, where a question is asked and not answered."""
    if question is not None:
        _refuse(dict(question.reasons), data, because=f"It is late: {', '.join(question.titles).lower()}")


def keep(act: Act, referral: Referral, data: LateInput, *, at: datetime, by: Collection[EventKind]) -> None:
    """Keeps what was said beside each duty that is late; nothing where nothing was said or nothing is late.

    To be called before the duty is met: it is the clocks that still run that are late.
    """
    book = published_books.published_of(act.session, referral).book
    if late_reasons.missing(book.late_reasons, data.late_reason, data.late_words):
        return
    if late := _late(act.session, referral, at=at, by=by):
        _keep(act, referral, data, late)


def answer(act: Act, referral_id: int, data: LateInput, *, version: int | None = None) -> None:
    """Says afterwards why a referral's duties were met late: those of which nobody has, else all of them anew.

    Raises InvalidInput naming the field, Refused where nothing was late, Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    if not any(map(act.may, ACTIONS)):
        raise NotAllowed(
            "Your role does not say why something was late. It is for those who decide, write or allocate."
        )
    late = late_rows.met_late(act.session, referral_id)
    if not late:
        raise Refused(["Nothing about this child was done late: there is no reason to give."])
    book = published_books.published_of(act.session, referral).book
    _refuse(book.late_reasons, data, because="Nothing is chosen")
    open_ones = [clock for clock, said_before in late if said_before is None]
    _keep(act, referral, data, open_ones or [clock for clock, _ in late])


def open_of(session: ReadSession | WriteSession, referral: Referral) -> Question | None:
    """What was late of a referral and nobody has said why; None where there is nothing to ask."""
    found = late_rows.met_late(session, id_of(referral))
    return _question(session, referral, [clock for clock, answered in found if answered is None])


def _late(
    session: ReadSession | WriteSession, referral: Referral, *, at: datetime, by: Collection[EventKind]
) -> Sequence[Clock]:
    late = late_rows.owed_late(session, [id_of(referral)], at=at)
    return [clock for clock in late if clocks.rule_of(session, clock).stops_on in by]


def _question(session: ReadSession | WriteSession, referral: Referral, late: Sequence[Clock]) -> Question | None:
    if not late:
        return None
    book = published_books.published_of(session, referral).book
    titles = dict.fromkeys(clocks.rule_of(session, clock).title for clock in late)
    return Question(late=late, titles=list(titles), reasons=list(book.late_reasons.items()))


def _refuse(known: Mapping[str, str], data: LateInput, *, because: str) -> None:
    missing = late_reasons.missing(known, data.late_reason, data.late_words)
    if not missing:
        return
    if data.late_reason and data.late_reason not in known:
        codes = ", ".join(known)
        raise InvalidInput.of("late_reason", f"There is no reason {data.late_reason!r}", f"Use one of: {codes}")
    place = "late_words" if missing == late_reasons.ASKED_IN_WORDS else "late_reason"
    raise InvalidInput.of(place, because, missing.rstrip("."))


def _keep(act: Act, referral: Referral, data: LateInput, late: Sequence[Clock]) -> None:
    for clock in late:
        act.session.add(
            WhyLate(
                clock_id=id_of(clock),
                referral_id=id_of(referral),
                reason=data.late_reason,
                words=data.late_words,
                told_at=act.now,
                told_by=act.actor.username,
            )
        )
    book = published_books.published_of(act.session, referral).book
    titles = dict.fromkeys(clocks.rule_of(act.session, clock).title for clock in late)
    words = f": {data.late_words}" if data.late_words else ""
    summary = f"Why late ({', '.join(titles)}): {book.late_reasons[data.late_reason]}{words}"
    details = {"reason": data.late_reason, "clocks": [id_of(clock) for clock in late]}
    act.note(EventKind.WHY_LATE, summary, about=referral, details=details)
    act.session.flush()
