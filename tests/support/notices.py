"""What people were told, one by one, whether it came bundled or not; and managers with hours of their own."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence

from pathway.engine.watch import notice_choices
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from storage.tables import Message, Notice, id_of
from support import rows
from support.front_door import FrontDoor, person_in
from support.scenes import kept


def told(door: FrontDoor, to: Role | str | None = None, kind: str | None = None) -> Sequence[Notice]:
    """Each notice to a role or an address, oldest first."""
    address = f"{person_in(to).username}@council.example.org" if isinstance(to, Role) else to
    with door.database.read() as session:
        return [
            one
            for one in rows.everything(session, Notice)
            if address in (None, one.recipient_address) and kind in (None, one.kind)
        ]


def waiting(door: FrontDoor, to: Role) -> Sequence[Notice]:
    """What is in no message yet."""
    return [one for one in told(door, to) if one.message_id is None]


@kept
def choose(door: FrontDoor, role: Role, **typed: str) -> None:
    """The person in a role chooses quiet hours or a digest, as typed on the page."""
    with door.acting(person_in(role)) as act:
        user = staff_rows.user(act.session, person_in(role).username)
        assert user is not None
        data = notice_choices.parse({**notice_choices.as_typed(user), **typed})
        notice_choices.choose(act, id_of(user), data)


def text(message: Message) -> str:
    """The plain text of a message, as a mail program shows it."""
    parsed = email.message_from_bytes(message.content, policy=email.policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")
