"""What GOV.UK Notify is given to lay out: the shape of our messages, and nothing that somebody typed as Markdown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications import rendering
from notifications.letters import letters
from notifications.notify import markdown, neutral
from notifications.outbox import mime
from rules.messages import MessageKind
from rules.vocabulary import ReferrerKind
from support import notify_bodies
from support.letters import AOIFE, facts
from support.notify_bodies import FULL_OF_SIGNS, body_of

MESSAGES = notify_bodies.every_message()
BODIES = Path(__file__).with_name("bodies")
APART = "\N{ZERO WIDTH SPACE}"
# What its documentation says that it acts on, and what the library does that it lays text out with.
ACTS = re.compile(
    r"^(#|[*•-]|\d+\.|\^|[-*_]( *[-*_]){2,}$|=+$|\|| {4}|\t|~~~|```)|\]\s*[\[(]|^\[.*\]:|https?://|\(\(|&(#\d+|\w+);",
    re.MULTILINE,
)
SIGNS = ["#", "-", "*", "•", "1.", "12.", "^", "---", "===", "___", "    ", "\t", "\n", "\n\n", " ", "\u00a0", "\u2424"]
SIGNS += ["[", "](", ")", "]: ", "] [", "http://", "https://e.example", "((", "))", "&#35;", "&lt;", "|", "~~~", "```"]
SIGNS += ["word", "Mia", "\r\n", "\u2028", "\\", "<b>"]


def as_seen(body):
    """A body without what nobody sees."""
    return body.replace(APART, "")


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_has_the_body_that_was_read_and_kept(name):
    body = markdown.body_of(mime.parts_of(notify_bodies.sent(MESSAGES[name])))
    assert body == (BODIES / f"{name}.md").read_text().removesuffix("\n")


def test_no_body_is_kept_for_a_message_that_there_is_not():
    assert {path.stem for path in BODIES.iterdir()} == set(MESSAGES)


def outcome(reasons, **more):
    child = {"reasons": reasons, **more}
    changed = type(AOIFE)(**{name: child.get(name, getattr(AOIFE, name)) for name in AOIFE.__slots__})
    return letters.write(MessageKind.OUTCOME, ReferrerKind.PROFESSIONAL, facts(children=(changed,)))


def typed_in(body):
    """What stands in a body between the heading of the reasons and the next one."""
    return body.partition("## The reasons for this decision\n\n")[2].partition("\n\n## What happens next")[0]


def test_typed_text_full_of_signs_is_read_as_it_was_typed():
    letter = outcome(FULL_OF_SIGNS)
    assert typed_in(body_of(letter.text, letter.html)).split("\n") == [
        f"{APART}# Not a heading",
        f"{APART}- not a bullet",
        f"{APART}* nor this",
        f"1{APART}. not a number",
        f"{APART}^ not an inset",
        f"{APART}---",
        "not code",
        "Read [the plan]%(https:%//plans.example.net/mia), https:%//news.example.net or ask (%(name)).".replace(
            "%", APART
        ),
    ]


@given(st.lists(st.sampled_from(SIGNS), max_size=12).map("".join))
def test_nothing_that_somebody_types_acts_or_is_lost(typed):
    body = body_of("", f"<h1>Reasons</h1>{rendering.paragraphs(typed)}<p>End</p>").removeprefix("# Reasons\n\n")
    assert ACTS.search(body) is None
    assert "".join(as_seen(body).split()) == "".join(typed.replace("\u2424", "").split()) + "End"


@given(st.lists(st.sampled_from(SIGNS), max_size=12).map("".join))
def test_nothing_typed_acts_in_a_plain_message_either(typed):
    body = body_of("Said\n----\n\n" + notify_bodies.quoted(f"x {typed}"), None).removeprefix("# Said\n\n")
    assert ACTS.search(body) is None


@pytest.mark.parametrize("name", ["Mia #", "# Mia", "1. Mia", "- Mia", "[Mia](https://e.example)", "---"])
def test_a_name_stays_a_name_in_a_heading(name):
    letter = outcome("None.", child_name=name)
    (heading,) = [line for line in body_of(letter.text, letter.html).split("\n") if as_seen(line) == f"# {name}"]
    assert ACTS.search(heading.removeprefix("# ")) is None
    assert not heading.endswith("#")


def test_a_link_of_ours_stays_one_and_says_where_it_leads():
    html = '<p>Read <a href="https://front.example.org/l/x">https://front.example.org/l/x</a> or <a href="https://a.example/b">this</a>.</p>'
    assert body_of("", html) == "Read https://front.example.org/l/x or [this](https://a.example/b)."


@pytest.mark.parametrize("address", ["javascript:alert(1)", "mailto:a@example.org", "https://a.example/(b)", ""])
def test_no_other_address_becomes_a_link(address):
    assert body_of("", f'<p><a href="{address}">this</a></p>') == "this"


@pytest.mark.parametrize(
    ("address", "stays"),
    [
        ("https://www.northbridge.example.org/complain", True),
        ("http://northbridge.example.org", True),
        ("https://northbridge.example.org.evil.example/", False),
        ("https://eviltnorthbridge.example.org/", False),
        ("https://northbridge.example.org@evil.example/", False),
        ("https://[northbridge.example.org/", False),
        ("https://evil.example/?northbridge.example.org", False),
    ],
)
def test_only_an_address_of_the_council_that_sends_stays_a_link_in_typed_text(address, stays):
    assert (address in neutral.line(f"See {address} now", own="northbridge.example.org")) == stays


def test_long_lines_of_a_plain_message_are_whole_again_and_short_ones_stay_apart():
    long = "word " * 40
    text = f"{notify_bodies.wrapped(long)}\nName: Mia\n\n{notify_bodies.wrapped('- ' + long)}\n- next"
    assert body_of(text, None) == f"{long.strip()}\nName: Mia\n\n* {long.strip()}\n* next"


def test_an_address_typed_after_a_label_is_no_link_of_ours():
    typed = "https://evil.example/" + "x" * 60
    assert f"https:{APART}//evil" in body_of(notify_bodies.wrapped(f"School or nursery: {typed}"), None)


def test_lists_of_a_councils_own_letter_are_lists():
    lists = "<ol><li>One</li><li>Two<br>lines</li></ol><ul><li>A <b>bold</b> one</li></ul>"
    assert body_of("", f"{lists}<table><tr><td>Cell</td></tr></table>") == "1. One\n2. Two\nlines\n* A bold one\n\nCell"
