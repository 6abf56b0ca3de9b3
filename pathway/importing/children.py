"""One line's child: who it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pathway.importing import problems, values
from pathway.importing.decisions import DecisionReader
from pathway.importing.faults import FaultList
from pathway.importing.reading import Line
from pathway.importing.records import ImportedChild
from pathway.importing.terms import Terms
from pathway.importing.texts import kept
from rules.likeness import ages, born_together, identifiers, names, not_known, places
from rules.likeness.ages import Said

IDENTITY = ("child_forename", "child_surname", "child_dob", "child_edd", "child_address")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildReader:
    """Reads the children of one contact; ``received_at`` is None where that could not be read."""

    terms: Terms
    faults: FaultList
    received_at: datetime | None

    def read(self, line: Line) -> ImportedChild:
        """The child of a line; what is odd goes to the fault list."""
        self._look_who_it_is(line)
        number, unverified = self._nhs_number(line)
        decision = DecisionReader(terms=self.terms, faults=self.faults, received_at=self.received_at)
        return ImportedChild(
            line=line.number,
            forename=self._forename(line),
            surname=kept(line.values["child_surname"]),
            birth_date=self._birth_date(line),
            age=self._age(line),
            due_date=self._due_date(line),
            sex=self._code(line, "child_sex", "U"),
            ethnicity=self._code(line, "child_ethnicity", ""),
            nhs_number=number,
            nhs_number_unverified=unverified,
            address=kept(line.values["child_address"]),
            school=kept(line.values["child_school"]),
            decision=decision.read(line),
        )

    def _look_who_it_is(self, line: Line) -> None:
        known = any(line.values[column].strip() for column in IDENTITY)
        if known or identifiers.tells_somebody(line.values["child_nhs_number"]):
            return
        if places.is_school(line.values["child_school"]):
            self.faults.add(line, "child_school", problems.ONLY_BY_SCHOOL)
        else:
            self.faults.add(line, "child_surname", problems.NOBODY)

    def _forename(self, line: Line) -> str:
        forename = kept(line.values["child_forename"])
        if forename and not_known.forename_is_none(names.fold(forename)):
            self.faults.add(line, "child_forename", problems.PLACEHOLDER)
        return forename

    def _nhs_number(self, line: Line) -> tuple[str | None, str]:
        typed = kept(line.values["child_nhs_number"])
        number = identifiers.normalise_nhs_number(typed)
        if typed and not number:
            self.faults.add(line, "child_nhs_number", problems.BAD_NHS_NUMBER)
        return number or None, "" if number else typed

    def _birth_date(self, line: Line) -> date | None:
        born = None if self._said(line, "child_dob") else self._date(line, "child_dob")
        if born is None or self.received_at is None:
            return born
        age = values.age_on(born, self.received_at)
        if age >= born_together.ADULT:
            self.faults.add(line, "child_dob", problems.ADULT, age=age)
        if age < 0:
            self.faults.add(line, "child_dob", problems.BORN_LATER)
        return born

    def _age(self, line: Line) -> Said | None:
        """An estimated age, said on the day of receipt, in its own column or where the birth date should stand."""
        said = self._said(line, "child_age")
        if line.values["child_age"].strip() and said is None and self.received_at:
            self.faults.add(line, "child_age", problems.NO_AGE)
        return said or self._said(line, "child_dob")

    def _said(self, line: Line, column: str) -> Said | None:
        typed = kept(line.values[column])
        return ages.said(typed, values.london_day(self.received_at)) if self.received_at else None

    def _due_date(self, line: Line) -> date | None:
        due = self._date(line, "child_edd")
        if due and line.values["child_dob"].strip():
            self.faults.add(line, "child_edd", problems.BORN_AND_DUE)
        elif due and due < self.terms.now.date():
            self.faults.add(line, "child_edd", problems.OVERDUE_BIRTH)
        return due

    def _date(self, line: Line, column: str) -> date | None:
        typed = line.values[column]
        found = values.day(typed)
        if typed.strip() and found is None:
            self.faults.add(line, column, problems.IMPOSSIBLE_DATE)
        return found

    def _code(self, line: Line, column: str, otherwise: str) -> str:
        typed = line.values[column].strip().upper()
        known = self.terms.sexes if column == "child_sex" else self.terms.ethnicities
        if not typed or typed in known:
            return typed or otherwise
        self.faults.add(line, column, problems.UNKNOWN_CODE, known=", ".join(known))
        return otherwise
