"""What stands in a field when nobody knows: names that are none, and dates typed for want of one."""

from __future__ import annotations

import re
from datetime import date

# Each says by itself that there is no name.
_NOTHING = (
    "anon anonymous declined na nil nk nka none noname notknown notstated refused tba tbc unidentified undisclosed "
    "unk unkn unknown unnamed unspecified withheld"
)
# Each says in a first name that this is somebody, and not who.
_SOMEBODY = (
    "awaiting babe baby bby blank boy brother bump child daughter ditto dummy eldest female fetus foetus girl infant "
    "juvenile kid male minor newborn oldest pending pregnancy sibling sister teen teenager test toddler triplet twin "
    "twins ubb unborn youngest youth yp"
)
# These are names of people too, or parts of them: they say nothing only beside the words above.
_BESIDE = (
    "a an and another born expected f first given k known m miss mr n name named new no not number of old older one "
    "only other person provided recorded second son stated the third to two yet young younger"
)
_NOTHING_WORDS, _BESIDE_WORDS = frozenset(_NOTHING.split()), frozenset(_BESIDE.split())
_NOBODY = _NOTHING_WORDS | set(_SOMEBODY.split())
_WHICH = re.compile(r"[a-d]|i{1,3}|\d{1,2}|1st|2nd|3rd")  # Twin 1, Baby A, Child no. 2
_PLACEHOLDER = re.compile(
    r"([x-z])\1+|x|(?:no|not) (?:name|known|given|stated|recorded|provided|disclosed|available|sure)(?: yet)?|[nu] [ak]"
    r"|new born|young person|to be (?:confirmed|named|advised)|(?:no )?(?:fore|first |given )name|mrs?|miss|ms"
    r"|see (?:notes?|file|above|below)|(?:same )?as above|same|j(?:ane|ohn) doe"
)
_OF_A_MOTHER = re.compile(r"(?:unborn )?(?:baby|child|infant|newborn|son|daughter|twin(?: \w)?) of .+")
_EARLIEST = date(1901, 1, 2)


def forename_is_none(folded: str) -> bool:
    """True for a folded first name that names nobody: Unknown, Baby, Twin 1, Male child, N/A, XXXX, Baby of Ann."""
    words = folded.split()
    said = [word for word in words if word not in _BESIDE_WORDS and not _WHICH.fullmatch(word)]
    all_known = bool(said) and all(word in _NOBODY for word in said)
    return all_known or surname_is_none(folded) or bool(_OF_A_MOTHER.fullmatch(folded))


def surname_is_none(folded: str) -> bool:
    """True for a folded surname that names nobody. Child, Male and Young are surnames."""
    return (
        not folded
        or folded.replace(" ", "") in _NOTHING_WORDS
        or folded in ("baby", "unborn", "unborn baby")
        or (_PLACEHOLDER.fullmatch(folded) is not None)
    )


def date_is_none(born: date) -> bool:
    """True for a birth date that was typed for want of one: 1 January of any year, and placeholders."""
    return (born.month, born.day) == (1, 1) or is_placeholder(born)


def is_placeholder(born: date) -> bool:
    """True for a date that says not even the year, such as 01/01/1900."""
    return born < _EARLIEST
