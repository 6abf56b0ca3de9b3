"""Every form of the pages, filled in as nobody sane would: found in the HTML, sent as a role that may send it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from inspect import signature
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from sqlalchemy import select

from pathway.engine.actors import Actor
from pathway.engine.children import breaking_glass, restricting
from pathway.engine.watch import clock_doubts
from pathway.web import needs, sessions
from pathway.web.needs import Open, Route
from pathway.web.routes import ROUTES
from storage.tables import metadata
from support import (
    added,
    board,
    bounced,
    corrections,
    desk,
    hands,
    late,
    links,
    matching,
    printed_letters,
    saved,
    second_thoughts,
    sent_from_outside,
    shut_out,
    splitting,
    unfinished,
)
from support.front_door import MANAGER, ROLES, FrontDoor, person_in

# Forms that stand on a page of another address than the one they are sent to.
STANDS_ON = {
    "/sign-out": "/rulebook",
    "/contacts/{ref}/details": "/contacts/{ref}/details?field=concern_facts",
    "/referrals/{ref}/details": "/referrals/{ref}/details?field=surname",
    "/adults/{adult_id:int}": "/adults/{adult_id:int}?field=phone",
    "/contacts/{ref}/danger/withdraw": "/contacts/{ref}/danger",
    "/contacts/{ref}/unsafe/lift": "/contacts/{ref}/unsafe",
    "/contacts/{ref}/identity/share": "/contacts/{ref}/identity",
    "/referrals/{ref}/transfer/accept": "/referrals/{ref}/transfer",
    "/referrals/{ref}/transfer/refuse": "/referrals/{ref}/transfer",
    "/reports/weekly": "/reports?period=yesterday",
    "/contacts/{ref}/on-it": "/board",
    "/contacts/{ref}/on-it/back": "/board?show=danger",
    "/alerts/{alert_id:int}/acknowledge": "/alerts",
    "/alerts/acknowledge": "/alerts",
    "/views": "/referrals?state=received",
    "/views/{view_id:int}/delete": "/views",
    "/alerts/{alert_id:int}/take-on": "/rulebook",
    "/letters/{letter_id:int}/returned": "/letters/{letter_id:int}",
    "/letters/{letter_id:int}/link/revoke": "/letters/{letter_id:int}/link",
    "/letters/{letter_id:int}/link/renew": "/letters/{letter_id:int}/link",
    "/matches/{match_id:int}/merge": "/matches/{match_id:int}",
    "/queries/{query_id:int}": "/queries",
    "/print-queue/{batch_id:int}/posted": "/print-queue",
    "/outbox/{message_id:int}/retry": "/outbox/{message_id:int}",
    "/outbox/{message_id:int}/cancel": "/outbox/{message_id:int}",
    "/bounces/{bounce_id:int}/returned": "/bounces/{bounce_id:int}",
    "/bounces/{bounce_id:int}/dismiss": "/bounces/{bounce_id:int}",
    "/bounces/{bounce_id:int}/information": "/bounces/{bounce_id:int}",
    "/broken-glass/{broken_id:int}/review": "/restricted",
}
# Which table's rows a part of an address numbers.
NUMBERED = {
    "letter_id": "letter",
    "adult_id": "named_adult",
    "match_id": "proposed_match",
    "merge_id": "person_merge",
    "message_id": "message",
    "bounce_id": "bounce",
    "alert_id": "alert",
    "query_id": "record_query",
    "person_id": "person",
    "user_id": "app_user",
    "team_id": "team",
    "worker_id": "worker",
    "batch_id": "print_batch",
    "broken_id": "glass_broken",
    "draft_id": "draft",
    "view_id": "saved_view",
}
ODD = (
    "",
    " \t\n",
    "x" * 600,
    "x" * 100_001,
    "9" * 20,
    "9" * 5000,
    "-1",
    "1e400",
    "NaN",
    "1.5",
    "0x10",
    "²",
    "٣",
    "\U0001d7d9",
    "2147483648",
    "9223372036854775808",
    "[" * 3000,
    "(" * 3000 + "1" + ")" * 3000,
    '{"a":' * 3000,
    "31 2 2009",
    "0 0 0",
    "1 1 0001",
    "31 12 9999",
    "9999-12-31",
    "0001-01-01",
    "31 12 2500",
    "24:00",
    "25:61",
    "00:00",
    "9" * 20 + ":00",
    "Łukasz \u202e\u200b😀 \u2028\ufeff",
    "\x01\x1b[31m\x7f\x85",
    "\x00",
    "\ud800",
    "ﷺ" * 300,
    "<script>alert(1)</script>",
    "'; DROP TABLE contact; --",
    "../../etc/passwd",
    "{{ 7*7 }} %s {0} {name}",
    "=HYPERLINK(1)",
    "ada@" + "x" * 300 + ".example.org",
    "Ada <ada@b@c>, eve@example.org",
    "SE1 63EF",
    "true",
    "null",
    "one\r\ntwo\rthree\n",
)
ODD_NAMES = (
    "",
    ".",
    "..",
    "a" * 3000,
    ".".join("a" * 3000),
    "children",
    "children.0",
    "children.x",
    "children." + "9" * 5000 + ".surname",
    "children.0" + ".0" * 3000,
    "child.²",
    "children.².forename",
)
ODD_PARTS = ("0", "-1", "9" * 20, "9" * 5000, "NOPE", "%00", "%ff", "é", "a%2Fb", "x" * 3000)
PLAUSIBLE = (
    ("email", "ada@school.example.org"),
    ("_time", "10:05"),
    ("quiet", "22:00"),
    ("digest", "08:30"),
    ("due", "1 9 2009"),
    ("date", "25 3 2009"),
    ("_on", "25 3 2009"),
    ("_at", "25 3 2009"),
    ("received", "25 3 2009"),
    ("postcode", "N17 9AA"),
    ("address", "28 Muswell Hill Broadway, London N17 9UD"),
    ("full_time", "0.5"),
)


@dataclass(slots=True)
class Control:
    """One field of a form: what stands in it, and what can be chosen."""

    name: str
    value: str = ""
    options: list[str] = field(default_factory=list)

    def plausible(self, dice: random.Random) -> str:
        """What somebody sane might send."""
        if self.options:
            return dice.choice(self.options)
        if self.value:
            return self.value
        return next((value for part, value in PLAUSIBLE if part in self.name), "Words that somebody typed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A form as a role has it before it."""

    route: Route
    actor: Actor | None
    action: str
    controls: Sequence[Control]


