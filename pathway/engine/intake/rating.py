"""Rating how urgent a referral is, where its book rates; a change needs its reason (MASH policies of London boards)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pathway.engine import clocks, due_clocks, history, locking, permissions
from pathway.engine.actors import Actor
from pathway.engine.inputs import RatingInput
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, Refused
from rules.rulebook import Rulebook
from rules.timing import timescales
from rules.vocabulary import Action, EventKind, State
from rules.words import nearest
from storage.queries import clock_rows
from storage.sessions import WriteSession
from storage.tables import Clock, Contact, Rating, Referral, id_of

STATES = (State.RECEIVED, State.SCREENING, State.AWAITING_DECISION)


def rate(
    session: WriteSession,
    referral_id: int,
    data: RatingInput,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
    request_id: str | None = None,
) -> Referral:
    """Rates an undecided referral, or changes its rating, and counts anew the clocks whose limit hangs on it.

    Whoever may decide may rate. Raises InvalidInput for an unknown rating, the same again, or a change without its
    reason; Refused for a decided referral or a book without ratings; Stale, NotAllowed, NotFound.
    """
    referral = locking.lock_referral(session, referral_id, version=version, request_id=request_id)
    if history.done_already(session, request_id):
        return referral
    permissions.require(published_books.current(session, now=now).book, actor, Action.DECIDE)
    ratings = published_books.published_of(session, referral).book.ratings
    _refuse_odd(referral, data, ratings)
    before, referral.rating = referral.rating, data.rating
    _keep(session, referral, data, before=before, actor=actor, now=now, request_id=request_id)
    for clock in clock_rows.running(session, id_of(referral)):
        _count_anew(session, clock, referral, before=before, reason=data.reason, actor=actor, now=now)
    clocks.end(session, referral, EventKind.RATED, occurred_at=now, now=now, actor=actor)
    contact = session.get_one(Contact, referral.contact_id)
    in_force = published_books.in_force_for(session, referral, at=now)
    clocks.begin(session, referral, contact, EventKind.RATED, occurred_at=now, published=in_force, now=now, actor=actor)
    locking.changed(session, referral)
    due_clocks.look_at_contact(session, contact, now=now)
    return referral


def _refuse_odd(referral: Referral, data: RatingInput, ratings: Mapping[str, str]) -> None:
    if not ratings:
        raise Refused(["The rulebook of this referral has no ratings."])
    if referral.state not in STATES:
        raise Refused([f"A rating says how soon to decide; this referral is {referral.state}."])
    if data.rating not in ratings:
        raise InvalidInput.of("rating", f"There is no rating {data.rating}", nearest(data.rating, ratings))
    if data.rating == referral.rating:
        raise InvalidInput.of("rating", f"It is rated {data.rating} already", "Choose another rating, or leave it")
    if referral.rating and not data.reason.strip():
        raise InvalidInput.of("reason", "A change of rating needs its reason", "Say what has changed or become known")


def _keep(
    session: WriteSession,
    referral: Referral,
    data: RatingInput,
    *,
    before: str,
    actor: Actor,
    now: datetime,
    request_id: str | None,
) -> None:
    session.add(
        Rating(
            referral_id=id_of(referral), rating=data.rating, reason=data.reason, rated_at=now, rated_by=actor.username
        )
    )
    summary = f"Rated {data.rating} instead of {before}" if before else f"Rated {data.rating}"
    history.of_referral(
        session,
        referral,
        EventKind.RATED,
        f"{summary}: {data.reason}" if data.reason.strip() else summary,
        actor=actor,
        now=now,
        request_id=request_id,
        rating=data.rating,
        before=before,
    )


def _count_anew(
    session: WriteSession, clock: Clock, referral: Referral, *, before: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Counts one clock from the rating, unless it is late already or would end later for being more urgent."""
    rule = clocks.rule_of(session, clock)
    if referral.rating not in rule.limit_by_rating or now >= clock.due_at:
        return
    published = published_books.of(session, clock.rulebook_version_id, clock.calendar_version_id)
    limit = rule.limit_for(referral.rating)
    due_at = timescales.due_moment(limit, now, published.calendar, counting=rule.counting)
    if due_at > clock.due_at and _more_urgent(published.book, referral.rating, than=before):
        return
    because = f"Rated {referral.rating}. {reason}".strip()
    clocks.count_from(
        session,
        clock,
        rule,
        started_on=EventKind.RATED,
        started_at=now,
        because=because,
        actor=actor,
        now=now,
        limit=limit,
    )


def _more_urgent(book: Rulebook, rating: str, *, than: str) -> bool:
    """True when one rating stands before another in the book; a first rating counts from its own moment."""
    order = list(book.ratings)
    return than in order and order.index(rating) < order.index(than)
