"""What somebody who looks for a child has typed, read: names, birth date or age, numbers, postcode, telephone.

The same text always reads as the same question. Every part of it must fit a child, each in one of several ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from rules.likeness import ages, birth_dates, identifiers, names, places, search_words
from rules.likeness.names import PARTICLES, Forms
from rules.likeness.spans import LAST, Span
from rules.timing import written

LONGEST = 200
MOST_TERMS = 12
NO_FORMS = Forms()


class Kind(Enum):
    """What one part of a question is about."""

    WORD = "word"
    BORN = "birth date"
    AGE = "age"
    NUMBER = "number"
    POSTCODE = "postcode"
    TELEPHONE = "telephone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One part of a question: how people read it (``said``), and the words that fit it.

    ``exact`` exactly, ``begins`` by their beginning, ``wider`` by sound, in another spelling or nearly.
    """

    kind: Kind
    said: str
    text: str
    exact: tuple[Span, ...]
    begins: tuple[Span, ...] = ()
    wider: tuple[Span, ...] = ()

    def spans(self, *, begins: bool = True, wider: bool = False) -> tuple[Span, ...]:
        """All words that fit, as far as wanted, each span once."""
        return tuple(dict.fromkeys((*self.exact, *(self.begins if begins else ()), *(self.wider if wider else ()))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that was asked. ``born`` and ``number``: the one birth date and the one valid number, where there is one.

    ``references`` are what the whole text may be as a reference, ours or another system's: nothing else stands in it.
    """

    terms: tuple[Term, ...] = ()
    born: date | None = None
    number: str = ""
    references: tuple[str, ...] = ()

    def of(self, *kinds: Kind) -> tuple[Term, ...]:
        """The parts of these kinds."""
        return tuple(term for term in self.terms if term.kind in kinds)

    @property
    def words(self) -> tuple[str, ...]:
        """The words that are no date, number, postcode and the like, folded."""
        return tuple(term.text for term in self.of(Kind.WORD))


def in_full(question: Question, forename: str, surname: str) -> bool:
    """True where the words of a question are one name in full, in either order, and nothing else.

    The whole surname and the first forename are needed; further forenames may be left out.
    """
    first, last = names.fold(forename).split(), names.fold(surname).replace(" ", "")
    typed = " ".join(question.words).split()
    for start in range(len(typed)):
        for end in range(start + 1, len(typed) + 1):
            rest = typed[:start] + typed[end:]
            if first and "".join(typed[start:end]) == last and _is_forename(rest, first):
                return True
    return False


def _is_forename(typed: list[str], words: list[str]) -> bool:
    return "".join(typed) == "".join(words) or (words[0] in typed and set(typed) <= set(words))


@dataclass(slots=True)
class _Reader:
    today: date
    forms: Forms
    terms: list[Term] = field(default_factory=list)

    def take(self, text: str, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Term | None]) -> str:
        """The text without what of it could be read, in whose place stands a break."""

        def one(found: re.Match[str]) -> str:
            term = read(found)
            if term is None:
                return found[0]
            self.terms.append(term)
            return " | "

        return pattern.sub(one, text)


_OURS = re.compile(r"PW-?([0-9A-Z]{4})-?([0-9A-Z]{4})(?:-?(\d{1,3}))?")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DAY = re.compile(
    rf"(?<![\w/.\-])(?:\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}|\d{{1,2}}([/.\-])\d{{1,2}}\1(?:\d{{4}}|\d{{2}})"
    r"|\d{1,2} \d{1,2} \d{4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[\s.\-/]*(?:of\s+)?{_MONTH}[\s.,\-/]*(?:\d{{4}}|\d{{2}})"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{8}})(?![\w/\-])",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"(?<!\w)(?:\+44|0)(?:[\s\-.()]*\d){8,11}(?!\w)")
_NUMBER = re.compile(r"(?<!\w)\d{3}[\s\-.]?\d{3}[\s\-.]?\d{4}(?!\w)")
_UPN = re.compile(r"(?<!\w)[A-Z]\d{11}[\dA-Z](?!\w)", re.IGNORECASE)


# What people write before a date or number; it says what it is, which its shape has said already. And before a name.
_LABEL = re.compile(
    r"(?<!\w)(?:d\.?\s?o\.?\s?b|date of birth|born(?: on)?|nhs(?: (?:no|number))?|upn|pupil number|postcode|post code"
    r"|(?:tel|telephone|phone|mobile|mob)(?: (?:no|number))?)\s*[.:]*\s*(?=\|)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(?<!\w)(?:mrs?|ms|miss|dr)\.?\s+(?=\w)", re.IGNORECASE)
_REF = re.compile(r"(?:our |your )?(?:ref|reference)(?: (?:no|number))?\.?:?\s+(?=\S+$)", re.IGNORECASE)


def read(text: str, *, today: date, forms: Forms = NO_FORMS) -> Question:
    """The question that a text is, on a day by which ages count. Of a long text the beginning counts."""
    reader = _Reader(today, forms)
    rest = text = _REF.sub("", " ".join(text.replace("\x00", " ").split())[:LONGEST])
    for pattern, taken in (
        (_DAY, _born),
        (_TELEPHONE, _telephone),
        (_UPN, _upn),
        (_NUMBER, _number),
        (places.POSTCODE, _postcode),
    ):
        rest = reader.take(rest, pattern, taken)
    rest = _TITLE.sub("", _LABEL.sub(" ", rest))
    rest = reader.take(rest, ages.WRITTEN, lambda found: _age(found, today))
    reader.terms += _words(rest, reader)
    terms = tuple(dict.fromkeys(reader.terms))[:MOST_TERMS]
    dates = {term.text for term in terms if term.kind is Kind.BORN}
    numbers = {term.text for term in terms if term.kind is Kind.NUMBER and _valid(term.text)}
    return Question(
        terms=terms,
        born=date.fromisoformat(dates.pop()) if len(dates) == 1 else None,
        number=numbers.pop() if len(numbers) == 1 else "",
        references=_references(text.strip()),
    )


def _valid(number: str) -> bool:
    return identifiers.is_nhs_number(number) or identifiers.is_upn(number)


def _one(word: str) -> Span:
    return Span(word, word)


def _beginning(word: str) -> Span:
    return Span(word, word + LAST)


def _references(text: str) -> tuple[str, ...]:
    ours = _OURS.fullmatch(text.upper())
    has_digit = any(sign.isdigit() for sign in text)
    if " " in text or not (has_digit or ours):
        return ()
    whole = ("-".join(filter(None, ("PW", *ours.groups()))),) if ours else ()
    return tuple(dict.fromkeys((*whole, text, text.upper())))


def _born(found: re.Match[str]) -> Term | None:
    born = _day(found[0])
    if born is None:
        return None
    near = tuple(_one(search_words.day(day)) for day in sorted(birth_dates.variants(born)))
    year = Span(search_words.day(ages.years_on(born, -1)), search_words.day(ages.years_on(born, 1)))
    said = f"born {born.day} {born:%B %Y}"
    exact = (_one(search_words.day(born)),)
    return Term(kind=Kind.BORN, said=said, text=born.isoformat(), exact=exact, wider=(*near, year))


def _day(text: str) -> date | None:
    text = re.sub(r"\bof\b", " ", text, flags=re.IGNORECASE)
    if text.isdigit():
        shapes = (f"{text[:2]}/{text[2:4]}/{text[4:]}", f"{text[:4]}-{text[4:6]}-{text[6:]}")
        found = {day for shape in shapes if (day := written.day(shape)) is not None}
        return found.pop() if len(found) == 1 else None
    text = re.sub(r"(?i)(\d)(?=[a-z]{3})|([a-z]{3,9})(?=\d)", lambda part: f"{part[0]} ", text)
    return written.day(text, short_years=True)


def _telephone(found: re.Match[str]) -> Term | None:
    number = search_words.telephone_number(found[0])
    if not number:
        return None
    exact = (_one(search_words.NUMBER + number),)
    return Term(kind=Kind.TELEPHONE, said=f"telephone {number}", text=number, exact=exact)


def _upn(found: re.Match[str]) -> Term:
    return _numbered(identifiers.normalise_upn(found[0]) or found[0].upper(), "pupil number")


def _number(found: re.Match[str]) -> Term:
    digits = re.sub(r"\D", "", found[0])
    what = "NHS number" if identifiers.is_nhs_number(digits) else "number"
    return _numbered(digits, what)


def _numbered(number: str, what: str) -> Term:
    near = sorted(identifiers.repaired_nhs_numbers(number))
    return Term(
        kind=Kind.NUMBER,
        said=f"{what} {identifiers.show_nhs_number(number)}",
        text=number,
        exact=(_one(search_words.NUMBER + search_words.compacted(number)),),
        wider=tuple(_one(search_words.NUMBER + one) for one in near),
    )


def _postcode(found: re.Match[str]) -> Term:
    text = f"{found[1]} {found[2]}".upper()
    word = text.replace(" ", "").casefold()
    wider = (_beginning(word[:-2]),)
    return Term(kind=Kind.POSTCODE, said=f"postcode {text}", text=word, exact=(_one(word),), wider=wider)


def _age(found: re.Match[str], today: date) -> Term | None:
    number, unit = int(found["number"]), (found["unit"] or "").casefold()[:1]
    plain = not (found["about"] or found["aged"] or unit or found["old"])
    if unit in ("", "y") and number > ages.OLDEST:
        return None
    spread = 1 if found["about"] else 0
    said = f"{'about ' if spread else ''}{number} {ages.UNITS[unit]}{'' if number == 1 else 's'} old"
    exact: tuple[Span, ...] = (_born_between(number - spread, number + spread, unit, today),)
    if plain:
        said, exact = f"{number} (age or house number)", (*exact, _one(str(number)))
    wider = (_born_between(number - spread - 1, number + spread + 1, unit, today),)
    return Term(kind=Kind.AGE, said=said, text=found[0].strip(), exact=exact, wider=wider)


def _born_between(youngest: int, oldest: int, unit: str, today: date) -> Span:
    first, last = ages.born_between(youngest, oldest, unit, today)
    return Span(search_words.day(first), search_words.day(last))


def _words(text: str, reader: _Reader) -> Iterator[Term]:
    for part in text.split("|"):
        words = [word for typed in part.split() for word in names.fold(typed).split()]
        place = 0
        while place < len(words):
            following = words[place + 1] if place + 1 < len(words) else ""
            joins = words[place] in PARTICLES and bool(following)
            yield _joined(words[place], following, reader) if joins else _word(words[place], reader)
            place += 2 if joins else 1


def _joined(particle: str, word: str, reader: _Reader) -> Term:
    """``O Brien`` stands on record as OBrien too, ``van Dijk`` as Dijk."""
    whole, half = _word(particle + word, reader), _word(word, reader)
    return Term(
        kind=Kind.WORD,
        said=f"{particle} {word}",
        text=f"{particle} {word}",
        exact=(*whole.exact, *half.exact),
        begins=(*whole.begins, *half.begins),
        wider=(*whole.wider, *half.wider),
    )


def _word(word: str, reader: _Reader) -> Term:
    of_number = (_beginning(search_words.NUMBER + word),) if word.isdigit() and len(word) > 2 else ()
    begins = (_beginning(word), *of_number)
    others = {other for full in reader.forms.full.get(word, ()) for other in reader.forms.spellings[full]} - {word}
    sound = () if word.isdigit() else (_one(search_words.SOUND + names.sound(word)),)
    wider = (*map(_one, sorted(others)), *sound)
    return Term(kind=Kind.WORD, said=word, text=word, exact=(_one(word),), begins=begins, wider=wider)
