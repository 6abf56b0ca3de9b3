"""The words in which a person is told: of one thing in a message of its own, or of several in one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from notifications.staff import bundles, staff
from notifications.staff.bundles import Line
from notifications.staff.staff import StaffText
from rules.messages import MessageKind
from rules.vocabulary import ReferrerKind, Role
from storage.queries import referral_rows
from storage.sessions import WriteSession
from storage.tables import Alert, Contact, Council, Notice, Referral, id_of

URGENT = 0
"""The priority of what waits neither for quiet hours nor for the last message."""


def of_one(session: WriteSession, notice: Notice, council: Council, *, now: datetime) -> StaffText:
    """One notice in its own message.

    New information goes in full to the worker and to the managers of the team; who is told after them signs in.
    """
    if notice.kind == MessageKind.NEW_INFORMATION:
        return staff.write_new_information(_new_information(session, notice, council))
    facts = staff.AlertFacts(
        headline=notice.headline,
        next_step=notice.next_step,
        referral_ref=notice.referral_ref or None,
        due_at=notice.due_at,
        now=now,
        link=council.base_url + notice.link,
        rung_role=Role(notice.role) if notice.role else None,
        closed_because=notice.closed_because,
        urgent=notice.alone and notice.priority == URGENT,
    )
    return staff.write(MessageKind(notice.kind), facts)


def of_several(lines: Sequence[Notice], over: Collection[str], council: Council, *, now: datetime) -> StaffText:
    """Notices about different things in one message; ``over`` are the subjects that are settled meanwhile."""
    roles = {line.role for line in lines}
    return bundles.write([_line(line, over, council, now=now) for line in lines], roles=roles, now=now)


def _line(notice: Notice, over: Collection[str], council: Council, *, now: datetime) -> Line:
    is_over = notice.kind == MessageKind.ALERT_CLOSED or notice.subject_key in over
    due_soon = notice.kind == MessageKind.WARNING and notice.due_at is not None and notice.due_at > now
    late_warning = notice.kind == MessageKind.WARNING and not due_soon
    return Line(
        headline=f"Overdue: {notice.headline}" if late_warning and not is_over else notice.headline,
        next_step=notice.next_step,
        referral_ref=notice.referral_ref,
        late_since=notice.due_at if notice.clock_id is not None and not due_soon else None,
        since=notice.due_at if notice.clock_id is None else None,
        due_at=notice.due_at if due_soon else None,
        link=council.base_url + notice.link,
        over=is_over,
        over_because=notice.closed_because,
    )


def _new_information(session: WriteSession, notice: Notice, council: Council) -> staff.NewInformation:
    referral = session.get_one(Referral, session.get_one(Alert, notice.alert_id).referral_id)
    contact = session.get_one(Contact, referral.contact_id)
    decision = referral_rows.latest_decision(session, id_of(referral))
    return staff.NewInformation(
        headline=notice.headline,
        next_step=notice.next_step,
        referral_ref=referral.ref,
        received_at=contact.received_at,
        referrer=referrer(contact),
        concern=contact.concern_facts,
        opinion=contact.professional_opinion,
        reasons=decision.reasons if decision else "",
        link=council.base_url + notice.link,
        rung_role=Role(notice.role),
    )


def referrer(contact: Contact) -> str:
    """Who contacted us, as other professionals may read it: only a professional whose identity is shared is named."""
    if contact.identity_protected or contact.referrer_kind != ReferrerKind.PROFESSIONAL:
        return ""
    return ", ".join(filter(None, (contact.referrer_name, contact.referrer_role, contact.referrer_agency)))
