"""Nothing that is committed points at one machine, at files that are not here, or at one registry."""

from __future__ import annotations

import re

import pytest

from support import source

# Put together from parts, so that this file does not name what it forbids.
FORBIDDEN = re.compile(
    "|".join(
        [
            r"\.\./" + "shared",
            r"\." + r"library\b",
            r"(?<![\w.}$])/" + "work/",
            r"(?<![\w.}$])/" + r"(?:root|home/\w+)/",
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "registry" + r"\.npm",
            "npm" + r"js\.(?:org|com)",
            "deb" + r"ian\.org",
        ]
    )
)


def test_nothing_names_a_machine_or_a_registry():
    found = {str(path): FORBIDDEN.findall(source.text_of(path)) for path in source.committed()}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "line",
    ["see ../" + "shared/design.md", "cd /" + "work/main", "https://py" + "pi.org/simple", "/root" + "/notes.md"],
)
def test_a_forbidden_name_is_seen(line):
    assert FORBIDDEN.search(line)


@pytest.mark.parametrize("line", ["docs/work/order.md", "tests/support", "a shared calendar", "/home", "/health"])
def test_an_ordinary_name_is_left_alone(line):
    assert not FORBIDDEN.search(line)


def test_locks_pin_every_package_by_hash():
    for path in source.ROOT.glob("locks/*.lock"):
        pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==\S+.*?(?=^\S|\Z)", path.read_text(), flags=re.MULTILINE | re.DOTALL)
        assert pins, path
        assert all("--hash=sha256:" in pin for pin in pins), path
