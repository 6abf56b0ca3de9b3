"""The third contact about a child in twelve months, and each that follows, asks for a second manager's look.

The third contact alone may look small; repeated concerns without a proper account of them were found by the inspectors
(Joint Area Review, paragraph 21). The number and its clock are local and stand in the book.
"""

from __future__ import annotations

from pathway.engine import clocks
from pathway.engine.act import Act
from pathway.engine.children import re_referrals
from pathway.engine.rulebooks import published_books
from rules import repeats
from rules.vocabulary import EventKind, NotApplicable
from storage.queries.children import repeat_rows
from storage.tables import Contact, Referral, id_of

TOO_FEW = "because the contacts were about two children"


def ask_when_due(act: Act, referral: Referral) -> None:
    """Asks for a second look where there are so many contacts and the book has one; never twice while one waits."""
    in_force = published_books.in_force_for(act.session, referral, at=act.now)
    number = re_referrals.contacts_in_a_year(act.session, referral)
    asks = bool(in_force.book.clocks_started_by(EventKind.SECOND_LOOK_ASKED))
    if (
        number < repeats.SECOND_LOOK_FROM
        or not asks
        or repeat_rows.waiting_look(act.session, id_of(referral)) is not None
    ):
        return
    kind, summary = EventKind.SECOND_LOOK_ASKED, f"Second look asked for: contact {number} in twelve months"
    act.note(kind, summary, about=referral, contacts=number)
    contact = act.session.get_one(Contact, referral.contact_id)
    clocks.begin(act, referral, contact, kind, occurred_at=act.now, published=in_force)


def review(act: Act, referral: Referral) -> None:
    """A second look that waits is owed no longer where it turns out that the contacts were about two children.

    One that was given up so is asked for again where they were about one after all.
    """
    looks = repeat_rows.looks(act.session, id_of(referral))
    if not looks:
        return
    few = re_referrals.contacts_in_a_year(act.session, referral) < repeats.SECOND_LOOK_FROM
    waiting = repeat_rows.waiting_look(act.session, id_of(referral))
    if waiting is not None and few:
        clocks.give_up(act, waiting, NotApplicable.WITHDRAWN, because=TOO_FEW, at=act.now)
    given_up = looks[-1].not_applicable_because == NotApplicable.WITHDRAWN
    if given_up and not few and referral.decided_at is not None and referral.closed_at is None:
        ask_when_due(act, referral)
