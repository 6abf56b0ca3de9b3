"""What somebody who works here holds, and what becomes of it when they leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pathway.engine.act import Act
from pathway.engine.alerts import recipients
from rules.words import counted
from storage.queries.staff import held_rows, staff_rows
from storage.sessions import ReadSession, WriteSession
from storage.tables import Alert, Person, Referral, Transfer, User, Worker, id_of

BY_WHO_LEFT_REMEDY = (
    "Let each of them go once more, which hands over what they hold: pathway user change USERNAME --left, or "
    "pathway team let-go TEAM --worker NAME."
)
TO_NOBODY: Mapping[str, str] = {}
"""To whom what is held goes: ``child:REF``, ``transfer:REF`` or ``alert:ID`` to ``worker:ID`` or ``user:ID``; the empty
key stands for everything that has none of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What somebody holds: children, transfers that wait to give them one, and open alerts that they were told of."""

    children: Sequence[tuple[Referral, Person]] = ()
    transfers: Sequence[tuple[Transfer, Referral]] = ()
    alerts: Sequence[Alert] = ()

    @property
    def words(self) -> str:
        """Such as: 16 children, 1 transfer that waits and 2 alerts; empty where nothing is held."""
        children = len({person.id for _, person in self.children})
        parts = [
            counted(number, *words)
            for number, words in (
                (children, ("child", "children")),
                (len(self.transfers), ("transfer that waits", "transfers that wait")),
                (len(self.alerts), ("alert", "alerts")),
            )
            if number
        ]
        return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """Who leaves: a person who signs in, with every worker as whom they hold children; or one worker alone."""

    name: str
    workers: Sequence[Worker] = ()
    user: User | None = None

    @property
    def worker_ids(self) -> Collection[int]:
        """The numbers of the workers."""
        return [id_of(worker) for worker in self.workers]


@dataclass(slots=True)
class HandedOver:
    """What became of it, by reference: ``given`` to whom, on the ``listed`` allocation list, and alerts by number."""

    given: dict[str, str] = field(default_factory=dict)
    listed: list[str] = field(default_factory=list)
    alerts: list[int] = field(default_factory=list)


def of_user(session: ReadSession | WriteSession, user: User) -> Leaver:
    """Somebody who signs in, and who ends working here."""
    return Leaver(name=user.name, user=user, workers=held_rows.workers_of(session, id_of(user)))


def of_worker(worker: Worker) -> Leaver:
    """A worker who is given no more children, and goes on signing in where they do."""
    return Leaver(name=worker.name, workers=[worker])


def now_by(session: ReadSession | WriteSession, leaver: Leaver) -> Held:
    """What the leaver holds now, in the order of the contacts."""
    team_id = leaver.user.team_id if leaver.user else None
    keys = [f"worker:{number}" for number in leaver.worker_ids]
    if leaver.user is not None:
        keys.append(recipients.user_key(id_of(leaver.user)))
    return Held(
        children=held_rows.children(session, leaver.worker_ids),
        transfers=held_rows.coming(session, leaver.worker_ids, team_id),
        alerts=held_rows.alerts(session, keys, leaver.user.username if leaver.user else ""),
    )


def lock(act: Act, leaver: Leaver) -> Held:
    """What the leaver holds, locked: every contact first, then the workers, in the order that every command keeps."""
    before = now_by(act.session, leaver)
    referrals = [referral for referral, _ in before.children] + [referral for _, referral in before.transfers]
    about = {alert.contact_id for alert in before.alerts if alert.contact_id is not None}
    for contact_id in sorted(about.union(referral.contact_id for referral in referrals)):
        act.hold(contact_id)
    for worker_id in sorted(leaver.worker_ids):
        staff_rows.lock_worker_for_review(act.session, worker_id)
    return now_by(act.session, leaver)


def by_who_left(session: ReadSession | WriteSession) -> str:
    """What is wrong where children are held by people who no longer work here, else the empty string."""
    return unheld_words(held_rows.without_holder(session))


def unheld_words(count: int) -> str:
    """The same of so many children."""
    return f"{counted(count, 'child is', 'children are')} held by somebody who has left" if count else ""
