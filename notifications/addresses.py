"""Which e-mail addresses can be written to. Only the form is judged: nothing is looked up on a network.

People paste addresses with what stood around them: ``freed`` takes that off, wherever an address is typed or imported.
"""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from notifications import plain
from rules.errors import InvalidInput

# What can't be seen: zero-width marks, soft hyphens, marks of the reading direction, the mark of a file's beginning.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NAMED = re.compile(r"[^<>@]*<\s*([^<>\s]+)\s*>[\s.,;]*")
_MAILTO = re.compile(r"mailto:([^?]*)(?:\?.*)?", re.IGNORECASE | re.DOTALL)


# Addresses behind which nobody reads: what stands before the @, whatever divides its words.
_DIVIDED = r"[._+-]?"
_READ_BY_NOBODY = re.compile(
    rf"(?<![a-z])(?:(?:no|not|never|do{_DIVIDED}not|don{_DIVIDED}t){_DIVIDED}(?:reply|replies|respond|response|answer)"
    rf"|unmonitored|not{_DIVIDED}monitored|unattended|auto{_DIVIDED}(?:reply|confirm|notify)|automated)(?![a-z])"
    rf"|^(?:no|do{_DIVIDED}not){_DIVIDED}reply"
    rf"|^(?:(?:mail(?:er)?{_DIVIDED})?daemon|postmaster|nobody|null|devnull|bounces?)(?:\+.*)?$",
    re.IGNORECASE,
)


def freed(text: object) -> object:
    """An address without what it was pasted with: blanks, unseen marks, a name before it, ``mailto:``, a final dot.

    Two addresses, and whatever else is odd, stay as they are, to be refused.
    """
    if not isinstance(text, str):
        return text
    found = _UNSEEN.sub("", text).strip()
    if named := _NAMED.fullmatch(found):
        found = named[1]
    if mailto := _MAILTO.fullmatch(found):
        found = mailto[1].strip()
    return found.strip("\"'").rstrip(".,;:").strip()


def mend(address: str) -> str:
    """What to do about an address that can't be written to, as a remedy."""
    local, _, domain = address.partition("@")
    ways = (
        (read_by_nobody(address), "Give one that somebody reads"),
        ("@" not in address, "Write it with an @, such as name@example.org"),
        (address.count("@") > 1 or bool(re.search(r"[,;]", address)), "Give one address only"),
        (bool(re.search(r"\s", address)), "Take the blanks out"),
        (not local, "Write what stands before the @ as well, such as name@example.org"),
        ("." not in domain, "Write the whole domain after the @, such as example.org"),
        (not local.isascii(), "Ask for an address without accents before the @: not every mail server takes one"),
    )
    return next((remedy for true, remedy in ways if true), "Correct it, such as name@example.org")


def usable(address: str) -> bool:
    """True where mail can be sent to ``address``, and somebody reads it."""
    return not fault(address) and not read_by_nobody(address)


def read_by_nobody(address: str) -> bool:
    """True for an address from which machines write, such as no-reply@example.org: a letter to it tells nobody."""
    return _READ_BY_NOBODY.search(str(freed(address)).partition("@")[0]) is not None


def fault(address: str) -> str:
    """What is wrong with ``address``, as a sentence for the person who typed it; empty where nothing is."""
    if not address.strip():
        return "No e-mail address is given."
    try:
        _checked(address)
    except EmailNotValidError as error:
        return plain.one_line(str(error))
    return ""


def wire_form(address: str, *, place: str) -> str:
    """``address`` as mail servers spell it, all ASCII; InvalidInput at ``place`` where it can't be used."""
    try:
        return _checked(address)
    except EmailNotValidError as error:
        problem = plain.one_line(str(error)) if address.strip() else "No e-mail address is given"
        raise InvalidInput.of(place, problem, f"{mend(address)}, or send the letter by post") from None


def _checked(address: str) -> str:
    # A local part outside ASCII needs SMTPUTF8 on every server on the way; a letter that is owed can't hang on that.
    checked = validate_email(str(freed(address)), check_deliverability=False, allow_smtputf8=False, strict=True)
    return checked.ascii_email or checked.normalized
