"""``pathway user notices``: an administrator sees and sets when somebody is told."""

from __future__ import annotations

import io

import pytest

ADD = ("--email", "x@example.org", "--password-stdin")


@pytest.fixture
def house(pathway, laid, monkeypatch):
    """A council with a manager and an officer."""
    laid("a manager and an officer", lambda: _employ(pathway, monkeypatch))
    return pathway


def _employ(pathway, monkeypatch):
    for username, role in (("jo.smith", "duty manager"), ("ann.lee", "screening officer")):
        monkeypatch.setattr("sys.stdin", io.StringIO("three plain words\n"))
        assert pathway("user", "add", username, "--name", username.title(), "--role", role, *ADD).code == 0


def test_without_options_it_shows_what_was_chosen(house):
    assert house("user", "notices", "jo.smith").out == "Jo.Smith (jo.smith): no quiet hours, no digest.\n"


def test_what_is_left_out_stays(house):
    house("user", "notices", "jo.smith", "--quiet", "22:00-7")
    said = house("user", "notices", "jo.smith", "--digest", "08.30").out
    assert said == "Jo.Smith (jo.smith): quiet hours 22:00 to 07:00, digest at 08:30.\n"
    assert "no quiet hours, digest at 08:30" in house("user", "notices", "jo.smith", "--quiet", "none").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("jo.smith", "--quiet", "22:00"), "is not a span of time"),
        (("jo.smith", "--quiet", "22:00-25:00"), "is not a time of day"),
        (("ann.lee", "--digest", "08:30"), "Digests are for managers"),
        (("nobody", "--digest", "08:30"), "There is no user nobody"),
    ],
)
def test_what_is_odd_is_refused_with_a_remedy(house, arguments, said):
    ended = house("user", "notices", *arguments)
    assert ended.code == 2
    assert said in ended.err