class _Forms(HTMLParser):
    """Every posting form of a page with all its controls, the options that are not chosen too."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms, self._select = path, [], None  # type: ignore[var-annotated]
        self._inert = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._inert += tag == "template"
        if self._inert:
            return
        if tag == "form":
            posts = told.get("method", "get").lower() == "post"
            self.forms.append((told.get("action") or self.path, {}) if posts else None)
        elif self.forms and self.forms[-1] is not None and tag in {"input", "textarea", "select", "button", "option"}:
            self._control(tag, told, self.forms[-1][1])

    def handle_endtag(self, tag: str) -> None:
        self._inert -= tag == "template"

    def _control(self, tag: str, told: Mapping[str, str], controls: dict[str, Control]) -> None:
        if tag == "option":
            if self._select is not None:
                self._select.options.append(told.get("value", ""))
            return
        name = told.get("name", "")
        if not name:
            return
        control = controls.setdefault(name, Control(name))
        self._select = control if tag == "select" else self._select
        if tag == "button" or told.get("type") in {"radio", "checkbox", "submit"}:
            control.options.append(told.get("value", "on"))
        elif tag == "input":
            control.value = told.get("value", "")


def forms_on(html: str, path: str) -> list[tuple[str, list[Control]]]:
    """The posting forms of a page: where each goes, and its controls."""
    reader = _Forms(path)
    reader.feed(html)
    return [(form[0], list(form[1].values())) for form in reader.forms if form]


class Fuzzed:
    """A front door with something behind every form, and the forms that it has."""

    def __init__(self, door: FrontDoor, mailbox: Path, seed: int) -> None:
        self.dice = random.Random(seed)
        self._link, self._standing = _fill(door, mailbox)
        self.desk = desk.at(door, mailbox=mailbox, no_paper=lambda: "No PDF here", notify_token="t" * 30)
        self._cookies = {role: self._cookie(role) for role in ROLES}
        stage = door.database.stage  # type: ignore[attr-defined]
        self._rows = stage.taken()
        self._put: Callable[[Any], None] = stage.put
        self._numbers = self._numbered()
        self._seen: dict[tuple[Actor | None, str], list[tuple[str, list[Control]]]] = {}

    def _cookie(self, role: Any) -> str:
        return str(self.desk.sign_in(person_in(role)).client.cookies[sessions.COOKIE])

    def _numbered(self) -> dict[str, list[Any]]:
        with self.desk.door.database.read() as session:
            connection = session.connection()
            rows = {
                part: [
                    row.id
                    for row in connection.execute(metadata.tables[table].select().order_by(metadata.tables[table].c.id))
                ]
                for part, table in NUMBERED.items()
            }
            for table in ("contact", "referral"):
                rows[table] = [row[0] for row in connection.execute(select(metadata.tables[table].c.ref))]
        return rows

    def _as(self, actor: Actor | None) -> None:
        self.desk.client.cookies.clear()
        if actor is not None:
            (role,) = actor.roles
            self.desk.client.cookies.set(sessions.COOKIE, self._cookies[role])

    def _addresses(self, path: str, sent_to: str) -> list[str]:
        part = "".join(re.findall(r"\{(\w+)(?::int)?\}", path))
        if not part:
            return [path]
        if sent_to in self._standing:
            return [_with(path, self._standing[sent_to])]
        kind = ("referral" if path.startswith("/referrals") else "contact") if part == "ref" else part
        return [_with(path, one) for one in self._numbers.get(kind, [self._link])]

    def find(self, route: Route, may: Callable[[Any, Route], bool]) -> Found | None:
        """The form that is sent to a route, with the most fields, on the first pages that have one."""
        takes = re.compile(re.sub(r"\{\w+:int\}", r"\\d+", re.sub(r"\{(ref|token|name)\}", "[^/]+", route.path)))
        actors: list[Actor | None] = (
            [None] if route.path in {"/sign-in", "/l/{token}", "/refer", "/refer/confirm/{token}"} else []
        )
        for actor in [*actors, *(person_in(role) for role in ROLES if may(role, route))]:
            for address in self._addresses(STANDS_ON.get(route.path, route.path), route.path):
                forms = [form for form in self._forms(actor, address) if takes.fullmatch(form[0])]
                if forms:
                    action, controls = max(forms, key=lambda form: len(form[1]))
                    return Found(route=route, actor=actor, action=action, controls=controls)
        return None

    def _forms(self, actor: Actor | None, address: str) -> list[tuple[str, list[Control]]]:
        if (actor, address) not in self._seen:
            self._as(actor)
            answer = self.desk.client.get(address)
            self._seen[actor, address] = forms_on(answer.text, address) if answer.status_code < REFUSED else []
        return self._seen[actor, address]

    def send(self, found: Found, count: int) -> Iterator[str]:
        """Sends a form so often, odd each time; yields what went wrong."""
        self._as(found.actor)
        for _ in range(count):
            action, body = self._odd(found)
            status, trouble = self._asked("POST", action, content=body, headers=HEADERS)
            if trouble:
                yield f"POST {action[:80]} {body[:300]!r}: {trouble}"
            if status == SEE_OTHER:
                self._put(self._rows)

    def look(self, route: Route, actor: Actor | None, count: int) -> Iterator[str]:
        """Asks for a page so often, with an odd address or odd words in it; yields what went wrong."""
        self._as(actor)
        names = [name for name in signature(route.handler).parameters if name not in {"visit", "form"}]
        for _ in range(count):
            part = self.dice.choice(ODD_PARTS) if self.dice.random() < 0.5 else self._addresses(route.path, "")[0]
            path = _with(route.path, part) if "{" in route.path else route.path
            odd = "&".join(f"{name}={_quoted(self.dice.choice(ODD)).decode()[:20_000]}" for name in names)
            status, trouble = self._asked("GET", f"{path}?{odd}")
            if trouble or status == 0:
                yield f"GET {path[:80]} {odd[:300]}: {trouble}"

    def _asked(self, method: str, address: str, **more: Any) -> tuple[int, str]:
        try:
            status = self.desk.client.request(method, address, follow_redirects=False, **more).status_code
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            return 0, f"{type(error).__name__}: {str(error)[:300]} {_where(error)}"
        return status, str(status) if status >= FAULT else ""

    def _odd(self, found: Found) -> tuple[str, bytes]:
        dice = self.dice
        pairs = [(control.name, control.plausible(dice)) for control in found.controls if dice.random() < 0.9]
        for control in dice.sample(found.controls, min(len(found.controls), dice.choice((0, 1, 1, 2, 5)))):
            name, odd = control.name, dice.choice(ODD)
            if dice.random() < 0.8:
                pairs = [pair for pair in pairs if pair[0] != name]
            pairs.append((name, odd))
        if dice.random() < 0.15:
            pairs.append((dice.choice(ODD_NAMES), dice.choice(ODD)))
        action = found.action
        if "{" in found.route.path and dice.random() < 0.05:
            action = _with(found.route.path, dice.choice(ODD_PARTS))
        return action, b"&".join(_quoted(name) + b"=" + _quoted(value) for name, value in pairs)


SEE_OTHER, REFUSED, FAULT = 303, 400, 500
HEADERS = {"content-type": "application/x-www-form-urlencoded"}


def _with(path: str, part: object) -> str:
    """The address of a route with this in its one variable part."""
    return re.sub(r"\{\w+(:int)?\}", str(part), path)


def _quoted(text: str) -> bytes:
    return quote_plus(text, errors="surrogatepass").encode("ascii")


def _where(error: BaseException) -> str:
    place, trace = "", error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "site-packages" not in name and "/tests/" not in name:
            place = f"{name.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _fill(door: FrontDoor, mailbox: Path) -> tuple[str, dict[str, str]]:
    """Something behind every form; returns the token of a letter's link, and whose pages have which forms."""
    uma, signs = hands.social_worker(door, "Uma Reid")
    other, _ = hands.social_worker(door, "Nia Cole", team=hands.add_team(door, "Children in need"))
    held, moving = (door.allocate(one, uma) for one in hands.awaiting(door, "Held", "Moving"))
    hands.propose(door, moving, other, by=signs)
    matching.every_page(door)
    second_thoughts.every_page(door)
    splitting.every_page(door)
    corrections.every_page(door)
    added.every_page(door)
    printed_letters.every_page(door)
    for number in range(20):
        unfinished.begin(door, token=f"token {number}", ago=unfinished.LONG_AGO)
    shut_out.build(door, mailbox)
    for number in range(20):
        saved.view(door, f"View {number}")
    bounced.take(door, bounced.person(door))
    door.log("Unsafe", unsafe_to_contact=True, identity_protected=True)
    board.take(door, door.log("Endangered", immediate_danger=True))
    door.decide(*door.referrals(door.log("Nowhere", referrer_email="", source_code="3A")))
    door.sweep()
    guarded, secret = (_restricted(door, name) for name in ("Guarded", "Secret"))
    with door.acting(MANAGER) as act:
        breaking_glass.break_glass(act, guarded, breaking_glass.GlassInput(reason="He is on his way to the school."))
    _, letter = links.one_by_link(door)
    sent = sent_from_outside.send(door, "Sent")
    tardy = late.decided_in_danger(door)
    _doubt(door)
    return links.token_in(links.message_with(door, letter)), {
        "/referrals/{ref}/transfer": held.ref,
        "/referrals/{ref}/transfer/accept": moving.ref,
        "/referrals/{ref}/transfer/refuse": moving.ref,
        "/referrals/{ref}/milestone": held.ref,
        "/referrals/{ref}/why-late": tardy.ref,
        "/children/{person_id:int}/break-glass": str(secret),
        "/contacts/{ref}/check-in": sent.ref,
        "/refer/confirm/{token}": sent_from_outside.link_in(sent_from_outside.receipt(door, sent)),
    }


def _doubt(door: FrontDoor) -> None:
    read = clock_doubts.Reading(wall=door.now, counted=timedelta(hours=1), boot="first", machine="a")
    with door.database.write() as session:
        clock_doubts.begin(session, read, because="The clock of a went wrong", trusted_at=door.now, reckoned=True)


def _restricted(door: FrontDoor, name: str) -> int:
    (referral,) = door.referrals(door.log(name))
    with door.acting(shut_out.SERVICE_MANAGER) as act:
        restricting.restrict(act, referral.person_id, restricting.RestrictionInput(reason="Own family."))
    return referral.person_id


def may(role: Any, route: Route, book: Any) -> bool:
    """True where a role may send the form of a route."""
    if isinstance(route.needs, Open):
        return route.needs is not Open.CALL_BACK
    return role in needs.roles_for(route.needs, book)


# What the script of every form sends stands on no page; tests/web/test_drafts.py sends odd things there.
OF_SCRIPTS = ("/drafts", "/drafts/drop", "/contacts/known")
POSTS = [
    route
    for route in ROUTES
    if route.method == "POST" and route.needs is not Open.CALL_BACK and route.path not in OF_SCRIPTS
]
