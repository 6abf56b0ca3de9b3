"""What an import asks: has a reference been taken already, and who is undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from rules.vocabulary import AlertKind
from storage.tables import Alert, Clock, Contact, Referral, RulebookVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """A contact that has a reference already; ``sha256`` is empty for one that was not imported."""

    contact_id: int
    recorded_at: datetime
    sha256: str


def there(session: Session, ref: str) -> There | None:
    """The contact that has this reference, or None."""
    statement = select(Contact.id, Contact.recorded_at, Contact.import_sha256).where(col(Contact.ref) == ref)
    row = session.exec(statement).one_or_none()
    return None if row is None else There(contact_id=row[0] or 0, recorded_at=row[1], sha256=row[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Imported children whom nobody has decided about, and whether the last import alert knows of all of them."""

    count: int
    oldest_received_at: datetime | None
    last_imported_at: datetime | None
    last_told_at: datetime | None

    @property
    def untold(self) -> bool:
        """True when some came in after the last alert about an import."""
        if self.last_imported_at is None:
            return False
        return self.last_told_at is None or self.last_told_at < self.last_imported_at


def waiting(session: Session) -> Waiting:
    """The imported children who are undecided now and whose decision clock is not watched."""
    watched = select(Clock.referral_id).where(col(Clock.kind) == "decision", col(Clock.watched))
    statement = (
        select(func.count(), func.min(Contact.received_at), func.max(Contact.recorded_at))
        .select_from(Referral)
        .join(Contact, col(Contact.id) == col(Referral.contact_id))
        .where(
            col(Referral.imported),
            col(Referral.decided_at).is_(None),
            col(Referral.closed_at).is_(None),
            col(Referral.set_aside_at).is_(None),
            col(Referral.id).not_in(watched),
        )
    )
    count, oldest, last = session.exec(statement).one()
    told = session.exec(select(func.max(Alert.opened_at)).where(col(Alert.kind) == AlertKind.IMPORT)).one()
    return Waiting(count=count, oldest_received_at=oldest, last_imported_at=last, last_told_at=told)


def open_alert_subjects(session: Session) -> Sequence[str]:
    """What the open alerts about imports are about."""
    statement = select(Alert.subject_key).where(col(Alert.kind) == AlertKind.IMPORT, col(Alert.closed_at).is_(None))
    return session.exec(statement).all()


def first_day(session: Session, book: str) -> date:
    """The first day on which any version of a published book was in force."""
    statement = select(func.min(RulebookVersion.effective_from)).where(col(RulebookVersion.name) == book)
    return session.exec(statement).one()
