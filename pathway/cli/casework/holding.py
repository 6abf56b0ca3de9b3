"""``pathway allocate``, ``pathway transfer`` and ``pathway close``: who holds a child, and the end of it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from pathway.cli.acting_as import By, ReferralRef, acting_on_referral, team_called
from pathway.cli.speech import say
from pathway.engine import inputs
from pathway.engine.casework import allocating, closing, transferring
from rules.books import batch
from rules.errors import InvalidInput, NotFound, Refused
from rules.words import nearest
from storage.queries import referral_rows
from storage.queries.casework import transfer_rows
from storage.queries.staff import staff_rows
from storage.sessions import WriteSession
from storage.tables import Transfer, Worker, id_of

app = typer.Typer()

To = Annotated[str, typer.Option("--worker", help="The worker's full name.")]
Team = Annotated[str, typer.Option("--team", help="The team; with a worker, the team that the worker is of.")]
At = Annotated[str, typer.Option("--discussed-at", help="When it was talked over, with a time zone.")]
TalkedBy = Annotated[str, typer.Option("--discussed-by", help="Who talked it over with the worker.")]
Agreed = Annotated[str, typer.Option("--agreed", help="What was agreed.")]
Override = Annotated[str, typer.Option("--override-reason", help="Why this worker, over the caseload limit.")]
Note = Annotated[str, typer.Option("--note", help="What the team should know.")]
Handover = Annotated[str, typer.Option("--note", help="The handover note.", show_default=False)]
Because = Annotated[str, typer.Option("--reason", help="Why.", show_default=False)]
Code = Annotated[str, typer.Option("--code", help="The department's reason, RC1 to RC9; needed where it was accepted.")]
NOBODY = "Give --worker, or --team for a team that has no worker for the child yet"


def allocate(
    ref: ReferralRef,
    *,
    worker: To = "",
    team: Team = "",
    discussed_at: At = "",
    discussed_by: TalkedBy = "",
    agreed: Agreed = "",
    override_reason: Override = "",
    note: Note = "",
    by: By = "",
) -> None:
    """Give a child to a worker, or to a team without one.

    A child whom only a team has counts as unallocated: its clock goes on.

    \b
    Examples:
      pathway allocate PW-7K2M-X4TD-1 --worker 'Sam Okoro' --discussed-at 2009-03-27T10:00:00Z \\
        --discussed-by 'Tess Ward' --agreed 'First visit tomorrow'
      pathway allocate PW-7K2M-X4TD-1 --team 'Assessment team' --note 'Tess looks for somebody'
    """
    if not worker.strip() and not team.strip():
        raise InvalidInput.of("--worker", "Nobody is named", NOBODY)
    if not worker.strip():
        _to_team(ref, team, note=note, by=by)
        return

    talked: dict[str, Any] = {"discussed_by": discussed_by, "agreed": agreed, "override_reason": override_reason}
    if discussed_at:
        talked["discussed_at"] = batch.moment_of(discussed_at, "--discussed-at")
    with acting_on_referral(ref, by) as (act, found):
        holder = _worker(act.session, worker, team)
        data = inputs.parse(allocating.AllocationInput, {"worker_id": holder.id} | talked)
        allocating.allocate(act, id_of(found), data, version=None)
    say(f"Allocated {found.ref} to {holder.name}.")


def _to_team(ref: str, team: str, *, note: str, by: str) -> None:
    with acting_on_referral(ref, by) as (act, found):
        data = inputs.parse(allocating.TeamInput, {"team_id": team_called(act.session, team.strip()).id, "note": note})
        allocating.give_to_team(act, id_of(found), data, version=None)
    say(f"Gave {found.ref} to {team.strip()}, without a worker yet: it is still unallocated.")


def close(ref: ReferralRef, *, reason: Because, code: Code = "", by: By = "") -> None:
    """Close a referral of which nothing is owed any more.

    What was not accepted closes by itself. An accepted one needs the department's reason.

    \b
    Example:
      pathway close PW-7K2M-X4TD-1 --code RC7 --reason 'The plan has been met'
    """
    data = inputs.parse(closing.ClosureInput, {"reason": reason, "code": code.strip().upper()})
    with acting_on_referral(ref, by) as (act, found):
        closing.close(act, id_of(found), data, version=None)
    say(f"Closed {found.ref}.")


@app.command()
def propose(ref: ReferralRef, *, note: Handover, worker: To = "", team: Team = "", by: By = "") -> None:
    """Propose to move a child; your own side counts as accepted.

    \b
    Examples:
      pathway transfer propose PW-7K2M-X4TD-1 --worker 'Ruth Ames' --note 'Visited twice' --by sam.okoro
      pathway transfer propose PW-7K2M-X4TD-1 --team 'Court team' --note 'Proceedings begin' --by sam.okoro
    """
    if not worker.strip() and not team.strip():
        raise InvalidInput.of("--worker", "Nobody is named", NOBODY)
    with acting_on_referral(ref, by) as (act, found):
        typed: dict[str, Any] = {"handover_note": note}
        if worker.strip():
            typed["to_worker_id"] = _worker(act.session, worker, team).id
        else:
            typed["to_team_id"] = team_called(act.session, team.strip()).id
        data = inputs.parse(transferring.TransferInput, typed)
        made = transferring.propose(act, id_of(found), data, version=None)
        side = "taking" if made.given_at else "giving"
    say(f"Proposed for {found.ref}. It waits for the {side} side; until then nothing changes.")


@app.command()
def accept(ref: ReferralRef, *, worker: To = "", team: Team = "", override_reason: Override = "", by: By = "") -> None:
    """Accept for the side that has not accepted yet: the child moves.

    \b
    Example:
      pathway transfer accept PW-7K2M-X4TD-1 --by ruth.ames
    """
    with acting_on_referral(ref, by) as (act, _):
        waiting = _waiting(act.session, ref)
        typed: dict[str, Any] = {"override_reason": override_reason}
        if worker.strip():
            typed["worker_id"] = _worker(act.session, worker, team).id
        data = inputs.parse(transferring.TransferAcceptanceInput, typed)
        done = transferring.accept(act, id_of(waiting), data)
        say(f"Transferred {ref.strip()} to {act.session.get_one(Worker, done.to_worker_id).name}.")


@app.command()
def refuse(ref: ReferralRef, *, reason: Because, by: By = "") -> None:
    """Refuse a transfer, or take it back: the child stays where it is.

    \b
    Example:
      pathway transfer refuse PW-7K2M-X4TD-1 --reason 'Away in April' --by ruth.ames
    """
    data = inputs.parse(inputs.ReasonInput, {"reason": reason})
    with acting_on_referral(ref, by) as (act, _):
        waiting = _waiting(act.session, ref)
        transferring.refuse(act, id_of(waiting), data)
    say(f"Refused. {ref.strip()} stays where it is.")


def _waiting(session: WriteSession, ref: str) -> Transfer:
    found = referral_rows.by_ref(session, ref.strip())
    waiting = transfer_rows.open_of(session, id_of(found))
    if waiting is None:
        raise Refused([f"No transfer of {found.ref} waits. Propose one with: pathway transfer propose {found.ref}"])
    return waiting


def _worker(session: WriteSession, name: str, team: str) -> Worker:
    found = staff_rows.workers_called(session, name.strip(), team.strip())
    if len(found) == 1:
        return found[0][0]
    if not found:
        whose = f" in {team.strip()}" if team.strip() else ""
        remedy = nearest(name, [worker.name for worker, *_ in staff_rows.workers(session)])
        raise NotFound(f"There is no active worker {name.strip()}{whose}: {remedy}")
    teams = ", ".join(repr(team.name) for _, team in found)
    raise InvalidInput.of("--worker", f"There are several workers {name.strip()}", f"Add --team, one of: {teams}")
