"""What `pathway doctor` looks at, each check with a finding and, at a fault, a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from notifications import domains
from notifications.letters import paper
from notifications.notify import notify_channel
from notifications.notify.notify_service import NotifyService
from notifications.smtp import mailer
from notifications.smtp.mailer import MailServer
from pathway import settings as settings_of
from pathway.settings import Settings
from pathway.wiring import collecting_mail, database_checks, databases, proxy
from pathway.wiring.findings import Finding, fault, note, ok
from rules.errors import PathwayError
from rules.words import counted


def examine(settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Every check that can be made; those that need a ready database are left out where there is none."""
    yield _spelling()
    yield _mail_server(settings)
    yield _links(settings)
    if settings.base_url:
        yield _base_address(settings.address)
    yield _returned_mail(settings)
    yield _paper(settings)
    yield _letters(settings)
    yield _signs(settings)
    try:
        database = databases.open_existing(settings)
    except PathwayError as error:
        yield fault("database", str(error), "Check PATHWAY_DATABASE_URL.")
        return
    if database is None:
        yield fault(
            "database", f"There is none yet at {settings.place}", "Run `pathway migrate`, or start `pathway up`."
        )
        return
    try:
        yield from database_checks.examine(database, settings, now)
    finally:
        database.dispose()


def _spelling() -> Finding:
    if misspelt := settings_of.misspelt():
        return fault("settings", " ".join(misspelt), "Correct the names, or unset them.")
    return ok("settings", "Every PATHWAY_ variable is known")


def _mail_server(settings: Settings) -> Finding:
    if settings.notify is not None:
        return _notify(settings.notify)
    if not settings.mail_server:
        remedy = "`pathway up` keeps messages in its mailbox; name a server with PATHWAY_SMTP_URL to send them."
        return note("mail server", "None is named: no message leaves this machine", remedy)
    try:
        server = MailServer.from_url(settings.mail_server, policy=settings.tls_policy)
        answer = mailer.probe(server)
    except PathwayError as error:
        return fault("mail server", str(error), "Correct PATHWAY_SMTP_URL.")
    if not answer.accepted:
        return fault("mail server", str(answer), "Check that it runs, and that PATHWAY_SMTP_URL is right.")
    return ok("mail server", str(answer))


def _links(settings: Settings) -> Finding:
    if domains.EVERY in settings.secure:
        remedy = "Name those that are with PATHWAY_SECURE_DOMAINS."
        return note("links", "Every e-mail domain counts as secure", remedy)
    if settings.links_open:
        named = ", ".join(settings.secure) or "none"
        return ok("links", f"Secure domains: {named}; to others letters go as links to {settings.address}")
    remedy = "Set PATHWAY_BASE_URL to an address with https:// that they reach."
    found = f"Letters to domains that are not secure go as links to {settings.address}, which nobody outside can open"
    return fault("links", found, remedy) if settings.sends else note("links", found, remedy)


def _base_address(base: str) -> Finding:
    answered = proxy.ask(base)
    if answered.trouble:
        remedy = "Look from a desk: if it can't be opened there either, look at name, certificate and proxy."
        return note("address", f"{base} can't be asked from here ({answered.trouble})", remedy)
    if proxy.passes(base, answered.host):
        return ok("address", f"{base} leads here")
    found = f"{base} leads here, but as {answered.host or 'no Host'}: the proxy changes the Host"
    return note("address", found, proxy.ON_WITH_THE_HOST)


def _signs(settings: Settings) -> Finding:
    if settings.signs:
        return ok("signs of life", f"Each sweep and each sending is told to {urlsplit(settings.signs).hostname}")
    remedy = "Name an address of healthchecks, or of a service like it, in PATHWAY_PING_URL."
    return note("signs of life", "Nobody outside notices when Pathway stands still", remedy)


def _notify(service: NotifyService) -> Finding:
    answer = notify_channel.probe(service)
    if not answer.accepted:
        remedy = "Check the PATHWAY_NOTIFY_ variables, and the template at GOV.UK Notify."
        return fault("mail server", str(answer), remedy)
    return ok("mail server", str(answer))


def _paper(settings: Settings) -> Finding:
    if missing := paper.available():
        found, _, remedy = missing.partition(". ")
        if not settings.notify_letters:
            return note("paper", found, f"{remedy}. Until then the page Print queue prints from the browser.")
        return fault("paper", found, f"{remedy}. Until then letters for the post stay in the print queue.")
    if not settings.notify_letters:
        return ok("paper", "Letters can be printed as PDF")
    if settings.notify is None:
        remedy = "Set PATHWAY_NOTIFY_API_KEY as well, or unset PATHWAY_NOTIFY_LETTERS."
        return fault("paper", "GOV.UK Notify is to print letters, and is not set up", remedy)
    return ok("paper", f"Letters for the post are printed by {settings.notify}")


def _returned_mail(settings: Settings) -> Finding:
    if not settings.bounces:
        remedy = "Name a mailbox or a folder with PATHWAY_RETURNED_MAIL, or record by hand what comes back."
        return note("bounces", "No mailbox is named: letters that bounce are not noticed", remedy)
    try:
        return ok("bounces", f"{collecting_mail.look(settings.bounces)} can be read")
    except PathwayError as error:
        return fault("bounces", str(error), "Correct PATHWAY_RETURNED_MAIL, or mend what it names.")


def _letters(settings: Settings) -> Finding:
    if settings.letters is None:
        return ok("letters", "The shipped wording is used")
    try:
        texts = databases.own_letters(settings)
    except PathwayError as error:
        return fault("letters", str(error), "See `pathway letters check`.")
    return ok("letters", f"{counted(len(texts), 'file')} of the council's own in {settings.letters}")
