"""From the lines of one contact to a contact that can be taken, or the reasons why it is held back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from notifications import addresses
from pathway.importing import old_warnings, problems, texts, values
from pathway.importing.children import ChildReader
from pathway.importing.faults import FaultList, ImportFault, quoted
from pathway.importing.grouping import Group
from pathway.importing.layout import CHANNELS, CHILD_COLUMNS, COLUMNS, CONSENTS, MUST_AGREE, SHOULD_AGREE
from pathway.importing.reading import Line
from pathway.importing.records import ImportedContact
from pathway.importing.terms import Terms
from pathway.importing.texts import kept
from rules import referrers
from rules.likeness import born_together
from rules.vocabulary import ReferrerKind
from rules.words import counted

LONGEST_REFERENCE = 200
MOST_TOTALS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One contact of the file: what can be taken, None where it is held back, and everything odd about it.

    ``is_contact`` is False for a line of totals, which is left out.
    """

    ref: str
    contact: ImportedContact | None
    faults: tuple[ImportFault, ...]
    is_contact: bool = True


def check(group: Group, terms: Terms) -> Checked:
    """What the lines of one contact say, judged by the book, the code lists and the present moment in ``terms``."""
    faults = FaultList(group.ref)
    if (filled := _totals(group)) is not None:
        faults.add(group.lines[0], "contact_ref", problems.TOTALS, values=filled)
        return Checked(ref=group.ref, contact=None, faults=tuple(faults.faults), is_contact=False)
    _look_at_shape(group, faults)
    _compare(group, faults)
    contact = _contact(group, terms, faults)
    found = tuple(sorted(faults.faults, key=_place))
    return Checked(ref=group.ref, contact=None if faults.held_back else contact, faults=found)


def _totals(group: Group) -> int | None:
    """How many values a line of totals has: few, no moment and no child among them; None for any other."""
    if len(group.lines) > 1:
        return None
    filled = [column for column in COLUMNS if group.lines[0].values[column].strip()]
    says_something = any(column in CHILD_COLUMNS or column == "concern_facts" for column in filled)
    if len(filled) > MOST_TOTALS or says_something or values.moment(group.lines[0].values["received"]) is not None:
        return None
    return len(filled)


def _place(fault: ImportFault) -> tuple[int, int]:
    """Line and column; columns that are not ours come last."""
    return fault.line, COLUMNS.index(fault.column) if fault.column in COLUMNS else len(COLUMNS)


def _look_at_shape(group: Group, faults: FaultList) -> None:
    if not group.ref:
        faults.add(group.lines[0], "contact_ref", problems.NO_REFERENCE)
    if len(group.ref) > LONGEST_REFERENCE:
        length = f"{len(group.ref):,}"
        faults.add(group.lines[0], "contact_ref", problems.LONG_REFERENCE, length=length, longest=LONGEST_REFERENCE)
    for later, first in group.doubled:
        faults.add(later, "contact_ref", problems.SAME_LINE, line=first.number)
    for line in group.lines:
        if line.broken:
            faults.add(line, "contact_ref", problems.BROKEN_QUOTES, told=line.broken)
        for column in line.errors.keys() & COLUMNS:
            faults.add(line, column, problems.CELL_ERROR, told=line.errors[column])
        if line.length != line.columns:
            faults.add(line, "contact_ref", problems.WRONG_LENGTH, values=line.length, columns=line.columns)


def _compare(group: Group, faults: FaultList) -> None:
    first = group.lines[0]
    for line in group.lines[1:]:
        for column in (*MUST_AGREE, *SHOULD_AGREE):
            if _meaning(column, line) != _meaning(column, first):
                problem = problems.CONTRADICTION if column in MUST_AGREE else problems.FIRST_COUNTS
                faults.add(line, column, problem, line=first.number, value=quoted(kept(first.values[column])))


def _meaning(column: str, line: Line) -> object:
    typed = line.values[column].strip()
    if column == "received":
        return values.moment(typed) or typed
    if column == "anonymous":
        known = values.anonymous(typed)
        return typed if known is None else known
    return typed.upper() if column == "source_code" else typed


