"""What only the reader of a letter knows: the reference of the contact, and the reader's own surname."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from rules.likeness import names, not_known

SHORTEST = 2
LONGEST = 200
PREFIX = "pw"
_ASIDE = re.compile(r"\([^)]*\)")
# Before a name, or instead of one: anybody could guess them.
RANKS = frozenset(
    {
        "cllr",
        "con",
        "constable",
        "da",
        "dc",
        "dci",
        "di",
        "ds",
        "insp",
        "inspector",
        "nurse",
        "pc",
        "pcso",
        "ps",
        "sergeant",
        "sgt",
        "sister",
        "social",
        "wpc",
    }
)
AFTER = frozenset(
    {"bsc", "ii", "iii", "jr", "junior", "ma", "mbe", "msc", "obe", "phd", "qc", "kc", "rgn", "rn", "senior", "sr"}
)
# Who is called by one of these is a team, whose name everybody knows: nobody is asked for a surname.
TEAMS = frozenset(
    {
        "academy",
        "admin",
        "centre",
        "clinic",
        "college",
        "council",
        "department",
        "dept",
        "desk",
        "duty",
        "enquiries",
        "helpdesk",
        "hospital",
        "hub",
        "mash",
        "nursery",
        "office",
        "police",
        "practice",
        "reception",
        "referrals",
        "safeguarding",
        "school",
        "service",
        "services",
        "surgery",
        "team",
        "trust",
        "unit",
    }
)
UMLAUTS = str.maketrans({"\u00e4": "ae", "\u00f6": "oe", "\u00fc": "ue", "\u00e5": "aa", "\u00f8": "oe"})
TITLES = frozenset({"dr", "lady", "lord", "madam", "miss", "mr", "mrs", "ms", "mx", "prof", "professor", "rev", "sir"})


def can_be_asked(name: str) -> bool:
    """True where the letter is to somebody whose surname is known."""
    return bool(_surnames(name))


def right(*, contact_ref: str, name: str, reference: str, surname: str) -> bool:
    """True where both answers are right; how long that takes tells nothing of which was wrong, or how nearly right."""
    typed = {"".join(words) for words in _spellings(surname[:LONGEST])}
    code, known_code = _code(reference[:LONGEST]), _code(contact_ref)
    knows_reference = _same(code, known_code) | _same(code, known_code.removeprefix(PREFIX))
    knows_surname = False
    for known in _surnames(name):
        for answer in sorted(typed):
            knows_surname |= _same(answer, known)
    return knows_reference & knows_surname


def _surnames(name: str) -> tuple[str, ...]:
    """Every end of the name: of Ada van der Berg it is Berg, der Berg, van der Berg and the whole.

    Ranks, numbers and what follows a surname are no part of it; of two names with a slash between either will do. A
    team has none.
    """
    sides = _ASIDE.sub(" ", name).partition(",")[0].split("/")
    found = [words for side in sides for words in _spellings(side) if TEAMS.isdisjoint(words)]
    ends = dict.fromkeys("".join(words[start:]) for words in found for start in range(len(words)))
    return tuple(end for end in ends if len(end) >= SHORTEST and not not_known.surname_is_none(end))


def _spellings(text: str) -> list[list[str]]:
    """The words of a name without what stands before and after it; with \u00fc as u and as ue."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return [words for words in (_words(plain), _words(plain.translate(UMLAUTS))) if words]


def _words(text: str) -> list[str]:
    words = [word for word in names.fold(text).split() if not any(sign.isdigit() for sign in word)]
    while len(words) > 1 and words[0] in TITLES | RANKS:
        del words[0]
    while len(words) > 1 and words[-1] in AFTER:
        del words[-1]
    return [] if words and set(words) <= TITLES else words


def _code(reference: str) -> str:
    return "".join(sign for sign in reference.casefold() if sign.isalnum())


def _same(one: str, other: str) -> bool:
    # Of equal length whatever was typed: compare_digest takes its time only for those.
    digests = (hashlib.sha256(text.encode("utf-8", "replace")).digest() for text in (one, other))
    return hmac.compare_digest(*digests)
