"""The demonstration's database: some days at an invented front door that end now, with every stage to be seen.

Everything goes through the engine's own commands on a clock that runs from three days ago to the present, with the
sweep and the post at work in between; nothing is written past them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pathway.demo import cases, desk, people
from pathway.demo.cases import Decision
from pathway.demo.desk import Desk
from rules.vocabulary import AlertKind
from storage.queries import clock_rows
from storage.queries.alerts import alert_rows
from storage.tables import Contact, id_of

LENGTH = timedelta(hours=75)


def fill(door: Desk, *, until: datetime) -> None:
    """Plays the days up to ``until``; the desk stands at ``until - LENGTH`` when it begins."""
    days = _Days(door, until)
    for hours_before, scene in (
        (75, days.a_full_caseload),
        (72, days.told_and_closed),
        (55, days.a_letter_to_post),
        (49, days.three_siblings),
        (31, days.nobody_decides),
        (26, days.late_and_seen_to),
        (23, days.already_open),
        (22, days.waits_for_a_worker),
        (19, days.soon_due),
        (6, days.logged_twice),
        (5, days.being_screened),
        (1.5, days.acknowledged),
        (0.7, days.immediate_danger),
        (0.2, days.perhaps_known),
    ):
        door.go_to(until - timedelta(hours=hours_before))
        scene()
    door.go_to(until)
    door.work_off()


class _Days:
    """The scenes. Children are as old today as the story's are in 2009."""

    def __init__(self, door: Desk, until: datetime) -> None:
        self.door = door
        self.years = until.year - cases.YEAR
        self.late: Contact | None = None

    def a_full_caseload(self) -> None:
        for family in cases.CASELOAD:
            for referral in self.door.referrals(self._log(cases.SCHOOL, *family)):
                self.door.screen(referral)
                self.door.decide(referral, **cases.ASSESSMENT)
                self.door.allocate(referral, self.door.sam)

    def told_and_closed(self) -> None:
        """What is decided without acceptance closes by itself when the referrer has been told."""
        contact = self._log(cases.NEIGHBOUR, cases.child("Ruby", "Flint", "2003-11-02"))
        self._decide(contact, cases.ADVICE)

    def a_letter_to_post(self) -> None:
        """No e-mail address: the duty stays open until somebody records the letter as posted."""
        self._decide(self._log(cases.HOSPITAL, cases.child("Noah", "Lind", "2006-04-04")), cases.NO_FURTHER_ACTION)

    def three_siblings(self) -> None:
        """Three outcomes, one letter, and a fourth child whom nobody named; the eldest takes Sam over the limit.

        The second waits for the early help hub to accept.
        """
        contact = self._log(cases.SCHOOL, *cases.SIBLINGS)
        (unnamed,) = cases.aged([cases.UNNAMED], years=self.years)
        self.door.add_child(contact, unnamed, why="Lives there as well; the health visitor knows of her.")
        self._decide(contact, cases.ASSESSMENT, cases.EARLY_HELP, cases.NO_FURTHER_ACTION, cases.ADVICE)
        eldest = self.door.referrals(contact)[0]
        self.door.allocate(
            eldest, self.door.sam, override="Nobody else until next week; two of his children close then."
        )

    def already_open(self) -> None:
        """Sam has the child already and has read what is new; Tom, who manages the team, has not."""
        contact = self._log(cases.CLINIC, cases.CASELOAD[0][0])
        (referral,) = self.door.referrals(contact)
        self.door.screen(referral)
        self.door.decide(referral, worker_id=id_of(self.door.sam), **cases.ALREADY_OPEN)
        self.door.go_to(self.door.now + desk.GRACE)
        with self.door.database.read() as session:
            theirs, _ = alert_rows.open_of(session, id_of(referral), AlertKind.NEW_INFORMATION)
        self.door.acknowledge(theirs, "Read; I see the mother alone tomorrow.", by=people.SOCIAL_WORKER)

    def logged_twice(self) -> None:
        """The duty manager sets the second one aside; it counts in no figure."""
        right, twice = (self._log(cases.SCHOOL, cases.child("Owen", "Reed", "2000-02-20")) for _ in range(2))
        self.door.set_aside_twice(self.door.referrals(twice)[0], right=self.door.referrals(right)[0])

    def nobody_decides(self) -> None:
        contact = self._log(
            cases.POLICE, cases.child("Jude", "Amos", "1999-06-11"), cases.child("Ada", "Amos", "2002-02-02")
        )
        for referral in self.door.referrals(contact):
            self.door.screen(referral)

    def late_and_seen_to(self) -> None:
        self.late = self._log(cases.HEALTH_VISITOR, cases.child("Baby", "Mercer", "2009-01-20"))
        self.door.screen(self.door.referrals(self.late)[0])

    def waits_for_a_worker(self) -> None:
        contact = self._log(
            cases.SCHOOL, cases.child("Aisha", "Noor", "1998-03-14"), cases.child("Bilal", "Noor", "2000-08-08")
        )
        self._decide(contact, cases.ASSESSMENT, cases.ASSESSMENT)

    def soon_due(self) -> None:
        """Anonymous, so no feedback is owed; the decision is due in a few hours, and the warning has gone."""
        self.door.screen(self.door.referrals(self._log(cases.ANONYMOUS, cases.child("", "Pike", "2001-12-12")))[0])

    def being_screened(self) -> None:
        """A number that fails its check digit keeps nobody out; one check is recorded so far."""
        child = cases.child("Folasade", "Brown", "1998-08-17", nhs_number="943 476 5918")
        self.door.screen(self.door.referrals(self._log(cases.SCHOOL, child))[0], kinds=1)

    def acknowledged(self) -> None:
        assert self.late is not None
        with self.door.database.read() as session:
            running = clock_rows.of_referral(session, id_of(self.door.referrals(self.late)[0]))
            found = [alert for clock in running if (alert := alert_rows.open_for(session, f"clock:{clock.id}"))]
        for alert in found:
            self.door.acknowledge(alert, "Waiting for the health visitor to ring back.", by=people.DUTY_MANAGER)

    def immediate_danger(self) -> None:
        self._log(cases.HOSPITAL | {"immediate_danger": True}, cases.child("Tyrell", "Grant", "2005-07-19"))

    def perhaps_known(self) -> None:
        """The same name as one of Sam's children, without a birth date: proposed to an officer, not joined."""
        self._log(cases.NEIGHBOUR, cases.child("Ines", "Adler", "", address="4 Mill Lane, London N0 0AA"))

    def _log(self, told: dict[str, object], *children: dict[str, str]) -> Contact:
        on_time = {name: value for name, value in told.items() if name != "late_recording_reason"}
        return self.door.log(on_time, cases.aged(children, years=self.years))

    def _decide(self, contact: Contact, *decisions: Decision) -> None:
        for referral, decision in zip(self.door.referrals(contact), decisions, strict=True):
            self.door.screen(referral)
            self.door.decide(referral, **decision)
