"""What a letter would say, before anything is decided: the same commands, in a session that is rolled back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.letters import feedback, writing
from pathway.engine.letters.writing import Addressee, Said
from pathway.engine.referrers import asking_for_information
from rules.messages import Delivery, MessageKind
from rules.pathway import UNDECIDED
from rules.vocabulary import ReferrerKind
from storage.queries import referral_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Letter, Person, Referral, id_of

ANONYMOUS = "Nothing is written to an anonymous referrer: no letter is due."
UNSAFE = "It is unsafe to write to this referrer: no letter is due."
NOT_NAMED = "The referrer did not name this child: no letter to them mentions it."
ALL_AT_ONCE = "A member of the public gets one letter, when every child has been decided."
NO_LETTER = "This leads to no letter."


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One letter as it would be written; without ``text`` there is none, and ``why_none`` says why.

    ``awaited`` are the referrals that must be decided before it goes; ``children`` the persons whom it names.
    """

    kind: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    template_version: str = ""
    by_email: bool = False
    recipient_name: str = ""
    recipient_address: str = ""
    awaited: tuple[str, ...] = ()
    children: frozenset[int] = frozenset()
    bounced: bool = False
    why_none: str = ""


def of_decision(act: Act, referral: Referral, decide: Callable[[], object]) -> Preview:
    """The letter that a decision, a first or a corrected one, would lead to. Its session must be rolled back.

    While brothers or sisters wait it is the one that would go for those decided. Raises what ``decide`` raises.
    """
    contact = act.session.get_one(Contact, referral.contact_id)
    before = {letter.id for letter in letter_rows.of_contact(act.session, id_of(contact))}
    decide()
    following.follow(act, contact)
    if why := _why_none(contact, referral):
        return Preview(why_none=why)
    written = _about(act.session, contact, referral, before)
    if written is not None:
        return _shown(act.session, written)
    awaited = _awaited(act.session, contact)
    if awaited and contact.referrer_kind == ReferrerKind.PUBLIC:
        return Preview(why_none=ALL_AT_ONCE, awaited=awaited)
    feedback.write_when_due(act.by_itself, contact, in_part=True)
    written = _about(act.session, contact, referral, before)
    return _shown(act.session, written, awaited=awaited) if written else Preview(why_none=NO_LETTER, awaited=awaited)


def of_letter(session: WriteSession, letter: Letter) -> Preview:
    """A letter that a command has just written in a session that will be rolled back."""
    return _shown(session, letter)


def of_contact(
    act: Act,
    contact: Contact,
    kind: MessageKind,
    *,
    child: Referral | None = None,
    said: Said,
    to: Addressee | None = None,
) -> Preview:
    """A letter of a kind about a real contact, due or not. Raises InvalidInput and Refused where there can be none."""
    children = _children(act.session, contact, kind, child)
    to_follow = len(_awaited(act.session, contact)) if kind.tells_outcome else 0
    return _shown(
        act.session,
        writing.write(act, contact, kind, children, to_follow=to_follow, said=said, to=to),
    )


def _children(
    session: WriteSession, contact: Contact, kind: MessageKind, child: Referral | None
) -> Sequence[tuple[Referral, Person]]:
    everyone = referral_rows.children_of_contact(session, id_of(contact))
    if kind is MessageKind.PARENTS:
        return [pair for pair in everyone if child is None or pair[0].id == child.id][:1]
    named = [pair for pair in everyone if pair[0].named_by_referrer and pair[0].set_aside_at is None]
    if kind is MessageKind.MISSING_INFORMATION:
        return asking_for_information.waiting(session, contact) or named
    return [pair for pair in named if pair[0].decided_at is not None] if kind.tells_outcome else named


def _why_none(contact: Contact, referral: Referral) -> str:
    if contact.referrer_kind == ReferrerKind.ANONYMOUS:
        return ANONYMOUS
    if contact.unsafe_to_contact:
        return UNSAFE
    return "" if referral.named_by_referrer else NOT_NAMED


def _about(session: WriteSession, contact: Contact, referral: Referral, before: set[int | None]) -> Letter | None:
    """The last letter written since that names the child."""
    for letter in reversed(letter_rows.of_contact(session, id_of(contact))):
        named = {one.id for one in letter_rows.referrals_named(session, id_of(letter))}
        if letter.id not in before and referral.id in named:
            return letter
    return None


def _awaited(session: WriteSession, contact: Contact) -> tuple[str, ...]:
    told = letter_rows.told_of(session, id_of(contact))
    return tuple(
        referral.ref
        for referral in referral_rows.of_contact(session, id_of(contact))
        if referral.named_by_referrer and referral.state in UNDECIDED and referral.id not in told
    )


def _shown(session: WriteSession, letter: Letter, *, awaited: tuple[str, ...] = ()) -> Preview:
    named = letter_rows.referrals_named(session, id_of(letter))
    return Preview(
        kind=letter.kind,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        template_version=letter.template_version,
        by_email=letter.delivery == Delivery.EMAIL,
        recipient_name=letter.recipient_name,
        recipient_address=letter.recipient_address,
        awaited=awaited,
        children=frozenset(referral.person_id for referral in named),
        bounced=letter.recipient_address.casefold() in letter_rows.addresses_that_bounced(session, letter.contact_id),
    )
