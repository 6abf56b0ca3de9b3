"""What two texts look like to a reader: differences that nobody can see are none."""

from __future__ import annotations

import unicodedata

# Of no width: the soft hyphen, joiners, marks of direction and of byte order.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)


def folded(text: str) -> str:
    """``text`` in one case, with one space where any stand, and without what has no width."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_INVISIBLE).casefold().split())


def same(one: object, other: object) -> bool:
    """True where a reader sees no difference between two values. Dates and other values are compared as they are."""
    if isinstance(one, str) and isinstance(other, str):
        return folded(one) == folded(other)
    return one == other
