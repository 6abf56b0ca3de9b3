"""Written feedback to referrers: when a letter is written, and when the duty is met (plan action 2.1.1, JAR 14).

One outcome letter for each contact, written when the last child that the referrer named has been decided; where one
is still open at the warning before the 48 hours, a part letter goes for those decided. The duty is met when a mail
server has accepted the letter, or somebody recorded it as posted or given by hand; never on drafting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pathway.engine import clocks, locking
from pathway.engine.act import Act
from pathway.engine.letters import writing
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from rules.messages import MessageKind, Returned
from rules.vocabulary import EventKind, ReferrerKind
from storage.queries import clock_rows, referral_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Decision, Letter, Person, Referral, id_of


def may_be_written_to(contact: Contact) -> bool:
    """False for anonymous referrers and those for whom a letter would be a danger."""
    return contact.referrer_kind != ReferrerKind.ANONYMOUS and not contact.unsafe_to_contact


def acknowledge_receipt(
    act: Act, contact: Contact, children: Sequence[tuple[Referral, Person]], *, published: Published
) -> None:
    """Writes the acknowledgement. Without an e-mail address it is only written where the book sets a clock on it.

    While the clock is in doubt it waits: the sweep calls this again afterwards.
    """
    if act.in_doubt:
        return
    owed = published.book.clocks_stopped_by(EventKind.ACKNOWLEDGED)
    named = [pair for pair in children if pair[0].named_by_referrer]
    if named and may_be_written_to(contact) and (contact.referrer_email or owed):
        writing.write(act, contact, MessageKind.ACKNOWLEDGEMENT, named)


def write_when_due(act: Act, contact: Contact, *, in_part: bool = False) -> Letter | None:
    """Writes the outcome letter when every child that the referrer named is decided; ``in_part``: for those that are.

    Members of the public get no part letter: theirs tells no outcome, so it goes once. None where nothing is due.
    """
    if act.in_doubt or not may_be_written_to(contact):
        return None
    children = referral_rows.children_of_contact(act.session, id_of(contact))
    named = [pair for pair in children if pair[0].named_by_referrer and pair[0].set_aside_at is None]
    if not any(one.decided_at is not None and one.feedback_at is None for one, _ in named):
        return None
    told = letter_rows.told_of(act.session, id_of(contact))
    undecided = [pair for pair in named if pair[0].decided_at is None and pair[0].id not in told]
    decisions = referral_rows.latest_decisions(act.session, [id_of(one) for one, _ in named])
    to_tell = [pair for pair in named if pair[0].id not in told and _can_be_told(pair[0], decisions)]
    if all(_is_history(act.session, pair[0], decisions) for pair in to_tell) or (
        undecided and (not in_part or contact.referrer_kind == ReferrerKind.PUBLIC)
    ):
        return None
    kind = MessageKind.PART_OUTCOME if undecided else MessageKind.OUTCOME
    return writing.write(act, contact, kind, to_tell, to_follow=len(undecided))


def _can_be_told(referral: Referral, decisions: Mapping[int, Decision]) -> bool:
    """Decided, not told by the old system, and with reasons: imported decisions may have none to give."""
    if referral.decided_at is None or referral.feedback_at is not None:
        return False
    decision = decisions.get(id_of(referral))
    return decision is not None and bool(decision.reasons.strip())


def _is_history(session: WriteSession, referral: Referral, decisions: Mapping[int, Decision]) -> bool:
    """Decided in the old system, with nobody watching its clocks here: no letter goes on its account alone."""
    decision = decisions.get(id_of(referral))
    if decision is None or not decision.imported:
        return False
    return not any(clock.watched for clock in clock_rows.of_referral(session, id_of(referral)))


def handed_over(act: Act, letter: Letter, *, at: datetime, how: str) -> None:
    """The letter left the building: the duty is met for each child it names, at that moment."""
    event = _met_by(letter)
    for referral in letter_rows.referrals_named(act.session, id_of(letter)):
        if event is None or _tells_no_more(referral, letter):
            summary = "An earlier letter left, which tells nothing that still holds" if event else _left_words(letter)
            summary, kind = f"{summary}: {how}", EventKind.LETTER_POSTED
            act.note(kind, summary, about=referral, occurred_at=at, letter=id_of(letter))
            continue
        if event is EventKind.FEEDBACK_GIVEN and referral.feedback_at is None:
            referral.feedback_at = at
        summary = (
            f"{'Referrer told in writing' if event is EventKind.FEEDBACK_GIVEN else 'Receipt acknowledged'}: {how}"
        )
        act.note(event, summary, about=referral, occurred_at=at, letter=id_of(letter))
        clocks.end(act, referral, event, occurred_at=at)


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


def came_back(act: Act, letter: Letter, *, at: datetime, how: Returned) -> None:
    """The letter came back: for each child it names the duty is owed again from that moment, unless another told it."""
    contact, met_by = act.session.get_one(Contact, letter.contact_id), _met_by(letter)
    for referral in letter_rows.referrals_named(act.session, id_of(letter)):
        act.note(
            EventKind.LETTER_RETURNED, f"Letter came back: {how}", about=referral, occurred_at=at, letter=id_of(letter)
        )
        told_at = None
        if met_by is EventKind.FEEDBACK_GIVEN:
            told_at = referral.feedback_at = letter_rows.standing_since(act.session, referral)
        if met_by is not None and told_at is None:
            _owe_again(act, referral, contact, at=at, met_by=met_by)
        locking.changed(act.session, referral)


def _owe_again(act: Act, referral: Referral, contact: Contact, *, at: datetime, met_by: EventKind) -> None:
    clocks.begin(
        act,
        referral,
        contact,
        EventKind.LETTER_RETURNED,
        occurred_at=at,
        published=published_books.in_force_for(act.session, referral, at=at),
        only=clocks.met_by(met_by),
    )
