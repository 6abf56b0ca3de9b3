"""Templates: one sandboxed Jinja2 environment, one folder a kind, and the hash that says which wording was used."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from notifications import greetings, plain
from rules.timing import zones

TEMPLATES = Path(__file__).parent / "templates"
SHARED = "shared"
_LONDON = zones.zone_named(zones.LONDON)
# From which hour on; what is told to the public needs no minute, and a minute can tell who it was.
PARTS_OF_DAY = (
    (22, "at night"),
    (18, "in the evening"),
    (12, "in the afternoon"),
    (5, "in the morning"),
    (0, "in the early hours"),
)


@dataclass(frozen=True, slots=True)
class TemplateSet:
    """The templates under ``root``, some of them replaced: ``own`` are a council's, as (file name, text), by name.

    A template that asks for more than its facts is an error: nothing is ever filled with a blank.
    """

    root: Path = TEMPLATES
    own: tuple[tuple[str, str], ...] = ()

    def subject(self, name: str, facts: Mapping[str, object]) -> str:
        """The file ``name`` filled with ``facts``, on one line."""
        return plain.one_line(plain.untied(self._filled(name, facts)))

    def text(self, name: str, facts: Mapping[str, object]) -> str:
        """The file ``name`` filled with ``facts``, wrapped, with at most one blank line at a time."""
        filled = re.sub(r"\n{3,}", "\n\n", self._filled(name, facts))
        return plain.wrapped(filled).strip() + "\n"

    def html(self, name: str, facts: Mapping[str, object]) -> str:
        """The file ``name`` filled with ``facts``, each of them escaped."""
        return plain.untied(self._filled(name, facts))

    def _filled(self, name: str, facts: Mapping[str, object]) -> str:
        return environment(self.root, self.own).get_template(name).render(facts)

    def version(self, folder: str) -> str:
        """The folder with a hash over its files and the shared ones: equal exactly where the wording is equal."""
        return _version(self.root, self.own, folder)

    def files(self, folder: str) -> Mapping[str, bytes]:
        """The content of each file in ``folder``, the council's own in place of the shipped one."""
        return dict(_files(self.root, self.own, folder))


@lru_cache(maxsize=8)
def environment(root: Path, own: tuple[tuple[str, str], ...] = ()) -> ImmutableSandboxedEnvironment:
    """The environment for one set of templates: HTML is escaped, text is not (O'Brien stays O'Brien)."""
    made = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([DictLoader(dict(own)), FileSystemLoader(root)]),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "moment": moment,
        "part_of_day": part_of_day,
        "greeted": greetings.greeted,
        "day": day,
        "indented": plain.indented,
        "underlined": underlined,
        "paragraphs": paragraphs,
        "counted": counted,
    }
    return made


@lru_cache(maxsize=256)
def _version(root: Path, own: tuple[tuple[str, str], ...], folder: str) -> str:
    kind = folder.split("/", maxsplit=1)[0]
    found = {**dict(_files(root, own, folder)), **dict(_files(root, own, f"{kind}/{SHARED}"))}
    digest = hashlib.sha256()
    for name, content in sorted(found.items()):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return f"{folder}@{digest.hexdigest()[:16]}"


def _files(root: Path, own: tuple[tuple[str, str], ...], folder: str) -> Iterator[tuple[str, bytes]]:
    place = root / folder
    for path in place.iterdir() if place.is_dir() else ():
        if path.is_file():
            yield path.relative_to(root).as_posix(), path.read_bytes()
    for name, text in own:
        if name.rpartition("/")[0] == folder:
            yield name, text.encode()


def moment(at: datetime) -> str:
    """An instant as people in London read it: ``Friday 6 March 2009 at 16:40``."""
    return plain.tied(f"{day(at)} at {at.astimezone(_LONDON):%H:%M}")


def part_of_day(at: datetime) -> str:
    """An instant as a letter to the public tells it: ``Friday 6 March 2009, in the afternoon``."""
    hour = at.astimezone(_LONDON).hour
    part = next(words for begin, words in PARTS_OF_DAY if hour >= begin)
    return f"{day(at)}, {plain.tied(part)}"


def day(at: datetime) -> str:
    """The London day of an instant: ``Friday 6 March 2009``."""
    local = at.astimezone(_LONDON)
    return plain.tied(f"{local:%A} {local.day} {local:%B %Y}")


def distance(to: datetime, *, now: datetime) -> str:
    """How far ``to`` is from ``now``, in words: ``in 5 hours 50 minutes``, ``2 days ago``, ``now``."""
    minutes = round(abs(to - now) / timedelta(minutes=1))
    if not minutes:
        return "now"
    parts = _in_words(minutes)
    return f"in {parts}" if to > now else f"{parts} ago"


def _in_words(minutes: int) -> str:
    amounts = {"day": minutes // 1440, "hour": minutes // 60 % 24, "minute": minutes % 60}
    return " ".join([counted(amount, unit) for unit, amount in amounts.items() if amount][:2])


def counted(amount: int, one: str, many: str = "") -> str:
    """``1 child``, ``3 children``."""
    return f"{amount} {one if amount == 1 else many or one + 's'}"


def underlined(heading: str) -> str:
    """A heading of a plain letter, with a line under it."""
    return f"{heading}\n{'-' * len(heading)}"


def paragraphs(text: str, style: str = "") -> Markup:
    """Typed text as HTML paragraphs: blank lines part them, single line breaks stay; everything is escaped."""
    parts = [part for part in plain.block(text).split("\n\n") if part.strip()]
    opening = Markup('<p style="{}">').format(style)
    broken = (Markup("<br>\n").join(map(escape, part.strip().split("\n"))) for part in parts)
    return Markup("\n").join(opening + lines + Markup("</p>") for lines in broken)
