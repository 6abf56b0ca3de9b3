"""Invented children in numbers: families with common names and rare ones, on record with the keys that find them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from pathway.engine.children import candidates
from rules.likeness import identifiers, match_keys, matching
from storage.tables import found_by

COUNTED_ON = date(2009, 3, 18)
SURNAMES = [
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Johnson",
    "Davies",
    "Patel",
    "Robinson",
    "Wright",
    "Thompson",
    "Evans",
    "Walker",
    "White",
    "Roberts",
    "Green",
    "Hall",
    "Wood",
    "Jackson",
    "Clarke",
    "Khan",
    "Ali",
    "Ahmed",
    "Hussain",
    "Begum",
    "Hughes",
    "Edwards",
    "Hill",
    "Moore",
    "Clark",
    "Harrison",
    "Scott",
    "Young",
    "Morris",
    "Hall",
    "Ward",
    "Turner",
    "Carter",
    "Phillips",
    "Mitchell",
    "Shah",
    "Singh",
    "Kaur",
    "Okafor",
    "Adeyemi",
    "Mensah",
    "Owusu",
    "Mohamed",
    "Osman",
    "Hassan",
    "Öztürk",
    "Kaya",
    "Demir",
    "Şahin",
    "Nowak",
    "Kowalski",
    "Wiśniewski",
    "Popescu",
    "Ionescu",
    "Silva",
    "Costa",
    "Santos",
    "Pereira",
    "García",
    "Nguyễn",
    "Tran",
    "O'Brien",
    "Murphy",
    "Kelly",
    "Walsh",
    "Byrne",
    "Campbell",
    "Stewart",
    "McDonald",
    "MacLeod",
    "Griffiths",
    "Llewellyn",
    "Dhillon",
    "Chowdhury",
    "Rahman",
    "Miah",
    "Islam",
    "Akhtar",
    "Iqbal",
    "Malik",
    "Chaudhry",
    "Papadopoulos",
    "Georgiou",
    "Da-Costa",
    "St.-John",
    "El-Amin",
    "Kowalczyk",
    "Zieliński",
]
HALVES = (
    "Ash",
    "Brad",
    "Cal",
    "Dun",
    "Elm",
    "Fair",
    "Gar",
    "Hart",
    "Kin",
    "Lang",
    "Mar",
    "Nor",
    "Penn",
    "Rad",
    "Thorn",
)
ENDS = ("bury", "croft", "den", "field", "ford", "ham", "ley", "more", "ridge", "son", "ton", "wick", "worth", "yard")
STREETS = ("High Road", "Green Lanes", "Park View Road", "Philip Lane", "West Green Road", "Lordship Lane", "Mill Hill")
DISTRICTS = ("N4", "N8", "N10", "N15", "N17", "N22", "E5", "EN3")
INWARD = "ABDEFGHJLNPQRSTUWXYZ"


class Population:
    """So many invented children of one seed, as rows of ``person`` without numbers of their own."""

    def __init__(self, seed: int = 2009) -> None:
        self.chance = Random(seed)
        self.forenames = sorted(candidates.forms().spellings)

    def children(self, count: int) -> Iterator[dict[str, Any]]:
        """Rows of ``count`` children, family by family."""
        made = 0
        while made < count:
            surname, address = self.surname(), self.address()
            for _ in range(min(self.chance.choice((1, 1, 1, 2, 2, 3)), count - made)):
                yield self.child(surname, address)
                made += 1

    def child(self, surname: str, address: str) -> dict[str, Any]:
        """One child; seven in ten have an NHS number on record."""
        forename = self.forename()
        return {
            "forename": forename,
            "surname": surname,
            "name_key": identifiers.name_key(forename, surname),
            "birth_date": COUNTED_ON - timedelta(days=self.chance.randrange(18 * 365)),
            "nhs_number": self.nhs_number() if self.chance.random() < 0.7 else None,
            "address": address,
        }

    def forename(self) -> str:
        """A few names are common, many are not; some children have two."""
        first = self.forenames[int(len(self.forenames) * self.chance.random() ** 1.7)].title()
        return f"{first} {self.chance.choice(self.forenames).title()}" if self.chance.random() < 0.05 else first

    def surname(self) -> str:
        """Half of all families share some hundred surnames; one in twenty has a double one."""
        one = self._surname()
        return f"{one}-{self._surname()}" if self.chance.random() < 0.05 else one

    def _surname(self) -> str:
        if self.chance.random() < 0.5:
            return SURNAMES[int(len(SURNAMES) * self.chance.random() ** 2)].replace("-", " ")
        return self.chance.choice(HALVES) + self.chance.choice(("", "ing", "er", "el")) + self.chance.choice(ENDS)

    def address(self) -> str:
        """A house in one of some ten thousand postcodes."""
        inward = f"{self.chance.randrange(1, 10)}{self.chance.choice(INWARD)}{self.chance.choice(INWARD[:8])}"
        street, district = self.chance.choice(STREETS), self.chance.choice(DISTRICTS)
        return f"{self.chance.randrange(1, 200)} {street}, London {district} {inward}"

    def nhs_number(self) -> str:
        """A valid one; that two children get the same is very unlikely."""
        while True:
            digits = f"{self.chance.randrange(4 * 10**8, 8 * 10**8):09}"
            valid = [digits + str(last) for last in range(10) if identifiers.is_nhs_number(digits + str(last))]
            if valid:
                return valid[0]


def numbered(rows: Iterator[dict[str, Any]], *, first: int, now: datetime) -> list[dict[str, Any]]:
    """Rows of ``person`` ready to be inserted, each with an id; no two share an NHS number."""
    seen: set[str] = set()
    found = []
    for number, row in enumerate(rows, start=first):
        if row["nhs_number"] in seen:
            row["nhs_number"] = None
        seen |= {row["nhs_number"]} - {None}
        blank = {"due_date": None, "sex": "U", "ethnicity": "", "nhs_number_unverified": "", "upn": "", "school": ""}
        found.append({"id": number, **blank, **row, "created_at": now, "merged_into_id": None})
    return found


def keys_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of ``match_key`` that go with rows of ``person``."""
    forms = candidates.forms()
    fields = ("forename", "surname", "birth_date", "address")
    return [
        {"person_id": row["id"], "key": key}
        for row in rows
        for key in match_keys.stored(
            matching.read(forms=forms, nhs_number=row["nhs_number"] or "", **{name: row[name] for name in fields})
        )
    ]


def words_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of ``child_word`` that go with rows of ``person``."""
    return [
        {"person_id": row["id"], "word": word}
        for row in rows
        for word in sorted(found_by.words_of(SimpleNamespace(**row)))
    ]
