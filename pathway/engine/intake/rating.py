"""Rating how urgent a referral is, where its book rates; a change needs its reason (MASH policies of London boards)."""

from __future__ import annotations

from collections.abc import Mapping

from pathway.engine import clocks, due_clocks, locking
from pathway.engine.act import Act
from pathway.engine.inputs import Input, NeededLine, Text
from pathway.engine.rulebooks import published_books
from rules.errors import InvalidInput, Refused
from rules.rulebook import Rulebook
from rules.timing import timescales
from rules.vocabulary import Action, EventKind, State
from rules.words import nearest
from storage.queries import clock_rows
from storage.tables import Clock, Contact, Rating, Referral, id_of

STATES = (State.RECEIVED, State.SCREENING, State.AWAITING_DECISION)


class RatingInput(Input):
    """How urgent a referral is, in the words of its book; a change needs its reason."""

    rating: NeededLine
    reason: Text = ""


def rate(act: Act, referral_id: int, data: RatingInput, *, version: int | None = None) -> None:
    """Rates an undecided referral, or changes its rating, and counts anew the clocks whose limit hangs on it.

    Whoever may decide may rate. Raises InvalidInput for an unknown rating, the same again, or a change without its
    reason; Refused for a decided referral or a book without ratings; Stale, NotAllowed, NotFound.
    """
    referral = act.lock(referral_id, version)
    if referral is None:
        return
    act.require(Action.DECIDE)
    ratings = published_books.published_of(act.session, referral).book.ratings
    _refuse_odd(referral, data, ratings)
    before, referral.rating = referral.rating, data.rating
    _keep(act, referral, data, before=before)
    for clock in clock_rows.running(act.session, id_of(referral)):
        _count_anew(act, clock, referral, before=before, reason=data.reason)
    clocks.end(act, referral, EventKind.RATED, occurred_at=act.now)
    contact = act.session.get_one(Contact, referral.contact_id)
    in_force = published_books.in_force_for(act.session, referral, at=act.now)
    clocks.begin(act, referral, contact, EventKind.RATED, occurred_at=act.now, published=in_force)
    locking.changed(act.session, referral)
    due_clocks.look_at_contact(act, contact)


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


def _keep(act: Act, referral: Referral, data: RatingInput, *, before: str) -> None:
    act.session.add(
        Rating(
            referral_id=id_of(referral),
            rating=data.rating,
            reason=data.reason,
            rated_at=act.now,
            rated_by=act.actor.username,
        )
    )
    summary = f"Rated {data.rating} instead of {before}" if before else f"Rated {data.rating}"
    act.note(
        EventKind.RATED,
        f"{summary}: {data.reason}" if data.reason.strip() else summary,
        about=referral,
        rating=data.rating,
        before=before,
    )


def _count_anew(act: Act, clock: Clock, referral: Referral, *, before: str, reason: str) -> None:
    """Counts one clock from the rating, unless it is late already or would end later for being more urgent."""
    rule = clocks.rule_of(act.session, clock)
    if referral.rating not in rule.limit_by_rating or act.now >= clock.due_at:
        return
    published = published_books.of(act.session, clock.rulebook_version_id, clock.calendar_version_id)
    limit = rule.limit_for(referral.rating)
    due_at = timescales.due_moment(limit, act.now, published.calendar, counting=rule.counting)
    if due_at > clock.due_at and _more_urgent(published.book, referral.rating, than=before):
        return
    because = f"Rated {referral.rating}. {reason}".strip()
    clocks.count_from(act, clock, rule, started_on=EventKind.RATED, started_at=act.now, because=because, limit=limit)


def _more_urgent(book: Rulebook, rating: str, *, than: str) -> bool:
    """True when one rating stands before another in the book; a first rating counts from its own moment."""
    order = list(book.ratings)
    return than in order and order.index(rating) < order.index(than)
