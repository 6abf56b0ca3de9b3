"""What somebody typed into the grid of checks, read for each child, and its faults back at their fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pathway.engine import inputs
from pathway.engine.intake.screening import CheckInput
from pathway.engine.together import OfChild
from pathway.web import typed
from pathway.web.forms import Form
from pathway.web.views.family.family_view import Child
from pathway.web.views.family.screening_grid_view import ALL, MADE, NOT_MADE, NOTHING, Cell, Grid
from rules.errors import Fault, InvalidInput
from rules.vocabulary import CheckKind
from storage.tables import id_of

NOBODY = Fault(place="checks", problem="No check was filled in", remedy="Record at least one check of one child")
Wanted = OfChild[Sequence[CheckInput]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One check of one child as the form says it; ``place`` begins the names of the fields that say so."""

    kind: CheckKind
    place: str
    made: str
    words: str

    @property
    def input(self) -> CheckInput:
        """The check as the command takes it. Raises InvalidInput at ``place``."""
        if self.made not in (NOTHING, MADE, NOT_MADE):
            remedy = "Choose made or not made; what you wrote is kept"
            raise InvalidInput.of(f"{self.place}.made", "Not said whether the check was made", remedy)
        fields = {
            "kind": self.kind,
            "made": self.made != NOT_MADE,
            "found": self.words if self.made == MADE else "",
            "not_made_because": self.words if self.made == NOT_MADE else "",
            "taken_over": self.made == NOTHING,
        }
        try:
            return inputs.parse(CheckInput, fields)
        except InvalidInput as error:
            raise InvalidInput(self.placed(fault) for fault in error.faults) from error

    def placed(self, fault: Fault) -> Fault:
        """A fault of the command at the field that this was said in."""
        return replace(fault, place=f"{self.place}.{'made' if self.made == NOTHING else 'words'}")


def of_child(form: Form, cells: Sequence[Cell]) -> Sequence[Said]:
    """What is said of one child: in a row of its own, else in the first one for a check that the child misses.

    That nothing is on record the first row says only of those of whom it is so.
    """
    return list(_of_child(form, cells))


def _of_child(form: Form, cells: Sequence[Cell]) -> Iterator[Said]:
    for cell in cells:
        own = _said(form, cell, cell.place)
        common = _said(form, cell, f"{ALL}{cell.column.slug}") if cell.is_missing else None
        if own is not None:
            yield own
        elif common is not None and (common.made != NOTHING or cell.can_take_over):
            yield common


def _said(form: Form, cell: Cell, place: str) -> Said | None:
    made, words = form.get(f"{place}.made"), form.get(f"{place}.words")
    return Said(kind=cell.column.kind, place=place, made=made, words=words) if made or words.strip() else None


def parse(form: Form, grid: Grid) -> Sequence[Wanted]:
    """What is recorded for each child of whom something was said. Raises InvalidInput with every fault once."""
    faults: list[Fault] = []
    wanted: list[Wanted] = []
    for child, cells in grid.rows:
        checks: list[CheckInput] = []
        for said in of_child(form, cells):
            try:
                checks.append(said.input)
            except InvalidInput as error:
                faults += [fault for fault in error.faults if fault not in faults]
        if checks:
            wanted.append(_wanted(form, child, checks))
    if faults or not wanted:
        raise InvalidInput(faults or [NOBODY])
    return wanted


def _wanted(form: Form, child: Child, checks: Sequence[CheckInput]) -> Wanted:
    version = typed.whole(form.get(f"{child.prefix}version"))
    return OfChild(ref=child.referral.ref, referral_id=id_of(child.referral), version=version, data=checks)


def placed(form: Form, cells: Sequence[Cell], error: InvalidInput) -> Sequence[Fault]:
    """What the command says of a child's checks, which it counts, at the fields of this form."""
    said = of_child(form, cells)
    return [_placed(said, fault) for fault in error.faults]


def _placed(said: Sequence[Said], fault: Fault) -> Fault:
    number = typed.whole(fault.place.removeprefix("checks.").partition(".")[0]) if fault.place.count(".") else None
    return said[number].placed(fault) if number is not None and number < len(said) else fault
