"""The print queue: letters for the post are printed together, the batch is kept, and is posted when it has left.

Printing meets no duty. Nothing is laid out here: that takes long, and no transaction waits for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from notifications import plain
from notifications.letters import glyphs, postal
from notifications.letters.paper import PaperLetter
from notifications.letters.postal import PostalAddress
from pathway.engine import inputs, why_late
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.post import handing_over
from pathway.engine.post.handing_over import HandoverInput
from pathway.engine.referrers import finding_address, visible_referrer
from pathway.engine.why_late import LateInput, Question
from rules.errors import Fault, InvalidInput, Refused
from rules.messages import Delivery
from rules.rulebook import Rulebook
from rules.vocabulary import Action, EventKind
from storage.queries import event_rows, hold_rows
from storage.queries.children import restriction_rows
from storage.queries.letters import print_queue_rows
from storage.queries.letters.letter_list_rows import LetterLine
from storage.sessions import ReadSession, WriteSession
from storage.tables import Council, Letter, LetterPrint, PrintBatch, id_of

MOST = 100
MOST_PRINTED = 1000
FIELD = "letters"

# One piece of work in a transaction of its own, and the token by which a second click is known.
Change = Callable[[Callable[[Act], Letter], str | None], Letter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Whose letters somebody may see and print; ``closed`` are the children whose record is closed to them."""

    sees_protected: bool
    closed: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """One letter of the queue with its address, or with what is wrong with it."""

    line: LetterLine
    address: PostalAddress | None
    faults: Sequence[Fault] = ()

    @property
    def number(self) -> int:
        """The letter's number."""
        return id_of(self.line.letter)

    @property
    def only_here(self) -> str:
        """Why GOV.UK Notify doesn't get a letter that can be printed here; empty where that is not for its envelope."""
        if self.address is None:
            return ""
        if self.address.country:
            return "Abroad: printed and posted here, never by GOV.UK Notify"
        name = plain.one_line(self.line.letter.recipient_name)
        wrong = postal.wrong_line(name) if name else None
        return f"Printed and posted here, not by GOV.UK Notify. {wrong.problem}. {wrong.remedy}." if wrong else ""

    @property
    def has_moved(self) -> bool:
        """True where the address is another by now than that on the printed envelope."""
        printed = self.line.printed
        return printed is not None and (self.address is None or str(self.address) != printed.address)

    @property
    def is_printed(self) -> bool:
        """True where what was printed can still be posted: it did not come back since, and the address holds."""
        return self.line.is_printed and not self.has_moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A batch with those of its letters that wait to be posted and that somebody may see."""

    batch: PrintBatch
    letters: Sequence[Queued]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits to be printed, at most MOST letters of ``count``, and the batches that wait to be posted.

    ``others``: letters that only somebody else may print. ``nowhere``: letters owed without a postal address.
    ``again``: the numbers of those that were printed with an address that does not hold any more.
    """

    to_print: Sequence[Queued]
    batches: Sequence[Printed]
    count: int
    others: int
    nowhere: int
    again: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """When a batch was posted, and why that was late where it was."""

    at: datetime
    why: LateInput = field(default_factory=LateInput)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The letters of a batch that are recorded as posted, and why others are not."""

    done: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def viewer(session: ReadSession | WriteSession, actor: Actor, book: Rulebook, *, now: datetime) -> Viewer:
    """What somebody may see of the queue."""
    return Viewer(
        sees_protected=visible_referrer.sees_protected(actor, book),
        closed=restriction_rows.closed_to(session, actor.username, now=now),
    )


def queue(session: ReadSession | WriteSession, who: Viewer, *, most: int = MOST) -> Queue:
    """The print queue as somebody may see it."""
    lines = partial(print_queue_rows.waiting, session, sees_protected=who.sees_protected, closed=who.closed)
    fresh = lines(printed=False, limit=most)
    all_printed = [queued(line) for line in lines(printed=True, limit=MOST_PRINTED)]
    count = print_queue_rows.count(session, sees_protected=who.sees_protected, closed=who.closed)
    again = [one for one in all_printed if not one.is_printed]
    standing = [one for one in all_printed if one.is_printed]
    return Queue(
        to_print=[*again, *map(queued, fresh)][:most],
        batches=_batches(standing),
        count=count - len(standing),
        others=print_queue_rows.count(session) - count,
        nowhere=print_queue_rows.no_postal_address(session),
        again=frozenset(one.number for one in again),
    )


def chosen(session: ReadSession | WriteSession, letter_ids: Collection[int], who: Viewer) -> Sequence[Queued]:
    """The letters as they can be printed. Raises InvalidInput where none or too many are chosen.

    Raises Refused, naming each letter that is not in the queue or whose address can't be used.
    """
    if not letter_ids:
        raise InvalidInput.of(FIELD, "No letter is chosen", "Tick at least one")
    if len(set(letter_ids)) > MOST:
        raise InvalidInput.of(FIELD, f"More than {MOST} letters are chosen", "Print them in several batches")
    found = {one.number: one for one in _seen(session, letter_ids, who)}
    why = [_why_not(number, found.get(number)) for number in dict.fromkeys(letter_ids)]
    if any(why):
        raise Refused([words for words in why if words])
    return list(found.values())


def keep(act: Act, letter_ids: Collection[int], who: Viewer) -> PrintBatch:
    """Keeps which letters are printed together, with their addresses. Raises as ``chosen``, and NotAllowed."""
    if act.token is not None and (before := event_rows.by_request(act.session, act.token)) is not None:
        return print_queue_rows.batch(act.session, json.loads(before.details)["batch"])
    act.require(Action.RECORD_POSTED)
    _lock(act, letter_ids)
    letters = chosen(act.session, letter_ids, who)
    batch = PrintBatch(printed_at=act.now, printed_by=act.actor.username)
    act.session.add(batch)
    act.session.flush()
    for one in letters:
        _keep_one(act, one, batch)
    act.session.flush()
    return batch


def standing(session: ReadSession | WriteSession, batch_id: int, who: Viewer) -> Printed:
    """A batch with what of it waits to be posted: not what was printed again since, has left or was cancelled.

    Raises NotFound.
    """
    batch = print_queue_rows.batch(session, batch_id)
    found = _seen(session, print_queue_rows.in_batch(session, id_of(batch)), who)
    mine = [one for one in found if one.is_printed and one.line.batch is not None and one.line.batch.id == batch.id]
    return Printed(batch=batch, letters=mine)


def on_paper(session: ReadSession | WriteSession, letters: Sequence[Queued]) -> Sequence[PaperLetter]:
    """The letters, each with its address, ready to be laid out outside of any transaction."""
    council = session.get_one(Council, 1)
    return [paper_letter(council, one.line, one.address) for one in letters if one.address is not None]


def boxes(session: ReadSession | WriteSession, letters: Sequence[Queued]) -> Mapping[int, Sequence[Fault]]:
    """By letter, what no font here has and would be an empty box on paper. Something is laid out: read only."""
    council = session.get_one(Council, 1)
    known = [(one.number, paper_letter(council, one.line, one.address)) for one in letters if one.address is not None]
    return {number: wrong for number, letter in known if (wrong := glyphs.faults(letter))}


def require_glyphs(session: ReadSession | WriteSession, letters: Sequence[Queued]) -> None:
    """Raises Refused, naming each letter that would have an empty box on paper."""
    wrong = boxes(session, letters)
    if why := [_why_not(one.number, replace(one, faults=wrong[one.number])) for one in letters if one.number in wrong]:
        raise Refused(why)


def why_late_asked(session: ReadSession | WriteSession, printed: Printed, *, at: datetime) -> Question | None:
    """Why it is late, asked once for all letters of a batch that would be posted late at this moment."""
    if hold_rows.doubt(session) is not None:
        return None
    return why_late.is_asked_of_letters(session, [one.number for one in printed.letters], now=at)


def post(change: Change, printed: Printed, posting: Posting, *, now: datetime, token: str | None = None) -> Posted:
    """Records each letter of a batch as posted, by itself: one refused leaves the others.

    Why something is late is asked before (``why_late_asked``), so that all of them go or none does.
    Raises InvalidInput for a moment in the future or before the batch was printed, NotAllowed.
    """
    at = posting.at
    inputs.refuse_future("handed_over_at", at, now=now)
    # People type minutes.
    if at < printed.batch.printed_at.replace(second=0, microsecond=0):
        raise InvalidInput.of(
            "handed_over_at", "This is before the batch was printed", "Give the moment when it was posted"
        )
    data = HandoverInput(delivery=Delivery.POST, handed_over_at=at, **posting.why.model_dump())
    posted = Posted()
    for one in printed.letters:
        work = partial(handing_over.record_handover, letter_id=one.number, data=data, asks=False)
        try:
            change(work, f"{token}:{one.number}" if token else None)
            posted.done.append(one.number)
        except (Refused, InvalidInput) as error:
            posted.refused.append(f"Letter {one.number}, contact {one.line.contact.ref}: {error}")
    return posted


def posted_already(session: ReadSession | WriteSession, batch_id: int, token: str | None) -> bool:
    """True when this form token has posted letters of the batch: the second click does nothing, and does no harm."""
    if not token:
        return False
    numbers = print_queue_rows.in_batch(session, batch_id)
    return any(event_rows.by_request(session, f"{token}:{number}") is not None for number in numbers)


def _lock(act: Act, letter_ids: Collection[int]) -> None:
    """Nothing else may send, stop or move one of the letters meanwhile; in order, so that no two batches block."""
    for contact_id in print_queue_rows.contacts_of(act.session, letter_ids):
        act.hold(contact_id)


def _seen(session: ReadSession | WriteSession, letter_ids: Collection[int], who: Viewer) -> Sequence[Queued]:
    found = print_queue_rows.among(session, letter_ids, sees_protected=who.sees_protected, closed=who.closed)
    return [queued(line) for line in found]


def queued(line: LetterLine) -> Queued:
    """A letter of the queue with its address, or with what is wrong with it."""
    try:
        return Queued(line=line, address=finding_address.envelope(line.contact, line.letter))
    except InvalidInput as error:
        return Queued(line=line, address=None, faults=error.faults)


def _batches(letters: Sequence[Queued]) -> Sequence[Printed]:
    found: dict[int, list[Queued]] = {}
    batches = {}
    for one in letters:
        if one.line.batch is not None:
            batches[id_of(one.line.batch)] = one.line.batch
            found.setdefault(id_of(one.line.batch), []).append(one)
    return [Printed(batch=batches[number], letters=found[number]) for number in sorted(found)]


def _why_not(number: int, one: Queued | None) -> str:
    if one is None:
        return f"Letter {number} is not in your print queue: it has left, is owed no more, or is for somebody else."
    wrong = " ".join(f"{fault.problem}. {fault.remedy}." for fault in one.faults)
    return f"Letter {number}, contact {one.line.contact.ref}, can't be printed. {wrong}" if wrong else ""


def _keep_one(act: Act, one: Queued, batch: PrintBatch) -> None:
    act.session.add(LetterPrint(batch_id=id_of(batch), letter_id=one.number, address=str(one.address)))
    act.note(
        EventKind.LETTER_PRINTED,
        f"Letter printed for the post: batch {batch.id}",
        about=one.line.contact,
        letter=one.number,
        batch=batch.id,
    )


def paper_letter(council: Council, line: LetterLine, address: PostalAddress) -> PaperLetter:
    """What a letter says on paper, and what shows in the window of its envelope."""
    letter = line.letter
    return PaperLetter(
        council_name=council.name,
        sender=(*council.address.split(","), f"Telephone: {council.telephone}"),
        recipient_name=letter.recipient_name,
        address=address,
        reference=line.contact.ref,
        written_at=letter.written_at,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
    )
