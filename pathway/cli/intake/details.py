"""``pathway details``: a detail of a child, a contact or its referrer corrected, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from pathway.cli.acting_as import By, ContactRef, acting, acting_on, contact_of, looking, rehearsing
from pathway.cli.intake import adult_details, followed_words
from pathway.cli.speech import say, say_all
from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.corrections import correcting_details, overtaken_letters, second_person
from pathway.engine.corrections.kept_corrections import DetailInput, Followed
from pathway.engine.referrers import visible_referrer
from pathway.web import times
from pathway.web.views import detail_view
from rules.errors import NotFound
from rules.words import counted
from storage.queries import correction_rows, record_rows, referral_rows, shown_rows
from storage.queries.children import restriction_rows
from storage.queries.shown_rows import Shown
from storage.sessions import ReadSession, WriteSession
from storage.tables import id_of

app = typer.Typer()
app.command("adults")(adult_details.adults)
app.command("correct-adult")(adult_details.correct_adult)
app.command("preview-adult")(adult_details.preview_adult)
Why = Annotated[str, typer.Option("--reason", help="Why it is corrected; it is kept.", show_default=False)]
Ref = Annotated[str, typer.Argument(metavar="REF", help="A referral, for its child; or a contact.", show_default=False)]
LetterNumber = Annotated[int, typer.Argument(metavar="LETTER", help="The number of the letter, as listed.", min=1)]
Number = Annotated[int, typer.Argument(metavar="CORRECTION", help="Its number, as listed.", min=1, max=2**31 - 1)]
Field = Annotated[str, typer.Option("--field", help="Which, such as surname or agency.", show_default=False)]
TakenWrong = Annotated[bool, typer.Option("--taken-wrong", help="The referrer had said it right.")]
To = Annotated[str, typer.Option("--to", help="What is right; empty: not known.", show_default=False)]


@app.command()
def correct(ref: Ref, *, field: Field, to: To, reason: Why, taken_wrong: TakenWrong = False, by: By = "") -> None:
    """Correct a detail of a child (a referral's reference) or of a contact and its referrer.

    Old and new value stay, with the reason. Letters that have not left are written anew; one that has left stays, and a
    corrected one is offered. Matches are judged again; nobody is joined by it.

    \b
    Examples:
      pathway details correct PW-7K2M-X4TD-1 --field birth-date --to '9 March 2004' --reason 'The school looked.'
      pathway details correct PW-7K2M-X4TD --field agency --to 'Hill School' --reason 'Misheard.'
    """
    data = _typed(field, to, reason, taken_wrong=taken_wrong)
    with acting(by, lambda session: _about(session, ref)) as act:
        followed, told = _carried_out(act, ref.strip(), data)
    say_all(told)
    if followed.waits:
        say("Nothing has changed yet: late would become in time, so it waits for a second person.")
    else:
        say(f"Corrected: {followed.detail.words}, {ref.strip()}.")


@app.command()
def preview(ref: Ref, *, field: Field, to: To, reason: Why, taken_wrong: TakenWrong = False, by: By = "") -> None:
    """Say what would follow from a correction, and keep nothing.

    \b
    Example:
      pathway details preview PW-7K2M-X4TD --field received-at --to '27 3 2009 16:40' --reason 'The fax says so.'
    """
    data = _typed(field, to, reason, taken_wrong=taken_wrong)
    with rehearsing(by, lambda session: _about(session, ref)) as act:
        _, told = _carried_out(act, ref.strip(), data)
    say_all([*told, "Nothing has been kept: this was a preview."])


def _typed(field: str, to: str, reason: str, *, taken_wrong: bool) -> DetailInput:
    return inputs.parse(DetailInput, {"field": field, "value": to, "taken_wrong": taken_wrong, "reason": reason})


def _carried_out(act: Act, ref: str, data: DetailInput) -> tuple[Followed, list[str]]:
    followed = _correct(act, ref, data)
    closed = restriction_rows.closed_to(act.session, act.actor.username, now=act.now)
    return followed, list(followed_words.told(act.session, followed, closed))


def _about(session: ReadSession, ref: str) -> Shown:
    try:
        return shown_rows.shown(session, "referral", {"ref": ref.strip()})
    except NotFound:
        return shown_rows.of_contact(session, contact_of(session, ref).id)


def _correct(act: Act, ref: str, data: DetailInput) -> Followed:
    try:
        number = id_of(referral_rows.by_ref(act.session, ref))
    except NotFound:
        found = correcting_details.correct_contact(act, id_of(contact_of(act.session, ref)), data)
    else:
        found = correcting_details.correct_child(act, number, data)
    if found is None:
        raise NotFound(f"There is nothing to correct at {ref}.")
    return found


@app.command("list")
def listed(ref: ContactRef, *, by: By = "") -> None:
    """List what has been corrected of a contact, its referrer and its children.

    \b
    Example:
      pathway details list PW-7K2M-X4TD
    """
    with rehearsing(by, lambda session: _about(session, ref), what=f"corrections of {ref.strip()}") as act:
        contact = contact_of(act.session, ref)
        sees = visible_referrer.sees_protected(act.actor, act.book)
        children = {one.person_id for one in referral_rows.of_contact(act.session, id_of(contact))}
        changes = detail_view.changes(act.session, contact, children, sees=sees)
        names = record_rows.names(act.session)
        told = [line for change in changes for line in _kept(change, names)]
    say_all([*told, f"{counted(len(changes), 'correction')}."])


def _kept(change: detail_view.Change, names: Mapping[str, str]) -> Iterator[str]:
    one = change.line.correction
    yield f"{one.id}  {change.words}: {change.new or 'not known'}. It read: {change.old or 'nothing'}."
    yield f"    {times.at(one.made_at)}, {names.get(one.made_by, one.made_by)}: {one.reason}"


@app.command("waiting")
def waiting() -> None:
    """List the corrections that wait for a second person.

    \b
    Example:
      pathway details waiting
    """
    with looking("corrections that wait") as look:
        changes = [detail_view.change(line) for line in correction_rows.waiting(look.session)]
        shut = look.shut([change.line.contact.id for change in changes])
    for change in changes:
        one, contact = change.line.correction, change.line.contact
        about = "a restricted record" if contact.id in shut else f"contact {contact.ref}"
        say(f"{one.id}  {about}: received {change.new} instead of {change.old}, asked by {one.made_by}")
    say(f"{counted(len(changes), 'correction')}.")


@app.command("confirm")
def confirm(number: Number, *, reason: Why, by: By = "") -> None:
    """Confirm a correction by which late becomes in time; another person has asked for it.

    \b
    Example:
      pathway details confirm 3 --reason 'The fax bears the time.' --by service.manager
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting(by, lambda session: _about_correction(session, number)) as act:
        followed = second_person.confirm(act, number, data)
        told = list(followed_words.told(act.session, followed, ())) if followed else []
    say_all([*told, f"Confirmed: correction {number}."])


@app.command("refuse")
def refuse(number: Number, *, reason: Why, by: By = "") -> None:
    """Refuse a correction by which late would become in time: it stays as it was.

    \b
    Example:
      pathway details refuse 3 --reason 'The call is in the log of the telephone.' --by service.manager
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting(by, lambda session: _about_correction(session, number)) as act:
        second_person.refuse(act, number, data)
    say(f"Refused: correction {number}. It stays as it was.")


def _about_correction(session: ReadSession, number: int) -> Shown:
    return shown_rows.of_contact(session, correction_rows.get(session, number).contact_id)


@app.command("letters")
def letters() -> None:
    """List the letters that have left and say what was corrected since.

    \b
    Example:
      pathway details letters
    """
    with looking("letters to be corrected") as look:
        offers = correction_rows.overtaken_open(look.session)
        shut = look.shut([contact.id for _, _, contact in offers])
    for _, letter, contact in offers:
        about = "a restricted record" if contact.id in shut else f"contact {contact.ref}"
        say(f"{letter.id}  {letter.kind}, {about}, written {times.at(letter.written_at)}")
    say(f"{counted(len(offers), 'letter')}.")


@app.command("write")
def write(letter: LetterNumber, *, by: By = "") -> None:
    """Write the corrected letter in the place of one that has left; that one stays as it went.

    \b
    Example:
      pathway details write 12
    """
    with acting_on("letter", letter, by) as act:
        new = overtaken_letters.write(act, _offer(act.session, letter))
    say(f"Written: letter {new.id if new else letter}, {new.kind if new else 'already'}.")


@app.command("leave")
def leave(letter: LetterNumber, *, reason: Why, by: By = "") -> None:
    """Say why no other letter is needed in the place of one that has left.

    \b
    Example:
      pathway details leave 12 --reason 'They were told on the telephone, and need no letter.'
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting_on("letter", letter, by) as act:
        overtaken_letters.leave(act, _offer(act.session, letter), data)
    say(f"Recorded: letter {letter} stays as it went.")


def _offer(session: WriteSession, letter_id: int) -> int:
    offer = correction_rows.overtaken_of(session, letter_id)
    if offer is None:
        raise NotFound(
            f"No corrected letter is offered for letter {letter_id}; list them with: pathway details letters"
        )
    return id_of(offer)
