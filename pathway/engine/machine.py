"""The state machine: one shared machine, built from the pathway's table, fired on plain rows.

A machine per record costs fifty times more, and ``add_model`` refuses SQLModel rows;
``tests/pathway/test_machine.py`` holds the contract of this little-documented use of ``transitions``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from transitions import EventData, Machine, MachineError

from rules import pathway
from rules.errors import Refused
from rules.pathway import Facts, Guard, Transition
from rules.vocabulary import State, Trigger
from storage.tables import Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One step that the state offers, and why the facts refuse it, if they do."""

    trigger: Trigger
    reasons: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """True when nothing stands in the way."""
        return not self.reasons


def _condition(guard: Guard) -> Callable[[EventData], bool]:
    return lambda event: not guard.refusal(event.kwargs["facts"])


def _arrow(arrow: Transition) -> dict[str, object]:
    return {
        "trigger": arrow.trigger.value,
        "source": arrow.source.value,
        "dest": arrow.target.value,
        "conditions": [_condition(guard) for guard in arrow.guards],
    }


_MACHINE = Machine(
    model=None,
    states=[state.value for state in State],
    initial=pathway.INITIAL.value,
    transitions=[_arrow(arrow) for arrow in pathway.TRANSITIONS],
    auto_transitions=False,
    send_event=True,
    queued=False,
)


def fire(referral: Referral, trigger: Trigger, facts: Facts = Facts()) -> None:  # noqa: B008 - frozen
    """Moves the referral along one arrow. Raises Refused with the reasons, and then changes nothing."""
    referral.state = State(referral.state).value  # transitions would look an enum up by its name
    try:
        moved = _MACHINE.events[trigger.value].trigger(referral, facts=facts)
    except MachineError as error:
        raise Refused([_wrong_state(referral, trigger)]) from error
    if not moved:
        arrow = pathway.find(trigger, State(referral.state))
        raise Refused(arrow.refusals(facts) if arrow else [])


def _wrong_state(referral: Referral, trigger: Trigger) -> str:
    sources = [arrow.source for arrow in pathway.TRANSITIONS if arrow.trigger is trigger]
    return f"This referral is {referral.state}. The step '{trigger}' is for one that is {' or '.join(sources)}."


def choices(referral: Referral, facts: Facts) -> tuple[Choice, ...]:
    """What can be done now: each step that the state offers, from the same table as the machine."""
    arrows = (arrow for arrow in pathway.TRANSITIONS if arrow.source == referral.state)
    return tuple(Choice(trigger=arrow.trigger, reasons=arrow.refusals(facts)) for arrow in arrows)
