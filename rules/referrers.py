"""Who a referrer is follows from the department's source code; what they may be told follows from who they are."""

from __future__ import annotations

from rules.vocabulary import ReferrerKind

_PUBLIC = frozenset({"1A", "1B", "1C", "1D", "10"})
_ANONYMOUS = frozenset({"9"})


def kind_of(source_code: str) -> ReferrerKind:
    """The kind of referrer behind a source code: 1A to 1D and 10 public, 9 anonymous, the others professional."""
    code = source_code.strip().upper()
    if code in _ANONYMOUS:
        return ReferrerKind.ANONYMOUS
    return ReferrerKind.PUBLIC if code in _PUBLIC else ReferrerKind.PROFESSIONAL
