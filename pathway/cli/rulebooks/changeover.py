"""How the commands that move running deadlines tell what they did, or would do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from pathway.cli import opening
from pathway.cli.speech import note, progress, say, say_json
from pathway.engine.changeover import changeover_plan
from pathway.engine.changeover.changeover_plan import ClockMove, Order, Plan, ReferralMove
from pathway.engine.rulebooks import council_versions
from rules.timing import zones
from rules.timing.explain import utc_text
from storage.clock import utc_now
from storage.sessions import Database

INTERRUPTED = 130
Reason = Annotated[str, typer.Option("--reason", help="Why; it stands in each history.", show_default=False)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would move; write nothing.")]


def order(reason: str, by: str) -> Order:
    """Who ordered the move and why. Raises InvalidInput for a blank name or reason."""
    return changeover_plan.Order(
        reason=council_versions.reason_given(reason), actor=council_versions.actor_named(by), through=opening.username()
    )


def carry_out(database: Database, plan: Plan, order: Order | None, *, dry: bool) -> list[ReferralMove]:
    """The move, or its preview where ``dry`` or nobody ordered one. What was moved before an interruption stays."""
    shown = progress("contacts")
    if dry or order is None:
        return changeover_plan.preview(database, plan, now=utc_now(), progress=shown)
    try:
        return changeover_plan.carry_out(database, plan, order, now=utc_now(), progress=shown)
    except KeyboardInterrupt:
        note("\nInterrupted. What was moved stays moved; run the same command again to go on.")
        raise typer.Exit(INTERRUPTED) from None


def tell(moves: Sequence[ReferralMove], *, dry: bool, as_json: bool) -> None:
    """The referrals with their clocks, in words or as one line of JSON; the same for preview and move."""
    if as_json:
        say_json({"dry_run": dry, "referrals": [_terms(move) for move in moves]})
        return
    for move in moves:
        _tell_one(move, dry=dry)
    moving = [move for move in moves if not move.stays]
    deadlines = sum(len(move.deadlines) for move in moving)
    same = sum(clock.moves for move in moving for clock in move.clocks) - deadlines
    verb = "would move" if dry else "moved"
    say(f"{len(moving)} referrals {verb}; {deadlines} deadlines become other ones, {same} stay the same.")
    if len(moves) > len(moving):
        say(f"{len(moves) - len(moving)} referrals stay as they are.")


def _tell_one(move: ReferralMove, *, dry: bool) -> None:
    if move.stays:
        say(f"{move.ref} stays: {move.stays}.")
        return
    say(f"{move.ref} {'would move' if dry else 'moved'}.")
    for clock in move.clocks:
        say(f"  {clock.title}: {_clock_words(clock)}")


def _clock_words(clock: ClockMove) -> str:
    if clock.stays:
        return f"stays, due {_local(clock.old_due)}: {clock.stays}."
    if not clock.deadline_moves:
        return f"due {_local(clock.old_due)} as before."
    return f"due {_local(clock.old_due)} -> {_local(clock.new_due)}."


def _local(moment: datetime) -> str:
    local = moment.astimezone(zones.zone_named(zones.LONDON))
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


def _terms(move: ReferralMove) -> dict[str, Any]:
    return {"referral": move.ref, "stays": move.stays, "clocks": [_clock_terms(clock) for clock in move.clocks]}


def _clock_terms(clock: ClockMove) -> dict[str, Any]:
    return {
        "clock": clock.kind,
        "round": clock.round,
        "old_due": utc_text(clock.old_due),
        "new_due": utc_text(clock.new_due),
        "stays": clock.stays,
    }
