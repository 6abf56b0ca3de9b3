"""What a correction changes in letters: those that have not left are written anew, those that have are offered.

No list says which detail stands in which letter: each is worded before and after the change, and whichever differs in
its words, or in whom it is for, is meant. So a council's own wording is judged by what it says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from notifications.letters.letters import LetterText
from pathway.engine.act import Act
from pathway.engine.letters import cancelling, feedback, writing
from pathway.engine.letters.writing import Addressee, Meant, Said
from rules.errors import InvalidInput, Refused
from rules.messages import Delivery, MessageKind
from rules.vocabulary import EventKind
from storage.queries import correction_rows, event_rows, referral_rows
from storage.queries.letters import letter_rows
from storage.sessions import WriteSession
from storage.tables import Contact, Correction, Letter, OvertakenLetter, Person, Referral, id_of

BECAUSE = "A detail was corrected."


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterChange:
    """What becomes of one letter. ``rewritten``: it had not left; else it has, and a corrected one is offered."""

    letter_id: int
    kind: str
    rewritten: bool


Worded = tuple[Addressee, LetterText] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """Letters as they were worded before a change, by number, with what each was meant to be."""

    meant: Mapping[int, Meant]
    worded: Mapping[int, Worded]


def before(act: Act, contacts: Sequence[Contact]) -> Before:
    """The letters about these contacts that can be worded again, as they would be worded now."""
    meant: dict[int, Meant] = {}
    worded: dict[int, Worded] = {}
    for contact in contacts:
        for letter in _letters(act.session, contact):
            found = _meant(act.session, letter)
            if found is not None:
                meant[id_of(letter)] = found
                worded[id_of(letter)] = _words(act, contact, found)
    return Before(meant=meant, worded=worded)


def _letters(session: WriteSession, contact: Contact) -> Iterator[Letter]:
    yield from letter_rows.waiting(session, id_of(contact))
    yield from correction_rows.standing_letters(session, id_of(contact))


def _meant(session: WriteSession, letter: Letter) -> Meant | None:
    """What a kept letter was meant to be; None where it told of nobody whom a letter could tell of now."""
    kind, named = MessageKind(letter.kind), letter_rows.referrals_named(session, id_of(letter))
    children = [
        (one, session.get_one(Person, one.person_id)) for one in named if not kind.tells_outcome or one.decided_at
    ]
    if not children:
        return None
    return Meant(
        kind=kind,
        children=children,
        to_follow=_to_follow(session, letter, named) if kind is MessageKind.PART_OUTCOME else 0,
        said=_said(session, letter),
        to=_parent(letter) if kind is MessageKind.PARENTS else None,
    )


def _to_follow(session: WriteSession, letter: Letter, named: Sequence[Referral]) -> int:
    ids = {one.id for one in named}
    others = referral_rows.of_contact(session, letter.contact_id)
    waiting = [one for one in others if one.named_by_referrer and one.set_aside_at is None and one.decided_at is None]
    return sum(one.id not in ids for one in waiting)


def _said(session: WriteSession, letter: Letter) -> Said:
    """What a person gave for the letter, from the history."""
    kinds = {
        MessageKind.MISSING_INFORMATION: EventKind.INFORMATION_ASKED,
        MessageKind.PARENTS: EventKind.PARENTS_CHOSEN,
    }
    kind = kinds.get(MessageKind(letter.kind))
    found = kind and event_rows.last_about(session, letter.contact_id, kind, until=letter.written_at)
    told = json.loads(found.details) if found else {}
    return Said(asked_for=tuple(told.get("things", ())), next_steps=told.get("next_steps", ""))


def _parent(letter: Letter) -> Addressee:
    by_email = letter.delivery == Delivery.EMAIL
    email, address = (letter.recipient_address, "") if by_email else ("", letter.recipient_address)
    return Addressee(name=letter.recipient_name, email=email, address=address)


def _words(act: Act, contact: Contact, meant: Meant) -> Worded:
    if meant.kind is not MessageKind.PARENTS and not feedback.may_be_written_to(contact):
        return None
    try:
        return writing.words(act, contact, meant)
    except (InvalidInput, Refused):
        return None


def follow(act: Act, contacts: Sequence[Contact], seen: Before, correction: Correction) -> tuple[LetterChange, ...]:
    """Writes anew what has not left and says otherwise now, and offers a corrected letter for what has left.

    The contacts must be locked. Raises Refused while the clock is in doubt and a letter would be written.
    """
    act.session.flush()
    found: list[LetterChange] = []
    for contact in contacts:
        differing = list(_differing(act, contact, seen))
        waiting = {letter.id for letter in letter_rows.waiting(act.session, id_of(contact))}
        stopped = [letter for letter in differing if letter.id in waiting and _stop(act, letter)]
        for letter in stopped:
            _write_anew(act, contact, seen.meant[id_of(letter)])
        found += [_changed(letter, rewritten=letter in stopped) for letter in differing]
        for letter in differing:
            if letter not in stopped:
                _offer(act, letter, correction)
    return tuple(found)


def _differing(act: Act, contact: Contact, seen: Before) -> Iterator[Letter]:
    for letter in _letters(act.session, contact):
        number = id_of(letter)
        if seen.worded.get(number) is not None and _words(act, contact, seen.meant[number]) != seen.worded[number]:
            yield letter


def _stop(act: Act, letter: Letter) -> bool:
    act.refuse_letter_in_doubt()
    return cancelling.cancel(act, letter, because=BECAUSE)


def _write_anew(act: Act, contact: Contact, meant: Meant) -> None:
    if _words(act, contact, meant) is not None:
        writing.write(act, contact, meant.kind, meant.children, to_follow=meant.to_follow, said=meant.said, to=meant.to)


def _changed(letter: Letter, *, rewritten: bool) -> LetterChange:
    return LetterChange(letter_id=id_of(letter), kind=letter.kind, rewritten=rewritten)


def _offer(act: Act, letter: Letter, correction: Correction) -> None:
    if correction_rows.overtaken_of(act.session, id_of(letter)) is None:
        act.session.add(OvertakenLetter(correction_id=id_of(correction), letter_id=id_of(letter)))
        act.session.flush()


def meant_again(session: WriteSession, letter: Letter) -> Meant | None:
    """What the letter is to be that follows one which has left: an outcome is told as a corrected one."""
    found = _meant(session, letter)
    if found is None or not found.kind.tells_outcome:
        return found
    return Meant(kind=MessageKind.CORRECTED_OUTCOME, children=found.children)
