"""One request of one person: who it is, when, and the gate that lets them in or not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from fastapi import Depends, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pathway.engine import following, record_access
from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.children import breaking_glass
from pathway.engine.drafts import keeping
from pathway.engine.rulebooks import published_books
from pathway.engine.rulebooks.published_books import Published
from pathway.web import forms, menu, needs, rendering, sessions
from pathway.web.forms import Form
from pathway.web.kept import marks, typed_forms, way_back
from pathway.web.needs import Needs, Route
from pathway.web.services import Services
from pathway.web.views import danger_view, standing_view
from pathway.web.views.danger_view import Bar
from pathway.web.views.standing_view import Standing
from rules.errors import NotFound, Refused
from rules.rulebook import Rulebook
from rules.vocabulary import Action
from storage.queries import contact_rows, event_rows
from storage.queries.children import restriction_rows
from storage.sessions import Conflict, ReadSession
from storage.tables import Draft

T = TypeVar("T")
LONGEST_SEARCH = 200
NOBODY = Actor(username="", name="", roles=frozenset())


class SignInNeeded(Exception):
    """The page is for people who are signed in; sign in and come back, to ``kept`` where text was kept."""

    def __init__(self, kept: str = "") -> None:
        super().__init__(kept)
        self.kept = kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who asks, at which moment, under which rulebook; ``closed`` are the children whose record is closed to them.

    ``danger``: the bar of immediate danger, where this person may act on it.
    ``standing``: what everybody is told on every page for as long as it is so.
    """

    request: Request
    services: Services
    now: datetime
    actor: Actor = NOBODY
    published: Published | None = None
    closed: frozenset[int] = frozenset()
    danger: Bar = danger_view.SILENT
    standing: Sequence[Standing] = ()

    @property
    def signed_in(self) -> bool:
        """True when we know who it is."""
        return bool(self.actor.username)

    @property
    def book(self) -> Rulebook:
        """The council's rulebook as in force now."""
        if self.published is None:
            raise SignInNeeded
        return self.published.book

    @property
    def address(self) -> str:
        """The network address that the request came from."""
        return self.request.client.host if self.request.client else ""

    @property
    def menu(self) -> list[menu.Item]:
        """The menu entries that this person may open, by the route table."""
        table: Mapping[tuple[str, str], Route] = self.request.app.state.routes
        routes = ((table.get(("GET", path)), text) for path, text in menu.ITEMS)
        current = self.request.url.path
        return [
            menu.Item(path=route.path, text=text, here=menu.is_here(route.path, current))
            for route, text in routes
            if route is not None and self.may(route.needs) and self.has(route.path)
        ]

    def has(self, path: str) -> bool:
        """False for the mailbox where a real mail server is used, and for a first page where the board is that."""
        if path == "/home":
            return not self.begins_with_board
        return path != "/mailbox" or self.services.mailbox_directory is not None

    @property
    def begins_with_board(self) -> bool:
        """True where the board is the first page: for who works at the front door, and who may beside another role."""
        at_the_door = not self.actor.roles.isdisjoint(menu.AT_THE_DOOR) or len(self.actor.roles) > 1
        return at_the_door and self.may(menu.BOARD)

    @property
    def mailbox(self) -> Path:
        """The catcher's folder. Raises NotFound where a real mail server is used."""
        if self.services.mailbox_directory is None:
            raise NotFound("There is no mailbox here: letters go out through a real mail server.")
        return self.services.mailbox_directory

    @property
    def words(self) -> str:
        """What was searched for, as typed; empty where nothing was."""
        return self.request.query_params.get("q", "").strip()[:LONGEST_SEARCH]

    @property
    def look(self) -> int | None:
        """The number of this look in the access log; None where it is not kept there."""
        number: int | None = getattr(self.request.state, "look", (None, set()))[0]
        return number

    def showed(self, children: Collection[int]) -> None:
        """Names children in the access log whom this look shows, where it is kept; those who are closed are not."""
        known: set[int] = getattr(self.request.state, "look", (None, set()))[1]
        more = set(children) - known - self.closed
        if self.look is not None and more:
            record_access.showed(self.services.database, self.look, more)
            known |= more

    def shut(self, session: ReadSession, contact_ids: Collection[int | None]) -> frozenset[int]:
        """Those of the contacts on a list that are about a child closed to this person.

        The children of the others are named in the access log.
        """
        children = contact_rows.children_of(session, {number for number in contact_ids if number is not None})
        shut = frozenset(number for number, theirs in children.items() if theirs & self.closed)
        self.showed(frozenset().union(*(theirs for number, theirs in children.items() if number not in shut)))
        return shut

    def may(self, need: Needs) -> bool:
        """True when this person may do something; templates ask before they offer it."""
        return self.signed_in and needs.may(need, actor=self.actor, book=self.book)

    @property
    def may_break_glass(self) -> bool:
        """True for whoever may open a restricted record without being named."""
        published = self.published if self.signed_in else None
        return published is not None and breaking_glass.may_break(published, self.actor, now=self.now)

    @property
    def sees_protected(self) -> bool:
        """True when this person may see a referrer whose identity is not to be shared."""
        return self.may(Action.SEE_PROTECTED)

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """A read session; a page is rendered inside it."""
        with self.services.database.read() as session:
            yield session

    def change(self, work: Callable[[Act], T], token: str | None = None) -> T:
        """Does the request's work as one act in one transaction, committed before anything is sent. Then mail may go.

        ``token`` is that of the form: a second click with it does nothing.

        Two clicks at the same moment can meet in the database; the one that lost tries again and finds what the other
        has done.
        """
        try:
            done = self._once(work, token)
        except Conflict:
            done = self._once(work, token)
        self.services.wake_dispatcher()
        return done

    def took(self, token: str | None) -> bool:
        """True where a form with this token was taken already: a second click, or the way back and once more."""
        with self.reading() as session:
            return token is not None and event_rows.by_request(session, token) is not None

    def rehearse(self, work: Callable[[Act], T]) -> T:
        """Does the work as ``change`` does, and takes everything back. What is wanted of its rows must be copied."""
        with self.services.database.rehearse() as session:
            return work(Act(session, self.actor, self.now))

    def _once(self, work: Callable[[Act], T], token: str | None) -> T:
        if already := getattr(self.request.state, "already", ""):
            raise Refused([already])
        with following.acting(self.services.database, self.actor, now=self.now, token=token) as act:
            done = work(act)
            if self.draft is not None and keeping.end(act, self.draft.token):
                self.request.state.ended = True
            return done

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """The rendered page."""
        if self.keeps and isinstance(context.get("form"), Form):
            form = self._begun_anew(self.resumed(context["form"]))
            context["form"] = marks.given(self.services, form, self.actor.username, now=self.now)
        html, children = rendering.render(template, visit=self, **context)
        self.showed(children)
        return HTMLResponse(html, status_code=status)

    @property
    def keeps(self) -> bool:
        """True on a form whose text is kept until it is recorded."""
        return bool(getattr(self.request.state, "keeps", False)) and self.signed_in

    @property
    def draft(self) -> Draft | None:
        """The text that was kept of this form, None where there is none."""
        draft: Draft | None = getattr(self.request.state, "draft", None)
        return draft

    def resumed(self, form: Form) -> Form:
        """The form that is opened, with what this person typed into it before, where that was not recorded."""
        if not self.keeps or self.request.method != "GET" or self.draft is not None:
            return form
        with self.reading() as session:
            path, query = self.request.url.path, self.request.query_params
            draft = typed_forms.resumed(session, path, query, self.actor.username)
        self.request.state.draft = draft
        return typed_forms.form_of(draft) if draft is not None else form

    def _begun_anew(self, form: Form) -> Form:
        """Where one part of a form was recorded and another was not, what is left is a form of its own."""
        ended = getattr(self.request.state, "ended", False)
        return form.where(request_id=forms.new_token(), draft="0") if ended else form

    def go(self, path: str, *, notice: str = "") -> Response:
        """Sends the browser on to another page, which shows ``notice`` (a key of ``rendering.NOTICES``)."""
        return RedirectResponse(way_back.with_notice(path, notice), status_code=303)

    @property
    def back(self) -> str:
        """Where the bar of immediate danger leads back to: the page that is open, as far as it can be opened again."""
        return way_back.of(self.request, default="/alerts")


