"""Lists of e-mail domains, as settings give them; a domain in a list stands for its sub-domains too."""

from __future__ import annotations

import re
from collections.abc import Collection

from rules.errors import Fault, InvalidInput

EVERY = "*"
NONE = "none"
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


def parse(text: str, *, place: str) -> tuple[str, ...]:
    """The domains in ``text``, parted by commas or spaces; ``*`` stands for every domain and ``none`` for no domain.

    Raises InvalidInput at ``place`` naming each that is no domain.
    """
    words = [word.casefold() for word in text.replace(",", " ").replace(";", " ").split()]
    if words in ([], [NONE]):
        return ()
    if EVERY in words:
        return (EVERY,)
    found = [_wire_form(word) for word in words]
    odd = [word for word, domain in zip(words, found, strict=True) if domain is None]
    if odd:
        remedy = "Write domains such as gov.uk, nhs.net; * for every domain, none for no domain"
        raise InvalidInput(Fault(place=place, problem=f"{word!r} is no domain", remedy=remedy) for word in odd)
    return tuple(dict.fromkeys(domain for domain in found if domain))


def _wire_form(word: str) -> str | None:
    bare = word.removeprefix("*.").removeprefix("@").strip(".")
    try:
        domain = bare.encode("idna").decode("ascii").casefold()
    except UnicodeError:
        return None
    return domain if domain and all(map(_LABEL.fullmatch, domain.split("."))) else None


def of(address: str) -> str:
    """The domain of an e-mail address as mail servers spell it; empty where there is none."""
    return _wire_form(address.strip().rpartition("@")[2]) or "" if "@" in address else ""


def covers(domains: Collection[str], address: str) -> bool:
    """True where the domain of ``address`` is one of ``domains`` or under one of them."""
    if EVERY in domains:
        return True
    labels = of(address).split(".")
    return any(".".join(labels[start:]) in domains for start in range(len(labels)))
