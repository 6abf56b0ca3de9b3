"""Random days at the front door never break what must always hold. ``PATHWAY_DAYS`` asks for more of them."""

from __future__ import annotations

import json
import os
import random
from collections import Counter, defaultdict

import pytest
from sqlmodel import select

from pathway.engine import following
from pathway.engine.act import Act
from pathway.engine.actors import SystemName
from pathway.engine.children import re_referrals
from pathway.engine.figures import counting
from pathway.engine.staff import held
from rules.messages import FEEDBACK
from rules.vocabulary import AlertKind, ClockState, EventKind, Role, State
from storage.queries.children import person_rows
from storage.queries.letters import letter_rows
from storage.queries.staff import staff_rows
from storage.tables import (
    Alert,
    Allocation,
    Clock,
    Contact,
    Decision,
    Draft,
    Event,
    Handover,
    Letter,
    LetterReferral,
    Person,
    ProposedMatch,
    Referral,
    RungTaken,
    UndoneDecision,
)
from support import board, figures, grace, hands, random_days, random_people
from support.random_days import RandomDays
from support.rows import everything

SEEDS = range(int(os.environ.get("PATHWAY_DAYS", "3")))
STEPS = 45
KEPT = ("state", "outcome", "decided_at", "worker_id", "closed_at", "mark", "person_id", "accepted_at")


@pytest.fixture(params=SEEDS)
def days(request, open_door):
    """One council whose days come from one seed."""
    door = open_door("2009-03-02 09:00")
    team = hands.add_team(door)
    grace.give(door, random.Random(request.param).choice((0, 10, 30)))
    workers = [hands.social_worker(door, name, team=team, full_time_equivalent=0.2)[0] for name in ("Sam Oh", "Ann Li")]
    hands.person(door, "Other Manager", Role.DUTY_MANAGER)
    return RandomDays(door=door, rng=random.Random(request.param), workers=workers)


def test_whatever_people_do_in_whatever_order_these_hold(days):
    for _ in range(STEPS):
        before = snapshot(days)
        touched = days.step()
        told = "\n".join(days.journal)
        assert not left_to_follow(days), told
        if touched is not None:
            assert not changed_siblings(before, snapshot(days), touched), told
        with counting.counted(days.door.database) as session:
            assert not twice_running(session), told
            assert not wrong_caseloads(session, days.workers), told
            assert not one_of_two(session), told
            assert not held.by_who_left(session), told
            assert not miscounted(session, days.door.now), told
            assert not random_people.unasked(lambda table: everything(session, table)), told
            assert not figures.wrong(session), told
        assert not stale_marks(days), told
        assert not vanished(days), told
    days.door.frozen.tick(delta=60 * 31)  # no decision is within its grace any more
    days.door.sweep()
    days.door.hand_over_letters()
    with days.door.database.read() as session:
        told = "\n".join(days.journal)
        assert not untold(session, days.door.now), told
        assert not [row.ref for row in everything(session, Referral) if row.grace_until is not None], told
        assert not told_although_undone(session), told
        assert not children_mentioned_to_strangers(session), told
        assert not lost(session), told


def miscounted(session, now):
    """What the board holds, counts or lists otherwise than somebody does who looks at every row."""
    wanted = board.parts_by_hand(session, now)
    counts, listed = board.parts_asked(session, now)
    wrong = [part for part in wanted if listed[part] != wanted[part] or counts[part] != len(wanted[part])]
    return wrong or board.stored(session) != board.by_hand(session)


def vanished(days):
    """Contacts that somebody began and that neither wait nor were logged nor discarded by somebody with a reason."""
    with days.door.database.read() as session:
        waiting = {row.id for row in everything(session, Draft) if row.ended_at is None}
        logged = {row.request_id for row in everything(session, Contact)}
        details = [row.details for row in everything(session, Event) if row.kind == EventKind.DRAFT_DISCARDED]
    discarded = {told["draft"] for told in map(json.loads, details) if told["reason"]}
    return [one.token for one in days.begun if one.id not in waiting | discarded and one.token not in logged]


def left_to_follow(days):
    """What would still follow if somebody asked once more: whatever follows stands in the history."""
    with days.door.database.rehearse() as session:
        before = len(everything(session, Event))
        act = Act.of_system(session, SystemName.PATHWAY, now=days.door.now)
        for contact in everything(session, Contact):
            following.follow(act, contact)
        return [(event.kind, event.summary) for event in everything(session, Event)[before:]]


def snapshot(days):
    """Every referral with what only its own steps may change."""
    with days.door.database.read() as session:
        rows = everything(session, Referral)
        return {row.id: (row.contact_id, *(getattr(row, name) for name in KEPT)) for row in rows}


def changed_siblings(before, after, touched):
    """Children of the same contact who were changed by what was done to another."""
    contact_id = after[touched][0]
    return [
        key
        for key, row in after.items()
        if key != touched and row[0] == contact_id and key in before and before[key] != row
    ]


def twice_running(session):
    """Clocks of which more than one of a kind runs for a referral."""
    running = session.exec(select(Clock.referral_id, Clock.kind).where(Clock.state == ClockState.RUNNING)).all()
    return [pair for pair, count in Counter(running).items() if count > 1]


