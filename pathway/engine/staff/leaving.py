"""Who leaves holds nothing any more: what they held goes to whoever is named, else where somebody else will see it.

Ending somebody's sign-in is never refused, so nothing here is: a child whom nobody is given waits on the allocation
list. Children are given without the discussion that plan action 2.1.4 asks for; their allocation
says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pathway.engine import clocks, locking, machine
from pathway.engine.act import Act
from pathway.engine.alerts import handing_on, recipients
from pathway.engine.casework import allocating, caseloads, transferring
from pathway.engine.rulebooks import published_books
from pathway.engine.staff.held import HandedOver, Held, Leaver
from rules.vocabulary import AlertKind, ClockState, EventKind, State, Trigger
from storage.queries import clock_rows
from storage.queries.staff import staff_rows
from storage.tables import Alert, Allocation, Contact, Referral, Transfer, User, Worker, id_of


def hand_over(act: Act, leaver: Leaver, holds: Held, to: Mapping[str, str]) -> HandedOver:
    """Gives what the leaver holds to others, and the rest to the lists; the leaver works here no more by then.

    One alert tells the team manager of children who wait for another worker.
    """
    parting = _Parting(act, leaver, to)
    for referral, _ in holds.children:
        parting.child(referral)
    for transfer, referral in holds.transfers:
        parting.transfer(transfer, referral)
    for alert in holds.alerts:
        parting.alert(alert)
    for worker in leaver.workers:
        caseloads.tell_who_is_left_behind(act, worker)
    return parting.done


@dataclass(frozen=True, slots=True)
class _Parting:
    """One leaver's things being given away, and what has become of each so far."""

    act: Act
    leaver: Leaver
    to: Mapping[str, str]
    done: HandedOver = field(default_factory=HandedOver)
    heirs: dict[int, Worker] = field(default_factory=dict)

    @property
    def because(self) -> str:
        """Why anything happens here."""
        return f"{self.leaver.name} has left"

    def child(self, referral: Referral) -> None:
        """Gives one child to the worker named for it, else to the allocation list."""
        transferring.end_open(self.act, referral, because=f"{self.because}.")
        giver, taker = self.act.session.get_one(Worker, referral.worker_id), self._taker(f"child:{referral.ref}")
        if taker is None:
            self._list(referral, giver)
        else:
            self._give(referral, giver, taker)
        locking.changed(self.act.session, referral)

    def _give(self, referral: Referral, giver: Worker, taker: Worker) -> None:
        staff_rows.lock_worker_for_review(self.act.session, id_of(taker))
        over = caseloads.refusal(self.act.session, taker, referral, now=self.act.now)
        referral.worker_id, referral.team_id = taker.id, taker.team_id
        allocating.end_allocation(self.act, referral)
        self.act.session.add(self._allocation(referral, taker, over=over))
        summary = f"Transferred from {giver.name}, who has left, to {taker.name}"
        self.act.note(EventKind.TRANSFERRED, summary, about=referral, worker=giver.id)
        if over:
            allocating.record_override(self.act, referral, taker, f"{self.because}.", over=over)
        self.done.given[referral.ref] = taker.name
        self.heirs[referral.person_id] = taker

    def _allocation(self, referral: Referral, taker: Worker, *, over: str) -> Allocation:
        return Allocation(
            referral_id=id_of(referral),
            worker_id=id_of(taker),
            discussed_at=self.act.now,
            discussed_by=self.act.actor.name,
            agreed=f"{self.because}. Given without a discussion beforehand.",
            override_reason=f"{self.because}." if over else "",
            allocated_at=self.act.now,
            allocated_by=self.act.actor.username,
        )

    def _list(self, referral: Referral, giver: Worker) -> None:
        """Back to the allocation list of the worker's team. Clocks run on; how soon somebody is found is owed anew."""
        if referral.state == State.ALLOCATED:
            machine.fire(referral, Trigger.BACK_TO_ALLOCATION)
        referral.worker_id = None
        allocating.end_allocation(self.act, referral)
        self._note(referral, giver.id, f"{giver.name} has left: back on the allocation list")
        _owe_allocation(self.act, referral)
        self.done.listed.append(referral.ref)

    def transfer(self, transfer: Transfer, referral: Referral) -> None:
        """A child on the way to the leaver goes to the worker named instead; else a manager of the team names one."""
        taker, was = self._taker(f"transfer:{referral.ref}"), transfer.to_worker_id
        if taker is not None and taker.id == transfer.from_worker_id:
            transferring.end_open(self.act, referral, because=f"{self.because}; the child stays with {taker.name}.")
        elif taker is not None:
            transfer.to_worker_id, transfer.to_team_id = taker.id, taker.team_id
            self._not_taken_yet(transfer, referral, was, f"the transfer waits for {taker.name} instead")
        elif was is not None:
            transfer.to_worker_id = None
            self._not_taken_yet(transfer, referral, was, "a manager of the team is to name who takes the child")
        else:
            return  # it waits for any manager of the team, as before
        self.done.given[referral.ref] = taker.name if taker else "a manager of the team"

    def _not_taken_yet(self, transfer: Transfer, referral: Referral, was: int | None, what: str) -> None:
        transfer.taken_at, transfer.taken_by = None, ""
        self._note(referral, was, f"{self.because}: {what}")
        locking.changed(self.act.session, referral)

    def alert(self, alert: Alert) -> None:
        """Tells whoever is named of an alert, else the rest of the role."""
        heir = self._heir(alert)
        if heir is not None and alert.worker_id in self.leaver.worker_ids:
            alert.worker_id = heir.id
        chosen = self.to.get(f"alert:{alert.id}") or self.to.get("", "")
        person = recipients.chosen(self.act.session, f"worker:{heir.id}" if heir else chosen)
        names = {staff_rows.worker_name(number) for number in self.leaver.worker_ids}
        if self.leaver.user is not None:
            names.add(self.leaver.user.username)
        handing_on.hand_on(self.act, alert, frozenset(names), because=self.because, to=person)
        self.done.alerts.append(id_of(alert))

    def _heir(self, alert: Alert) -> Worker | None:
        """The worker to whom new information goes instead: the one named, else the one who has got the child."""
        if alert.kind != AlertKind.NEW_INFORMATION or alert.worker_id not in self.leaver.worker_ids:
            return None
        person_id = self.act.session.get_one(Referral, alert.referral_id).person_id
        return self._taker(f"alert:{alert.id}") or self.heirs.get(person_id)

    def _taker(self, key: str) -> Worker | None:
        """The worker named, where that worker is here: a choice that holds no more is none."""
        kind, _, number = (self.to.get(key) or self.to.get("", "")).partition(":")
        found = None
        if kind == "worker" and number.isdecimal():
            found = staff_rows.active_worker(self.act.session, int(number))
        elif kind == "user" and number.isdecimal():
            user = self.act.session.get(User, int(number))
            found = staff_rows.worker_of_user(self.act.session, user.username) if user and user.active else None
        return None if found is not None and found.id in self.leaver.worker_ids else found

    def _note(self, referral: Referral, worker_id: int | None, summary: str) -> None:
        self.act.note(EventKind.WORKER_LEFT, summary, about=referral, worker=worker_id or 0)


def _owe_allocation(act: Act, referral: Referral) -> None:
    """A worker is owed as after the acceptance, counted from now, in a round of its own; the first stays as it was."""
    published = published_books.in_force_for(act.session, referral, at=act.now)
    there = clock_rows.of_referral(act.session, id_of(referral))
    last = {clock.kind: clock for clock in sorted(there, key=lambda clock: clock.round)}
    for kind, before in last.items():
        rule = published.book.clocks.get(kind)
        if rule is None or rule.stops_on is not EventKind.ALLOCATED or before.state != ClockState.STOPPED:
            continue
        clocks.start(
            act,
            referral,
            act.session.get_one(Contact, referral.contact_id),
            rule,
            number=before.round + 1,
            started_on=EventKind.WORKER_LEFT,
            started_at=act.now,
            published=published,
            watched=True,
        )
