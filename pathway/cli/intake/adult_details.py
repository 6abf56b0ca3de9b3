"""``pathway details``: an adult whom a contact names corrected, or said to have been named by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from pathway.cli.acting_as import By, ContactRef, acting, contact_of, rehearsing
from pathway.cli.intake import followed_words
from pathway.cli.speech import say_all
from pathway.engine import inputs
from pathway.engine.act import Act
from pathway.engine.corrections import correcting_adults
from pathway.engine.corrections.kept_corrections import AdultDetailInput, Followed
from pathway.engine.referrers import visible_referrer
from pathway.web.views import detail_view
from rules.errors import NotFound
from rules.words import counted
from storage.queries import shown_rows
from storage.queries.children import adult_rows, restriction_rows
from storage.queries.children.adult_rows import Standing
from storage.queries.shown_rows import Shown
from storage.sessions import ReadSession, WriteSession
from storage.tables import Referral, id_of

Why = Annotated[str, typer.Option("--reason", help="Why it is corrected; it is kept.", show_default=False)]
Number = Annotated[int, typer.Argument(metavar="ADULT", help="The number, as listed.", min=1, max=2**31 - 1)]
Field = Annotated[str, typer.Option("--field", help="Which, such as phone, relation or mistake.", show_default=False)]
To = Annotated[str, typer.Option("--to", help="What is right; empty: not known.", show_default=False)]
Of = Annotated[str, typer.Option("--of", help="The child's reference, where it is one of each child.")]


def adults(ref: ContactRef, *, by: By = "") -> None:
    """List the adults whom a contact names, with the numbers by which they are corrected.

    \b
    Example:
      pathway details adults PW-7K2M-X4TD
    """
    about = f"adults of {ref.strip()}"
    with rehearsing(by, lambda session: _of_contact(session, ref), what=about) as act:
        contact = contact_of(act.session, ref)
        sees = visible_referrer.sees_protected(act.actor, act.book)
        found = [
            one
            for one in adult_rows.of_contact(act.session, id_of(contact))
            if sees or not correcting_adults.is_referrer(act.session, contact, one.number)
        ]
        told = [line for one in found for line in _lines(act.session, one)]
    say_all([*told, f"{counted(len(found), 'adult')}."])


def _of_contact(session: ReadSession, ref: str) -> Shown:
    return shown_rows.of_contact(session, contact_of(session, ref).id)


def _lines(session: WriteSession, adult: Standing) -> Iterator[str]:
    yield f"{adult.number}  {detail_view.adult_name(adult)}"
    for number, row in sorted(adult.relations.items()):
        yield f"    {session.get_one(Referral, number).ref}: {row.relation}"


def correct_adult(number: Number, *, field: Field, to: To = "", of: Of = "", reason: Why, by: By = "") -> None:
    """Correct a detail of an adult whom a contact names; with the field mistake the adult is taken off.

    Old and new value stay, with the reason. Where the adult is a child's mother, the child's record follows, its
    possible matches are judged again and letters that have not left are written anew.

    \b
    Examples:
      pathway details correct-adult 12 --field phone --to '020 7946 0123' --reason 'Misheard.'
      pathway details correct-adult 12 --field relation --to father --of PW-7K2M-X4TD-1 --reason 'The school says so.'
      pathway details correct-adult 12 --field mistake --reason 'She lives next door.'
    """
    data = _typed(field, to, of, reason)
    with acting(by, lambda session: _about(session, number)) as act:
        followed, told = _carried_out(act, number, data)
    say_all([*told, f"Corrected: {followed.detail.words}, adult {number}."])


def preview_adult(number: Number, *, field: Field, to: To = "", of: Of = "", reason: Why, by: By = "") -> None:
    """Say what would follow from a correction of an adult, and keep nothing.

    \b
    Example:
      pathway details preview-adult 12 --field surname --to Reed --reason 'As she spells it.'
    """
    data = _typed(field, to, of, reason)
    with rehearsing(by, lambda session: _about(session, number)) as act:
        _, told = _carried_out(act, number, data)
    say_all([*told, "Nothing has been kept: this was a preview."])


def _typed(field: str, to: str, of: str, reason: str) -> AdultDetailInput:
    return inputs.parse(AdultDetailInput, {"field": field, "value": to, "of": of, "reason": reason})


def _about(session: ReadSession, number: int) -> Shown:
    return shown_rows.shown(session, "adult", {"adult_id": number})


def _carried_out(act: Act, number: int, data: AdultDetailInput) -> tuple[Followed, list[str]]:
    followed = correcting_adults.correct(act, number, data)
    if followed is None:
        raise NotFound(f"There is nothing to correct of adult {number}.")
    closed = restriction_rows.closed_to(act.session, act.actor.username, now=act.now)
    return followed, list(followed_words.told(act.session, followed, closed))
