"""Text that people typed, as GOV.UK Notify shows it unchanged: no sign of its Markdown acts.

Notify lays a message out after our words are put into its template, so that a typed "# Stop" would be a heading and a
typed address a link in a letter of the council. A space of no width keeps apart the signs that act only together:
nothing typed is lost, and nobody sees it. Notify does the same where it writes its own name.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_APART = "\N{ZERO WIDTH SPACE}"
# At a line's beginning: headings, bullets, insets, rules and underlines, fences, tables, definitions; then numbers. A
# heading loses "#" at its end. Elsewhere: a link after "]", an address, a placeholder, a named sign, a backslash.
_ACTS = re.compile(
    r"^(?=[#*+\-•^_=~`|:>\[])|(?<=#)$|(?<=\])(?=\s*[\[(:])|(?<=:)(?=//)|(?<=\()(?=\()|(?<=&)(?=#?\w+;)"
    r"|(?<=\\)(?=[!-/:-@\[-`{-~])"
)
_NUMBER = re.compile(r"^(\d+)(?=[.)])")
_NEWLINE = "\N{SYMBOL FOR NEWLINE}"  # Notify ends a line at it
_ADDRESSES = re.compile(r"(https?://\S+)", re.IGNORECASE)


def line(text: str, *, own: str = "") -> str:
    """One typed line without white space at its ends. Addresses of the domain ``own``, the council's, stay links."""
    text = " ".join(text.replace(_NEWLINE, " ").split())
    text = _NUMBER.sub(rf"\1{_APART}", text)
    whole = _ACTS.sub(_APART, text)
    for address in filter(lambda found: _is_own(found, own), _ADDRESSES.findall(text)):
        whole = whole.replace(_ACTS.sub(_APART, address), address)
    return whole


def _is_own(address: str, own: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return bool(own) and "@" not in address and f".{host}".endswith(f".{own.lower()}")
