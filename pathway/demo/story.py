"""``pathway demo``: one weekend at the front door, Friday to Monday, told as it happens.

27 to 30 March 2009, so that the clocks go forward in the middle of it: twenty-four hours stay twenty-four hours.
"""

from __future__ import annotations

import tempfile
import textwrap
import time
from collections.abc import Sequence
from datetime import date, timedelta
from email.utils import parseaddr
from pathlib import Path

from pathway import settings
from pathway.demo import cases, desk, people
from pathway.demo.desk import Desk, london
from pathway.reports import timeliness, timeliness_out
from pathway.web import times
from rules.errors import Refused
from rules.timing import zones
from rules.vocabulary import AlertKind
from storage.queries import clock_rows, next_due_rows
from storage.queries.alerts import alert_rows
from storage.tables import Alert, Referral, id_of

OUTCOMES = (cases.ASSESSMENT, cases.EARLY_HELP, cases.NO_FURTHER_ACTION, cases.ADVICE)
START = "2009-03-27 08:45"
MARGIN = 18
WIDTH = 100


def play() -> None:
    """Plays the story in a folder that is thrown away, and prints it."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pathway-demo-") as folder:
        home = settings.load(
            home=Path(folder),
            database_url="",
            smtp_url="",
            notify_api_key="",
            rulebook="haringey-2009",
            grace_minutes=desk.GRACE // timedelta(minutes=1),
        )
        with desk.opened(home, at=london(START)) as door:
            _Story(door).tell()
    print(f"\nPlayed in {time.monotonic() - began:.1f} seconds. Nothing was kept.")


class _Story:
    """The scenes, in order."""

    def __init__(self, door: Desk) -> None:
        self.door = door
        self.began_at = door.now
        self.siblings: Sequence[Referral] = ()

    def tell(self) -> None:
        """Every scene, and what it comes to."""
        print("A weekend at the front door. Invented people; the real engine, the real sweep, real SMTP.")
        self._prepare()
        self._three_siblings()
        self._already_open()
        self._one_child_too_many()
        self._accepted_by_the_hub()
        self._a_neighbour()
        late = self._nobody_decides()
        self._the_night(late)
        self._monday()
        self._sum_up()

    def _prepare(self) -> None:
        for family in cases.CASELOAD:
            contact = self.door.log(cases.SCHOOL, family)
            for referral in self.door.referrals(contact):
                self.door.screen(referral)
                self.door.decide(referral, **cases.ASSESSMENT)
                self.door.allocate(referral, self.door.sam)
        self.door.go_to(london("2009-03-27 09:00"))
        self.door.new_mail()
        self.began_at = self.door.now
        self._say(f"Friday. Sam Okoro holds {sum(map(len, cases.CASELOAD))} children, as many as the rulebook allows.")

    def _three_siblings(self) -> None:
        self._at("2009-03-27 09:10", "A school rings about three siblings. Asha logs it; three referrals begin.")
        contact = self.door.log(cases.SCHOOL, cases.SIBLINGS)
        self._clocks(self.door.referrals(contact)[0])
        self._mail()
        self._at("2009-03-27 10:20", "Screening finds a fourth child at the address, whom the school did not name.")
        fourth = self.door.add_child(contact, cases.UNNAMED, why="Born in November; the health visitor knows of her.")
        self._tell("She gets a referral of her own. Her clocks begin now, and no letter to the school mentions her.")
        self._clocks(fourth)
        self._at("2009-03-27 11:15", "History, siblings and checks are recorded. Daniel decides for each child alone:")
        for referral, decision in zip(self.door.referrals(contact), OUTCOMES, strict=True):
            self.door.screen(referral)
            self.door.decide(referral, **decision)
            self._tell(f"{referral.ref}: {decision['outcome']}")
        self._let_the_grace_pass()
        self._tell("One letter goes for the three whom the school named, with the reasons; one to the early help hub.")
        self._mail()
        self.siblings = self.door.referrals(contact)

    def _already_open(self) -> None:
        self._at("2009-03-27 13:00", "A doctor rings about a child whom Sam has already.")
        contact = self.door.log(cases.CLINIC, [cases.CASELOAD[0][0]])
        referral = self.door.referrals(contact)[0]
        self.door.screen(referral)
        self.door.decide(referral, worker_id=id_of(self.door.sam), **cases.ALREADY_OPEN)
        self._let_the_grace_pass()
        self._mail()
        for alert, member in zip(self._alerts(referral), (people.SOCIAL_WORKER, people.TEAM_MANAGER), strict=True):
            self.door.acknowledge(alert, "Read; Sam sees the mother alone this afternoon.", by=member)
        self._tell("Sam and Tom each acknowledge it. Nothing more is owed, and that referral closes by itself.")

    def _accepted_by_the_hub(self) -> None:
        self._at("2009-03-27 15:00", "The hub rings: it takes the second child on, whose referral closes by itself.")
        self.door.receiver_accepts(self.siblings[1], "Ms Cole will visit on Tuesday.")

    def _one_child_too_many(self) -> None:
        self._at("2009-03-27 14:00", "Tom wants to give the eldest to Sam.")
        try:
            self.door.allocate(self.siblings[0], self.door.sam)
        except Refused as refused:
            self._tell(f"Refused: {refused}")
        self.door.allocate(self.siblings[0], self.door.sam, override="Nobody else until Monday; two of his close then.")
        self._tell("Tom overrides it, with a reason that stays on record. It takes effect, and an alert opens.")
        self._mail()

    def _a_neighbour(self) -> None:
        self._at("2009-03-27 15:30", "A neighbour writes. The public learn that they were heard, and never an outcome.")
        contact = self.door.log(cases.NEIGHBOUR, [cases.child("Ruby", "Flint", "2003-11-02")])
        self.door.go_to(london("2009-03-27 16:20"))
        for referral in self.door.referrals(contact):
            self.door.screen(referral)
            self.door.decide(referral, **cases.ADVICE)
        self._let_the_grace_pass()
        self._mail()

    def _nobody_decides(self) -> Referral:
        self._at("2009-03-27 16:40", "A health visitor is worried about a baby. The office closes; nobody decides.")
        contact = self.door.log(cases.HEALTH_VISITOR, [cases.child("Baby", "Mercer", "2009-02-20")])
        referral = self.door.referrals(contact)[0]
        self.door.screen(referral)
        self._clocks(referral)
        self._mail()
        self._at("2009-03-28 10:45", "Saturday. Six hours are left.")
        self._mail()
        self._at("2009-03-28 14:45", "Two hours are left.")
        self._mail()
        self._at(
            "2009-03-28 16:45", "The twenty-four hours are over. The alert opens, out of hours to the night team first."
        )
        self._mail()
        return referral

    def _the_night(self, referral: Referral) -> None:
        self._at("2009-03-28 17:05", "Ola, on night duty, acknowledges: she is trying to reach the health visitor.")
        alert = self._alert(referral)
        self.door.acknowledge(alert, "Trying to reach the health visitor at home.", by=people.NIGHT_DUTY)
        self._tell("That holds the ladder for four hours. It does not stop the clock.")
        self._at("2009-03-28 21:10", "Four hours later the duty is still not met: the next rung goes at once.")
        self._mail()
        self._at("2009-03-29 09:30", "Sunday, after the clocks went forward. The rungs kept their distances.")
        self._mail()
        self._at("2009-03-29 10:00", "Daniel decides from home. The alert closes, and whoever was alerted is told.")
        self.door.decide(referral, **cases.ASSESSMENT)
        self._let_the_grace_pass()
        self._mail()

    def _monday(self) -> None:
        self._at("2009-03-30 09:00", "Monday. Asha finds a police notification that came in on Friday at 16:40.")
        contact = self.door.log(
            cases.POLICE, [cases.child("Jude", "Amos", "1999-06-11")], received_at=london("2009-03-27 16:40")
        )
        self._tell("The clock runs from when it was received: it is late already, and alerts at once.")
        self.door.work_off()
        self._mail()
        self._at("2009-03-30 09:40", "Daniel decides, and the police are told.")
        for referral in self.door.referrals(contact):
            self.door.screen(referral)
            self.door.decide(referral, **cases.NO_FURTHER_ACTION)
        self._mail()

    def _sum_up(self) -> None:
        with self.door.database.read() as session:
            report = timeliness.measure(session, start=date(2009, 3, 27), end=date(2009, 3, 30), as_at=self.door.now)
            found = next_due_rows.tally(session, since=self.began_at)
        print("\nWhat it comes to")
        for line in timeliness_out.in_short(report):
            print(f"  {line}")
        print(f"  {found.handed_over} messages handed over by SMTP, {found.letters} of them letters to referrers")
        print(f"  {found.late} duties late; {found.alerts} alerts opened, {found.open_alerts} of them open still")

    # -- how it is told ----------------------------------------------------------------------------------------

    def _at(self, moment: str, what: str) -> None:
        self.door.go_to(london(moment))
        self._say(what)

    def _let_the_grace_pass(self) -> None:
        """Until now what was decided could be changed or undone, and nothing of it had left."""
        self.door.go_to(self.door.now + desk.GRACE)
        self._tell("Ten minutes pass, in which Daniel could change or undo it. Then it leaves.")

    def _say(self, what: str) -> None:
        there = self.door.now.astimezone(zones.zone_named(zones.LONDON))
        print(f"\n{there:%a %d %b %H:%M}  {what}")

    def _tell(self, what: str) -> None:
        for line in textwrap.wrap(what, WIDTH, break_on_hyphens=False):
            print(f"{'':<{MARGIN}}{line}")

    def _mail(self) -> None:
        """What has arrived by SMTP since the last time, each text once, with all to whom it went."""
        people: dict[str, list[str]] = {}
        for message in self.door.new_mail():
            people.setdefault(message.subject, []).append(parseaddr(message.to)[0])
        for subject, names in people.items():
            self._tell(f"mail to {', '.join(names)}: {subject}")

    def _clocks(self, referral: Referral) -> None:
        with self.door.database.read() as session:
            for clock in clock_rows.of_referral(session, id_of(referral)):
                none = f"not applicable: {clock.not_applicable_because}"
                due = none if clock.not_applicable_because else f"due {times.at(clock.due_at)}"
                self._tell(f"clock: {clock.kind} {due}")

    def _alerts(self, referral: Referral) -> Sequence[Alert]:
        with self.door.database.read() as session:
            return alert_rows.open_of(session, id_of(referral), AlertKind.NEW_INFORMATION)

    def _alert(self, referral: Referral) -> Alert:
        with self.door.database.read() as session:
            found = [
                alert
                for clock in clock_rows.of_referral(session, id_of(referral))
                if (alert := alert_rows.open_for(session, f"clock:{clock.id}"))
            ]
        return found[0]
