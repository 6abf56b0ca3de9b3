"""NHS numbers and unique pupil numbers: are they what they should be? A wrong one never keeps a child out."""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata

NHS_LENGTH = 10
NO_CHECK_DIGIT = 10
LONGEST_NAME_KEY = 200
UPN = re.compile(r"[A-Z]\d{11}[\dA-HJ-NP-RT-Z]")
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015.]+")


def normalise_nhs_number(text: str) -> str:
    """The ten digits without spaces and dashes where ``text`` is a valid NHS number, else the empty string."""
    digits = SEPARATORS.sub("", text)
    return digits if _nhs_digits_agree(digits) else ""


def is_nhs_number(text: str) -> bool:
    """True for a valid NHS number, with or without spaces and dashes."""
    return bool(normalise_nhs_number(text))


def tells_somebody(text: str) -> bool:
    """True for a number that may be somebody's, however wrong; False for blanks, words and rows of noughts."""
    return len(set(re.findall(r"\d", text))) > 1


def repaired_nhs_numbers(text: str) -> frozenset[str]:
    """The valid NHS numbers from which a wrong one is a slip away: a digit wrong, two turned round, one left out."""
    digits = SEPARATORS.sub("", text)
    if not (digits.isascii() and digits.isdigit()) or is_nhs_number(digits):
        return frozenset()
    if len(digits) == NHS_LENGTH - 1:
        near = {digits[:at] + digit + digits[at:] for at in range(NHS_LENGTH) for digit in string.digits}
    elif len(digits) == NHS_LENGTH:
        near = {digits[:at] + digit + digits[at + 1 :] for at in range(NHS_LENGTH) for digit in string.digits}
        near |= {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(NHS_LENGTH - 1)}
    else:
        return frozenset()
    return frozenset(number for number in near if _nhs_digits_agree(number))


def show_nhs_number(digits: str) -> str:
    """An NHS number as people write it: 943 476 5919."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == NHS_LENGTH else digits


def _nhs_digits_agree(digits: str) -> bool:
    if len(digits) != NHS_LENGTH or not (digits.isascii() and digits.isdigit()) or len(set(digits)) == 1:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, range(NHS_LENGTH, 1, -1), strict=False))
    check = -total % 11
    return check != NO_CHECK_DIGIT and check == int(digits[-1])


def normalise_upn(text: str) -> str:
    """The thirteen characters in capitals where ``text`` is a valid unique pupil number, else the empty string."""
    upn = SEPARATORS.sub("", text).upper()
    if not upn.isascii() or UPN.fullmatch(upn) is None:
        return ""
    values = [int(sign) if sign.isdigit() else UPN_LETTERS.index(sign) for sign in upn[1:]]
    total = sum(value * place for place, value in enumerate(values, start=2))
    return upn if UPN_LETTERS[total % len(UPN_LETTERS)] == upn[0] else ""


def is_upn(text: str) -> bool:
    """True for a valid unique pupil number, permanent or temporary."""
    return bool(normalise_upn(text))


def name_key(forename: str, surname: str) -> str:
    """What equal names share, letter case and spaces aside. Accents and hyphens differ: only a proposed match.

    No longer than 200 characters, so that it can be indexed: a longer one is replaced by its SHA-256.
    """
    key = " ".join(unicodedata.normalize("NFKC", f"{forename} {surname}").casefold().split())
    return key if len(key) <= LONGEST_NAME_KEY else hashlib.sha256(key.encode()).hexdigest()
