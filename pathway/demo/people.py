"""The invented people of the demonstration: one for each role, who may do what that role may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pathway.engine.actors import Actor
from pathway.engine.staff import accounts
from pathway.web import passwords
from pathway.web.services import DemoUser
from rules.vocabulary import Role
from storage.sessions import WriteSession
from storage.tables import Worker

PASSWORD = "demonstration"  # noqa: S105 - printed on purpose; the demonstration holds nobody's data
MAIL = "front-door.example.org"
TEAM = "Assessment team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who works at the demonstration's front door."""

    username: str
    name: str
    role: Role

    @property
    def actor(self) -> Actor:
        """The person as the engine knows them."""
        return Actor(username=self.username, name=self.name, roles=frozenset({self.role}))

    @property
    def email(self) -> str:
        """Where messages to this person go."""
        return f"{self.username}@{MAIL}"


OFFICER = Member(username="asha", name="Asha Rahman", role=Role.SCREENING_OFFICER)
DUTY_MANAGER = Member(username="daniel", name="Daniel Price", role=Role.DUTY_MANAGER)
NIGHT_DUTY = Member(username="ola", name="Ola Berg", role=Role.EMERGENCY_DUTY_TEAM)
SOCIAL_WORKER = Member(username="sam", name="Sam Okoro", role=Role.SOCIAL_WORKER)
TEAM_MANAGER = Member(username="tom", name="Tom Bailey", role=Role.TEAM_MANAGER)
SERVICE_MANAGER = Member(username="grace", name="Grace Mensah", role=Role.SERVICE_MANAGER)
HEAD_OF_SERVICE = Member(username="helen", name="Helen Ward", role=Role.HEAD_OF_SERVICE)
DIRECTOR = Member(username="priya", name="Priya Nair", role=Role.DIRECTOR)
AUDITOR = Member(username="ewan", name="Ewan Grant", role=Role.AUDITOR)
ADMINISTRATOR = Member(username="lucy", name="Lucy Chen", role=Role.ADMINISTRATOR)
SYSTEM_OWNER = Member(username="martin", name="Martin Kowal", role=Role.SYSTEM_OWNER)

EVERYBODY = (
    OFFICER,
    DUTY_MANAGER,
    NIGHT_DUTY,
    SOCIAL_WORKER,
    TEAM_MANAGER,
    SERVICE_MANAGER,
    HEAD_OF_SERVICE,
    DIRECTOR,
    AUDITOR,
    ADMINISTRATOR,
    SYSTEM_OWNER,
)


def demo_users() -> tuple[DemoUser, ...]:
    """Everybody, with the password that the sign-in page prints."""
    return tuple(
        DemoUser(username=member.username, password=PASSWORD, name=member.name, roles=(member.role,))
        for member in EVERYBODY
    )


def employ(session: WriteSession, *, now: datetime) -> tuple[Worker, Worker]:
    """Adds everybody, and a team with a full-time and a half-time worker, who are returned."""
    hashed = passwords.hash_password(PASSWORD)
    users = {
        member: accounts.add_user(
            session,
            username=member.username,
            name=member.name,
            email=member.email,
            password_hash=hashed,
            roles=[member.role],
            now=now,
        )
        for member in EVERYBODY
    }
    team = accounts.add_team(session, name=TEAM)
    sam = accounts.add_worker(
        session, name=SOCIAL_WORKER.name, email=SOCIAL_WORKER.email, team=team, user=users[SOCIAL_WORKER]
    )
    mei = accounts.add_worker(session, name="Mei Tan", email=f"mei@{MAIL}", team=team, full_time_equivalent=0.5)
    return sam, mei
