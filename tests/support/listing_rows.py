"""Rows for each list that is paged in SQL: numbered, so that a test sees on page and in file which they are.

Row 1 is about one child, who can be restricted; the others are about another. ``fits`` says of a filter which it lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pathway.engine.actors import Actor
from rules.messages import MessageKind, MessageState
from rules.vocabulary import Role
from storage.sessions import WriteSession
from storage.tables import (
    Access,
    AccessChild,
    Bounce,
    BounceSettlement,
    Decision,
    Letter,
    Message,
    OnwardReferral,
    Person,
    Referral,
    id_of,
)
from support import rows
from support.front_door import MANAGER, person_in

Numbers = Callable[[int], bool]
HOME = "3 High Street\nNorthmoor\nN17 6AA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list. ``mark``: where a row's number stands on page and in file. ``base``: lists the numbered rows alone.

    ``found``: words that find row 7. ``turned``: two orders, each the other way round. ``looked``: what the access log
    calls its file.
    """

    path: str
    mark: str
    put: Callable[[WriteSession, int, Referral], Any]
    fits: Mapping[str, Numbers]
    found: str
    turned: tuple[str, str]
    looked: str
    base: str = ""
    who: Actor = MANAGER


def _every(number: int) -> Numbers:
    return lambda n: n % number == 0


def _rest(number: int) -> Numbers:
    return lambda n: n % number != 0


def _all(_: int) -> bool:
    return True


def _look(session: WriteSession, n: int, about: Referral) -> None:
    look = rows.insert(
        session,
        Access,
        username=AUDITOR.username if n % 4 == 0 else "duty.manager",
        what=f"export, look {n:03}" if n % 5 == 0 else f"look {n:03}",
        allowed=n % 3 != 0,
        words=f"word{n:03}" if n % 7 == 0 else "",
        contact_id=about.contact_id,
        referral_id=about.id,
    )
    session.add(AccessChild(access_id=id_of(look), person_id=about.person_id))


def _message(session: WriteSession, n: int, about: Referral) -> None:
    waits, twice = n % 3 == 0, n % 4 == 0
    rows.insert(
        session,
        Message,
        kind=MessageKind.OUTCOME if n % 2 else MessageKind.ACKNOWLEDGEMENT,
        state=MessageState.QUEUED if waits else MessageState.REFUSED if twice else MessageState.HANDED_OVER,
        recipient_name="Reader",
        recipient_address=f"to{n:03}@x.example",
        contact_id=about.contact_id,
        created_at=rows.MOMENT - timedelta(days=2 if n % 6 == 0 else 1, hours=-18 if n % 6 else 0),
        perhaps_twice=twice,
    )


def _bounce(session: WriteSession, n: int, about: Referral) -> None:
    message = rows.insert(session, Message, contact_id=about.contact_id)
    bounce = rows.insert(
        session,
        Bounce,
        kind="failed" if n % 2 else "delayed",
        recipient=f"from{n:03}@x.example",
        message_id=message.id,
    )
    if n % 3 == 0:
        how = "dismissed" if n % 6 == 0 else "alerted"
        rows.insert(session, BounceSettlement, bounce_id=bounce.id, how=how)


def _letter(session: WriteSession, n: int, about: Referral) -> None:
    rows.insert(
        session,
        Letter,
        kind=MessageKind.OUTCOME if n % 2 else MessageKind.ACKNOWLEDGEMENT,
        contact_id=about.contact_id,
        number=n + 100,
        delivery="post",
        recipient_name=f"Reader {n:03}",
        recipient_address=HOME if n != 7 else HOME.replace("High", "Seventh"),
    )


def _onward(session: WriteSession, n: int, about: Referral) -> None:
    referral = about
    if n != 1:
        referral = rows.insert(session, Referral, contact_id=about.contact_id, ref=f"{about.ref}{n:03}")
    decision = rows.insert(session, Decision, referral_id=referral.id)
    rows.insert(
        session,
        OnwardReferral,
        referral_id=referral.id,
        decision_id=decision.id,
        receiver=f"Hub {n:03}",
        receiver_email="" if n % 2 else f"hub{n:03}@x.example",
    )


def _person(session: WriteSession, n: int, about: Referral) -> None:
    if n == 1:
        session.get_one(Person, about.person_id).address = f"{n:03} Elm Road"
        return
    born = date(2004, 1, 1) + timedelta(days=n)
    session.add(
        Person(
            forename="Mia",
            surname="Harlow" if n != 7 else "Harlow-Seven",
            address=f"{n:03} Elm Road",
            birth_date=born,
            created_at=rows.MOMENT,
        )
    )


AUDITOR = person_in(Role.AUDITOR)
LISTINGS = (
    Listing(
        path="/access-log",
        who=AUDITOR,
        mark=r"[Ll]ook (\d{3})",
        put=_look,
        base="",
        fits={
            "refused=yes": _every(3),
            "searches=yes": _every(7),
            "files=yes": _every(5),
            "mine=yes": _every(4),
            "q=duty.manager": _rest(4),
            "refused=yes&mine=yes": _every(12),
        },
        found="word007",
        turned=("sort=newest", "sort=oldest"),
        looked="export of the access log",
    ),
    Listing(
        path="/outbox",
        mark=r"to(\d{3})@x\.example",
        put=_message,
        fits={
            "state=queued": _every(3),
            "state=refused": lambda n: n % 4 == 0 and n % 3 != 0,
            "state=queued&state=handed+over": lambda n: n % 3 == 0 or n % 4 != 0,
            "kind=outcome": _rest(2),
            "twice=yes": _every(4),
            "state=queued&kind=acknowledgement": _every(6),
        },
        found="to007",
        turned=("sort=newest", "sort=oldest"),
        looked="export of the outbox",
    ),
    Listing(
        path="/bounces",
        mark=r"from(\d{3})@x\.example",
        put=_bounce,
        fits={
            "kind=failed": _rest(2),
            "kind=failed&kind=delayed": _all,
            "how=dismissed": _every(6),
            "how=dismissed&how=alerted": _every(3),
            "waiting=yes": _rest(3),
        },
        found="from007",
        turned=("how=dismissed&how=alerted&sort=newest", "how=dismissed&how=alerted&sort=oldest"),
        looked="export of the bounces",
    ),
    Listing(
        path="/print-queue",
        mark=r"Reader (\d{3})",
        put=_letter,
        fits={
            "kind=outcome": _rest(2),
            "kind=outcome&kind=acknowledgement": _all,
            "again=yes": lambda _: False,
        },
        found="seventh street",
        turned=("sort=newest", "sort=oldest"),
        looked="export of the print queue",
    ),
    Listing(
        path="/onward",
        mark=r"Hub (\d{3})",
        put=_onward,
        fits={"no-email=yes": _rest(2), "late=yes": lambda _: False},
        found="hub 007",
        turned=("sort=newest", "sort=oldest"),
        looked="export of the children referred onward",
    ),
    Listing(
        path="/find",
        mark=r"(\d{3}) Elm Road",
        put=_person,
        base="q=harlow",
        fits={"wider=yes": _all},
        found="harlow-seven",
        turned=("sort=youngest", "sort=oldest"),
        looked="export of a search",
    ),
)
