"""Several children of one contact under one act: all of it is recorded, or none, and every child's faults are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pathway.engine.act import Act
from rules.errors import InvalidInput, PathwayError, Refused, Stale

Data = TypeVar("Data")
Typed = TypeVar("Typed", contravariant=True)  # noqa: PLC0105 - what is typed, as in ``steps``


@dataclass(frozen=True, slots=True, kw_only=True)
class OfChild(Generic[Data]):
    """What is wanted for one child; ``version`` is that of the page on which it was typed."""

    ref: str
    referral_id: int
    version: int | None
    data: Data


class SeveralRefused(PathwayError):
    """Nothing was recorded: at least one of the children was refused. ``errors`` says of each why, by reference."""

    status = 409

    def __init__(self, errors: Mapping[str, PathwayError]) -> None:
        self.errors = dict(errors)
        if all(isinstance(error, InvalidInput) for error in errors.values()):
            self.status = InvalidInput.status
        super().__init__(" ".join(f"{ref}: {error}" for ref, error in errors.items()))


class Command(Protocol[Typed]):
    """One of the engine's commands about a referral."""

    def __call__(self, act: Act, referral_id: int, data: Typed, /, *, version: int | None) -> object:
        """Takes the step."""


def each(act: Act, command: Command[Data], children: Sequence[OfChild[Data]]) -> None:
    """Gives a command for each child, in this order, one seeing what the ones before did.

    Raises SeveralRefused after all have been tried; whoever opened the transaction takes everything back.
    """
    refused: dict[str, PathwayError] = {}
    for child in children:
        try:
            command(act, child.referral_id, child.data, version=child.version)
        except (InvalidInput, Refused, Stale) as error:
            refused[child.ref] = error
    if refused:
        raise SeveralRefused(refused)
