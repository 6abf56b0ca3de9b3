"""Random days, what comes and goes: information that arrives later, workers who leave and come back."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from pathway.engine import inputs
from pathway.engine.information import adding_information, standing_decisions
from pathway.engine.staff import team_changes
from rules.vocabulary import Role
from storage.tables import DecisionQuestion, Information, Referral, Worker, id_of
from support import added
from support.front_door import MANAGER, OFFICER, FrontDoor, person_in

if TYPE_CHECKING:
    from collections.abc import Callable

ADMINISTRATOR = person_in(Role.ADMINISTRATOR)


class ComingAndGoing:
    """What people do who learn something later, and what becomes of children whose worker leaves."""

    door: FrontDoor
    rng: Random
    pick: Callable[[type[Any]], Any]
    run: Callable[..., Any]

    def inform(self, target: Referral | None) -> None:
        """Something is learnt, mostly from the referrer."""
        if target:
            whom = {"from_referrer": True} if self.rng.random() < 0.7 else {"from_referrer": False, "from_whom": "Aunt"}
            self.run(adding_information.add, target.contact_id, added.typed(self.door, **whom), by=OFFICER)

    def stand(self, _: Any) -> None:
        """A manager says whether a decision stands after it."""
        if question := self.pick(DecisionQuestion):
            data = standing_decisions.StandsInput(stands=self.rng.random() < 0.7, reason="Nothing new in it.")
            self.run(standing_decisions.answer, id_of(question), data, by=MANAGER)

    def leave(self, _: Any) -> None:
        """A worker leaves, and everything held goes to another worker or to nobody."""
        going, other = self.pick(Worker), self.pick(Worker)
        heir = {"": f"worker:{other.id}"} if self.rng.random() < 0.5 and other.id != going.id and other.active else {}
        self.run(team_changes.let_go, id_of(going), heir, by=ADMINISTRATOR)

    def come_back(self, _: Any) -> None:
        """Whoever has left works here again, and holds nothing."""
        worker = self.pick(Worker)
        if not worker.active:
            kept = worker.model_dump(include={"name", "email", "team_id", "full_time_equivalent"})
            data = inputs.parse(team_changes.WorkerInput, kept | {"active": True})
            self.run(team_changes.change_worker, id_of(worker), data, by=ADMINISTRATOR)


def unasked(rows: Any) -> list[tuple[int, int]]:
    """What was learnt after a child's decision without that anybody was asked whether it stands."""
    asked = {(row.information_id, row.referral_id) for row in rows(DecisionQuestion)}
    due = {
        (learnt.id, child.id)
        for learnt in rows(Information)
        for child in rows(Referral)
        if child.contact_id == learnt.contact_id and child.decided_at and child.decided_at < learnt.recorded_at
        if child.set_aside_at is None
    }
    return sorted(due - asked)
