"""Referrers of earlier contacts, by what their name or agency begins with; the look-up is on the words kept of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import Session, and_, col, exists, or_, select

from rules.likeness.spans import LAST
from rules.vocabulary import ReferrerKind
from storage.tables import Contact, Referral, ReferrerWord

MOST_MATCHED, MOST_READ = 2000, 200


def beginning(session: Session, words: Sequence[str], *, closed: Collection[int]) -> Sequence[Contact]:
    """The latest contacts of professionals of whose name and agency some word begins with each of ``words``.

    Not those with a child who is ``closed``, nor those of a referrer who is unsafe to write to or not to be named.
    """
    shared = (
        col(Contact.identity_protected).is_(False),
        col(Contact.unsafe_to_contact).is_(False),
        col(Contact.referrer_kind) == ReferrerKind.PROFESSIONAL,
    )
    of_closed = exists().where(col(Referral.contact_id) == col(Contact.id), col(Referral.person_id).in_(closed))
    rarest, *others = sorted(words, key=len, reverse=True)
    found = select(Contact).where(col(Contact.id).in_(_newest_with(rarest)), *shared, *map(_has, others))
    if closed:
        found = found.where(~of_closed)
    return session.exec(found.order_by(col(Contact.id).desc()).limit(MOST_READ)).all()


def _newest_with(beginning: str) -> Any:
    # A quarter of all agencies begin with one word: only the newest contacts of it are read.
    ids = select(ReferrerWord.contact_id).where(_begins(col(ReferrerWord.word), beginning)).distinct()
    return ids.order_by(col(ReferrerWord.contact_id).desc()).limit(MOST_MATCHED)


def _has(beginning: str) -> Any:
    of_contact = col(ReferrerWord.contact_id) == col(Contact.id)
    return exists().where(of_contact, _begins(col(ReferrerWord.word), beginning))


def _begins(word: Any, beginning: str) -> Any:
    return and_(word >= beginning, word <= beginning + LAST)


def protected(session: Session, full_names: Collection[str]) -> set[str]:
    """Those of the names, each folded into one word, that a referrer bears whose identity is not to be shared."""
    statement = (
        select(ReferrerWord.word)
        .join(Contact, col(Contact.id) == col(ReferrerWord.contact_id))
        .where(
            col(ReferrerWord.word).in_(full_names), or_(col(Contact.identity_protected), col(Contact.unsafe_to_contact))
        )
    )
    return set(session.exec(statement.distinct()))
