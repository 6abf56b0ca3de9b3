"""GOV.UK Notify as the settings name it. Its key is in no repr, no error and no log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from notifications.smtp.servers import is_loopback
from rules.errors import Fault, InvalidInput

HOME = "https://api.notifications.service.gov.uk"
_ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_UUID = re.compile(_ID, re.IGNORECASE)
_KEY = re.compile(rf".*{_ID}-{_ID}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds. ``message`` bounds one message from first to last, so that it ends in its lease."""

    connect: float = 10.0
    answer: float = 60.0
    message: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyService:
    """A council's service at GOV.UK Notify: its key, the one template for e-mail, and where replies go (an id)."""

    key: str = field(repr=False)
    template: str
    reply_to: str = ""
    url: str = HOME
    patience: Patience = Patience()

    @classmethod
    def of(cls, *, key: str, template: str, reply_to: str = "", url: str = HOME) -> NotifyService:
        """The service that the settings name. Raises InvalidInput with all that is wrong; it never repeats the key."""
        service = cls(key=key.strip(), template=template.strip(), reply_to=reply_to.strip(), url=url.strip())
        if faults := list(service._faults()):
            raise InvalidInput(faults)
        return service

    def __str__(self) -> str:
        return "GOV.UK Notify" if self.url.rstrip("/") == HOME else f"GOV.UK Notify at {urlsplit(self.url).netloc}"

    def _faults(self) -> Iterator[Fault]:
        if not _KEY.fullmatch(self.key):
            yield Fault(
                place="PATHWAY_NOTIFY_API_KEY",
                problem="is not a key of GOV.UK Notify",
                remedy="Copy the whole key from API integration: its name, and two ids joined by hyphens",
            )
        if not _UUID.fullmatch(self.template):
            problem = "is not the id of a template" if self.template else "is missing"
            remedy = "Copy it from the template's page at GOV.UK Notify; docs/operations.md has the template's text"
            yield Fault(place="PATHWAY_NOTIFY_EMAIL_TEMPLATE", problem=problem, remedy=remedy)
        if self.reply_to and not _UUID.fullmatch(self.reply_to):
            remedy = "Copy it from Settings, Reply-to e-mail addresses, at GOV.UK Notify, or leave it out"
            yield Fault(place="PATHWAY_NOTIFY_REPLY_TO", problem="is not the id of an address", remedy=remedy)
        if not _is_usable(self.url):
            remedy = f"Leave it out for {HOME}, or write https://HOST (http:// for this machine only)"
            yield Fault(place="PATHWAY_NOTIFY_URL", problem="is not an address for letters", remedy=remedy)


def _is_usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    odd = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host or ""))
    return bool(host) and safe and not odd
