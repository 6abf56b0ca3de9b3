"""Characters that no font of a letter has, named before it is printed: on paper each would be an empty box."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from notifications import plain
from notifications.letters import paper
from notifications.letters.paper import PaperLetter
from rules.errors import Fault

FIELD = "letter"
_REMEDY = "Print it from the browser, which may have a font for it, or install one and start Pathway again"
# Every font has the basic letters, and what has no shape is no box.
_SURE = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\t\n\r\f")
_SHAPELESS = frozenset(("Cf", "Cs", "Zs", "Zl", "Zp"))
_AROUND = 20  # characters before and after, by which the place is found
_drawn: dict[str, bool] = {}  # what was tried, for as long as the process lives


def faults(letter: PaperLetter) -> list[Fault]:
    """One fault for each character that would be a box, with the words around it; none where nothing can be printed."""
    if paper.available():
        return []
    texts = [unicodedata.normalize("NFC", text) for text in paper.words(letter)]
    _try(sign for text in texts for sign in text)
    return [_fault(sign, text) for sign, text in _missing(texts).items()]


def _try(signs: Iterable[str]) -> None:
    new = {sign for sign in signs if sign not in _SURE and sign not in _drawn}
    shaped = sorted(sign for sign in new if unicodedata.category(sign) not in _SHAPELESS)
    missing = paper.boxes(shaped) if shaped else frozenset()
    _drawn.update((sign, sign not in missing) for sign in new)


def _missing(texts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        for sign in text:
            if not _drawn.get(sign, True):
                found.setdefault(sign, text)
    return found


def _fault(sign: str, text: str) -> Fault:
    at = text.index(sign)
    around = plain.one_line(text[max(0, at - _AROUND) : at + _AROUND])
    problem = f"No font here has {plain.sign_named(sign)}, at “{around}”: on paper it would be an empty box"
    return Fault(place=FIELD, problem=problem, remedy=_REMEDY)
