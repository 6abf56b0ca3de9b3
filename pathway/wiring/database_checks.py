"""What `pathway doctor` looks at in the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pathway.engine import record_openers
from pathway.engine.rulebooks import published_books
from pathway.engine.staff import account_changes, held
from pathway.engine.watch import heartbeats, installations
from pathway.settings import EXAMPLE_COUNCIL, Settings
from pathway.wiring import pages_key
from pathway.wiring.findings import Finding, fault, note, ok
from rules.errors import PathwayError
from rules.rulebook import Rulebook
from rules.vocabulary import Role
from rules.words import counted
from storage import grants, migrate
from storage.queries import hold_rows, next_due_rows
from storage.queries.alerts import heartbeat_rows
from storage.queries.staff import staff_rows
from storage.sessions import Database, ReadSession
from storage.tables import Council

SILENT = timedelta(minutes=2)
STUCK = timedelta(minutes=15)
GRANT = "Run `pathway migrate` with the owner of the tables in PATHWAY_OWNER_URL"
TAKE_BACK = "Let the owner of the tables own schema and database too (ALTER SCHEMA, ALTER DATABASE ... OWNER TO)."
START = "Start `pathway up`, or `pathway worker` on PostgreSQL."


def examine(database: Database, settings: Settings, now: datetime) -> Iterator[Finding]:
    """Every check of a database; those that need it to be ready are left out where it is not."""
    try:
        step = migrate.current(database)
    except PathwayError as error:
        yield fault("database", str(error), "Then run `pathway doctor` again.")
        return
    yield ok("database", database.place)
    if step != migrate.head():
        found = f"At step {step or 'nothing'}; this release needs {migrate.head()}"
        yield fault("migrations", found, "Run `pathway migrate`.")
        return
    yield ok("migrations", f"At step {step}")
    with database.read() as session:
        if database.dialect == "postgresql":
            yield _account(session)
            if grants.missing(session):
                return
        yield _installation(database, session)
        for check in (_clock, _pages_key, _rulebook, _calendar, _council, _people, _messages):
            try:
                yield check(session, settings, now)
            except PathwayError as error:
                yield fault(check.__name__.strip("_"), f"It can't be looked at: {error}", "Mend the rulebook first.")
        for name in (heartbeats.SWEEP, heartbeats.DISPATCH):
            yield _heartbeat(session, name, now)


def _installation(database: Database, session: ReadSession) -> Finding:
    if why := installations.why_copied(database, session):
        found = f"This is a copy. {why}. Nothing is judged, sent or collected"
        return fault("installation", found, "Where the original runs no more, and this is to act for it: pathway adopt")
    return ok("installation", "The database is where it was last used")


def _clock(session: ReadSession, _settings: Settings, _now: datetime) -> Finding:
    doubt = hold_rows.doubt(session)
    if doubt is None:
        return ok("clock", "It is not in doubt")
    remedy = "Put it right, or where it is right say so: pathway clock accept. Until then nothing is judged or sent."
    return fault("clock", doubt.because, remedy)


def _account(session: ReadSession) -> Finding:
    if missing := grants.missing(session):
        found = f"{grants.account(session)} lacks rights on {', '.join(missing)}"
        return fault("account", found, f"{GRANT}.")
    if owned := grants.owned(session):
        found = f"{grants.account(session)} owns {counted(len(owned), 'table')}, and could rewrite the history"
        remedy = (
            f"Make an account that owns nothing, name it in PATHWAY_DATABASE_URL, and {GRANT[:1].lower()}{GRANT[1:]}."
        )
        return fault("account", found, remedy)
    if too_much := grants.too_much(session):
        found = f"{grants.account(session)} {'; '.join(too_much)}, and could rewrite the history"
        return fault("account", found, f"{TAKE_BACK} {GRANT}.")
    return ok("account", f"{grants.account(session)} owns nothing here, and has what it needs")


def _rulebook(session: ReadSession, settings: Settings, now: datetime) -> Finding:
    council = session.get(Council, 1)
    if council is None:
        return fault("rulebook", "None is chosen", "Run `pathway migrate`.")
    try:
        book = published_books.current(session, now=now).book
    except PathwayError as error:
        found, _, remedy = str(error).partition(". ")
        return fault("rulebook", found, remedy or "Run `pathway migrate`.")
    if council.rulebook != settings.rulebook:
        found = f"The database runs by {council.rulebook}; this environment says {settings.rulebook}"
        return note("rulebook", found, "PATHWAY_RULEBOOK counts when `pathway up` starts, or at `pathway migrate`.")
    return ok("rulebook", f"{book.name} version {book.version}, in force since {book.effective_from:%d %B %Y}")


def _calendar(session: ReadSession, _settings: Settings, now: datetime) -> Finding:
    try:
        calendar = published_books.current(session, now=now).calendar
    except (PathwayError, LookupError):
        return fault("calendar", "There is none", "Run `pathway migrate`.")
    following = now.year + 1
    known = sum(day.year == following for day in calendar.holidays)
    if not known or following > calendar.years[1]:
        found = f"The holidays of {following} are missing, so deadlines would fall on them"
        return fault("calendar", found, "Publish a calendar version that knows them; see docs/operations.md.")
    return ok("calendar", f"Knows the holidays of {following} ({known} days)")


def _council(session: ReadSession, settings: Settings, _now: datetime) -> Finding:
    council = session.get(Council, 1)
    name = council.name if council else EXAMPLE_COUNCIL
    if name != EXAMPLE_COUNCIL:
        return ok("council", name)
    remedy = "Set PATHWAY_COUNCIL_NAME and the others of docs/operations.md, and start again."
    found = "Letters name an example council with an invented telephone number"
    return fault("council", found, remedy) if settings.sends else note("council", found, remedy)


def _pages_key(session: ReadSession, settings: Settings, now: datetime) -> Finding:
    others = pages_key.others(session, settings, now=now)
    if not others:
        return ok("key", "All pages sign with one key")
    found = f"Pages were started with {counted(others, 'other key')} in the last day: people are signed out by turns"
    return note("key", found, "Set the same PATHWAY_SECRET_KEY for every process, and for `pathway doctor`.")


def _people(session: ReadSession, _settings: Settings, now: datetime) -> Finding:
    if not next_due_rows.anybody(session):
        return fault("people", "Nobody can sign in", "Add the first user: `pathway user add --help`.")
    needed = _roles_told(published_books.current(session, now=now).book)
    missing = sorted(needed - next_due_rows.roles_held(session))
    if missing:
        found = f"Nobody holds the role {', '.join(missing)}, so alerts pass over it to the next rung"
        return fault("people", found, "Add people with `pathway user add ... --role ROLE`.")
    if problem := record_openers.opens_to_nobody(session, published_books.current(session, now=now).book):
        return fault("people", problem, record_openers.REMEDY)
    if problem := held.by_who_left(session):
        return fault("people", problem, held.BY_WHO_LEFT_REMEDY)
    if not staff_rows.holders(session, Role.ADMINISTRATOR):
        return fault("people", "Nobody is an administrator", account_changes.NO_ADMINISTRATOR)
    return ok("people", "Every role that alerts go to is held by somebody")


def _roles_told(book: Rulebook) -> frozenset[Role]:
    ladders = [clock.ladder for clock in book.clocks.values()] + [book.caseload.ladder]
    return frozenset(rung.role for ladder in ladders for rung in ladder.rungs)


def _messages(session: ReadSession, _settings: Settings, now: datetime) -> Finding:
    count, oldest = next_due_rows.queued(session)
    if oldest is not None and now - oldest > STUCK:
        minutes = (now - oldest) // timedelta(minutes=1)
        found = f"{counted(count, 'message')} waiting, the oldest for {counted(minutes, 'minute')}"
        return fault("messages", found, f"See the mail server above. {START}")
    return ok("messages", f"{count} waiting to be sent")


def _heartbeat(session: ReadSession, name: str, now: datetime) -> Finding:
    what = {heartbeats.SWEEP: "sweep", heartbeats.DISPATCH: "dispatch"}[name]
    beats = {heartbeat.name: heartbeat.beat_at for heartbeat in heartbeat_rows.heartbeats(session)}
    if name not in beats:
        return fault(what, "It has never run", START)
    seconds = max(0, (now - beats[name]) // timedelta(seconds=1))  # it may have run since this look began
    if seconds > SILENT.total_seconds():
        return fault(what, f"It last ran {counted(seconds, 'second')} ago", START)
    return ok(what, f"It ran {counted(seconds, 'second')} ago")
