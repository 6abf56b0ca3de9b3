"""Changing who works here: roles, teams, leaving and coming back, new passwords. Each change stands in the history."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta

from notifications import addresses
from pathway.engine import record_openers
from pathway.engine.act import Act
from pathway.engine.alerts import ladders
from pathway.engine.alerts.ladders import Matter
from pathway.engine.inputs import Input, NeededEmail, NeededLine, OptionalNumber
from pathway.engine.staff import accounts, held, leaving
from pathway.engine.staff.held import HandedOver
from rules.errors import Fault, InvalidInput, NotFound, Refused
from rules.rulebook import Ladder, Rung
from rules.vocabulary import Action, AlertKind, EventKind, Role
from storage.queries.staff import sign_in_rows, staff_list_rows, staff_rows
from storage.sessions import WriteSession
from storage.tables import Team, User, UserRole, id_of

OWN_ROLE_LADDER = Ladder(name="own role", rungs=(Rung(offset=timedelta(0), role=Role.SERVICE_MANAGER, local=True),))
NO_ADMINISTRATOR = (
    "Nobody is an administrator now. On the server run: pathway user change USERNAME --role administrator, with the "
    "roles that this person has as well, or pathway user add."
)
LAST_ADMINISTRATOR = "Nobody else is an administrator. Make somebody else one first."


class UserInput(Input):
    """Somebody who works here: what others read, where alerts go, what they may do, and whether they still do."""

    name: NeededLine
    email: NeededEmail
    roles: frozenset[Role] = frozenset()
    team_id: OptionalNumber = None
    active: bool = True


class NewUserInput(UserInput):
    """The same, with the name to sign in with."""

    username: NeededLine


def add(act: Act, data: NewUserInput, *, password_hash: str) -> User:
    """Adds somebody who may sign in. Raises InvalidInput naming each field, NotAllowed."""
    act.require(Action.ADMINISTER)
    if act.repeated and (there := staff_rows.user(act.session, data.username)):
        return there
    _refuse_faults(act.session, data)
    user = accounts.add_user(
        act.session,
        username=data.username,
        name=data.name,
        email=data.email,
        password_hash=password_hash,
        roles=data.roles,
        now=act.now,
    )
    user.team_id = data.team_id
    _record(act, f"{user.name} ({user.username}) added: {_roles(data)}")
    return user


def change(act: Act, user_id: int, data: UserInput) -> User:
    """Changes name, address, team and roles; who comes back works here again.

    Who is to work here no more leaves as they are. Raises InvalidInput naming each field, Refused for the last
    administrator, NotAllowed, NotFound.
    """
    act.require(Action.ADMINISTER)
    user = find(act.session, user_id)
    if act.repeated:
        return user
    if user.active and not data.active:
        leave(act, user_id)
        return user
    _refuse_faults(act.session, data)
    _refuse_last(act.session, user, data)
    gained = data.roles - staff_rows.roles(act.session, user_id)
    user.name, user.email, user.team_id, user.active = data.name, data.email, data.team_id, data.active
    staff_list_rows.set_roles(
        act.session, [UserRole(user_id=user_id, role=role) for role in data.roles], user_id=user_id
    )
    _record(act, f"{user.name} ({user.username}): {_roles(data)}")
    act.session.flush()
    record_openers.ensure(act)
    if gained and user.username == act.actor.username:
        _tell_of_own_roles(act, user, gained)
    return user


def leave(act: Act, user_id: int, to: Mapping[str, str] = held.TO_NOBODY) -> HandedOver:
    """Ends somebody's sign-in at once, whatever they hold: that goes ``to`` others, else to the lists.

    Nothing refuses it, so that whoever must not sign in any more can't. Who has left already leaves what they still
    hold. Raises NotAllowed, NotFound.
    """
    act.require(Action.ADMINISTER)
    user = find(act.session, user_id)
    if act.repeated:
        return HandedOver()
    worked_here, leaver = user.active, held.of_user(act.session, user)
    holds = held.lock(act, leaver)
    user.active = False
    for worker in leaver.workers:
        worker.active = False
    sign_in_rows.remove_all(act.session, user_id)
    act.session.flush()
    if worked_here:
        roles = ", ".join(sorted(staff_rows.roles(act.session, user_id)))
        _record(act, f"{user.name} ({user.username}): {roles}, no longer works here")
    done = leaving.hand_over(act, leaver, holds, to)
    record_openers.ensure(act)
    if worked_here and not staff_rows.holders(act.session, Role.ADMINISTRATOR):
        _tell_of_no_administrator(act)
    act.session.flush()
    return done


def _tell_of_no_administrator(act: Act) -> None:
    matter = Matter(
        kind=AlertKind.SYSTEM,
        subject_key="no administrator",
        headline="Nobody is an administrator any more",
        next_step=NO_ADMINISTRATOR,
        ladder=OWN_ROLE_LADDER,
        due_at=act.now,
    )
    ladders.open_alert(act.by_itself, matter)


def _tell_of_own_roles(act: Act, user: User, gained: Collection[Role]) -> None:
    """Nobody widens what they may do alone: the service manager hears of it at once, until somebody acknowledges it."""
    roles = ", ".join(sorted(gained))
    matter = Matter(
        kind=AlertKind.SYSTEM,
        subject_key=f"own role:{user.id}:{roles}",
        headline=f"{user.name} has given themselves the role {roles}",
        next_step="Ask whether that was agreed. If not, take the role away on the page People.",
        ladder=OWN_ROLE_LADDER,
        due_at=act.now,
    )
    ladders.open_alert(act.by_itself, matter)


def set_password(act: Act, user_id: int, *, password_hash: str) -> User:
    """Gives somebody a new password and signs them out everywhere. Raises NotAllowed, NotFound."""
    act.require(Action.ADMINISTER)
    user = find(act.session, user_id)
    if act.repeated:
        return user
    user.password_hash = password_hash
    sign_in_rows.remove_all(act.session, user_id)
    _record(act, f"{user.name} ({user.username}): new password")
    act.session.flush()
    return user


def find(session: WriteSession, user_id: int) -> User:
    """The user with this number. Raises NotFound."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(f"There is no user with the number {user_id}; open the list of people again.")
    return user


def _refuse_faults(session: WriteSession, data: UserInput) -> None:
    faults = []
    if not addresses.usable(data.email):
        remedy = f"{addresses.mend(data.email)}; alerts go there"
        faults.append(Fault(place="email", problem=f"{data.email!r} can't be written to", remedy=remedy))
    if not data.roles:
        faults.append(Fault(place="roles", problem="No role is given", remedy="Choose at least one"))
    if data.team_id is not None and session.get(Team, data.team_id) is None:
        faults.append(Fault(place="team_id", problem="There is no such team", remedy="Choose one from the list"))
    if faults:
        raise InvalidInput(faults)


def _refuse_last(session: WriteSession, user: User, data: UserInput) -> None:
    if (
        Role.ADMINISTRATOR in data.roles
        or Role.ADMINISTRATOR not in staff_rows.roles(session, id_of(user))
        or not user.active
    ):
        return
    if [other.id for other in staff_rows.holders(session, Role.ADMINISTRATOR)] == [user.id]:
        raise Refused([LAST_ADMINISTRATOR])


def _roles(data: UserInput) -> str:
    return ", ".join(sorted(data.roles))


def _record(act: Act, summary: str) -> None:
    act.note(EventKind.STAFF_CHANGED, summary, about=None)
