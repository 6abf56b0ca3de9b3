"""Names as people mishear and mistype them: folded, sounded out, in their short forms."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import jellyfish
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from rules.likeness import not_known

LONGEST = 60
SHORTEST_TO_DIFFER = 3
LONG = 8
NEARLY = 0.92
PLAIN_SOUND = 3
LOOKS_LIKE = 0.7
RATED_LIKE = 0.8
# Letters that Unicode does not take apart into a plain letter and a mark.
LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "ħ": "h",
        "ə": "e",
    }
)
MOST_WORDS = 4  # of a first name, each of which a child may go by
# "Oluwaseun known as Seun", "Harlow (née Ames)": both names, and not the words between them.
_KNOWN_AS = re.compile(
    r"\b(?:(?:also )?known as|aka|a\.k\.a\.?|n[ée]e|formerly|previously|prev\.?|alias|also called|called)(?=\W|$)|[()]",
    re.IGNORECASE,
)
# The same, said in words that are names where they stand by themselves (Or, Born).
_BETWEEN = re.compile(
    r"(?<=[^\W_])\W+(?:goes by|prefers|preferred name|likes to be called|known to \w+ as|nick-?named?|k/a|usually"
    r"|now|maiden name|born|was|ex|or)\W+(?=[^\W_])",
    re.IGNORECASE,
)
APOSTROPHES = re.compile("['`\u00b4\u02bb\u02bc\u2018\u2019\u201b]")
PARTICLES = frozenset({"al", "bin", "bint", "da", "de", "del", "di", "dos", "du", "el", "ibn", "la", "le", "mac", "mc",
                       "o", "st", "ul", "van", "von"})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """Which full names a short form or spelling stands for, and how each full name is written besides."""

    full: Mapping[str, frozenset[str]] = field(default_factory=dict)
    spellings: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One forename or surname, read: ``joined`` is empty where it is not known.

    ``parts`` are the ways to write it: as a whole, or a word of it alone. ``full`` are the names of which one of them
    is a short form or another spelling, ``whole`` those of the whole. ``sounds`` are coarse codes of its parts.
    """

    typed: str = ""
    joined: str = ""
    parts: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()
    sounds: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.joined)


UNKNOWN = Name()


def read_forms(text: str) -> Forms:
    """Short forms and spellings from a CSV of ``name,also``, the second parted by spaces."""
    full: dict[str, set[str]] = {}
    spellings: dict[str, frozenset[str]] = {}
    for line in csv.DictReader(text.splitlines()):
        name = fold(line["name"])
        spellings[name] = frozenset({name, *map(fold, line["also"].split())})
        for word in spellings[name]:
            full.setdefault(word, set()).add(name)
    return Forms(full={word: frozenset(names) for word, names in full.items()}, spellings=spellings)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Small letters and digits in words, without accents, apostrophes and other punctuation; at most 60 characters."""
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text[: LONGEST * 4])).casefold().translate(LETTERS)
    signs = (sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(signs).split())[:LONGEST].strip()


def _names_only(text: str) -> str:
    return fold(_KNOWN_AS.sub(" ", _BETWEEN.sub(" ", text[: LONGEST * 4])))


def forename(text: str, forms: Forms) -> Name:
    """A forename, read, as a whole and by each of its words; ``unknown``, ``baby`` and the like are no name."""
    folded = _names_only(text)
    if not_known.forename_is_none(folded):
        return UNKNOWN
    words = folded.split()
    parts = frozenset({"".join(words), *words[:MOST_WORDS]})
    joined = "".join(words)
    full = frozenset(name for part in parts for name in forms.full.get(part, ()))
    whole = forms.full.get(joined, frozenset())
    return replace(_name(text, parts, joined=joined), full=full, whole=whole)


def related(name: Name, forms: Forms) -> frozenset[str]:
    """Everything that a forename may be written as: its parts, and each spelling of its full names."""
    return name.parts.union(*(forms.spellings[full] for full in name.full))


def surname(text: str) -> Name:
    """A surname, read; a double one also by each of its halves, one with a particle also without."""
    folded = _names_only(text)
    if not_known.surname_is_none(folded):
        return UNKNOWN
    words = folded.split()
    halves = [word for word in words if word not in PARTICLES]
    return _name(text, frozenset({"".join(words), *halves[:3]}), joined="".join(words))


def _name(text: str, parts: frozenset[str], *, joined: str) -> Name:
    sounds = frozenset(sound(part) for part in parts)
    typed = " ".join(text[: LONGEST * 4].casefold().split())
    return Name(typed=typed, joined=joined, parts=parts, sounds=sounds)


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """How a folded word sounds, coarsely: its metaphone without what ears and keyboards mix up; never empty."""
    code = jellyfish.metaphone(word).replace(" ", "")
    if not code:
        return word  # no Latin letter: what is written must do
    first = "A" if code[0] in "AEIOU" else code[0]
    rest = re.sub("[HWYAEIOU]", "", code[1:])
    plain = (first + rest).replace("0", "T").replace("X", "S").replace("MPS", "MS")
    return re.sub(r"(.)\1+", r"\1", plain)


def same(one: Name, other: Name) -> bool:
    """True for the same name, case, accents, hyphens and spaces aside."""
    return one.joined == other.joined


def form_of(one: Name, other: Name) -> bool:
    """True where both stand for one full name as a whole: a short form, or another spelling."""
    return bool(one.whole & other.whole)


def akin(one: Name, other: Name) -> bool:
    """The same, a word of one or both being enough."""
    return bool(one.full & other.full)


def shared_part(one: Name, other: Name) -> bool:
    """True where one is written by a word of the other: half of a double surname, the first of two forenames."""
    return bool(one.parts & other.parts)


def spelt_nearly(one: Name, other: Name) -> bool:
    """True where a slip or two of the keyboard lie between them."""
    return any(_nearly(mine, theirs) for mine in one.parts for theirs in other.parts)


@lru_cache(maxsize=8192)
def _nearly(one: str, other: str) -> bool:
    shorter, longer = sorted((len(one), len(other)))
    if shorter < SHORTEST_TO_DIFFER:
        return False
    slips = 2 if longer >= LONG else 1
    if DamerauLevenshtein.distance(one, other, score_cutoff=slips) <= slips:
        return True
    return JaroWinkler.similarity(one, other, score_cutoff=NEARLY) >= NEARLY


def like(one: Name, other: Name) -> bool:
    """True where both may be one name: a form, a word of the other, spelt nearly the same or heard alike."""
    tests = (same, akin, shared_part, spelt_nearly, sounds_alike)
    return any(test(one, other) for test in tests)


def is_initial(name: Name) -> bool:
    """True for one Latin letter: the beginning of a name, and nobody knows of which."""
    return len(name.joined) == 1 and name.joined.isascii() and name.joined.isalpha()


def same_initial(one: Name, other: Name) -> bool:
    """True where both begin with one letter."""
    return one.joined[:1] == other.joined[:1]


def sounds_alike(one: Name, other: Name) -> bool:
    """True where both are heard as the same, by metaphone or by match rating, and do not look too unlike."""
    looks = JaroWinkler.similarity(one.joined, other.joined)
    if looks >= LOOKS_LIKE and any(len(code) >= PLAIN_SOUND for code in one.sounds & other.sounds):
        return True
    return looks >= RATED_LIKE and _rated_alike(one.joined, other.joined)


@lru_cache(maxsize=8192)
def _rated_alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < LONG - 3 or not (
        one.isascii() and one.isalpha() and other.isascii() and other.isalpha()
    ):
        return False
    return bool(jellyfish.match_rating_comparison(one, other))
