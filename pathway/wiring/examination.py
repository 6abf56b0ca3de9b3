"""What `pathway doctor` looks at, each check with a finding and, at a fault, a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from notifications import domains
from notifications.letters import paper
from notifications.notify import notify_channel
from notifications.notify.notify_service import NotifyService
from notifications.smtp import mailer
from notifications.smtp.mailer import MailServer
from pathway import settings as settings_of
from pathway.engine import record_openers
from pathway.engine.rulebooks import published_books
from pathway.engine.watch import heartbeats
from pathway.settings import EXAMPLE_COUNCIL, Settings
from pathway.wiring import collecting_mail, databases, pages_key, proxy
from rules.errors import PathwayError
from rules.rulebook import Rulebook
from rules.vocabulary import Role
from rules.words import counted
from storage import grants, migrate
from storage.queries import hold_rows, next_due_rows
from storage.queries.alerts import heartbeat_rows
from storage.sessions import Database, ReadSession
from storage.tables import Council

SILENT = timedelta(minutes=2)
STUCK = timedelta(minutes=15)
GRANT = "Run `pathway migrate` with the owner of the tables in PATHWAY_OWNER_URL"
TAKE_BACK = "Let the owner of the tables own schema and database too (ALTER SCHEMA, ALTER DATABASE ... OWNER TO)."
START = "Start `pathway up`, or `pathway worker` on PostgreSQL."


class Health(StrEnum):
    """How a check ended. A note is no fault, but somebody should know it."""

    OK = "OK"
    NOTE = "NOTE"
    FAULT = "FAULT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: what was looked at, what was found, what to do."""

    health: Health
    what: str
    found: str
    remedy: str = ""


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
        yield _fault("database", str(error), "Check PATHWAY_DATABASE_URL.")
        return
    if database is None:
        yield _fault(
            "database", f"There is none yet at {settings.place}", "Run `pathway migrate`, or start `pathway up`."
        )
        return
    try:
        yield from _database(database, settings, now)
    finally:
        database.dispose()


