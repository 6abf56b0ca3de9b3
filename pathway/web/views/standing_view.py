"""What everybody is told on every page for as long as it is so: that Pathway does not act, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pathway.engine.watch import heartbeats
from pathway.web import times
from storage.queries import hold_rows
from storage.queries.alerts import heartbeat_rows
from storage.queries.hold_rows import Held
from storage.sessions import ReadSession

LAST_DONE = {
    heartbeats.SWEEP: ("deadlines were last looked at on {at}", "deadlines have not been looked at yet"),
    heartbeats.DISPATCH: ("sending last ran on {at}", "sending has not run yet"),
}
FOR_STRANGERS = "Tell the system owner."


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One banner: its ``title`` is a sentence, and ``link`` leads to where something can be done about it."""

    title: str
    words: str
    link: str = ""
    link_words: str = ""

    @property
    def without_particulars(self) -> Standing:
        """The same for somebody who is not signed in: that it is so, and neither why nor since when."""
        return replace(self, words=FOR_STRANGERS, link="", link_words="")


def standing(session: ReadSession, *, now: datetime) -> Sequence[Standing]:
    """What stands on every page now, the gravest first. Where all is held, nobody wonders at the silence."""
    if hold_rows.held(session) is Held.NOT:
        return list(_silence(session, now))
    return [*_copy(session), *_doubt(session)]


def _copy(session: ReadSession) -> Iterator[Standing]:
    if (copy := hold_rows.copy(session)) is not None:
        yield Standing(
            title="This is a copy.",
            words=f"{copy.copied_because}. Nothing is sent, collected or judged until somebody types pathway adopt.",
        )


def _doubt(session: ReadSession) -> Iterator[Standing]:
    if (doubt := hold_rows.doubt(session)) is not None:
        yield Standing(
            title="The clock is in doubt.",
            words=f"{doubt.because}. No alert and no letter goes. What you record is kept, and marked. Ring whoever "
            "must know of a child in immediate danger.",
            link="/clock",
            link_words="What to do about the clock",
        )


def _silence(session: ReadSession, now: datetime) -> Iterator[Standing]:
    beats = {beat.name: beat.beat_at for beat in heartbeat_rows.heartbeats(session)}
    last = {name: beats.get(name) for name in LAST_DONE}
    silent = [name for name, beat in last.items() if beat is None or now - beat > heartbeats.SILENT_AFTER]
    if not silent:
        return
    since = " and ".join(_last_done(name, last[name]) for name in silent)
    words = (
        f"{since[:1].upper()}{since[1:]}. Until that runs again no warning, alert or letter goes. Look after what is "
        "due yourself, ring whoever must know of a child in danger, and tell the system owner."
    )
    yield Standing(title="Nobody is watching.", words=words)


def _last_done(name: str, at: datetime | None) -> str:
    known, never = LAST_DONE[name]
    return never if at is None else known.format(at=times.at(at))
