"""A misspeller: what a child's facts become on the telephone, on a form and on a keyboard."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from pathway.engine.children import candidates
from pathway.engine.children.child_input import ChildInput
from rules.likeness import names

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("th", "t"), ("ie", "y"), ("ee", "ea"), ("ai", "ay"), ("ou", "oo"), ("sh", "sch"),
    ("w", "wh"), ("y", "i"), ("c", "k"), ("k", "c"), ("z", "s"), ("s", "z"), ("x", "ks"), ("j", "g"), ("ll", "l"),
    ("tt", "t"), ("nn", "n"), ("f", "ph"), ("a", "e"), ("e", "a"), ("o", "u"), ("i", "ee"), ("m", "mm"), ("l", "ll"),
)  # fmt: skip
ACCENTS = str.maketrans({"a": "á", "e": "é", "i": "í", "o": "ö", "u": "ü", "c": "ç", "n": "ñ", "s": "š"})
TWO_SLIPS = 0.3
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Misspelling:
    """A child on record by number, and the same child as somebody typed it; ``slips`` are what went wrong."""

    person_id: int
    typed: ChildInput
    slips: tuple[str, ...]

    def __str__(self) -> str:
        child = self.typed
        return f"{' and '.join(self.slips)}: {child.forename} {child.surname}, {child.birth_date}"


class Misspeller:
    """Misspells children, each kind of slip in turn; three in ten children suffer two slips.

    Half of them come with another address than the one on record, and none with the right NHS number.
    """

    def __init__(self, seed: int = 500) -> None:
        self.chance = Random(seed)
        self.slips: Mapping[str, Callable[[Facts], None]] = {
            "typo": self._typo,
            "sound": self._sound,
            "names swapped": self._swap,
            "diacritics": self._accents,
            "short form": self._form,
            "double surname": self._double,
            "day and month swapped": self._day_and_month,
            "near date": self._near,
            "year": self._year,
            "lost number": self._number,
            "no birth date": self._undated,
        }

    def misspell(self, row: Mapping[str, Any], number: int) -> Misspelling:
        """The child of a row of ``person`` with the slip whose turn it is."""
        kinds = list(self.slips)
        chosen = [kinds[number % len(kinds)]]
        # A date that is lost comes last: it can't be mistyped any more.
        if self.chance.random() < TWO_SLIPS:
            chosen.append(self.chance.choice([kind for kind in kinds if kind not in chosen]))
        facts: Facts = {name: row[name] for name in ("forename", "surname", "birth_date")}
        facts["address"] = row["address"] if self.chance.random() < 0.5 else ""
        facts["number"], facts["nhs_number"] = row["nhs_number"] or "", ""
        for kind in sorted(chosen, key=kinds.index):
            self.slips[kind](facts)
        facts.pop("number")
        return Misspelling(person_id=row["id"], typed=ChildInput(**facts), slips=tuple(chosen))

    def _field(self, facts: Facts) -> str:
        return self.chance.choice([name for name in ("forename", "surname") if len(facts[name]) > 3] or ["surname"])

    def _typo(self, facts: Facts) -> None:
        field = self._field(facts)
        text, at = facts[field], self.chance.randrange(1, len(facts[field]))
        near = next((row for row in KEYS if text[at].lower() in row), KEYS[1])
        letter = self.chance.choice(near)
        facts[field] = self.chance.choice(
            (text[:at] + text[at + 1 :], text[:at] + letter + text[at:], text[:at] + letter + text[at + 1 :],
             text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :])
        )  # fmt: skip

    def _sound(self, facts: Facts) -> None:
        field = self._field(facts)
        text = facts[field].lower()
        heard = [(one, other) for one, other in SOUNDS if one in text[1:]]
        if heard:
            one, other = self.chance.choice(heard)
            at = text.index(one, 1)
            facts[field] = (text[:at] + other + text[at + len(one) :]).title()

    def _swap(self, facts: Facts) -> None:
        facts["forename"], facts["surname"] = facts["surname"], facts["forename"]

    def _accents(self, facts: Facts) -> None:
        for field in ("forename", "surname"):
            text = facts[field]
            plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
            facts[field] = plain.replace("-", " ").replace("'", "") if plain != text else text.translate(ACCENTS)

    def _form(self, facts: Facts) -> None:
        name = names.forename(facts["forename"], candidates.forms())
        others = sorted(names.related(name, candidates.forms()) - name.parts)
        if others:
            facts["forename"] = self.chance.choice(others).title()
        else:
            self._typo(facts)

    def _double(self, facts: Facts) -> None:
        halves = facts["surname"].split("-")
        facts["surname"] = self.chance.choice(halves) if len(halves) > 1 else f"{facts['surname']}-Marsh"

    def _day_and_month(self, facts: Facts) -> None:
        born: date = facts["birth_date"]
        try:
            facts["birth_date"] = born.replace(month=born.day, day=born.month)
        except ValueError:
            facts["birth_date"] = born.replace(day=born.day - 10)

    def _near(self, facts: Facts) -> None:
        facts["birth_date"] += timedelta(days=self.chance.choice((-3, -2, -1, 1, 2, 3)))

    def _year(self, facts: Facts) -> None:
        facts["birth_date"] += timedelta(days=self.chance.choice((-365, 365)))

    def _number(self, facts: Facts) -> None:
        number = facts["number"]
        at = self.chance.randrange(9)
        facts["nhs_number"] = number[:at] + self.chance.choice(("", "7")) + number[at + 1 :] if number else ""
        self._typo(facts)

    def _undated(self, facts: Facts) -> None:
        facts["birth_date"] = None


def found(session: Any, misspelling: Misspelling) -> bool:
    """True where the child on record is proposed for the one who was misspelt."""
    return misspelling.person_id in {proposal.person_id for proposal in proposed(session, misspelling.typed)}


def proposed(session: Any, typed: ChildInput) -> list[candidates.Proposal]:
    """Who is proposed for a child as typed."""
    child = candidates.read(typed)
    return candidates.likely(child, candidates.around(session, child))
