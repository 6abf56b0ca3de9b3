"""One thing that came back by e-mail, and how a person settles it."""

from __future__ import annotations

from starlette.responses import Response

from pathway.engine import inputs, record_access
from pathway.engine.post import information_by_email, returned_mail_outcomes
from pathway.engine.post.information_by_email import EmailInput
from pathway.engine.post.returned_mail_outcomes import BouncedLetterInput
from pathway.engine.referrers import visible_referrer
from pathway.web import forms, times, typed
from pathway.web.forms import Form, Posted
from pathway.web.kept import list_back
from pathway.web.lists import which
from pathway.web.views.post import returned_mail_view
from pathway.web.visit import Here, Visit
from rules.errors import InvalidInput, NotAllowed, Refused
from storage.queries import information_rows, record_rows
from storage.queries.children import restriction_rows
from storage.queries.letters import letter_rows, returned_mail_rows
from storage.queries.letters.letter_list_rows import LetterLine
from storage.tables import Contact

CHOOSE = "Choose the letter that came back, or find it first"


def one(visit: Here, bounce_id: int, q: str = "") -> Response:
    """One bounce, with the letters that it may be about."""
    return _bounce(visit, bounce_id, forms.fresh(), words=q.strip()[:200])


def match(visit: Here, bounce_id: int, form: Posted) -> Response:
    """Records that a letter came back; its duty is owed again."""
    try:
        data = _letter_of(form)
        _refuse_closed(visit, data.letter_id)
        visit.change(lambda act: returned_mail_outcomes.match(act, bounce_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _bounce(visit, bounce_id, form.refused(error), words=form.get("q"), status=error.status)
    return _back(visit, "bounce-returned")


def dismiss(visit: Here, bounce_id: int, form: Posted) -> Response:
    """Records that nothing follows from it, and why."""
    try:
        data = typed.reason(form)
        visit.change(lambda act: returned_mail_outcomes.dismiss(act, bounce_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _bounce(visit, bounce_id, form.refused(error), words="", status=error.status)
    return _back(visit, "bounce-dismissed")


def information(visit: Here, bounce_id: int, form: Posted) -> Response:
    """Takes an e-mail to the record of a contact: somebody has read it, and it counts from now."""
    try:
        data = inputs.parse(EmailInput, {"contact_ref": form.get("contact_ref")})
        _refuse_hidden(visit, bounce_id)
        visit.change(lambda act: information_by_email.take(act, bounce_id, data), token=form.token)
    except (InvalidInput, Refused) as error:
        return _bounce(visit, bounce_id, form.refused(error), words="", status=error.status)
    return _back(visit, "email-taken")


def _back(visit: Visit, notice: str) -> Response:
    """To the list as it was filtered."""
    return visit.go(list_back.to(visit.request, visit.actor.username, which.BOUNCES), notice=notice)


def _refuse_hidden(visit: Visit, bounce_id: int) -> None:
    """What somebody may not read they take to no record either: with another contact they could read it there."""
    with visit.reading() as session:
        eyes = returned_mail_view.eyes(session, sees=visit.sees_protected, closed=visit.closed)
        if why := eyes.view(session, returned_mail_rows.one(session, bounce_id)).why_hidden:
            raise NotAllowed(f"{why}: whoever may see what came takes it to a record.")


def _letter_of(form: Form) -> BouncedLetterInput:
    number = typed.whole(form.get("letter_id"))
    if not number:
        raise InvalidInput.of("letter_id", "No letter is chosen", CHOOSE)
    return inputs.parse(BouncedLetterInput, {"letter_id": number, "note": form.get("note")})


def _refuse_closed(visit: Visit, letter_id: int) -> None:
    with visit.reading() as session:
        contact_id = letter_rows.lock_contact_of(session, letter_id) or 0
        children = restriction_rows.children_of_contact(session, contact_id)
        record_access.require_open(session, visit.actor, children, now=visit.now)


def _bounce(visit: Visit, bounce_id: int, form: Form, *, words: str, status: int = 200) -> Response:
    with visit.reading() as session:
        sees, closed = visit.sees_protected, visit.closed
        line = returned_mail_rows.one(session, bounce_id)
        view = returned_mail_view.eyes(session, sees=sees, closed=closed).view(session, line)
        found = returned_mail_view.candidates(session, view, words=words, sees=sees, closed=closed)
        seen = [visible_referrer.letter_as_seen(letter, sees=sees) for letter in found]
        kept = information_rows.email(session, bounce_id)
        ref = session.get_one(Contact, kept.contact_id).ref if kept and kept.contact_id else ""
        return visit.page(
            "bounce.html",
            status=status,
            form=form if form.get("contact_ref") else form.where(contact_ref="" if view.why_hidden else ref),
            whole=information_by_email.words_of(kept.content) if kept and not view.why_hidden else "",
            may_be_taken=kept is not None and not view.why_hidden,
            view=view,
            words=words,
            letters=[(str(letter.letter.id), _title(letter), _when(letter)) for letter in seen],
            names=record_rows.names(session),
        )


def _title(line: LetterLine) -> str:
    return f"{line.letter.kind.capitalize()} for contact {line.contact.ref}"


def _when(line: LetterLine) -> str:
    address = line.letter.recipient_address.replace("\n", ", ")
    to = " ".join(filter(None, (line.letter.recipient_name, address)))
    return f"To {to}; left {times.at(line.handover.handed_over_at if line.handover else None)}"
