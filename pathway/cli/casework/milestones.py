"""``pathway milestone``: what happened after a referral was accepted."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pathway.cli.acting_as import By, ReferralRef, acting_on_referral
from pathway.cli.given import one_of
from pathway.cli.speech import say, say_all
from pathway.engine import inputs
from pathway.engine.milestones import recording_milestones
from pathway.engine.rulebooks import published_books
from pathway.web import times
from rules.books import batch
from rules.vocabulary import MilestoneKind
from storage.queries import clock_rows
from storage.sessions import WriteSession
from storage.tables import id_of

Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"One of: {', '.join(MilestoneKind)}.", show_default=False)]
At = Annotated[str, typer.Option("--at", help="When it happened, with a time zone.", show_default=False)]
Note = Annotated[str, typer.Option("--note", help="Anything else that should be known.")]
Reason = Annotated[str, typer.Option("--reason-for-overrun", help="Why a duty was met late, where the book asks.")]
TookPart = Annotated[str, typer.Option("--took-part", help="Who took part in a strategy discussion.")]
Enquiry = Annotated[
    bool | None,
    typer.Option("--enquiry-started/--no-enquiry-started", help="Whether the discussion started an enquiry."),
]
Alone = Annotated[bool | None, typer.Option("--seen-alone/--not-seen-alone", help="Whether the child was seen alone.")]


def milestone(
    ref: ReferralRef,
    kind: Kind,
    *,
    at: At,
    note: Note = "",
    reason_for_overrun: Reason = "",
    took_part: TookPart = "",
    enquiry_started: Enquiry = None,
    seen_alone: Alone = None,
    by: By = "",
) -> None:
    """Record what happened after acceptance.

    The clocks that hang on it start and stop at that moment, however late it is entered.

    \b
    Examples:
      pathway milestone PW-7K2M-X4TD-1 'conference held' --at 2009-04-02T10:00:00+01:00
      pathway milestone PW-7K2M-X4TD-1 'strategy discussion held' --at 2009-03-12T10:00:00Z --enquiry-started \\
        --took-part 'Police, health visitor, school'
    """
    known = one_of(kind, MilestoneKind, "KIND", f"There is no milestone {kind!r}")
    typed: dict[str, Any] = {"kind": known, "occurred_at": batch.moment_of(at, "--at"), "note": note}
    typed |= {"reason_for_overrun": reason_for_overrun, "took_part": took_part}
    typed |= {"enquiry_started": enquiry_started, "seen_alone": seen_alone}
    data = inputs.parse(recording_milestones.MilestoneInput, typed)
    with acting_on_referral(ref, by) as (act, found):
        before = {clock.id: clock.state for clock in clock_rows.of_referral(act.session, id_of(found))}
        recording_milestones.record(act, id_of(found), data, version=None)
        say(f"Recorded for {found.ref}: {data.kind}.")
        say_all(_clocks(act.session, id_of(found), before))


def _clocks(session: WriteSession, referral_id: int, before: dict[int | None, str]) -> list[str]:
    """What became of the clocks, in a line each."""
    told = []
    for clock in clock_rows.of_referral(session, referral_id):
        if before.get(clock.id) == clock.state:
            continue
        rule = published_books.of(session, clock.rulebook_version_id, clock.calendar_version_id).book.clocks[clock.kind]
        met = f"met {'late' if clock.breached_at else 'in time'}" if clock.stopped_at else clock.state
        told.append(f"{rule.title}: {met}, due {times.at(clock.due_at)}.")
    return told
