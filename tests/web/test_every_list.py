"""Promise: every list is filtered, searched, sorted, paged, saved as a view and taken as a file, all in one way."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import openpyxl
import pytest
from sqlmodel import select

from pathway.engine.actors import Actor
from pathway.web.lists import which
from rules.vocabulary import Role
from storage.tables import Access, AccessChild, Contact, Referral
from support import many_lines, rows
from support.front_door import MANAGER, person_in
from support.listing_rows import LISTINGS
from support.many_lines import CHIEF, MANY, OTHER_SOURCE

SAM = Actor(username="sam.okoro", name="Sam Okoro", roles=frozenset({Role.SOCIAL_WORKER}))
OURS = f"source={OTHER_SOURCE}"
ONE = 7  # the child who is sought


@dataclass(frozen=True, kw_only=True)
class Case:
    """One list. ``filters``: queries and how many rows they leave; ``line``: the link by which a row is known.

    ``found``: how many rows the name of one child finds; ``about``: how many are about one child. ``sorts``: orders of
    which the second turns the first round, in each of the ``parts``; an empty one is the order as it comes.
    ``says_how_many``: the page says, as the file does, how many restricted records a file leaves out.
    """

    path: str
    line: str
    filters: Mapping[str, int]
    sorts: Sequence[str] = ("", "newest")
    who: Actor = MANAGER
    scene: str = "contacts"
    word: Callable[[Contact], str] = lambda _: many_lines.name(ONE)
    found: int = 1
    about: int = 1
    says_how_many: bool = True
    parts: Callable[[list[str]], object] = field(default=lambda _: 0)

    def __str__(self) -> str:
        return self.path


CASES = [
    Case(path="/referrals", line=r"/referrals/PW-[\w-]+", filters={OURS: 9, "mine=yes": 9}, sorts=("oldest", "newest")),
    Case(path="/letters", line=r"/letters/\d+", filters={OURS: 9}, sorts=("newest", "oldest")),
    Case(
        path="/alerts", line=r"/referrals/PW-[\w-]+", filters={"kind=new+information": 9}, sorts=(), says_how_many=False
    ),
    Case(
        path="/allocations",
        line=r"/referrals/PW-[\w-]+/allocate",
        filters={OURS: 9},
        sorts=(),
        who=person_in(Role.TEAM_MANAGER),
        scene="allocations",
    ),
    Case(
        path="/my-children",
        line=r"/referrals/PW-[\w-]+",
        filters={"q=" + many_lines.name(3): 1},
        sorts=("oldest", "newest"),
        who=SAM,
        scene="my children",
    ),
    Case(
        path="/matches",
        line=r"/matches/\d+",
        filters={OURS: 18, "mine=yes": 18, "state=received": MANY, "state=decided": 0},
        sorts=("newest", "oldest"),
        found=2,
        about=2,
    ),
    Case(
        path="/queries",
        line=r"/referrals/PW-[\w-]+",
        filters={OURS: 9, "mine=yes": 9, "about=nhs_number": 9, "about=nhs_number&about=school": MANY},
    ),
    Case(
        path="/why-late",
        line=r"/referrals/PW-[\w-]+/why-late",
        filters={OURS: 9, "mine=yes": 9, "duty=decision": MANY, "duty=conference": 0},
        sorts=("", "oldest"),
    ),
    Case(
        path="/check-in", line=r"/contacts/PW-[\w-]+/check-in", filters={OURS: 9, "unconfirmed=yes": 9, "danger=yes": 0}
    ),
    Case(
        path="/second-looks",
        line=r"/referrals/PW-[\w-]+/second-look",
        filters={OURS: 9, "late=yes": 9, "mine=yes": 9, "which=disputed": 0, "state=received&late=yes": 9},
        sorts=("oldest", "newest"),
    ),
    Case(
        path="/corrections",
        line=r"/contacts/PW-[\w-]+/receipt",
        filters={OURS: 9, "by-me=yes": 9, "which=letter": 0},
        word=lambda contact: contact.ref,
    ),
    Case(path="/decision-questions", line=r"/referrals/PW-[\w-]+/stands", filters={OURS: 9, "mine=yes": 9}),
    Case(
        path="/unfinished",
        line=r"/unfinished/\d+",
        filters={"danger=yes": 9, "mine=yes": 1, "opens=yes": MANY},
        word=lambda _: MANAGER.name,
        about=0,
        parts=lambda row: row[3] == "",
    ),
    Case(
        path="/restricted",
        line=r"/children/\d+/restrict",
        filters={"mine=yes": 9, "which=restricted": MANY, "which=broken": 0},
        sorts=("oldest", "newest"),
        who=CHIEF,
    ),
]
EVERY = pytest.mark.parametrize("case", CASES, ids=str)


@pytest.fixture
def desk(either, case):
    many_lines.SCENES[case.scene](either.door)
    return either.sign_in(case.who)


def address(case, query, more=""):
    asked = "&".join(part for part in (query, more) if part)
    return f"{case.path}?{asked}" if asked else case.path


def exported(desk, case, query=""):
    """The rows of the file, and what its last line says."""
    answer = desk.client.get(address(case, query).replace(case.path, f"{case.path}/export"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    _, *lines, (last, *_) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return lines, last


def listed(case, page):
    """The rows that a page shows, by their links."""
    return list(
        dict.fromkeys(link.partition("#")[0] for link in page.links if re.fullmatch(case.line, link.partition("#")[0]))
    )


def onward(page, place="after"):
    return next((link for link in page.links if f"{place}=" in link), "")


def sought(desk, case):
    with desk.door.database.read() as session:
        return case.word(rows.everything(session, Contact)[ONE])


def child(desk, number):
    with desk.door.database.read() as session:
        return rows.everything(session, Referral)[number]


def test_no_list_is_forgotten():
    assert {case.path for case in CASES} | {listing.path for listing in LISTINGS} == set(which.TITLES)


@EVERY
def test_a_filter_narrows_the_page_and_the_file_alike(desk, case):
    whole, _ = exported(desk, case)
    assert len(whole) == MANY
    for query, many in case.filters.items():
        lines, last = exported(desk, case, query)
        assert (query, len(lines)) == (query, many)
        assert last.startswith(f"{many} row")
        assert [row for row in whole if row in lines] == lines, query
        page = desk.open(address(case, query, "size=50"))
        assert len(listed(case, page)) == many, query
        assert address(case, query, "size=50") not in page.links  # each chip takes its filter away


@EVERY
def test_a_search_finds_and_a_name_that_nobody_has_finds_nothing(desk, case):
    word = sought(desk, case)
    lines, _ = exported(desk, case, f"q={word}")
    assert len(lines) == case.found
    assert len(listed(case, desk.open(address(case, f"q={word}")))) == case.found
    assert exported(desk, case, "q=Nobodyhasthisname")[0] == []
    desk.open(address(case, "q=Nobodyhasthisname"))
    assert desk.status == 200


@EVERY
def test_another_order_turns_the_list_round(desk, case):
    if not case.sorts:
        pytest.skip("It has one order: what is due soonest")
    one, other = (exported(desk, case, f"sort={sort}" if sort else "")[0] for sort in case.sorts)
    assert sorted(one) == sorted(other)
    one.reverse()
    assert sorted(one, key=case.parts) == other
    assert one[0] != one[-1]


@EVERY
def test_the_second_page_has_the_rest_and_none_twice(desk, case):
    first = desk.open(case.path)
    second = desk.open(onward(first))
    shown = listed(case, first), listed(case, second)
    assert [len(some) for some in shown] == [25, 2]
    assert len({*shown[0], *shown[1]}) == MANY
    assert (onward(second), bool(onward(first, "before"))) == ("", False)
    assert listed(case, desk.open(onward(second, "before"))) == shown[0]


@EVERY
def test_a_page_has_25_to_100_rows(desk, case):
    for size, many in {"50": MANY, "100": MANY, "25": 25, "7": 25, "1000000": 25}.items():
        assert (size, len(listed(case, desk.open(address(case, f"size={size}"))))) == (size, many)


@EVERY
def test_what_no_filter_offers_is_left_out(desk, case):
    shown = listed(case, desk.open(case.path))
    odd = "nonsense=1&sort=zzz&source=zzz&which=zzz&tab=zzz&about=zzz&kind=zzz&team=x&after=x.y&before=0.9"
    assert listed(case, desk.open(address(case, odd))) == shown
    assert desk.status == 200


@EVERY
def test_the_way_back_from_a_record_is_the_list_as_it_was_filtered(desk, case):
    filtered = address(case, next(iter(case.filters)), "size=50")
    desk.open(filtered)
    assert filtered in desk.open(f"/referrals/{child(desk, 1).ref}").links


@EVERY
def test_a_view_is_saved_and_opens_the_list_as_it_was(desk, case):
    query = next(iter(case.filters))
    page = desk.post("/views", list=case.path, query=query, name="What I want", request_id="one")
    assert "The view is saved" in page.words
    assert address(case, query) in desk.open(case.path).links
    assert 'aria-current="page">What I want' in (desk.open(address(case, query)) and desk.html)


@EVERY
def test_a_workbook_holds_what_the_csv_holds(desk, case):
    query = next(iter(case.filters))
    answer = desk.client.get(f"{case.path}/export?{query}&as=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    _, *lines, _ = ([cell or "" for cell in row] for row in book.active.iter_rows(values_only=True))
    assert lines == exported(desk, case, query)[0]


@EVERY
def test_a_restricted_record_is_in_no_file_and_their_number_is_said(desk, case):
    closed = child(desk, ONE)
    many_lines.shut(desk.door, closed.person_id, case.who)
    lines, last = exported(desk, case)
    assert len(lines) == MANY - case.about
    assert many_lines.name(ONE) not in str(lines)
    said = (
        f"{case.about} restricted record{' is' if case.about == 1 else 's are'} left out"
        if case.about
        else "No restricted"
    )
    assert said in last
    page = desk.open(case.path)
    assert said in page.words or not (case.about and case.says_how_many)
    assert many_lines.name(ONE) not in desk.html


@EVERY
def test_no_search_and_no_filter_finds_a_restricted_record(desk, case):
    closed, word = child(desk, ONE), sought(desk, case)
    many_lines.shut(desk.door, closed.person_id, case.who)
    if case.about and case.path != "/corrections":  # a contact is found by its reference by whoever knows that
        assert "estricted record" not in re.sub(
            r"No restricted|Restricted records", "", desk.open(address(case, f"q={word}")).words
        )


@EVERY
def test_a_file_is_in_the_access_log_with_each_child_in_it(desk, case):
    closed = child(desk, ONE)
    many_lines.shut(desk.door, closed.person_id, case.who)
    exported(desk, case)
    with desk.door.database.read() as session:
        look = session.exec(select(Access).order_by(Access.id.desc())).first()
        named = set(session.exec(select(AccessChild.person_id).where(AccessChild.access_id == look.id)))
    assert (look.username, look.what.startswith("export of")) == (case.who.username, True)
    assert len(named) == (MANY - 1 if case.about else 0)
    assert closed.person_id not in named
