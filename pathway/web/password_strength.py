"""Which passwords are refused: short ones, repeats and rows of keys, names, and those that everybody tries first."""

from __future__ import annotations

from collections.abc import Iterator

from rules.errors import Fault, InvalidInput

SHORTEST = 12
LONGEST_JUDGED = 72  # what comes after makes none weaker
ENOUGH = 3
REMEDY = "Use three words that nobody would guess"
_PROBLEMS = {
    "repeat": "It repeats itself",
    "sequence": "It is a sequence, such as abcdef or 654321",
    "spatial": "It follows rows of keys",
    "date": "It is made of a date",
    "dictionary": "It is among the passwords that are tried first, or made of a name that belongs to this account",
}


def require(password: str, *, about: tuple[str, ...] = (), place: str = "password") -> None:
    """Raises InvalidInput at ``place`` for a weak password; ``about`` are the person's and the council's own names."""
    faults = [Fault(place=place, problem=problem, remedy=REMEDY) for problem in _problems(password, about)]
    if faults:
        raise InvalidInput(faults[:1])


def _problems(password: str, about: tuple[str, ...]) -> Iterator[str]:
    if len(password) < SHORTEST:
        yield f"It is shorter than {SHORTEST} characters"
        return
    from zxcvbn import zxcvbn  # its lists take a quarter of a second to load

    own = [word for text in about for word in (text, *text.replace("@", " ").replace(".", " ").split()) if word]
    judged = zxcvbn(password[:LONGEST_JUDGED], user_inputs=own)
    if judged["score"] < ENOUGH:
        patterns = [part["pattern"] for part in judged["sequence"] if part["pattern"] in _PROBLEMS]
        yield _PROBLEMS[max(patterns, key=patterns.count)] if patterns else "It is easily guessed"
