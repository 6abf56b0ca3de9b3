"""Nobody who is shut out reads a restricted child's or a protected referrer's name: every page, as every role."""

from __future__ import annotations

import re

import pytest
from sqlmodel import col, select

from pathway.engine import record_access
from pathway.engine.rulebooks import shipped
from pathway.web import needs
from pathway.web.needs import Open, Shows
from pathway.web.routes import ROUTES
from rules.books import parse
from rules.vocabulary import Action, Role
from storage.tables import Access
from support import desk, shut_out
from support.front_door import MANAGER, OFFICER, ROLES, person_in

BOOK = parse.parse(shipped.book_text("haringey-2009"), "haringey-2009")
SEES_PROTECTED = needs.roles_for(Action.SEE_PROTECTED, BOOK)
OFFICER_ROLE = Role.SCREENING_OFFICER
LISTS = [route for route in ROUTES if route.shows is Shows.LIST and route.method == "GET" and "{" not in route.path]


@pytest.fixture
def subjects(browser, mailbox):
    return shut_out.build(browser.door, mailbox)


@pytest.fixture
def browser(browser, mailbox):
    return desk.at(browser.door, mailbox=mailbox, no_paper=lambda: "No PDF here")


def addresses(route, subjects):
    """Each address of a route that leads to something about the child or the referrer; a list has one."""
    part = " and ".join(re.findall(r"\{(\w+)(?::int)?\}", route.path))
    if not part:
        return [route.path]
    known = subjects.of_child if route.method == "POST" else subjects.all
    kind = f"{part} of a {route.shows}" if part == "ref" else part
    assert kind in known, f"{route.path} is new: say in tests/support/shut_out.py what its {{{part}}} stands for"
    return [_filled(route.path, one if isinstance(one, tuple) else (one,)) for one in known[kind]]


def _filled(path, parts):
    given = iter(parts)
    return re.sub(r"\{\w+(:int)?\}", lambda _: str(next(given)), path)


def may(role, route):
    if isinstance(route.needs, Open):
        return route.needs is Open.SIGNED_IN
    return role in needs.roles_for(route.needs, BOOK)


def kept_from(role):
    words = () if person_in(role).username in shut_out.NAMED else shut_out.CHILD
    return (*words, *(() if role in SEES_PROTECTED else shut_out.REFERRER))


def read(browser, method, address):
    answer = browser.client.request(method, address, follow_redirects=False)
    return answer.status_code, f"{answer.text}{answer.headers}".casefold()


def leaks(browser, subjects, role):
    """What a role reads that is kept from it, of what the book opens to it; test_routes walks what it does not."""
    browser.sign_in(person_in(role))
    for route in [route for route in ROUTES if may(role, route)]:
        for address in addresses(route, subjects):
            _, text = read(browser, route.method, address)
            yield from (
                f"{role}: {route.method} {address}: {word}" for word in kept_from(role) if word.casefold() in text
            )


def test_no_page_names_a_restricted_child_or_a_protected_referrer_to_whoever_is_shut_out(browser, subjects):
    assert [leak for role in ROLES if kept_from(role) for leak in leaks(browser, subjects, role)] == []


def test_the_lists_name_them_to_whoever_may_know(browser, subjects):
    browser.sign_in(MANAGER)
    shown = "".join(read(browser, "GET", route.path)[1] for route in LISTS if may(Role.DUTY_MANAGER, route))
    assert [word for word in (*shut_out.CHILD, *shut_out.REFERRER) if word.casefold() not in shown] == []


def test_every_view_of_a_restricted_child_is_refused_and_each_refusal_is_on_record(browser, subjects):
    browser.sign_in(OFFICER)
    opened = [
        route
        for route in ROUTES
        if route.shows not in (Shows.NOTHING, Shows.LIST, Shows.DRAFT) and may(OFFICER_ROLE, route)
    ]
    found = [
        (address, read(browser, route.method, address)[0])
        for route in opened
        for address in addresses(route, subjects.only_child)
    ]
    assert {status for _, status in found} == {403}
    with browser.door.database.read() as session:
        refused = session.exec(
            select(Access).where(Access.username == OFFICER.username, col(Access.allowed).is_(False))
        )
        kept = {(row.what, row.reason) for row in refused}
    assert kept == {(route.title, record_access.CLOSED) for route in opened}


def test_no_search_finds_a_restricted_child_or_a_protected_referrer(browser, subjects):
    browser.sign_in(OFFICER)
    found, words = [], ("Zebedee", "Xanthopoulos", "Calliope", "Persephone")
    for route in [route for route in LISTS if may(OFFICER_ROLE, route)]:
        nothing = told(browser, route, "Nobodyhasthisname")
        found += [f"{route.path}: {word}" for word in words if told(browser, route, word) != nothing]
    assert found == []


def told(browser, route, word):
    """A list as it is found by a word, without the word and without what differs each time."""
    _, text = read(browser, "GET", f"{route.path}?q={word}")
    text = text.replace(word.casefold(), "")
    text = re.sub(r"(?<=/print-queue)\?q=\w*", "", text)  # the way back bears the words that were searched for before
    return re.sub(r"data-look=\S+|nonce=\S+|nonce-[\w-]+|value=\"[^\"]{16,}\"|headers\(.*", "", text)