def wrong_caseloads(session, workers):
    """Workers whose caseload is other than a count by hand over the allocations that run."""
    held = defaultdict(set)
    children = {row.id: row for row in everything(session, Referral)}
    for row in everything(session, Allocation):
        if row.ended_at is None:
            held[row.worker_id].add(children[row.referral_id].person_id)
    counted = {worker.id: staff_rows.open_children(session, worker.id) for worker in workers}
    return {key: (count, held[key]) for key, count in counted.items() if count != len(held[key])}


def one_of_two(session):
    """Records of which somebody has said that they are two children, and that are one all the same."""
    said = [row for row in everything(session, ProposedMatch) if row.same_child is False]
    pairs = [(row.person_id, row.other_person_id) for row in said]
    return [pair for pair in pairs if len({person_rows.kept_id(session, number) for number in pair}) == 1]


def stale_marks(days):
    """Referrals that would be marked as re-referrals otherwise, were everybody looked at again."""
    with days.door.database.rehearse() as session:
        before = {row.id: row.re_referral_of_id for row in everything(session, Referral)}
        re_referrals.review(session, [row.id for row in everything(session, Person)])
        after = {row.id: row.re_referral_of_id for row in everything(session, Referral)}
    return [(number, mark, after[number]) for number, mark in before.items() if after[number] != mark]


def untold(session, now):
    """Duties past due without an alert, and alerts whose first rung is due and reached nobody."""
    alerts = [row for row in everything(session, Alert) if row.closed_at is None]
    reached = {row.owner_key for row in everything(session, RungTaken) if row.people_told}
    about = {row.subject_key for row in alerts}
    late = [
        row
        for row in everything(session, Clock)
        if row.state == ClockState.RUNNING and row.watched and row.due_at <= now and f"clock:{row.id}" not in about
    ]
    silent = [row for row in alerts if row.kind != AlertKind.SYSTEM and f"alert:{row.id}" not in reached]
    return late + silent


def told_although_undone(session):
    """Letters with an outcome that was undone, and that left all the same."""
    gone = {row.letter_id for row in everything(session, Handover)}
    decisions = {row.id: row for row in everything(session, Decision)}
    spans = [(decisions[row.decision_id], row.undone_at) for row in session.exec(select(UndoneDecision))]
    naming = defaultdict(set)
    for row in session.exec(select(LetterReferral)):
        naming[row.letter_id].add(row.referral_id)
    return [
        letter.id
        for letter in everything(session, Letter)
        for decision, undone_at in spans
        if letter.id in gone
        and letter.kind in FEEDBACK
        and decision.referral_id in naming[letter.id]
        and decision.decided_at <= letter.written_at < undone_at
    ]


def lost(session):
    """Children named by a referrer who may be told, of whom nobody has told, will tell or is made to tell."""
    feedback = sorted((row for row in everything(session, Clock) if row.kind == "feedback"), key=lambda row: row.round)
    latest = {row.referral_id: row for row in feedback}
    contacts = {row.id: row for row in everything(session, Contact)}
    live = [row for row in everything(session, Referral) if row.named_by_referrer and row.state != State.SET_ASIDE]
    undecided = {row.contact_id for row in live if row.decided_at is None}
    return [
        row.ref
        for row in live
        if row.feedback_at is None
        and (clock := latest[row.id])
        and not is_awaited(session, row, clock, contacts[row.contact_id], undecided)
    ]


def is_awaited(session, row, clock, contact, undecided):
    """A duty that runs with its letter written once all are decided; one that is over for a reason that still holds."""
    if clock.state == ClockState.RUNNING:
        return row.contact_id in undecided or row.id in letter_rows.told_of(session, row.contact_id)
    why = clock.not_applicable_because
    holds = {"anonymous": contact.anonymous, "unsafe to contact": contact.unsafe_to_contact, "closed": row.closed_at}
    return bool(holds.get(why))


def children_mentioned_to_strangers(session):
    """Letters that mention a child, or a child's name, that their referrer did not give."""
    referrals = {row.id: row for row in everything(session, Referral)}
    given = defaultdict(set)
    for row in referrals.values():
        if row.named_by_referrer:
            given[row.contact_id].add(row.named_as.split()[0])
    names = {row.forename for row in everything(session, Person) if row.forename}
    mentioned = [
        (letter.contact_id, name)
        for letter in everything(session, Letter)
        for name in names - given[letter.contact_id]
        if name in f"{letter.subject} {letter.text} {letter.html}"
    ]
    listed = session.exec(select(LetterReferral)).all()
    return mentioned + [row for row in listed if not referrals[row.referral_id].named_by_referrer]


def test_the_days_hold_every_step_that_the_property_is_about():
    names = {name for name, _ in random_days.ACTIONS}
    asked = {"log", "add_child", "decide", "correct", "merge", "mark", "propose", "close", "reopen", "pass_time"}
    asked |= {"take_apart", "detail", "begin_contact", "finish_contact", "discard_contact"}
    assert asked <= names
    assert all(hasattr(RandomDays, name) for name in names)
