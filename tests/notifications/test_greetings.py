"""How letters greet, and how they tell the public when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from notifications import greetings, plain, rendering
from notifications.letters import letters
from rules.messages import MessageKind
from rules.vocabulary import ReferrerKind
from support.letters import NOW, facts


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Mrs Reed", "Mrs Reed"),
        ("Mrs Ann Reed", "Mrs Reed"),
        ("MRS. A. Reed-Shah", "Mrs Reed-Shah"),
        ("dr Ada van der Berg", "Dr van der Berg"),
        ("Prof. Lin (school nurse)", "Professor Lin"),
        ("Miss Okafor, head teacher", "Miss Okafor"),
    ],
)
def test_a_title_is_followed_by_the_surname_alone(name, greeted):
    assert greetings.greeted(name) == greeted


@pytest.mark.parametrize(
    "name",
    ["Ada Ferreira", "Mr and Mrs Reed", "Sir John Reed", "PC 1234 Khan", "Dr Shah's surgery", "Reed", "Mr & Ms Lin"],
)
def test_every_other_name_is_greeted_as_it_was_typed(name):
    assert greetings.greeted(name) == name


@pytest.mark.parametrize("name", ["", "  ", "Mrs", "Mrs.", "Mr and Mrs", "Dr -", "Sir / Madam", "mr (?)"])
def test_a_title_alone_is_nobody_and_is_greeted_as_a_stranger(name):
    assert greetings.greeted(name) == ""
    public = letters.write(MessageKind.OUTCOME, ReferrerKind.PUBLIC, facts(recipient_name=name))
    professional = letters.write(MessageKind.ACKNOWLEDGEMENT, ReferrerKind.PROFESSIONAL, facts(recipient_name=name))
    for part in (public.text, public.html):
        assert "Dear Sir or Madam" in part
    for part in (professional.text, professional.html):
        assert "Dear colleague" in part


@pytest.mark.parametrize(
    ("hour", "part"),
    [
        (0, "in the early hours"),
        (4, "in the early hours"),
        (5, "in the morning"),
        (11, "in the morning"),
        (12, "in the afternoon"),
        (17, "in the afternoon"),
        (18, "in the evening"),
        (21, "in the evening"),
        (22, "at night"),
        (23, "at night"),
    ],
)
def test_the_public_read_a_day_and_a_part_of_it(hour, part):
    assert (
        plain.untied(rendering.part_of_day(datetime(2009, 3, 6, hour, 59, tzinfo=UTC)))
        == f"Friday 6 March 2009, {part}"
    )


def test_no_letter_to_the_public_tells_a_minute_and_those_to_professionals_do():
    for kind, reader in letters.MAY_LEARN:
        children = {"children_to_follow": 1} if kind is MessageKind.PART_OUTCOME else {}
        told = facts(feedback_due_at=NOW + timedelta(hours=48), **children)
        letter = letters.write(kind, reader, told)
        tells_when = "received_at" in letters.MAY_LEARN[kind, reader]
        assert ("16:40" in letter.text, "16:40" in letter.html) == (tells_when and reader == "professional",) * 2
