"""How far a letter has come, in words. *Handed over* is what a mail server accepted; that it was read nobody knows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pathway.engine.actors import SYSTEM
from pathway.engine.referrers import finding_address, visible_referrer
from pathway.web import times
from pathway.web.forms import sentence
from rules.messages import Delivery, MessageKind, MessageState
from storage.queries.letters.letter_list_rows import LetterLine
from storage.tables import Event, Handover, Letter

LEFT = {
    Delivery.EMAIL: "Handed over to the mail server",
    Delivery.POST: "Posted",
    Delivery.BY_HAND: "Given by hand",
}
PRINTED_ELSEWHERE = "Handed over to GOV.UK Notify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A letter's state: a few words, a colour of the design system, and what there is to add."""

    words: str
    colour: str
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The referrer was told by telephone what a letter says, and why not in writing."""

    at: datetime
    by: str
    note: str


def addressee(line: LetterLine) -> str:
    """To whom a letter goes, as far as whoever looks may know."""
    name = line.letter.recipient_name
    if line.letter.kind == MessageKind.PARENTS:
        return "a parent or carer" if name == visible_referrer.PROTECTED else name
    return "the referrer, whose identity is protected" if name == visible_referrer.PROTECTED else name or "the referrer"


def call_words(call: Call, names: Mapping[str, str]) -> str:
    """A call on one line: when, by whom, and why not in writing."""
    return f"{times.at(call.at)}, {names.get(call.by, call.by)}: {call.note}"


def address_faults(line: LetterLine) -> list[str]:
    """Why a letter that is owed can't go to the postal address that is known, as sentences."""
    if not line.is_owed:
        return []
    return [sentence(fault) for fault in finding_address.address_faults(line.contact, line.letter)]


def calls(events: Sequence[Event], *, letter_id: int) -> list[Call]:
    """The calls about one letter; an event stands for each child that the letter names, the call is one."""
    told = {}
    for event in events:
        details = json.loads(event.details)
        if details.get("letter") == letter_id:
            told[event.occurred_at, event.recorded_at] = Call(
                at=event.occurred_at, by=event.actor, note=str(details.get("note", ""))
            )
    return list(told.values())


def standing(line: LetterLine) -> Standing:
    """How far this letter has come."""
    if line.handover is not None:
        return Standing(words=_left(line.handover), colour="green", more=times.at(line.handover.handed_over_at))
    if line.cancelled is not None:
        more = f"{times.at(line.cancelled.cancelled_at)}: {line.cancelled.because}"
        return Standing(words="Cancelled before it left", colour="grey", more=more)
    if line.message is not None and line.is_underway:
        more = _tried(line.message.attempts, line.message.last_answer)
        more = more if line.message.attempts else _not_before(line.letter) or more
        return Standing(words="Queued", colour="blue", more=more)
    if line.excused is not None:
        more = f"{times.at(line.excused.excused_at)}: {line.excused.reason}"
        return Standing(words="Can’t be sent", colour="grey", more=more)
    return _owed(line)


def _left(handover: Handover) -> str:
    """How a letter left. What is on record as posted by nobody was printed by GOV.UK Notify."""
    how = Delivery(handover.delivery)
    return PRINTED_ELSEWHERE if how is Delivery.POST and handover.recorded_by == SYSTEM.username else LEFT[how]


def _owed(line: LetterLine) -> Standing:
    message = line.message
    if line.is_printed and line.batch is not None:
        more = f"{times.at(line.batch.printed_at)}, batch {line.batch.id}"
        return Standing(words="Printed, not posted", colour="yellow", more=more)
    if line.returned is not None:
        return Standing(words=f"Came back: {line.returned.how}", colour="red", more=times.at(line.returned.returned_at))
    if line.no_address:
        return Standing(words="No address", colour="red", more="Find one, or a manager records why it can’t be sent.")
    if message is None:
        return _to_be_posted(line)
    if message.state == MessageState.REFUSED:
        return Standing(words="Refused by the mail server", colour="red", more=message.last_answer)
    return Standing(words="Cancelled", colour="grey", more=message.last_answer)


def _to_be_posted(line: LetterLine) -> Standing:
    if address_faults(line):
        return Standing(words="Address can’t be used", colour="red", more="It can’t be posted there.")
    more = "" if line.letter.kind == MessageKind.PARENTS else "No e-mail can be sent to this referrer."
    more = f"{more} {_not_before(line.letter)}".strip()
    return Standing(words="To be posted", colour="yellow", more=more)


def _not_before(letter: Letter) -> str:
    if letter.waits_until is None:
        return ""
    return f"Not before {times.at(letter.waits_until)}, when the grace of the decision is over."


def _tried(attempts: int, answer: str) -> str:
    if not attempts:
        return "Waiting for its turn."
    return f"Tried {attempts} {'time' if attempts == 1 else 'times'}. The last answer: {answer}"
