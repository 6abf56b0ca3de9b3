"""How long `pathway up` takes to end after a signal (the promise is three seconds)."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import timing
from support import processes

ROUNDS = 5


def table() -> str:
    """Seconds from SIGINT and from SIGTERM to the end of the process: the median and the longest of a few rounds."""
    head = ["ended by", "median", "longest"]
    return timing.markdown(head, [_row(number) for number in (signal.SIGINT, signal.SIGTERM)])


def _row(number: signal.Signals) -> list[str]:
    seconds = [_seconds_to_end(number) for _ in range(ROUNDS)]
    return [number.name, f"{median(seconds):.2f} s", f"{max(seconds):.2f} s"]


def _seconds_to_end(number: signal.Signals) -> float:
    with tempfile.TemporaryDirectory() as folder, processes.running(Path(folder), processes.UP) as program:
        program.wait_for(program.healthy)
        began = perf_counter()
        program.end(number)
        return perf_counter() - began
