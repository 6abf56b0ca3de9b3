"""The base address as browsers ask it: whether it leads here, and whether what stands between passes the Host on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

PATIENCE = 5.0
LONGEST = 10_000
ON_WITH_THE_HOST = "Let the proxy pass the Host that the browser asked for (nginx: proxy_set_header Host $host;)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back from the base address: the Host that reached us, or why nothing of ours did."""

    host: str = ""
    trouble: str = ""


def ask(base: str, *, patience: float = PATIENCE) -> Answered:
    """Asks ``BASE/health``, which says as whom it was asked; no longer than ``patience`` seconds."""
    try:
        with urlopen(Request(f"{base}/health"), timeout=patience) as answer:  # noqa: S310 - http or https by the settings
            content = answer.read(LONGEST)
    except HTTPError as error:
        content = error.read(LONGEST)  # 503 is ours too: something else is wrong then
    except (URLError, OSError, ValueError) as error:
        return Answered(trouble=str(getattr(error, "reason", error)))
    try:
        found = json.loads(content)
        return Answered(host=str(found["asked_as"]))
    except (ValueError, KeyError, TypeError):
        return Answered(trouble="what answered there is not Pathway")


def passes(base: str, host: str) -> bool:
    """True where the Host that reached us is that of the base address."""
    return host.casefold() == urlsplit(base).netloc.casefold()
