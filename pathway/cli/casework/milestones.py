"""``pathway milestone``: what happened after a referral was accepted."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pathway.cli import acting_as
from pathway.cli.speech import say
from pathway.engine import inputs
from pathway.engine.milestones import recording_milestones
from pathway.engine.rulebooks import published_books
from pathway.web import times
from rules.books import batch
from rules.errors import InvalidInput
from rules.vocabulary import MilestoneKind
from rules.words import nearest
from storage.queries import clock_rows, referral_rows
from storage.sessions import WriteSession
from storage.tables import id_of

Ref = Annotated[str, typer.Argument(metavar="REF", help="The referral's reference.", show_default=False)]
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
    ref: Ref,
    kind: Kind,
    *,
    at: At,
    note: Note = "",
    reason_for_overrun: Reason = "",
    took_part: TookPart = "",
    enquiry_started: Enquiry = None,
    seen_alone: Alone = None,
    by: acting_as.By = "",
) -> None:
    """Record what happened after acceptance.

    The clocks that hang on it start and stop at that moment, however late it is entered.

    \b
    Examples:
      pathway milestone PW-7K2M-X4TD-1 'conference held' --at 2009-04-02T10:00:00+01:00
      pathway milestone PW-7K2M-X4TD-1 'strategy discussion held' --at 2009-03-12T10:00:00Z --enquiry-started \\
        --took-part 'Police, health visitor, school'
    """
    typed: dict[str, Any] = {"kind": _kind(kind), "occurred_at": batch.moment_of(at, "--at"), "note": note}
    typed |= {"reason_for_overrun": reason_for_overrun, "took_part": took_part}
    typed |= {"enquiry_started": enquiry_started, "seen_alone": seen_alone}
    data = inputs.parse(recording_milestones.MilestoneInput, typed)
    with acting_as.acting(by) as act:
        found = referral_rows.by_ref(act.session, ref.strip())
        before = {clock.id: clock.state for clock in clock_rows.of_referral(act.session, id_of(found))}
        recording_milestones.record(act, id_of(found), data, version=None)
        say(f"Recorded for {found.ref}: {data.kind}.")
        for line in _clocks(act.session, id_of(found), before):
            say(line)


def _kind(text: str) -> MilestoneKind:
    words = " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
    if words not in list(MilestoneKind):
        raise InvalidInput.of("KIND", f"There is no milestone {text!r}", nearest(words, MilestoneKind).capitalize())
    return MilestoneKind(words)


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
