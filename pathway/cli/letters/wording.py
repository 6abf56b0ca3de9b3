"""``pathway letters check`` and ``preview``: the wording of letters, shipped or the council's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from jinja2 import TemplateError

from notifications.letters import letters, own_templates, samples
from pathway.cli import acting_as, opening
from pathway.cli.acting_as import By, contact_of
from pathway.cli.given import one_of
from pathway.cli.speech import note, say
from pathway.engine import record_access
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.decisions import previewing
from pathway.engine.decisions.previewing import Preview
from pathway.engine.letters.writing import Addressee, Said
from pathway.engine.referrers import visible_referrer
from pathway.engine.rulebooks import published_books
from pathway.settings import Settings
from rules.errors import InvalidInput
from rules.messages import LETTERS, MessageKind
from rules.vocabulary import Reader
from rules.words import counted
from storage.clock import utc_now
from storage.queries import referral_rows, shown_rows
from storage.queries.letters import template_rows
from storage.sessions import Database, ReadSession, WriteSession
from storage.tables import Contact, Referral, id_of

Written = TypeVar("Written")
CHECK = "Look with `pathway letters check`"
KINDS = tuple(kind.replace(" ", "-") for kind in MessageKind if kind in LETTERS)
REFERRERS = (Reader.PROFESSIONAL, Reader.PUBLIC)
Folder = Annotated[
    Path | None, typer.Argument(metavar="[FOLDER]", help="The council's own templates; PATHWAY_LETTERS if none.")
]
Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"One of: {', '.join(KINDS)}.", show_default=False)]
Referrer = Annotated[str, typer.Option("--referrer", help="professional or public; not with --ref.")]
Ref = Annotated[str, typer.Option("--ref", help="A real contact or referral, in place of invented facts.")]
Html = Annotated[Path | None, typer.Option("--html", help="Write the HTML part into this file.")]


def check(folder: Folder = None) -> None:
    """Check a folder of letter templates, and name every fault at once.

    Without a folder, and where PATHWAY_LETTERS names none, it checks the shipped ones. Exit code 2 when something is
    wrong.

    \b
    Examples:
      pathway letters check
      pathway letters check own-letters
    """
    place = folder or opening.load().letters
    texts = own_templates.read(place) if place else {}
    own_templates.require(texts)
    if not place:
        say("The shipped letters are in order.")
    elif texts:
        say(f"{counted(len(texts), 'file')} in {place}: in order. The shipped ones stand beside them.")
    else:
        say(f"There is no file in {place}: the shipped letters are used.")


def preview(kind: Kind, *, referrer: Referrer = "", ref: Ref = "", html: Html = None, by: By = "") -> None:
    """Print a letter as it would be written, from invented facts or from a real contact. Nothing is kept or sent.

    Templates are those of the folder that PATHWAY_LETTERS names, then the shipped ones. With --ref it is kept in the
    access log that you looked, and a protected referrer is not named.

    \b
    Examples:
      pathway letters preview outcome --referrer public
      pathway letters preview acknowledgement --ref PW-7K2M-X4TD --html letter.html
    """
    wanted = MessageKind(one_of(kind, KINDS, "KIND", f"There is no letter {kind!r}").replace("-", " "))
    settings = opening.load()
    found = (
        _real(wanted, ref.strip(), referrer, settings, by=by) if ref.strip() else _sample(wanted, referrer, settings)
    )
    say(f"Subject: {found.subject}")
    say(f"Template: {found.template_version}")
    if found.recipient_address:
        way, address = "by e-mail" if found.by_email else "by post", found.recipient_address.replace("\n", ", ")
        say(f"To: {found.recipient_name}, {way} to {address}")
    say()
    say(found.text.rstrip())
    if html is not None:
        _save(html, found.html)


def _reader(kind: MessageKind, referrer: str) -> Reader:
    if kind is MessageKind.PARENTS:
        return Reader.PARENT
    problem = f"There is no letter for a referrer who is {referrer!r}"
    return one_of(referrer.strip() or Reader.PROFESSIONAL, REFERRERS, "--referrer", problem)


def _sample(kind: MessageKind, referrer: str, settings: Settings) -> Preview:
    templates = own_templates.templates(own_templates.read(settings.letters) if settings.letters else {})
    council = letters.CouncilFacts(
        name=settings.council_name,
        team_name=settings.council_team_name,
        telephone=settings.council_telephone,
        out_of_hours_telephone=settings.council_out_of_hours_telephone,
        email=settings.council_email,
        address=settings.council_address,
        complaints=settings.council_complaints,
    )
    facts = samples.facts(kind, council=council)
    text = _filled(lambda: letters.write(kind, _reader(kind, referrer), facts, templates=templates))
    return Preview(subject=text.subject, text=text.text, html=text.html, template_version=text.template_version)


def _real(kind: MessageKind, ref: str, referrer: str, settings: Settings, *, by: str) -> Preview:
    if referrer:
        raise InvalidInput.of("--referrer", "The contact says what kind of referrer it is", "Leave one of the two out")
    with opening.existing_database(settings) as database:
        with database.read() as session:
            contact, child = _found(session, ref)
            actor = acting_as.actor(session, by)
            # Whoever reads this may be anybody at this machine: only a person named, with the right, is told more.
            sees = bool(by.strip()) and visible_referrer.sees_protected(
                actor, published_books.current(session, now=utc_now()).book
            )
            about = shown_rows.of_contact(session, id_of(contact))
            shown = replace(about, subjects=[(id_of(contact), child.id if child else None)])
        record_access.open_record(
            database,
            actor,
            "letter previewed, on the command line",
            shown,
            now=utc_now(),
        )
        texts = own_templates.read(settings.letters) if settings.letters else None
        return _filled(lambda: _rehearsed(database, kind, ref, actor=actor, sees=sees, texts=texts))


def _found(session: ReadSession | WriteSession, ref: str) -> tuple[Contact, Referral | None]:
    contact = contact_of(session, ref)
    child = [one for one in referral_rows.of_contact(session, contact.id or 0) if one.ref == ref]
    return contact, child[0] if child else None


def _rehearsed(
    database: Database, kind: MessageKind, ref: str, *, actor: Actor, sees: bool, texts: Mapping[str, str] | None
) -> Preview:
    typed = samples.facts(kind)
    with database.rehearse() as session:
        contact, child = _found(session, ref)
        to = None
        if kind is MessageKind.PARENTS:
            to = Addressee(name=typed.recipient_name)
        elif visible_referrer.hidden(contact, sees=sees):
            to = Addressee(name=visible_referrer.PROTECTED)
        if texts is not None:
            template_rows.replace(session, texts)
        said = Said(asked_for=typed.asked_for, next_steps=typed.next_steps)
        return previewing.of_contact(Act(session, actor, utc_now()), contact, kind, child=child, said=said, to=to)


def _filled(write: Callable[[], Written]) -> Written:
    """What a template gives; one that can't be filled in is a fault of the folder. Raises InvalidInput."""
    try:
        return write()
    except TemplateError as error:
        raise InvalidInput.of("PATHWAY_LETTERS", f"A template can't be filled in: {error}", CHECK) from error


def _save(place: Path, html: str) -> None:
    try:
        place.write_text(html, encoding="utf-8")
    except OSError as error:
        raise InvalidInput.of("--html", f"{place} can't be written: {error.strerror}", "Name another file") from error
    note(f"The HTML part is in {place}.")
