"""What only the reader of a letter knows: the reference of the contact, and the reader's own surname."""

from __future__ import annotations

import hashlib
import hmac
import re

from rules.likeness import names

SHORTEST = 2
LONGEST = 200
PREFIX = "pw"
_ASIDE = re.compile(r"\([^)]*\)")
# Before a name, or instead of one: anybody could guess them.
TITLES = frozenset({"dr", "lady", "lord", "madam", "miss", "mr", "mrs", "ms", "mx", "prof", "professor", "rev", "sir"})


def can_be_asked(name: str) -> bool:
    """True where the letter is to somebody whose surname is known."""
    return bool(_surnames(name))


def right(*, contact_ref: str, name: str, reference: str, surname: str) -> bool:
    """True where both answers are right; how long that takes tells nothing of which was wrong, or how nearly right."""
    typed = "".join(_words(surname[:LONGEST]))
    code, known_code = _code(reference[:LONGEST]), _code(contact_ref)
    knows_reference = _same(code, known_code) | _same(code, known_code.removeprefix(PREFIX))
    knows_surname = False
    for known in _surnames(name):
        knows_surname |= _same(typed, known)
    return knows_reference & knows_surname


def _surnames(name: str) -> tuple[str, ...]:
    """Every end of the name: of Ada van der Berg it is Berg, der Berg, van der Berg and the whole."""
    words = _words(_ASIDE.sub(" ", name).partition(",")[0])
    ends = ("".join(words[start:]) for start in range(len(words)))
    return tuple(end for end in ends if len(end) >= SHORTEST and end not in names.NO_NAMES)


def _words(text: str) -> list[str]:
    words = names.fold(text).split()
    while words and words[0] in TITLES:
        del words[0]
    return words


def _code(reference: str) -> str:
    return "".join(sign for sign in reference.casefold() if sign.isalnum())


def _same(one: str, other: str) -> bool:
    # Of equal length whatever was typed: compare_digest takes its time only for those.
    digests = (hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in (one, other))
    return hmac.compare_digest(*digests)
