"""Messages of the outbox as somebody may see them: recipients of letters are kept from whoever reads no records."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from pathway.engine import permissions
from pathway.engine.actors import Actor
from pathway.engine.post import outbox_commands
from pathway.engine.referrers import visible_referrer
from pathway.web.page_words import RESTRICTED
from rules.messages import MessageKind, MessageState
from rules.rulebook import Rulebook
from rules.vocabulary import Action
from storage.queries.letters.message_rows import ABOUT_CHILDREN, MessageLine
from storage.queries.lists.message_page_rows import MessagesWanted
from storage.tables import Message

LONG = timedelta(hours=1)
NOT_SHOWN = "Recipient not shown"
COLOURS = {
    MessageState.QUEUED: "blue",
    MessageState.SENDING: "blue",
    MessageState.HANDED_OVER: "green",
    MessageState.REFUSED: "red",
    MessageState.CANCELLED: "grey",
}
_CODE = re.compile(r"\d{3}( [245]\.\d{1,3}\.\d{1,3})?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, and what they may see; ``closed`` are the children whose record is closed to them."""

    reads_letters: bool
    sees_protected: bool
    administers: bool
    closed: frozenset[int] = frozenset()

    def may_ask(self, wanted: MessagesWanted) -> MessagesWanted:
        """What somebody asks for, found by nothing that is hidden from them."""
        unread = () if self.reads_letters else sorted(ABOUT_CHILDREN)
        return replace(wanted, sees_protected=self.sees_protected, unread=unread, closed=self.closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """One message as somebody may see it. ``why_hidden`` stands for the recipient where that is kept from them."""

    message: Message
    contact_ref: str
    why_hidden: str
    may_retry: bool
    may_cancel: bool

    @property
    def name(self) -> str:
        """The recipient."""
        return self.why_hidden or self.message.recipient_name

    @property
    def address(self) -> str:
        """Where it goes."""
        return "" if self.why_hidden else self.message.recipient_address

    @property
    def colour(self) -> str:
        """The colour of its state."""
        return COLOURS[MessageState(self.message.state)]

    @property
    def waits(self) -> bool:
        """True while it has not been sent."""
        return self.message.state in (MessageState.QUEUED, MessageState.SENDING)

    def said(self, answer: str) -> str:
        """What a mail server said; they repeat addresses, so that only the code is left where those are hidden."""
        if not self.why_hidden:
            return answer
        found = _CODE.match(answer)
        return found[0] if found else ""


def viewer(actor: Actor, book: Rulebook, *, closed: frozenset[int]) -> Viewer:
    """What somebody may see of the outbox."""
    return Viewer(
        reads_letters=permissions.may(book, actor, Action.RECORD_POSTED),
        sees_protected=visible_referrer.sees_protected(actor, book),
        administers=permissions.may(book, actor, Action.ADMINISTER),
        closed=closed,
    )


def view(line: MessageLine, who: Viewer) -> MessageView:
    """A message as somebody may see it, and what they may do to it."""
    message, to_staff = line.message, MessageKind(line.message.kind) in outbox_commands.TO_STAFF
    shut = not to_staff and not who.closed.isdisjoint(line.children)
    queued, refused = message.state == MessageState.QUEUED, message.state == MessageState.REFUSED
    return MessageView(
        message=message,
        contact_ref=line.contact.ref if line.contact and who.reads_letters and not shut else "",
        why_hidden="" if to_staff else _why_hidden(line, who, shut=shut),
        may_retry=(queued or refused) and not shut,
        may_cancel=queued and not shut and (who.administers if to_staff else who.reads_letters),
    )


def _why_hidden(line: MessageLine, who: Viewer, *, shut: bool) -> str:
    if not who.reads_letters:
        return NOT_SHOWN
    if shut:
        return RESTRICTED
    kind = MessageKind(line.message.kind)
    to_referrer = kind.is_letter or kind is MessageKind.RECEIPT
    if to_referrer and line.contact is not None and visible_referrer.hidden(line.contact, sees=who.sees_protected):
        return visible_referrer.PROTECTED
    return ""
