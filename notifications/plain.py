"""Text that other people typed, made safe for a header, a subject and a plain letter."""

from __future__ import annotations

import re
import textwrap
import unicodedata

WIDTH = 72
# Stands for a space at which a line must not be broken: inside a telephone number or a date.
_TIE = "\ue000"
_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# A text pasted from Word has its bullets in a font of symbols, which nobody else has, and an "o" for those below them.
_SYMBOLS = re.compile("[\uf020-\uf0ff]")
_WORDS_SECOND_BULLET = re.compile(r"^([ \t]*)o\t[ \t]*", re.MULTILINE)
BULLET, SECOND_BULLET = "\N{BULLET}", r"\1- "
# Marks that turn the reading direction round, so that "gpj.exe" reads as "exe.jpg". No name needs them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\ue000]")


def one_line(text: str) -> str:
    """``text`` on one line without control characters, fit for a header, a subject or a name."""
    return " ".join(_printable(text).split())


def block(text: str) -> str:
    """``text`` with its own line breaks but no other control characters, and no white space at either end."""
    return _printable(text).expandtabs(4).strip()


def indented(text: str, by: int = 4) -> str:
    """``text`` with every line moved in, so that nothing quoted in a letter can pass for the letter's own words."""
    return textwrap.indent(block(text), " " * by)


def tied(text: str) -> str:
    """``text`` as one unit that ``wrapped`` leaves whole; ``untied`` gives it back its spaces."""
    return text.replace(" ", _TIE)


def untied(text: str) -> str:
    """``text`` with ordinary spaces for those that were tied."""
    return text.replace(_TIE, " ")


def wrapped(text: str, width: int = WIDTH) -> str:
    """``text`` with each line longer than ``width`` broken at spaces; what follows keeps the line's own margin."""
    return untied("\n".join(_wrapped_line(line, width) for line in text.split("\n")))


def sign_named(sign: str) -> str:
    """One character as a person can find it: itself where it can be shown, its name and its code."""
    code = f"U+{ord(sign):04X}"
    if unicodedata.category(sign) == "Cc":
        return f"a control character ({code})"
    shown = f"“{sign}” " if sign.isprintable() else ""
    return f"{shown}({unicodedata.name(sign, 'no character').capitalize()}, {code})".strip()


def _printable(text: str) -> str:
    text = _SYMBOLS.sub(BULLET, _WORDS_SECOND_BULLET.sub(SECOND_BULLET, text))
    text = _CONTROLS.sub(" ", _LINE_ENDS.sub("\n", text))
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", _TURNING.sub("", text))


def _wrapped_line(line: str, width: int) -> str:
    if len(line) <= width:
        return line.rstrip()
    margin = line[: len(line) - len(line.lstrip())]
    item = re.match(r"\s*(- |\d+\. )", line)
    hanging = " " * len(item.group(0)) if item else margin
    wrapper = textwrap.TextWrapper(width, initial_indent=margin, subsequent_indent=hanging)
    wrapper.break_long_words = wrapper.break_on_hyphens = False
    return wrapper.fill(line.strip())
