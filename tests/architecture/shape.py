"""``make lint``: counts how the code is shaped and compares with ``shape.toml``. A count may fall, never rise.

A count that fell is kept with ``make shape``, in the same commit. Nothing here raises one: whoever must, edits the
file, and says why in the commit.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from statistics import median, quantiles

from architecture.shape_counts import COUNTS, MANY_PARAMETERS, Code, parameters
from support import source

KEPT = Path(__file__).with_name("shape.toml")
HEAD = "# What `make lint` counts. A count may fall, then `make shape` writes it here; it must not rise.\n"

Offenders = dict[str, list[str]]
Kept = dict[str, int]


def counted(code: Code) -> Offenders:
    """Whoever is over the mark, for each count."""
    return {name: count(code) for name, count in COUNTS.items()}


def read(path: Path) -> Kept:
    """The counts as they were kept; one that is not there may not be above zero."""
    return dict.fromkeys(COUNTS, 0) | tomllib.loads(path.read_text("utf-8"))


def risen(found: Offenders, kept: Kept) -> list[str]:
    """What to say of each count that rose, with every name behind it."""
    return [
        "\n  ".join([f"{name} rose from {kept[name]} to {len(offenders)}:", *offenders])
        for name, offenders in found.items()
        if len(offenders) > kept[name]
    ]


def fallen(found: Offenders, kept: Kept) -> list[str]:
    """What to say of each count that fell."""
    return [
        f"{name} fell from {kept[name]} to {len(offenders)}: keep it with `make shape`, in the same commit."
        for name, offenders in found.items()
        if len(offenders) < kept[name]
    ]


def lowered(found: Offenders, kept: Kept) -> str:
    """The text of the kept file: whatever fell is lower, whatever rose stays as it was."""
    lines = (f"{name} = {min(len(offenders), kept[name])}\n" for name, offenders in found.items())
    return HEAD + "".join(lines)


def figures(code: Code) -> str:
    """What no count keeps: how long the typical function and file are, and what the engine's functions ask for."""
    lengths = [source.length(function) for _, function in code.functions]
    files = [text.count("\n") for text in code.texts.values()]
    asked = [parameters(function) for path, function in code.functions if path.is_relative_to("pathway/engine")]
    return (
        f"A function has {median(lengths):g} lines (median; aim 6), {_p95(lengths):g} at the 95th percentile (aim 23); "
        f"a file {_p95(files):g} (aim 250).\n"
        f"A function of the engine has {_p95(asked):g} parameters at the 95th percentile; "
        f"{sum(number >= MANY_PARAMETERS for number in asked)} have {MANY_PARAMETERS} or more."
    )


def _p95(numbers: Iterable[int]) -> float:
    return round(quantiles(numbers, n=20)[-1], 1)


def main(words: list[str], *, root: Path = source.ROOT, file: Path = KEPT) -> int:
    """Print figures and counts; 1 where a count rose, or fell and was not kept."""
    code = Code(root)
    found, kept = counted(code), read(file)
    if words == ["--write"]:
        file.write_text(lowered(found, kept), "utf-8")
        kept = read(file)
    print(figures(code))
    print("\n".join(f"{len(offenders):5} {name.replace('_', ' ')}" for name, offenders in found.items()))
    wrong = risen(found, kept) + fallen(found, kept)
    print("\n".join(wrong) or "No count rose.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
