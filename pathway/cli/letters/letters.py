"""``pathway letters``: those that are owed, how one left, and why one can't be sent."""

from __future__ import annotations

from typing import Annotated

import typer

from pathway.cli.acting_as import By, acting_on, looking
from pathway.cli.decisions import asking_and_parents
from pathway.cli.figures import saying_why
from pathway.cli.figures.saying_why import WhyLate
from pathway.cli.given import one_of
from pathway.cli.letters import links, printing, wording
from pathway.cli.speech import say, say_all
from pathway.engine import inputs
from pathway.engine.post import excusing, handing_over
from pathway.engine.referrers import visible_referrer
from pathway.web import times
from pathway.web.page_words import RESTRICTED
from pathway.web.views import letter_words_view
from rules.books import batch
from rules.messages import Delivery
from storage.queries.letters import letter_list_rows
from storage.queries.letters.letter_list_rows import LetterLine

MOST = 10_000
WAYS = tuple(way for way in Delivery if way is not Delivery.EMAIL)

app = typer.Typer()
app.command()(wording.check)
app.command()(wording.preview)
app.command()(asking_and_parents.ask)
app.command("parents")(asking_and_parents.write_to_parents)
app.command()(printing.queue)
app.command("print")(printing.print_letters)
app.command()(printing.posted)
app.add_typer(links.app)
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The letter's number.", show_default=False)]
How = Annotated[str, typer.Argument(metavar="HOW", help=f"One of: {', '.join(WAYS)}.", show_default=False)]
At = Annotated[str, typer.Option("--at", help="When, with a time zone.", show_default=False)]
Note = Annotated[str, typer.Option("--note", help="By telephone: why not in writing.")]
Reason = Annotated[str, typer.Option("--reason", help="What was tried; it is kept.", show_default=False)]


@app.command()
def owed(*, by: By = "") -> None:
    """List the letters that nobody has sent and no e-mail is carrying, the oldest first.

    No protected referrer and nobody of a restricted record is named. That you looked is kept in the access log.

    \b
    Example:
      pathway letters owed
    """
    with looking("letters owed, on the command line", by, reason="") as look:
        lines, _ = letter_list_rows.lines(look.session, owed_only=True, words="", offset=0, limit=MOST)
        # Whoever reads this may be anybody at this machine: no protected referrer is named here.
        shut = look.shut([line.contact.id for line in lines])
        seen = [(line, visible_referrer.letter_as_seen(line, sees=False)) for line in lines]
        told = [_told(one) if line.contact.id not in shut else f"{line.letter.id}  {RESTRICTED}" for line, one in seen]
    say_all(told or ["No letter is owed."])


@app.command()
def left(
    number: Number,
    how: How,
    *,
    at: At,
    note: Note = "",
    why_late: WhyLate = "",
    by: By = "",
) -> None:
    """Record that a letter was posted or given by hand, or that the referrer was told by telephone.

    Posted or given by hand meets the duty at that moment. By telephone does not: the letter stays owed. After the due
    moment it asks for --why-late.

    \b
    Examples:
      pathway letters left 12 post --at 2009-03-27T16:00:00Z
      pathway letters left 12 'by telephone' --at 2009-03-27T16:00:00Z --note 'No address yet.'
    """
    way = one_of(how, WAYS, "HOW", f"A letter does not leave by {how!r}")
    moment = batch.moment_of(at, "--at")
    typed = {"delivery": way, "handed_over_at": moment, "note": note} | saying_why.read(why_late).model_dump()
    data = inputs.parse(handing_over.HandoverInput, typed)
    with saying_why.asked_for("--why-late"), acting_on("letter", number, by) as act:
        handing_over.record_handover(act, number, data)
        told = "told by telephone; it is still owed in writing" if way is Delivery.BY_TELEPHONE else str(way)
    say(f"Recorded for letter {number}: {told}.")


@app.command()
def excuse(number: Number, *, reason: Reason, by: By = "") -> None:
    """Record why a letter can't be sent, as nobody has an address for it. It is owed no more.

    \b
    Example:
      pathway letters excuse 12 --reason 'The agency is closed.' --by duty.manager
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting_on("letter", number, by) as act:
        excusing.excuse(act, number, data)
    say(f"Recorded why letter {number} can't be sent.")


def _told(line: LetterLine) -> str:
    standing = letter_words_view.standing(line)
    to = line.letter.recipient_name or "the referrer"
    written = times.at(line.letter.written_at)
    return (
        f"{line.letter.id}  {line.letter.kind} to {to}, contact {line.contact.ref}, written {written}: {standing.words}"
    )
