"""The map of the pages: every route is declared, and opens to those whom the rulebook names and to nobody else."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlmodel import select
from starlette.testclient import TestClient

from pathway.engine.rulebooks import published_books, shipped
from pathway.web import needs
from pathway.web.app import create_app
from pathway.web.needs import Open, Shows
from pathway.web.routes import ROUTES
from rules.books import parse
from rules.vocabulary import Action, Role
from storage.tables import Access
from support import added, bounced, matching, printed_letters, unfinished
from support.front_door import ROLES, person_in

BOOK = parse.parse(shipped.book_text("haringey-2009"), "haringey-2009")
OF_THE_ADMINISTRATOR = {
    "/people",
    "/people/new",
    "/people/{user_id:int}",
    "/people/{user_id:int}/leave",
    "/workers/{worker_id:int}/leave",
    "/teams/new",
    "/teams/{team_id:int}",
    "/workers/new",
    "/workers/{worker_id:int}",
    "/settings",
}
# For whoever is worried about a child; nothing of a record stands there.
OUTSIDE = {
    "/worried",
    "/refer",
    "/refer/received/{token}",
    "/refer/confirm/{token}",
    "/accessibility",
    "/privacy",
    "/help",
}
OF_THE_WORKER = {"/my-children", "/my-children/export"}
ITSELF = "/board/changes"  # names in the access log by itself whom it shows, once a visit
OUTBOX = tuple(
    f"/outbox{below}" for below in ("", "/export", *(f"/{{message_id:int}}{act}" for act in ("", "/retry", "/cancel")))
)
GUARDED = [route for route in ROUTES if not isinstance(route.needs, Open)]


HEAD = person_in(Role.HEAD_OF_SERVICE)


def named(route):
    return f"{route.method} {route.path}"


def address(route, contact):
    ref = f"{contact.ref}-1" if route.shows is Shows.REFERRAL else contact.ref
    path = route.path.replace("{ref}", ref).replace("{name}", "20090326T100000.000000Z-000001.eml")
    return re.sub(r"\{\w+:int\}", "1", path)


def test_every_route_of_the_app_is_on_the_map(browser):
    app = browser.client.app
    assert isinstance(app, FastAPI)
    found = {(method, route.path) for route in app.routes if isinstance(route, APIRoute) for method in route.methods}
    assert found == {(route.method, route.path) for route in ROUTES}


def test_a_route_that_is_not_on_the_map_is_refused_to_everybody(browser):
    app = create_app(browser.client.app.state.services)  # of its own: the route must not stay for other tests
    app.get("/forgotten")(lambda: "a child's record")
    browser.client = TestClient(app)
    page = browser.sign_in(person_in(Role.HEAD_OF_SERVICE)).open("/forgotten")
    assert browser.status == 403
    assert "in no route table" in page.words


def test_whoever_is_not_signed_in_sees_only_sign_in_and_health(browser):
    contact = browser.door.log()
    opened = []
    for route in ROUTES:
        browser.client.request(route.method, address(route, contact))
        answer = browser.client.request(route.method, address(route, contact), follow_redirects=False)
        if answer.headers.get("location", "").split("?")[0] != "/sign-in":
            opened.append(named(route))
    links = ["GET /l/{token}", "POST /l/{token}"]
    outside = [named(route) for route in ROUTES if route.path in OUTSIDE]
    assert opened == ["GET /health", "GET /sign-in", "POST /sign-in", "POST /notify/status", *links, *outside]


def answers(browser, actor, contact, routes=GUARDED):
    browser.sign_in(actor)
    for route in routes:
        yield route, browser.client.request(route.method, address(route, contact), follow_redirects=False).status_code


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_the_rulebook_allows_and_every_look_and_refusal_is_written_down(browser, role):
    found = list(answers(browser, person_in(role), browser.door.log()))
    for route, status in found:
        assert (status != 403) == (role in needs.roles_for(route.needs, BOOK)), named(route)
    records = [(route.title, status) for route, status in found if route.shows is not Shows.NOTHING]
    if (ITSELF, 200) in [(route.path, status) for route, status in found]:
        records.insert(1, ("board", 200))  # right after the board itself, as it was asked for without a visit
    with browser.door.database.read() as session:
        kept = [(row.what, row.allowed, row.username) for row in session.exec(select(Access).order_by(Access.id))]
    assert kept == [(title, status != 403, person_in(role).username) for title, status in records]


@pytest.mark.needs("pdf")
def test_every_page_opens_on_either_database(either):
    mia, maya = matching.child(either.door, "Mia"), matching.child(either.door, "Miah")
    matching.merge(either.door, mia, maya)
    contact = matching.contact_of(either.door, mia)
    bounced.take(either.door, bounced.person(either.door))
    added.add(either.door, contact, ("scan.pdf", added.PDF))
    printed_letters.print_all(either.door, printed_letters.letter(either.door, "Zoe"))
    unfinished.begin(either.door, ago=unfinished.LONG_AGO)
    either.door.log("Noah", adults=[{"forename": "Ann", "relation": "mother"}])
    closed = OF_THE_ADMINISTRATOR | OF_THE_WORKER
    pages = [route for route in GUARDED if route.method == "GET" and route.path not in closed]
    missing = {route.path for route, status in answers(either, HEAD, contact, pages) if status != 200}
    # A contact that did not come from outside is not checked in: its page leads to the contact.
    # The page of whoever may not open what they logged leads everybody else to the contact.
    assert missing == {"/mailbox/{name}", "/mailbox/{name}/html", "/contacts/{ref}/logged", "/contacts/{ref}/check-in"}


def test_pages_without_a_childs_record_are_few():
    silent = {route.path for route in GUARDED if route.shows is Shows.NOTHING}
    glass = {"/children/{person_id:int}/break-glass", "/broken-glass/{broken_id:int}/review", "/contacts/{ref}/logged"}
    of_people = {path for path in OF_THE_ADMINISTRATOR if not path.endswith("/leave")}  # the rest names no child
    # Whom the form of a contact shows beside a row is written down with what was typed into the row, on the page
    # itself.
    glass |= {"/contacts/known", "/contacts/referrers"}
    numbers = {f"/reports{more}" for more in ("", "/print", "/csv", "/xlsx", "/timeliness")}
    assert silent == {"/contacts/new", "/danger-banner", ITSELF, *numbers, *glass, *of_people}


def test_an_administrator_opens_people_books_settings_and_outbox_and_no_childs_record():
    opened = {route.path for route in GUARDED if Role.ADMINISTRATOR in needs.roles_for(route.needs, BOOK)}
    assert opened == OF_THE_ADMINISTRATOR | {*OUTBOX}


def test_an_auditor_changes_nothing():
    posts = [route for route in GUARDED if route.method == "POST"]
    assert [named(route) for route in posts if Role.AUDITOR in needs.roles_for(route.needs, BOOK)] == []


def test_every_action_that_a_page_asks_for_is_in_every_shipped_book():
    asked = {route.needs for route in ROUTES if isinstance(route.needs, Action)}
    for name in shipped.shipped_books():
        assert asked <= set(parse.parse(shipped.book_text(name), name).permissions)


def test_an_administrator_is_led_to_what_an_administrator_may_open(browser):
    browser.sign_in(person_in(Role.ADMINISTRATOR)).open("/")
    assert (browser.status, browser.path) == (200, "/home")
    assert {"/people", "/settings"} <= set(browser.open("/rulebook").links)


def test_the_menu_offers_only_what_opens(browser):
    page = browser.sign_in(person_in(Role.SOCIAL_WORKER)).open("/")
    assert "/contacts/new" not in page.links
    assert "/access-log" not in page.links
    assert "/letters" in page.links


def test_the_book_of_the_council_decides(browser):
    with browser.door.database.read() as session:
        assert published_books.current(session, now=browser.door.now).book.permissions == BOOK.permissions
