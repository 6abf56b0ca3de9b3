"""Alerts that have climbed to the top of their ladder: somebody above the front door was told, and they are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, cast
from sqlmodel import Session, and_, col, func, select

from rules.vocabulary import Role
from storage.queries.board.part_rows import MOST, Count
from storage.tables import Alert, Contact, Referral, RungTaken

TOP = (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR)


class AtTheTop:
    """Those alerts; one ``where`` for how many there are and for which."""

    @property
    def where(self) -> Any:
        """True in a statement with an alert."""
        told = select(RungTaken.id).where(
            col(RungTaken.owner_key) == "alert:" + cast(col(Alert.id), String),
            col(RungTaken.role).in_(TOP),
        )
        return and_(col(Alert.closed_at).is_(None), told.correlate(Alert).exists())

    def count(self, session: Session, *, most: int = MOST) -> Count:
        """How many, up to ``most``."""
        some = select(Alert.id).where(self.where).limit(most + 1)
        found = session.exec(select(func.count()).select_from(some.subquery())).one()
        return Count(number=min(found, most), more=found > most)

    def page(self, session: Session, *, size: int) -> Sequence[tuple[Alert, Contact | None, Referral | None]]:
        """The first of them, the oldest due first, each with the record that it is about."""
        statement = (
            select(Alert, Contact, Referral)
            .outerjoin(Referral, col(Referral.id) == col(Alert.referral_id))
            .outerjoin(Contact, col(Contact.id) == func.coalesce(col(Alert.contact_id), col(Referral.contact_id)))
            .where(self.where)
        )
        return session.exec(statement.order_by(col(Alert.due_at), col(Alert.id)).limit(size)).all()
