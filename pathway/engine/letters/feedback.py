"""Written feedback to referrers: when a letter is written, and when the duty is met (plan action 2.1.1, JAR 14).

One outcome letter for each contact, written when the last child that the referrer named has been decided; where one
is still open at the warning before the 48 hours, a part letter goes for those decided. The duty is met when a mail
server has accepted the letter, or somebody recorded it as posted or given by hand; never on drafting.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pathway.engine import clocks, history, locking
from pathway.engine.actors import SYSTEM, Actor
from pathway.engine.casework import closing
from pathway.engine.letters import writing
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules.vocabulary import EventKind, MessageKind, ReferrerKind, Returned
from storage.queries import referral_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Letter, Person, Referral, id_of


def may_be_written_to(contact: Contact) -> bool:
    """False for anonymous referrers and those for whom a letter would be a danger."""
    return contact.referrer_kind != ReferrerKind.ANONYMOUS and not contact.unsafe_to_contact


def acknowledge_receipt(
    session: WriteSession,
    contact: Contact,
    children: Sequence[tuple[Referral, Person]],
    *,
    published: Published,
    actor: Actor,
    now: datetime,
) -> None:
    """Writes the acknowledgement. Without an e-mail address it is only written where the book sets a clock on it."""
    owed = published.book.clocks_stopped_by(EventKind.ACKNOWLEDGED)
    named = [pair for pair in children if pair[0].named_by_referrer]
    if named and may_be_written_to(contact) and (contact.referrer_email or owed):
        writing.write(session, contact, MessageKind.ACKNOWLEDGEMENT, named, actor=actor, now=now)


def write_when_due(
    session: WriteSession, contact: Contact, *, actor: Actor = SYSTEM, now: datetime, in_part: bool = False
) -> Letter | None:
    """Writes the outcome letter when every child that the referrer named is decided; ``in_part``: for those that are.

    Members of the public get no part letter: theirs tells no outcome, so it goes once. None where nothing is due.
    """
    if not may_be_written_to(contact):
        return None
    children = referral_rows.children_of_contact(session, id_of(contact))
    named = [pair for pair in children if pair[0].named_by_referrer and pair[0].set_aside_at is None]
    told = letter_rows.told_of(session, id_of(contact))
    undecided = [pair for pair in named if pair[0].decided_at is None and pair[0].id not in told]
    to_tell = [pair for pair in named if pair[0].id not in told and _can_be_told(session, pair[0])]
    if not to_tell or (undecided and (not in_part or contact.referrer_kind == ReferrerKind.PUBLIC)):
        return None
    kind = MessageKind.PART_OUTCOME if undecided else MessageKind.OUTCOME
    return writing.write(session, contact, kind, to_tell, actor=actor, now=now, to_follow=len(undecided))


def _can_be_told(session: WriteSession, referral: Referral) -> bool:
    """Decided, not told by the old system, and with reasons: imported decisions may have none to give."""
    if referral.decided_at is None or referral.feedback_at is not None:
        return False
    decision = referral_rows.latest_decision(session, id_of(referral))
    return decision is not None and bool(decision.reasons.strip())


def handed_over(session: WriteSession, letter: Letter, *, at: datetime, actor: Actor, now: datetime, how: str) -> None:
    """The letter left the building: the duty is met for each child it names, at that moment."""
    event = _met_by(letter)
    for referral in letter_rows.referrals_named(session, id_of(letter)):
        if event is None or _tells_no_more(referral, letter):
            summary = "An earlier letter left, which tells nothing that still holds" if event else _left_words(letter)
            summary, kind = f"{summary}: {how}", EventKind.LETTER_POSTED
            history.of_referral(
                session, referral, kind, summary, actor=actor, now=now, occurred_at=at, letter=id_of(letter)
            )
            continue
        if event is EventKind.FEEDBACK_GIVEN and referral.feedback_at is None:
            referral.feedback_at = at
        summary = (
            f"{'Referrer told in writing' if event is EventKind.FEEDBACK_GIVEN else 'Receipt acknowledged'}: {how}"
        )
        history.of_referral(
            session, referral, event, summary, actor=actor, now=now, occurred_at=at, letter=id_of(letter)
        )
        clocks.end(session, referral, event, occurred_at=at, now=now, actor=actor)
        closing.close_when_done(session, referral, now=now)


def _met_by(letter: Letter) -> EventKind | None:
    """The duty that handing this letter over meets; None for one that meets no duty to the referrer."""
    kind = MessageKind(letter.kind)
    if kind.tells_outcome:
        return EventKind.FEEDBACK_GIVEN
    return EventKind.ACKNOWLEDGED if kind is MessageKind.ACKNOWLEDGEMENT else None


def _left_words(letter: Letter) -> str:
    return "Letter to parent or carer left" if letter.kind == MessageKind.PARENTS else "Referrer asked in writing"


def _tells_no_more(referral: Referral, letter: Letter) -> bool:
    """True for the outcome in a letter that was on its way when the decision was corrected or the child set aside."""
    if not MessageKind(letter.kind).tells_outcome:
        return False
    again = referral.tell_again_from
    return referral.set_aside_at is not None or (again is not None and letter.written_at < again)


def came_back(
    session: WriteSession,
    letter: Letter,
    *,
    at: datetime,
    how: Returned,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> None:
    """The letter came back: for each child it names the duty is owed again from that moment, unless another told it."""
    contact, met_by = session.get_one(Contact, letter.contact_id), _met_by(letter)
    for referral in letter_rows.referrals_named(session, id_of(letter)):
        history.of_referral(
            session,
            referral,
            EventKind.LETTER_RETURNED,
            f"Letter came back: {how}",
            actor=actor,
            now=now,
            occurred_at=at,
            request_id=request_id,
            letter=id_of(letter),
        )
        request_id = None  # one event a token
        told_at = None
        if met_by is EventKind.FEEDBACK_GIVEN:
            told_at = referral.feedback_at = letter_rows.standing_since(session, referral)
        if met_by is not None and told_at is None:
            _owe_again(session, referral, contact, at=at, met_by=met_by, actor=actor, now=now)
        locking.changed(session, referral)


def _owe_again(
    session: WriteSession,
    referral: Referral,
    contact: Contact,
    *,
    at: datetime,
    met_by: EventKind,
    actor: Actor,
    now: datetime,
) -> None:
    clocks.begin(
        session,
        referral,
        contact,
        EventKind.LETTER_RETURNED,
        occurred_at=at,
        published=published_books.in_force_for(session, referral, at=at),
        now=now,
        actor=actor,
        met_by=met_by,
    )