def _contact(group: Group, terms: Terms, faults: FaultList) -> ImportedContact | None:
    first = group.lines[0]
    received_at = _received_at(first, terms, faults)
    kind = _referrer_kind(first, terms, faults)
    email = _email(first, kind, faults)
    _look_at_words(group, faults)
    reader = ChildReader(terms=terms, faults=faults, received_at=received_at)
    children = tuple(reader.read(line) for line in group.lines)
    for one, other, days in born_together.too_close(children):
        line, before = group.lines[other], group.lines[one]
        faults.add(line, "child_dob", problems.BORN_TOO_CLOSE, line=before.number, apart=counted(days, "day"))
    danger = [_in_danger(line, faults) for line in group.lines]
    unsafe = [old_warnings.look_at(line, faults) for line in group.lines]
    anonymous, in_doubt = _anonymous(first, kind, faults)
    if received_at is None:
        return None
    return ImportedContact(
        line=first.number,
        ref=group.ref,
        sha256=group.sha256,
        lines=group.as_json,
        received_at=received_at,
        channel=kept(first.values["channel"]),
        source_code=kept(first.values["source_code"]).upper(),
        referrer_kind=kind,
        referrer_name=kept(first.values["referrer_name"]),
        referrer_agency=kept(first.values["referrer_agency"]),
        referrer_role=kept(first.values["referrer_role"]),
        referrer_email=email,
        referrer_email_as_typed=kept(first.values["referrer_email"]),
        referrer_address=kept(first.values["referrer_address"]),
        anonymous=anonymous,
        identity_protected=in_doubt,
        unsafe_to_contact=any(unsafe),
        immediate_danger=any(danger),
        concern_facts=_joined(group, "concern_facts"),
        professional_opinion=_joined(group, "professional_opinion"),
        consent=kept(first.values["consent"]),
        children=children,
    )


def _received_at(line: Line, terms: Terms, faults: FaultList) -> datetime | None:
    typed = line.values["received"]
    at = values.moment(typed)
    if at is None:
        faults.add(line, "received", problems.IMPOSSIBLE_RECEIPT if typed.strip() else problems.NOT_RECEIVED)
        return None
    if at > terms.now:
        faults.add(line, "received", problems.RECEIVED_IN_FUTURE)
        return None
    if values.jumped_over(typed):
        faults.add(line, "received", problems.SKIPPED_BY_CLOCKS, taken=values.london(at))
    if values.london_day(at) < terms.judged_from:
        faults.add(line, "received", problems.BEFORE_BOOK, book=terms.book.name)
    return at


def _referrer_kind(line: Line, terms: Terms, faults: FaultList) -> ReferrerKind:
    code = line.values["source_code"].strip().upper()
    kind = referrers.kind_of(code)
    if code not in terms.sources:
        faults.add(line, "source_code", problems.UNKNOWN_SOURCE, known=", ".join(terms.sources))
    return kind


def _anonymous(line: Line, kind: ReferrerKind, faults: FaultList) -> tuple[bool, bool]:
    """Whether the referrer is anonymous, and whether to hide who it is: where that is not sure, or a name is told.

    The source code settles what is written to them; a name that was not to be told harms before anybody has asked.
    """
    known = values.anonymous(line.values["anonymous"])
    told = any(line.values[column].strip() for column in ("referrer_name", "referrer_email", "referrer_address"))
    if known is None:
        faults.add(line, "anonymous", problems.ANONYMITY_IN_DOUBT)
    elif known is not (kind is ReferrerKind.ANONYMOUS):
        code = line.values["source_code"].strip().upper()
        faults.add(line, "anonymous", problems.KIND_DISAGREES, code=code, kind=kind)
    elif known and line.values["referrer_name"].strip():
        faults.add(line, "referrer_name", problems.ANONYMOUS_WITH_NAME)
    return bool(known), told and (known is not False or kind is ReferrerKind.ANONYMOUS)


def _in_danger(line: Line, faults: FaultList) -> bool:
    known = values.yes_or_no(line.values["immediate_danger"])
    if known is None:
        faults.add(line, "immediate_danger", problems.NEITHER_YES_NOR_NO)
    return known is not False


def _email(line: Line, kind: ReferrerKind, faults: FaultList) -> str:
    """The address that letters may go to; empty where there is none, it is odd, or the referrer is anonymous."""
    typed = kept(line.values["referrer_email"])
    if not typed:
        return ""
    if kind is ReferrerKind.ANONYMOUS:
        faults.add(line, "referrer_email", problems.ANONYMOUS_WITH_EMAIL)
        return ""
    if not addresses.usable(typed):
        nobody = addresses.read_by_nobody(typed)
        faults.add(line, "referrer_email", problems.READ_BY_NOBODY if nobody else problems.ODD_EMAIL)
        return ""
    return str(addresses.freed(typed))


def _look_at_words(group: Group, faults: FaultList) -> None:
    said: set[tuple[str, str]] = set()
    for line in group.lines:
        texts.look_through(line, faults, said=said)
    for column, known in (("channel", CHANNELS), ("consent", CONSENTS)):
        typed = group.lines[0].values[column].strip()
        if typed and typed.casefold() not in known:
            faults.add(group.lines[0], column, problems.UNUSUAL_WORD, known=", ".join(known))


def _joined(group: Group, column: str) -> str:
    """Each different text of the contact's lines, one below the other."""
    return "\n\n".join(dict.fromkeys(text for line in group.lines if (text := kept(line.values[column]))))
