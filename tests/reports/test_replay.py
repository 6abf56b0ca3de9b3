"""A proposed book on the imported month: it shows what would differ, writes nothing and sends nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest

from pathway.engine.rulebooks import published_books, shipped
from pathway.reports import replay, replay_out
from pathway.reports.replay import Proposal, Replay
from rules.books import parse
from rules.books import replay as core
from rules.vocabulary import ClockState, EventKind, NotApplicable
from storage.queries.reports import replay_rows
from storage.sessions import Database, ReadOnly
from storage.tables import Clock, Referral
from support import rows as all_rows
from support import untouched, whole
from support.front_door import FrontDoor, london
from support.old_system import AUTUMN, Month

CALENDAR = parse.parse_calendar(shipped.calendar_text("england"), "england")


def proposal(*changes: tuple[str, str], **more) -> Proposal:
    """The shipped book with some of its text replaced."""
    text = shipped.book_text("haringey-2009")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return Proposal(book=parse.parse(text, "proposed"), book_calendar=CALENDAR, **more)


def run(database: Database, what: Proposal, start: str = "2009-03-01", end: str = "2009-03-31") -> Replay:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    with database.read() as session:
        return replay.run(session, what, start=first, end=last, now=AUTUMN)


def test_under_its_own_book_the_month_goes_as_it_went(sample_month: Month) -> None:
    found = run(sample_month[0], proposal())
    assert found.referrals > 700
    assert (found.differ, found.failed) == ([], {})
    assert all(week.own == week.new for week in found.weeks.values())
    assert list(replay_out.as_text(found))[-1] == "No difference."


def test_the_own_side_is_what_the_engine_made_of_the_month(sample_month: Month) -> None:
    with sample_month[0].read() as session:
        numbers = {referral.id: referral.ref for referral in all_rows.everything(session, Referral)}
        kept = {
            (numbers[clock.referral_id], clock.kind, clock.round): _kept(clock)
            for clock in all_rows.everything(session, Clock)
        }
        replayed = dict(_replayed(session))
    assert {key: kept[key] for key in replayed} == replayed
    assert len(replayed) == len(kept)


def _kept(clock: Clock) -> tuple[object, bool]:
    if clock.state == ClockState.NOT_APPLICABLE:
        return None, False
    late = clock.due_at <= AUTUMN if clock.stopped_at is None else clock.breached_at is not None
    return clock.due_at, late


def _replayed(session):
    chooser = replay._Chooser(session, proposal())
    ids = replay_rows.referral_ids(session, start=london("2009-01-01 00:00"), end=AUTUMN)
    for stored in replay_rows.stored(session, ids, beside=replay.BESIDE):
        for duty in core.run(replay._case(stored), chooser.terms(stored)[0], as_at=AUTUMN) if stored.clocks else ():
            yield (stored.ref, duty.kind, duty.round), (duty.due_at, duty.breached)


@pytest.mark.usefixtures("socket_disabled")
def test_a_replay_writes_no_row_and_no_file_and_opens_no_connection(sqlite_month: Month, tmp_path) -> None:
    database = sqlite_month[0]
    run(database, proposal())  # whatever is imported or cached is there now
    before, files_before = whole.contents(database), untouched.snapshot(tmp_path.parent)
    with untouched.files() as written:
        found = run(database, proposal(('limit     = "24 hours"', 'limit = "12 hours"')))
        list(replay_out.as_text(found))
        json.dumps(replay_out.as_json(found))
    assert written == []
    assert untouched.snapshot(tmp_path.parent) == files_before
    assert whole.contents(database) == before
    assert found.differ


def test_the_session_that_it_reads_with_refuses_to_write(sqlite_database: Database) -> None:
    with pytest.raises(ReadOnly), sqlite_database.read() as session:
        session.add(Clock())


def test_files_that_are_written_in_a_block_are_seen(tmp_path) -> None:
    with untouched.files() as written:
        (tmp_path / "trace").write_text("x")
    assert written == [f"open {tmp_path / 'trace'}"]


def test_a_shorter_limit_is_late_more_often_and_every_total_adds_up(sqlite_month: Month) -> None:
    found = run(sqlite_month[0], proposal(('limit     = "24 hours"', 'limit = "12 hours"')))
    weeks = found.weeks.values()
    assert sum(week.new.breaches for week in weeks) > sum(week.own.breaches for week in weeks)
    assert sum(week.differ for week in weeks) == len(found.differ)
    assert sum(week.referrals for week in weeks) == found.referrals - found.no_clocks
    for side in ("own", "new"):
        alerts = sum(count for (_, told, what), count in found.roles.items() if (told, what) == (side, "alerts"))
        assert alerts == sum(getattr(week, side).alerts for week in weeks)
    assert {change.kind for one in found.differ for change in one.changes} == {"decision"}


def test_only_a_warning_moved_differs_in_warnings_alone(sqlite_month: Month) -> None:
    found = run(sqlite_month[0], proposal(('"2 hours before", role = "duty', '"3 hours before", role = "duty')))
    assert found.differ
    for change in (change for one in found.differ for change in one.changes):
        assert (change.own.due_at, change.own.alerts) == (change.new.due_at, change.new.alerts)


def test_another_calendar_moves_what_counts_by_the_office_hours(sqlite_month: Month) -> None:
    text = shipped.calendar_text("england").replace('closed = ["england"]', 'closed = ["england", "2009-03-18"]')
    found = run(sqlite_month[0], proposal(calendar=parse.parse_calendar(text, "ours")), "2009-03-17", "2009-03-17")
    kinds = {change.kind for one in found.differ for change in one.changes if change.own.due_at != change.new.due_at}
    assert "allocation" in kinds
    assert not {"decision", "feedback"} & kinds


def test_only_what_was_received_in_the_period_is_replayed(sample_month: Month) -> None:
    whole_month = run(sample_month[0], proposal())
    day = run(sample_month[0], proposal(), "2009-03-10", "2009-03-10")
    assert 0 < day.referrals < whole_month.referrals
    assert list(day.weeks) == [date(2009, 3, 9)]


def test_acknowledgements_count_where_the_work_was_done_here(open_door: Callable[..., FrontDoor]) -> None:
    door = open_door("2009-03-10 09:00")
    (referral,) = door.referrals(door.log("Mia"))
    door.watch_for(hours=25)
    door.acknowledge(door.alert_of(referral))
    door.watch_for(hours=5)
    with door.database.read() as session:
        found = replay.run(session, proposal(), start=date(2009, 3, 10), end=date(2009, 3, 10), now=door.now)
        (stored,) = replay_rows.stored(session, [referral.id], beside=replay.BESIDE)
    assert replay._case(stored).acknowledged == (("decision", london("2009-03-11 10:00")),)
    assert found.differ == []
    # Held from 10:00 to 14:00, so that the service manager heard at 14:00; the head of service would come at 18:00.
    assert found.roles["service manager", "own", "alerts"] == 1
    assert found.roles["head of service", "own", "alerts"] == 0


def _letter(kind: EventKind, letter: int, hour: int) -> replay_rows.StoredEvent:
    at = london(f"2009-03-10 {hour:02}:00")
    return replay_rows.StoredEvent(kind=kind, occurred_at=at, details=json.dumps({"letter": letter}))


@pytest.mark.parametrize(
    ("events", "undone"),
    [
        ([(EventKind.FEEDBACK_GIVEN, 1), (EventKind.LETTER_RETURNED, 1)], [EventKind.FEEDBACK_GIVEN]),
        ([(EventKind.ACKNOWLEDGED, 1), (EventKind.LETTER_RETURNED, 1)], [EventKind.ACKNOWLEDGED]),
        ([(EventKind.FEEDBACK_GIVEN, 1), (EventKind.FEEDBACK_GIVEN, 2), (EventKind.LETTER_RETURNED, 1)], []),
    ],
)
def test_a_letter_that_came_back_undoes_what_it_had_met_unless_another_stands(events, undone) -> None:
    facts = replay._facts([_letter(kind, letter, hour) for hour, (kind, letter) in enumerate(events)])
    assert [fact.undoes for fact in facts if fact.event is EventKind.LETTER_RETURNED] == undone


def test_an_anonymous_referrer_is_owed_no_feedback_in_a_replay_either(open_door: Callable[..., FrontDoor]) -> None:
    door = open_door("2009-03-10 09:00")
    door.log("Mia", source_code="9", referrer_name="", referrer_agency="", referrer_role="", referrer_email="")
    unless = (
        'not_applicable_when = ["anonymous", "unsafe to contact", "not named by the referrer"]',
        'not_applicable_when = ["unsafe to contact"]',
    )
    with door.database.read() as session:
        found = replay.run(session, proposal(unless), start=date(2009, 3, 10), end=date(2009, 3, 10), now=door.now)
        assert published_books.current(session, now=door.now).book.clocks["feedback"].not_applicable_when >= {
            NotApplicable.ANONYMOUS
        }
    ((change,),) = [one.changes for one in found.differ]
    assert (change.own.due_at, change.new.due_at) == (None, london("2009-03-12 09:00"))


def test_a_rated_referral_is_replayed_from_its_rating(open_door: Callable[..., FrontDoor]) -> None:
    door = open_door("2026-11-23 09:00", book="mash-rag")
    (mia,) = door.referrals(door.log("Mia"))
    door.move_to("2026-11-23 10:00")
    door.rate(mia, "red")
    with door.database.read() as session:
        replayed = dict(_replayed(session))
    assert replayed[mia.ref, "decision", 1][0] == london("2026-11-23 14:00")


@pytest.mark.parametrize(
    "change",
    [
        ('{ at = "2 hours before", role = "duty manager"', '{ at = "2 hours before", role = "service manager"'),
        ('{ at = "2 hours after",  role = "service manager"', '{ at = "3 hours after",  role = "service manager"'),
        ('limit     = "24 hours"', 'limit     = "1441 minutes"'),
    ],
)
def test_no_line_of_a_replay_looks_the_same_on_both_sides(sqlite_month, change):
    lines = list(replay_out.as_text(run(sqlite_month[0], proposal(change), end="2009-03-07")))
    changed = [line.partition(": ")[2].split(" -> ") for line in lines if " -> " in line]
    assert changed
    assert [sides for sides in changed if sides[0] == sides[1]] == []
