"""What has become of one letter, as one dated list: the proof that it was handed over, and of all that followed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from notifications.notify import statuses
from pathway.engine.referrers import visible_referrer
from pathway.web import times
from pathway.web.views import letter_words_view
from rules.messages import BounceKind, Delivery, LinkTry, Returned, Settlement
from rules.vocabulary import EventKind
from storage.queries.letters import letter_history_rows, link_rows
from storage.queries.letters.letter_history_rows import LetterRows
from storage.queries.letters.letter_list_rows import LetterLine
from storage.queries.letters.link_rows import LinkRows
from storage.queries.letters.returned_mail_rows import BounceLine
from storage.sessions import ReadSession
from storage.tables import Event, MessageAttempt, id_of

SYSTEM = "pathway"
BACK = {
    Returned.BOUNCED: "Bounced",
    Returned.BY_POST: "Returned by post",
    Returned.NOT_PRINTED: "Not printed by GOV.UK Notify",
    Returned.WITHDRAWN: "Owed again, as nobody had opened it",
}
TRIED = {
    LinkTry.OPENED: ("Opened by the link", False),
    LinkTry.WRONG: ("Not opened: a wrong answer", True),
    LinkTry.EXPIRED: ("Not opened: both answers were right, but the link had expired", True),
    LinkTry.REVOKED: ("Not opened: both answers were right, but the link was withdrawn", True),
    LinkTry.UNKNOWN: ("Not opened: no link of ours", True),
    LinkTry.THROTTLED: ("Not looked at: too many wrong answers", True),
}
WRITTEN = {Delivery.EMAIL: "Written, to go by e-mail", Delivery.POST: "Written, to go by post"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened to a letter; ``detail`` is what a server or a person said, ``by`` a user name."""

    at: datetime
    words: str
    detail: str = ""
    by: str = ""
    is_bad: bool = False


def of(session: ReadSession, line: LetterLine, *, sees: bool) -> list[Happening]:
    """Everything that happened to a letter, in order; without what was said where the referrer must not be seen."""
    letter_id = id_of(line.letter)
    rows = letter_history_rows.of_letter(session, letter_id, contact_id=line.letter.contact_id)
    all_of_it = (*_all(line, rows, letter_id), *_of_links(link_rows.of_letter(session, letter_id)))
    happened = sorted(all_of_it, key=lambda one: one.at)
    if visible_referrer.hidden(line.contact, sees=sees):
        return [replace(one, detail="") for one in happened]
    return happened


def of_links(found: LinkRows, *, hidden: bool) -> list[Happening]:
    """Everything that happened to the links to a letter, in order; without addresses where they must not be seen."""
    happened = sorted(_of_links(found), key=lambda one: one.at)
    return [replace(one, detail="") for one in happened] if hidden else happened


def _of_links(found: LinkRows) -> Iterator[Happening]:
    for link in found.links:
        words = f"Link made, which opens the letter until {times.at(link.expires_at)}"
        yield Happening(at=link.created_at, words=words, detail=f"for {link.sent_to}", by=link.created_by)
    for revoked in found.revocations:
        yield Happening(at=revoked.revoked_at, words="Link withdrawn", detail=revoked.reason, by=revoked.revoked_by)
    for tried in found.tries:
        words, is_bad = TRIED[LinkTry(tried.result)]
        yield Happening(at=tried.tried_at, words=words, detail=f"from {tried.address}", is_bad=is_bad)


def said(happening: Happening, names: Mapping[str, str]) -> str:
    """One happening in words, with who did it and what was said."""
    by = "" if happening.by in ("", SYSTEM) else names.get(happening.by, happening.by)
    return f"{happening.words}{f' by {by}' if by else ''}{f': {happening.detail}' if happening.detail else ''}"


def _all(line: LetterLine, rows: LetterRows, letter_id: int) -> Iterator[Happening]:
    letter = line.letter
    yield Happening(at=letter.written_at, words=WRITTEN.get(Delivery(letter.delivery), "Written"))
    for before, message in pairwise(rows.messages):
        again = message.recipient_address == before.recipient_address
        words = "Sent again" if again else "Sent on to another address"
        yield Happening(at=message.created_at, words=words, detail=message.recipient_address)
    yield from (_attempt(attempt) for attempt in rows.attempts)
    yield from _left(rows)
    for back in rows.returns:
        words = BACK[Returned(back.how)]
        yield Happening(at=back.returned_at, words=words, detail=back.note, by=back.recorded_by, is_bad=True)
    for bounce in rows.bounces:
        yield from _came(bounce)
    for told in rows.statuses:
        yield Happening(
            at=told.said_at,
            words=f"GOV.UK Notify says {statuses.words(told.status)}",
            is_bad=told.status in statuses.FAILED,
        )
    if line.cancelled:
        by = line.cancelled.cancelled_by
        yield Happening(at=line.cancelled.cancelled_at, words="Cancelled", detail=line.cancelled.because, by=by)
    if line.excused:
        by = line.excused.excused_by
        yield Happening(
            at=line.excused.excused_at, words="Recorded as one that can’t be sent", detail=line.excused.reason, by=by
        )
    yield from _hands(rows, letter_id)


def _attempt(attempt: MessageAttempt) -> Happening:
    server = attempt.server or "the mail server"
    if attempt.accepted:
        return Happening(at=attempt.attempted_at, words=f"Handed over to {server}", detail=attempt.answer)
    if attempt.perhaps_taken:
        words = f"No answer from {server}, which may have it: it may arrive twice"
    else:
        words = f"Refused by {server}" if attempt.final else f"Put off by {server}"
    return Happening(at=attempt.attempted_at, words=words, detail=attempt.answer, is_bad=attempt.final)


def _left(rows: LetterRows) -> Iterator[Happening]:
    accepted = any(attempt.accepted for attempt in rows.attempts)
    for handover in rows.handovers:
        how = Delivery(handover.delivery)
        if not (accepted and handover.recorded_by == SYSTEM):
            yield Happening(
                at=handover.handed_over_at,
                words=letter_words_view.LEFT[how],
                detail=handover.note,
                by=handover.recorded_by,
            )


def _came(line: BounceLine) -> Iterator[Happening]:
    """What came by e-mail, but for what stands there as the letter's return already."""
    bounce = line.bounce
    if line.settlement is not None and line.settlement.how == Settlement.LETTER_RETURNED:
        return
    automatic = bounce.kind == BounceKind.AUTOMATIC_REPLY
    words = "An automatic reply came" if automatic else f"A report came: {bounce.kind}"
    if line.settlement is None:
        words += ", which waits for a person"
    why = line.settlement.note if line.settlement else bounce.because
    yield Happening(at=bounce.received_at, words=words, detail=bounce.diagnostic or why)


def _hands(rows: LetterRows, letter_id: int) -> Iterator[Happening]:
    for call in letter_words_view.calls(_of_kind(rows, EventKind.TOLD_BY_TELEPHONE), letter_id=letter_id):
        yield Happening(at=call.at, words="Told by telephone", detail=call.note, by=call.by)
    for event in rows.events:
        if event.kind != EventKind.TOLD_BY_TELEPHONE and json.loads(event.details).get("letter") == letter_id:
            words, _, reason = event.summary.partition(": ")
            yield Happening(at=event.occurred_at, words=words, detail=reason, by=event.actor)


def _of_kind(rows: LetterRows, kind: EventKind) -> list[Event]:
    return [event for event in rows.events if event.kind == kind]
