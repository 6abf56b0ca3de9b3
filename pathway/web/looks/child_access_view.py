"""Who looked at one child, in words: on which page, in which list or search, by which letter, export or command."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from pathway.engine import record_access
from pathway.reports.cells import plain
from pathway.web import times, typed
from rules.errors import Fault, InvalidInput, NotFound
from rules.timing import zones
from storage.queries import child_access_rows
from storage.queries.child_access_rows import FIRST, LookAt, WantedLooks
from storage.sessions import ReadSession

PAGE, EXPORT = "access log of a child", "export of the access log of a child"
MOST_EXPORTED = 100_000
SIZES = (25, 50, 100)
DAY = timedelta(days=1)
# What the access log calls the pages that show many children, and letters; a test holds this against the routes.
LISTS = frozenset(
    {
        "access log",
        "acknowledge alerts",
        "alerts",
        "allocation list",
        "batch as PDF",
        "board",
        "bounces",
        "children judged again",
        "children referred onward",
        "corrections",
        "corrections that wait",
        "decisions that may not stand",
        "end a sign-in",
        "export of figures and children",
        "export of figures and children, Excel",
        "figures and children",
        "find",
        "home",
        "late without a reason",
        "let a worker go",
        "letters",
        "letters owed",
        "letters to be corrected",
        "mailbox",
        "my children",
        "outbox",
        "possible matches",
        "print a batch",
        "print from the browser",
        "print queue",
        "queries",
        "record a batch as posted",
        "restricted records",
        "screening list",
        "second looks",
        "to check in",
        "unfinished contacts",
        "what waits",
    }
)
LETTERS = frozenset(
    {
        "cancel message",
        "correct a letter",
        "excuse letter",
        "letter",
        "link of a letter",
        "message in the mailbox",
        "message in the outbox",
        "print letter",
        "printed letter",
        "record letter as posted",
        "record letter as returned",
        "retry message",
        "send new link to a letter",
        "withdraw link of a letter",
    }
)
COLUMNS = ("When", "Name", "User name", "What was shown", "Searched for", "Record", "Children shown", "Allowed", "Why")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks of the log, as typed: London days, both included, and a person's name or user name."""

    since: str = ""
    until: str = ""
    who: str = ""
    before: str = ""
    size: str = ""

    @property
    def limit(self) -> int:
        """How many looks a page has."""
        return typed.whole(self.size) if typed.whole(self.size) in SIZES else SIZES[1]


def wanted(session: ReadSession, person_id: int, asked: Asked, *, closed: Collection[int] = ()) -> WantedLooks:
    """What to read. ``closed``: records to which this child once belonged and that are closed to the reader stay so.

    Raises InvalidInput naming the field.
    """
    faults: list[Fault] = []
    since, until = _day("since", asked.since, faults), _day("until", asked.until, faults)
    if since and until and until < since:
        faults.append(Fault(place="until", problem="This is before the first day", remedy="Give a later one"))
    if faults:
        raise InvalidInput(faults)
    return WantedLooks(
        spans=[span for span in child_access_rows.spans(session, person_id) if span.person_id not in closed],
        since=_midnight(since) if since else None,
        until=_midnight(until + DAY) if until else None,
        usernames=child_access_rows.usernames(session, asked.who) if asked.who else None,
        before=typed.whole(asked.before) or FIRST,
    )


def _day(place: str, text: str, faults: list[Fault]) -> date | None:
    day = typed.day(text) if text.strip() else None
    if text.strip() and (day is None or day == date.max):
        faults.append(Fault(place=place, problem="This is not a date", remedy=typed.DAY_REMEDY))
    return day


def _midnight(day: date) -> datetime:
    return zones.localise(datetime.combine(day, time()), zones.LONDON)


def child_of(session: ReadSession, child: str) -> int:
    """The child by number or by a referral's reference. Raises NotFound."""
    found = child_access_rows.person_of(session, child.strip())
    if found is None:
        raise NotFound(f"There is no child or referral {child.strip()[:40]}; check the number or the reference.")
    return found


def what(look: LookAt) -> str:
    """What was shown, such as “List: screening list, among 12 children” or “Search: find”."""
    access = look.access
    name = access.what.removesuffix(f", {record_access.COMMAND}")
    title = name.removesuffix(" (form)")
    kind = _kind(title, is_search=bool(access.words))
    among = f", among {look.children} children" if look.children > 1 else ""
    by = f", {record_access.COMMAND}" if name != access.what or access.reason == record_access.PRINTED else ""
    as_one = ", when the record was also another child’s" if look.as_one else ""
    return f"{kind}: {name}{among}{by}{as_one}"


def _kind(title: str, *, is_search: bool) -> str:
    if is_search:
        return "Search"
    if title.startswith("export"):
        return "Export"
    if title in LISTS:
        return "List"
    return "Letter" if title in LETTERS else "Page"


def why(look: LookAt) -> str:
    """Why it was refused, or what else the log says of it; what ``what`` says already is left out."""
    return "" if look.access.reason == record_access.PRINTED else look.access.reason


def as_csv(looks: Iterable[LookAt]) -> str:
    """The looks for a spreadsheet: London times, and no cell that it would take for a formula."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for look in looks:
        access = look.access
        cells = (
            f"{times.local(access.at):%Y-%m-%d %H:%M:%S}",
            look.name,
            access.username,
            what(look),
            access.words,
            look.referral_ref or look.contact_ref,
            str(look.children),
            "yes" if access.allowed else "refused",
            why(look),
        )
        writer.writerow(plain(cell) for cell in cells)
    return file.getvalue()


def exported(session: ReadSession, wanted: WantedLooks) -> str:
    """All that was asked for as CSV, a hundred thousand looks at most; the last line says where there are more."""
    found = list(child_access_rows.all_looks(session, replace(wanted, before=FIRST), most=MOST_EXPORTED + 1))
    more = len(found) > MOST_EXPORTED
    text = as_csv(found[:MOST_EXPORTED])
    return text + "There are older looks: ask for an earlier last day.\r\n" if more else text
