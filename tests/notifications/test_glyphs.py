"""A character that no font has is named before a letter is printed."""

from __future__ import annotations

import logging

import pytest

from notifications.letters import glyphs, letters, paper, postal
from notifications.letters.paper import PaperLetter
from rules.messages import MessageKind
from rules.vocabulary import ReferrerKind
from support.letters import AOIFE, NOW, facts

NOWHERE = "\u0378"  # stands for nothing, so that no font anywhere has it
pytestmark = pytest.mark.needs("pdf")


def letter(reasons="None.", **changes):
    child = type(AOIFE)(**{name: getattr(AOIFE, name) for name in AOIFE.__slots__} | {"reasons": reasons})
    kept = letters.write(MessageKind.OUTCOME, ReferrerKind.PROFESSIONAL, facts(children=(child,)))
    given = {
        "council_name": "Northbridge Council",
        "sender": ("Civic Centre", "Northbridge NB1 1AA"),
        "recipient_name": "Isla O'Brien",
        "address": postal.parse("12 High Road, London N17 6AA"),
        "reference": "FD-0012",
        "written_at": NOW,
        "subject": kept.subject,
        "text": kept.text,
        "html": kept.html,
    }
    return PaperLetter(**given | changes)


def drawn_as_boxes(of):
    """The characters of which WeasyPrint says, while it writes the letter itself, that no font has them."""
    heard = []
    handler = logging.Handler()
    handler.emit = heard.append
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        paper.pdf(of)
    finally:
        logger.removeHandler(handler)
    return {str(one.args[0]) for one in heard if ".notdef" in str(one.msg)}


def test_a_character_of_no_font_is_named_with_its_code_and_the_words_around_it():
    (fault,) = glyphs.faults(letter(f"He said that he is {NOWHERE} hungry in the morning. {NOWHERE}"))
    assert fault.problem.startswith(f"No font here has (No character, U+{ord(NOWHERE):04X}), at “")
    assert "that he is" in fault.problem
    assert "hungry" in fault.problem
    assert "browser" in fault.remedy


@pytest.mark.parametrize(
    "place",
    [
        {"recipient_name": f"Isla {NOWHERE}"},
        {"sender": (NOWHERE,)},
        {"council_name": NOWHERE},
        {"html": "", "text": f"Dear {NOWHERE}"},
        {"html": f"<p>Dear &#{ord(NOWHERE)};</p>"},
    ],
)
def test_it_is_found_wherever_it_stands_on_the_sheet(place):
    assert len(glyphs.faults(letter(**place))) == 1


@pytest.mark.parametrize("sign", ["\uf0b7", "\x01"])
@pytest.mark.parametrize(
    "place", [{"html": "<p>Bring: {}</p>"}, {"html": "", "text": "Bring: {}"}], ids=["html", "text"]
)
def test_what_an_own_template_holds_is_judged_as_it_is_drawn(place, sign):
    (fault,) = glyphs.faults(letter(**{name: text.format(sign) for name, text in place.items()}))
    assert f"U+{ord(sign):04X}" in fault.problem


def test_a_bullet_of_word_that_is_printed_as_a_bullet_is_no_fault():
    assert glyphs.faults(letter("\uf0b7 one", sender=("\uf0b7 Civic Centre",))) == []


def test_a_mark_is_named_exactly_where_the_pdf_would_have_it_as_a_box():
    marked = letter(html="<p>n\u0302 x\u030c a\u0302</p>")
    named = {fault.problem.split("U+")[1].split(")")[0] for fault in glyphs.faults(marked)}
    assert named == {f"{ord(sign):04X}" for sign in drawn_as_boxes(marked)}


@pytest.mark.parametrize(
    "typed",
    [
        "Łukasz Żółć, Åse Ødegård, José, D’Arcy – “quoted” … £5 €6 • one",
        "Jose\u0301 and Z\u030coe",  # letters with their marks apart
        "a\u200bb\u00adc\u2060d\ufe0f e\u00a0f\tg\nh",
        "<b>&amp;</b>",
    ],
)
def test_what_people_type_in_english_letters_is_no_fault(typed):
    assert glyphs.faults(letter(typed)) == []


def test_what_is_named_is_what_would_be_drawn_as_a_box():
    typed = f"a {NOWHERE} \U0010fffd é"
    named = {fault.problem.split("U+")[1].split(")")[0] for fault in glyphs.faults(letter(typed))}
    assert named == {f"{ord(sign):04X}" for sign in paper.boxes(sorted(set(typed) - set(" a")))}