def arrive(request: Request) -> Visit:
    """Who asks; somebody who is not signed in where nobody is known."""
    services: Services = request.app.state.services
    now = services.clock()
    token = sessions.token_of(request, secret_key=services.secret_key)
    if token is None:
        return stranger(request)
    with services.database.read() as session:
        request.app.state.outage.is_over()
        actor = sessions.who(session, token, now=now)
        if actor is None:
            return stranger(request)
        standing = standing_view.standing(session, now=now)
        published = published_books.current(session, now=now)
        closed = restriction_rows.closed_to(session, actor.username, now=now)
        danger = danger_view.bar(session, actor, published.book, closed=closed, now=now)
    return Visit(
        request=request,
        services=services,
        now=now,
        actor=actor,
        published=published,
        closed=closed,
        danger=danger,
        standing=standing,
    )


def stranger(request: Request) -> Visit:
    """A visit of somebody who is not signed in, or of whom nobody knows who it is; no database is needed."""
    services: Services = request.app.state.services
    visit = Visit(request=request, services=services, now=services.clock())
    try:
        with visit.reading() as session:
            standing = standing_view.standing(session, now=visit.now)
    except Exception:  # noqa: BLE001 - whatever the database's driver raises: the page must open
        return visit
    return replace(visit, standing=[one.without_particulars for one in standing])


def here(request: Request) -> Visit:
    """The visit that the gate let in."""
    visit: Visit = request.state.visit
    return visit


Here = Annotated[Visit, Depends(here)]


def sign_in_path(request: Request, kept: str = "") -> str:
    """The sign-in page that leads back to where a GET wanted to go, or to the form whose text was kept."""
    if kept:
        return f"/sign-in?kept=yes&next={quote(kept, safe='')}"
    if request.method != "GET" and getattr(request.state, "keeps", False):
        return f"/sign-in?next={quote(request.url.path, safe='')}"  # there waits what was kept while it was typed
    if request.method != "GET" or request.url.path == "/":
        return "/sign-in"
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/sign-in?next={quote(wanted, safe='')}"
