"""The department's code lists (children in need census, 2026 schema), as files beside this package."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

REFERRAL_SOURCE = "referral_source"
PRIMARY_NEED = "primary_need"
CLOSURE_REASON = "closure_reason"
ETHNICITY = "ethnicity"
SEX = "sex"
DISABILITY = "disability"


@cache
def labels(name: str) -> Mapping[str, str]:
    """The codes of one list with their labels, in the department's order."""
    text = resources.files("pathway").joinpath("codes", f"{name}.csv").read_text(encoding="utf-8")
    return MappingProxyType({line["code"]: line["label"] for line in csv.DictReader(text.splitlines())})


def label(name: str, code: str) -> str:
    """What a code means, or the code itself where the list does not hold it."""
    return labels(name).get(code, code)
