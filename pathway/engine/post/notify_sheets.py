"""Letters written for the post that somebody else prints: made outside of any transaction, then put into the outbox."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.letters import by_post, glyphs, paper, postal
from notifications.letters.by_post import Posting
from notifications.letters.paper import PaperLetter
from notifications.letters.postal import Printer
from pathway.engine.act import Act
from pathway.engine.post import handing_over, print_queue
from pathway.engine.referrers import finding_address
from rules.errors import InvalidInput
from rules.messages import MessageKind
from storage.queries.letters import letter_list_rows, notify_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Council, id_of

# GOV.UK Notify wants three to seven lines, of which the name is one.
FEWEST, MOST = 3, 7
PRIORITY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A letter ready to be laid out, and what it needs in the outbox."""

    letter_id: int
    paper: PaperLetter

    @property
    def envelope(self) -> tuple[str, ...]:
        """The lines in the window, the name first."""
        return paper.address_lines(self.paper)


def sheet(session: ReadSession | WriteSession, letter_id: int) -> Sheet | None:
    """The letter as it goes on paper; None where it can't be printed elsewhere: for its address or a character."""
    line, council = letter_list_rows.one(session, letter_id), session.get_one(Council, 1)
    try:
        typed = finding_address.postal_address(line.contact, line.letter)
        address = postal.parse(typed, most=MOST - 1, by=Printer.NOTIFY)
    except InvalidInput:
        return None
    made = Sheet(letter_id=letter_id, paper=print_queue.paper_letter(council, line, address))
    # The name stands in the window, too, and is judged there like any other line.
    is_good = FEWEST <= len(made.envelope) <= MOST and not any(map(postal.wrong_line, made.envelope))
    return made if is_good and not glyphs.faults(made.paper) else None


def enqueue(act: Act, made: Sheet, pdf: bytes) -> bool:
    """Puts the PDF of a letter into the outbox; False where it has left, was printed, stopped or moved meanwhile."""
    letter = handing_over.lock_letter(act, made.letter_id)
    if made.letter_id not in notify_rows.letters_for_post(act.session) or sheet(act.session, made.letter_id) != made:
        return False
    posting = Posting(
        kind=MessageKind(letter.kind),
        dedup_key=f"letter:{letter.id}:post",
        recipient_name=letter.recipient_name,
        envelope=made.envelope,
        subject=letter.subject,
        pdf=pdf,
        sender=act.session.get_one(Council, 1).sender,
        letter_id=id_of(letter),
        contact_id=letter.contact_id,
        priority=PRIORITY,
    )
    by_post.enqueue(act.session, posting, now=act.now)
    return True
