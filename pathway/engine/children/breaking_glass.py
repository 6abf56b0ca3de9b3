"""Breaking the glass: the role that the book names opens a restricted record with a reason, when nobody can be asked.

Whoever restricted it and the service manager are told at once; it ends by itself; somebody else reviews it in time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pathway.engine.act import Act
from pathway.engine.actors import Actor
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.engine.inputs import Input, NeededText
from pathway.engine.rulebooks.published_books import Published
from rules.errors import NotAllowed, NotFound, Refused
from rules.rulebook import Ladder, Rung
from rules.timing import working_time
from rules.vocabulary import Action, AlertKind, EventKind, Role
from storage.queries.children import opener_rows, person_rows, restriction_rows
from storage.tables import GlassBroken, Person

OPEN_ALREADY = "This record is open to you: there is no glass to break."
NOT_YOURS = "Whoever broke the glass does not review it: somebody else says whether it was right."


class GlassInput(Input):
    """Why a restricted record has to be opened now."""

    reason: NeededText


class ReviewInput(Input):
    """What somebody else found when they looked at a broken glass."""

    note: NeededText


def roles_that_may(published: Published, *, now: datetime) -> frozenset[Role]:
    """The role that the book names; out of hours the out-of-hours role too."""
    book = published.book
    out_of_hours = not working_time.is_open(published.calendar, now)
    instead = {book.out_of_hours_role} if book.out_of_hours_role and out_of_hours else set()
    return frozenset({book.break_glass.role} | instead)


def may_break(published: Published, actor: Actor, *, now: datetime) -> bool:
    """True for whoever may open a restricted record without being named."""
    return not actor.roles.isdisjoint(roles_that_may(published, now=now))


def break_glass(act: Act, person_id: int, data: GlassInput) -> GlassBroken:
    """Opens a restricted record to the actor for the hours of the book.

    Raises NotAllowed for another role, Refused where the record is open to the actor, NotFound.
    """
    if act.session.get(Person, person_id) is None:
        raise NotFound(f"There is no child with the number {person_id}; open the record again.")
    if not may_break(act.published, act.actor, now=act.now):
        roles = sorted(roles_that_may(act.published, now=act.now))
        raise NotAllowed(f"Only a {' or '.join(roles)} may break the glass of a restricted record.")
    if act.repeated:
        return opener_rows.broken(act.session, person_id)[0]
    if person_id not in restriction_rows.closed_to(act.session, act.actor.username, now=act.now):
        raise Refused([OPEN_ALREADY])
    glass = act.book.break_glass
    broken = GlassBroken(
        person_id=person_id,
        username=act.actor.username,
        reason=data.reason,
        broken_at=act.now,
        ends_at=act.now + glass.lasts,
        review_due_at=act.now + glass.review,
    )
    act.session.add(broken)
    act.session.flush()
    _record(
        act, broken, EventKind.GLASS_BROKEN, f"Glass broken until {broken.ends_at:%d %B %Y %H:%M} UTC: {data.reason}"
    )
    _tell(act, broken)
    return broken


def review(act: Act, broken_id: int, data: ReviewInput) -> GlassBroken:
    """Somebody else says what to think of it, which ends the alert.

    Raises NotAllowed without the right to restrict records, Refused for whoever broke it and where it is reviewed
    already, NotFound.
    """
    act.require(Action.RESTRICT_RECORD)
    broken = opener_rows.lock_broken(act.session, broken_id)
    if broken is None:
        raise NotFound(f"There is no broken glass with the number {broken_id}; open the list again.")
    if act.repeated:
        return broken
    if broken.username == act.actor.username:
        raise Refused([NOT_YOURS])
    if broken.reviewed_at is not None:
        raise Refused([f"{broken.reviewed_by} has reviewed this already."])
    broken.reviewed_at, broken.reviewed_by, broken.review_note = act.now, act.actor.username, data.note
    _record(act, broken, EventKind.GLASS_REVIEWED, f"Broken glass reviewed: {data.note}")
    ladders.close_for(act, _subject(broken), because=f"Reviewed by {act.actor.name}.")
    act.session.flush()
    return broken


def _record(act: Act, broken: GlassBroken, kind: EventKind, summary: str) -> None:
    for earlier in person_rows.referrals_of(act.session, broken.person_id):
        act.note(kind, summary, about=earlier.referral)


def _subject(broken: GlassBroken) -> str:
    return f"glass:{broken.id}"


def _tell(act: Act, broken: GlassBroken) -> None:
    """The service manager and whoever restricted the record, at once; the head of service where nobody reviews it."""
    review_in = broken.review_due_at - broken.broken_at
    ladder = Ladder(
        name="broken glass",
        rungs=(
            Rung(offset=timedelta(0), role=Role.SERVICE_MANAGER, local=True),
            Rung(offset=review_in, role=Role.SERVICE_MANAGER, local=True),
            Rung(offset=review_in, role=Role.HEAD_OF_SERVICE, local=True),
        ),
    )
    matter = Matter(
        kind=AlertKind.SYSTEM,
        subject_key=_subject(broken),
        headline=f"{act.actor.name} has broken the glass of a restricted record",
        next_step="Open Restricted records, read the reason, and review it: was it right?",
        ladder=ladder,
        due_at=act.now,
    )
    alert = ladders.open_alert(act.by_itself, matter)
    ladders.tell_as_well(act, alert, opener_rows.restricted_by(act.session, broken.person_id))
