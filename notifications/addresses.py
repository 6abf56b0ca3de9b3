"""Which e-mail addresses can be written to. Only the form is judged: nothing is looked up on a network."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from notifications import plain
from rules.errors import InvalidInput


def usable(address: str) -> bool:
    """True where mail can be sent to ``address``."""
    return not fault(address)


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
        remedy = "Give an address such as name@example.org, or send the letter by post"
        raise InvalidInput.of(place, problem, remedy) from None


def _checked(address: str) -> str:
    # A local part outside ASCII needs SMTPUTF8 on every server on the way; a letter that is owed can't hang on that.
    checked = validate_email(address.strip(), check_deliverability=False, allow_smtputf8=False, strict=True)
    return checked.ascii_email or checked.normalized