def _database(database: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        step = migrate.current(database)
    except PathwayError as error:
        yield _fault("database", str(error), "Then run `pathway doctor` again.")
        return
    yield _ok("database", database.place)
    if step != migrate.head():
        found = f"At step {step or 'nothing'}; this release needs {migrate.head()}"
        yield _fault("migrations", found, "Run `pathway migrate`.")
        return
    yield _ok("migrations", f"At step {step}")
    with database.read() as session:
        if database.dialect == "postgresql":
            yield _account(session)
            if grants.missing(session):
                return
        for check in (_clock, _pages_key, _rulebook, _calendar, _council, _people, _messages):
            try:
                yield check(session, settings, now)
            except PathwayError as error:
                yield _fault(check.__name__.strip("_"), f"It can't be looked at: {error}", "Mend the rulebook first.")
        for name in (heartbeats.SWEEP, heartbeats.DISPATCH):
            yield _heartbeat(session, name, now)


def _clock(session: ReadSession, _settings: Settings, _now: datetime) -> Finding:
    doubt = hold_rows.doubt(session)
    if doubt is None:
        return _ok("clock", "It is not in doubt")
    remedy = "Put it right, or where it is right say so: pathway clock accept. Until then nothing is judged or sent."
    return _fault("clock", doubt.because, remedy)


def _account(session: ReadSession) -> Finding:
    if missing := grants.missing(session):
        found = f"{grants.account(session)} lacks rights on {', '.join(missing)}"
        return _fault("account", found, f"{GRANT}.")
    if owned := grants.owned(session):
        found = f"{grants.account(session)} owns {counted(len(owned), 'table')}, and could rewrite the history"
        remedy = (
            f"Make an account that owns nothing, name it in PATHWAY_DATABASE_URL, and {GRANT[:1].lower()}{GRANT[1:]}."
        )
        return _fault("account", found, remedy)
    if too_much := grants.too_much(session):
        found = f"{grants.account(session)} {'; '.join(too_much)}, and could rewrite the history"
        return _fault("account", found, f"{TAKE_BACK} {GRANT}.")
    return _ok("account", f"{grants.account(session)} owns nothing here, and has what it needs")


def _ok(what: str, found: str) -> Finding:
    return Finding(health=Health.OK, what=what, found=found)


def _note(what: str, found: str, remedy: str) -> Finding:
    return Finding(health=Health.NOTE, what=what, found=found, remedy=remedy)


def _fault(what: str, found: str, remedy: str) -> Finding:
    return Finding(health=Health.FAULT, what=what, found=found, remedy=remedy)


def _spelling() -> Finding:
    if misspelt := settings_of.misspelt():
        return _fault("settings", " ".join(misspelt), "Correct the names, or unset them.")
    return _ok("settings", "Every PATHWAY_ variable is known")


def _mail_server(settings: Settings) -> Finding:
    if settings.notify is not None:
        return _notify(settings.notify)
    if not settings.mail_server:
        remedy = "`pathway up` keeps messages in its mailbox; name a server with PATHWAY_SMTP_URL to send them."
        return _note("mail server", "None is named: no message leaves this machine", remedy)
    try:
        server = MailServer.from_url(settings.mail_server, policy=settings.tls_policy)
        answer = mailer.probe(server)
    except PathwayError as error:
        return _fault("mail server", str(error), "Correct PATHWAY_SMTP_URL.")
    if not answer.accepted:
        return _fault("mail server", str(answer), "Check that it runs, and that PATHWAY_SMTP_URL is right.")
    return _ok("mail server", str(answer))


def _links(settings: Settings) -> Finding:
    if domains.EVERY in settings.secure:
        remedy = "Name those that are with PATHWAY_SECURE_DOMAINS."
        return _note("links", "Every e-mail domain counts as secure", remedy)
    if settings.links_open:
        named = ", ".join(settings.secure) or "none"
        return _ok("links", f"Secure domains: {named}; to others letters go as links to {settings.address}")
    remedy = "Set PATHWAY_BASE_URL to an address with https:// that they reach."
    found = f"Letters to domains that are not secure go as links to {settings.address}, which nobody outside can open"
    return _fault("links", found, remedy) if settings.sends else _note("links", found, remedy)


def _base_address(base: str) -> Finding:
    answered = proxy.ask(base)
    if answered.trouble:
        remedy = "Look from a desk: if it can't be opened there either, look at name, certificate and proxy."
        return _note("address", f"{base} can't be asked from here ({answered.trouble})", remedy)
    if proxy.passes(base, answered.host):
        return _ok("address", f"{base} leads here")
    found = f"{base} leads here, but as {answered.host or 'no Host'}: the proxy changes the Host"
    return _note("address", found, proxy.ON_WITH_THE_HOST)


def _signs(settings: Settings) -> Finding:
    if settings.signs:
        return _ok("signs of life", f"Each sweep and each sending is told to {urlsplit(settings.signs).hostname}")
    remedy = "Name an address of healthchecks, or of a service like it, in PATHWAY_PING_URL."
    return _note("signs of life", "Nobody outside notices when Pathway stands still", remedy)


def _notify(service: NotifyService) -> Finding:
    answer = notify_channel.probe(service)
    if not answer.accepted:
        remedy = "Check the PATHWAY_NOTIFY_ variables, and the template at GOV.UK Notify."
        return _fault("mail server", str(answer), remedy)
    return _ok("mail server", str(answer))


def _paper(settings: Settings) -> Finding:
    if missing := paper.available():
        found, _, remedy = missing.partition(". ")
        if not settings.notify_letters:
            return _note("paper", found, f"{remedy}. Until then the page Print queue prints from the browser.")
        return _fault("paper", found, f"{remedy}. Until then letters for the post stay in the print queue.")
    if not settings.notify_letters:
        return _ok("paper", "Letters can be printed as PDF")
    if settings.notify is None:
        remedy = "Set PATHWAY_NOTIFY_API_KEY as well, or unset PATHWAY_NOTIFY_LETTERS."
        return _fault("paper", "GOV.UK Notify is to print letters, and is not set up", remedy)
    return _ok("paper", f"Letters for the post are printed by {settings.notify}")


def _returned_mail(settings: Settings) -> Finding:
    if not settings.bounces:
        remedy = "Name a mailbox or a folder with PATHWAY_RETURNED_MAIL, or record by hand what comes back."
        return _note("bounces", "No mailbox is named: letters that bounce are not noticed", remedy)
    try:
        return _ok("bounces", f"{collecting_mail.look(settings.bounces)} can be read")
    except PathwayError as error:
        return _fault("bounces", str(error), "Correct PATHWAY_RETURNED_MAIL, or mend what it names.")


def _letters(settings: Settings) -> Finding:
    if settings.letters is None:
        return _ok("letters", "The shipped wording is used")
    try:
        texts = databases.own_letters(settings)
    except PathwayError as error:
        return _fault("letters", str(error), "See `pathway letters check`.")
    return _ok("letters", f"{counted(len(texts), 'file')} of the council's own in {settings.letters}")


def _rulebook(session: ReadSession, settings: Settings, now: datetime) -> Finding:
    council = session.get(Council, 1)
    if council is None:
        return _fault("rulebook", "None is chosen", "Run `pathway migrate`.")
    try:
        book = published_books.current(session, now=now).book
    except PathwayError as error:
        found, _, remedy = str(error).partition(". ")
        return _fault("rulebook", found, remedy or "Run `pathway migrate`.")
    if council.rulebook != settings.rulebook:
        found = f"The database runs by {council.rulebook}; this environment says {settings.rulebook}"
        return _note("rulebook", found, "PATHWAY_RULEBOOK counts when `pathway up` starts, or at `pathway migrate`.")
    return _ok("rulebook", f"{book.name} version {book.version}, in force since {book.effective_from:%d %B %Y}")


def _calendar(session: ReadSession, _settings: Settings, now: datetime) -> Finding:
    try:
        calendar = published_books.current(session, now=now).calendar
    except (PathwayError, LookupError):
        return _fault("calendar", "There is none", "Run `pathway migrate`.")
    following = now.year + 1
    known = sum(day.year == following for day in calendar.holidays)
    if not known or following > calendar.years[1]:
        found = f"The holidays of {following} are missing, so deadlines would fall on them"
        return _fault("calendar", found, "Publish a calendar version that knows them; see docs/operations.md.")
    return _ok("calendar", f"Knows the holidays of {following} ({known} days)")


def _council(session: ReadSession, settings: Settings, _now: datetime) -> Finding:
    council = session.get(Council, 1)
    name = council.name if council else EXAMPLE_COUNCIL
    if name != EXAMPLE_COUNCIL:
        return _ok("council", name)
    remedy = "Set PATHWAY_COUNCIL_NAME and the others of docs/operations.md, and start again."
    found = "Letters name an example council with an invented telephone number"
    return _fault("council", found, remedy) if settings.sends else _note("council", found, remedy)


def _pages_key(session: ReadSession, settings: Settings, now: datetime) -> Finding:
    others = pages_key.others(session, settings, now=now)
    if not others:
        return _ok("key", "All pages sign with one key")
    found = f"Pages were started with {counted(others, 'other key')} in the last day: people are signed out by turns"
    return _note("key", found, "Set the same PATHWAY_SECRET_KEY for every process, and for `pathway doctor`.")


def _people(session: ReadSession, _settings: Settings, now: datetime) -> Finding:
    if not next_due_rows.anybody(session):
        return _fault("people", "Nobody can sign in", "Add the first user: `pathway user add --help`.")
    needed = _roles_told(published_books.current(session, now=now).book)
    missing = sorted(needed - next_due_rows.roles_held(session))
    if missing:
        found = f"Nobody holds the role {', '.join(missing)}, so alerts pass over it to the next rung"
        return _fault("people", found, "Add people with `pathway user add ... --role ROLE`.")
    if problem := record_openers.opens_to_nobody(session, published_books.current(session, now=now).book):
        return _fault("people", problem, record_openers.REMEDY)
    return _ok("people", "Every role that alerts go to is held by somebody")


def _roles_told(book: Rulebook) -> frozenset[Role]:
    ladders = [clock.ladder for clock in book.clocks.values()] + [book.caseload.ladder]
    return frozenset(rung.role for ladder in ladders for rung in ladder.rungs)


def _messages(session: ReadSession, _settings: Settings, now: datetime) -> Finding:
    count, oldest = next_due_rows.queued(session)
    if oldest is not None and now - oldest > STUCK:
        minutes = (now - oldest) // timedelta(minutes=1)
        found = f"{counted(count, 'message')} waiting, the oldest for {counted(minutes, 'minute')}"
        return _fault("messages", found, f"See the mail server above. {START}")
    return _ok("messages", f"{count} waiting to be sent")


def _heartbeat(session: ReadSession, name: str, now: datetime) -> Finding:
    what = {heartbeats.SWEEP: "sweep", heartbeats.DISPATCH: "dispatch"}[name]
    beats = {heartbeat.name: heartbeat.beat_at for heartbeat in heartbeat_rows.heartbeats(session)}
    if name not in beats:
        return _fault(what, "It has never run", START)
    seconds = (now - beats[name]) // timedelta(seconds=1)
    if seconds > SILENT.total_seconds():
        return _fault(what, f"It last ran {counted(seconds, 'second')} ago", START)
    return _ok(what, f"It ran {counted(seconds, 'second')} ago")
