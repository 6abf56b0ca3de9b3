"""What somebody typed, what is wrong with it, and the form that shows both again.

A field's name is its place in the command's input (``children.0.surname``), so that an error finds its field by itself.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request

from pathway.web import bodies
from rules.errors import Fault, InvalidInput, PathwayError, Refused

FORM = "application/x-www-form-urlencoded"
DEEPEST = 8
LONGEST_NAME = 100
LONGEST_TOKEN = 100
_NUMBER = re.compile(r"[0-9]{1,6}")
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields as typed, the faults of single fields, and what is wrong with the whole.

    ``shown`` collects the fields that the page has rendered, with their labels in the page's order, so that the error
    summary names them and links only to what is there.
    """

    values: Values = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    messages: tuple[str, ...] = ()
    shown: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The (last) value of a field; empty where there is none."""
        return self.values.get(name, ("",))[-1]

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field with several."""
        return self.values.get(name, ())

    def has(self, name: str, option: str) -> bool:
        """True when a box or option was chosen."""
        return option in self.all(name)

    @property
    def token(self) -> str | None:
        """The form's token, by which a second click is known."""
        return self.get("request_id")[:LONGEST_TOKEN] or None

    def error(self, name: str, label: str = "") -> str:
        """What is wrong with a field, or nothing; marks the field as shown under this label."""
        self.shown.setdefault(name, label)
        return next((sentence(fault) for fault in self.faults if fault.place == name), "")

    @property
    def wrong(self) -> bool:
        """True when there is something to put right."""
        return bool(self.faults or self.messages)

    def summary(self) -> list[tuple[str, str]]:
        """(what is wrong, field to go to or nothing): first what is wrong with the whole, then in the page's order."""
        places = list(self.shown)
        lost = [(str(fault), "") for fault in self.faults if fault.place not in self.shown]
        found = sorted(
            (fault for fault in self.faults if fault.place in self.shown), key=lambda fault: places.index(fault.place)
        )
        whole = [(message, "") for message in self.messages]
        return [*whole, *lost, *((self._named(fault), fault.place) for fault in found)]

    def _named(self, fault: Fault) -> str:
        label = self.shown[fault.place]
        return f"{label}: {sentence(fault)}" if label else sentence(fault)

    def refused(self, error: PathwayError) -> Form:
        """The same form with what an error says."""
        if isinstance(error, InvalidInput):
            return replace(self, faults=error.faults, shown={})
        messages = error.reasons if isinstance(error, Refused) else (str(error) or (type(error).__doc__ or ""),)
        return replace(self, messages=tuple(messages), shown={})

    def below(self, prefix: str) -> Form:
        """The fields whose names begin with ``prefix``, without it: those of one child of several."""
        return Form(values={name.removeprefix(prefix): v for name, v in self.values.items() if name.startswith(prefix)})

    def texts_below(self, prefix: str) -> list[str]:
        """What was written in words in the fields whose names begin with ``prefix``; no choice, no number."""
        return [value for *_, value in self.below(prefix).values.values() if " " in value.strip()]

    def where(self, **changed: str) -> Form:
        """The same form with some single values changed."""
        return replace(self, values={**self.values, **{name: (value,) for name, value in changed.items()}})

    def nested(self) -> dict[str, Any]:
        """The fields as the command's input wants them: ``children.0.surname`` inside lists and mappings."""
        return nest((name, values[-1]) for name, values in self.values.items())


def sentence(fault: Fault) -> str:
    """What a fault says, without its place: the page shows it at the field."""
    parts = (part.strip().rstrip(".") for part in (fault.problem, fault.remedy))
    text = ". ".join(part[:1].upper() + part[1:] for part in parts if part)
    return text + "." if text else "This can't be taken."


def fresh(**values: str) -> Form:
    """An empty form with a new token: whatever it is sent how often, it acts once."""
    return Form(values={"request_id": (new_token(),), **{name: (value,) for name, value in values.items()}})


def new_token() -> str:
    """A token for one form."""
    return secrets.token_urlsafe(18)


async def keep(request: Request) -> None:
    """Reads what a form sends, before anything is decided about it, so that no error page loses what was typed.

    A NUL, which no keyboard has and PostgreSQL can't store, is left out.
    """
    if request.method != "POST" or FORM not in request.headers.get("content-type", ""):
        return
    body = await bodies.read(request)
    values: dict[str, tuple[str, ...]] = {}
    for name, value in bodies.pairs(body):
        values[name] = (*values.get(name, ()), value.replace("\x00", "").replace("\r\n", "\n"))
    request.state.form, request.state.whole = Form(values=values), body.whole


async def posted(request: Request) -> Form:
    """The posted fields; none where no form was sent. Raises HTTPException (413) for more than can be taken."""
    if not getattr(request.state, "whole", True):
        raise HTTPException(status_code=413)
    form: Form = getattr(request.state, "form", Form())
    return form


Posted = Annotated[Form, Depends(posted)]


def nest(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Turns dotted names into mappings, and mappings whose keys are all numbers into lists in their order.

    A name that is deeper than any field of ours stays as it is: nothing knows it, and it is refused as such.
    """
    tree: dict[str, Any] = {}
    for name, value in pairs:
        *path, last = name.split(".") if name.count(".") < DEEPEST else [name[:LONGEST_NAME]]
        branch = tree
        for key in path:
            branch = branch.setdefault(key, {}) if isinstance(branch.get(key, {}), dict) else {}
        branch[last] = value
    return {key: _as_list(value) for key, value in tree.items()}


def _as_list(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _as_list(item) for key, item in value.items()}
    if inner and all(_NUMBER.fullmatch(key) for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
