"""Rounds that take turns, so that a noisy moment of the machine falls on every contender alike."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import perf_counter


def medians(
    contenders: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    warm_up: int = 2,
    before: Callable[[str], object] = lambda _: None,
) -> dict[str, float]:
    """Seconds of the median round of each contender. The order turns by one each round; the first ones don't count.

    ``before`` is called with the contender's name ahead of each round, outside the time.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(warm_up + rounds):
        for name in names:
            before(name)
            seconds = _timed(contenders[name])
            if number >= warm_up:
                times[name].append(seconds)
        names = [*names[1:], names[0]]
    return {name: median(found) for name, found in times.items()}


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; every column but the first is aligned to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ms(seconds: float) -> str:
    """Milliseconds, as a person reads them."""
    return f"{seconds * 1000:.2f} ms"


def ratio(one: float, other: float) -> str:
    """How many times the other."""
    return f"{one / other:.2f}"
