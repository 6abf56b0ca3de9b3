"""How far a letter has come, in words. *Handed over* is what a mail server accepted; that it was read nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

from pathway.web import times
from rules.vocabulary import Delivery, MessageState
from storage.queries.letter_list import LetterLine

LEFT = {
    Delivery.EMAIL: "Handed over to the mail server",
    Delivery.POST: "Posted",
    Delivery.BY_HAND: "Given by hand",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A letter's state: a few words, a colour of the design system, and what there is to add."""

    words: str
    colour: str
    more: str = ""


def standing(line: LetterLine) -> Standing:
    """How far this letter has come."""
    if line.handover is not None:
        left = LEFT[Delivery(line.handover.delivery)]
        return Standing(words=left, colour="green", more=times.at(line.handover.handed_over_at))
    if line.cancelled is not None:
        more = f"{times.at(line.cancelled.cancelled_at)}: {line.cancelled.because}"
        return Standing(words="Cancelled before it left", colour="grey", more=more)
    if line.returned is not None:
        return Standing(words=f"Came back: {line.returned.how}", colour="red", more=times.at(line.returned.returned_at))
    return _waiting(line)


def _waiting(line: LetterLine) -> Standing:
    message = line.message
    if message is None:
        return Standing(words="To be posted", colour="yellow", more="No e-mail can be sent to this referrer.")
    if message.state == MessageState.REFUSED:
        return Standing(words="Refused by the mail server", colour="red", more=message.last_answer)
    if message.state == MessageState.CANCELLED:
        return Standing(words="Cancelled", colour="grey", more=message.last_answer)
    return Standing(words="Queued", colour="blue", more=_tried(message.attempts, message.last_answer))


def _tried(attempts: int, answer: str) -> str:
    if not attempts:
        return "Waiting for its turn."
    return f"Tried {attempts} {'time' if attempts == 1 else 'times'}. The last answer: {answer}"
