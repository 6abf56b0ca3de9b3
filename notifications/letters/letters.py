"""Letters to referrers and to parents: who may be told what, and the words. Nothing is sent or decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from notifications import plain, rendering
from notifications.rendering import TemplateSet
from rules.errors import Fault, InvalidInput
from rules.messages import MessageKind
from rules.vocabulary import Effect, Reader, ReferrerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilFacts:
    """The council as its letters name it; ``complaints`` is a sentence or two on how to complain."""

    name: str
    team_name: str
    telephone: str
    out_of_hours_telephone: str
    email: str
    address: str
    complaints: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildOutcome:
    """What was decided for one child whom the referrer named; ``paragraph``, ``next_steps`` come from the rulebook.

    ``effect`` is the kind of outcome: the letter says what each kind means.
    """

    referral_ref: str
    child_name: str
    effect: Effect
    outcome_title: str
    paragraph: str
    next_steps: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """What a letter can be written from; the recipient's kind settles how much of it the letter gets to see.

    ``children`` are those decided, of the ones this referrer named; ``children_to_follow`` counts the undecided ones.
    ``feedback_due_at`` lets an acknowledgement say by when the outcome will come; ``contact_name`` is whom to ask for.
    ``asked_for`` are the things that are missing. ``child_name`` and ``next_steps`` are of the one child whose parent
    or carer is written to.
    """

    council: CouncilFacts
    recipient_name: str
    contact_ref: str
    received_at: datetime
    written_at: datetime
    children: tuple[ChildOutcome, ...] = ()
    children_to_follow: int = 0
    feedback_due_at: datetime | None = None
    contact_name: str = ""
    asked_for: tuple[str, ...] = ()
    child_name: str = ""
    next_steps: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """One letter as written: subject on one line, text, HTML, and the version of the wording."""

    subject: str
    text: str
    html: str
    template_version: str


_PART = MessageKind.PART_OUTCOME
_ALL = ("council", "recipient_name", "contact_ref", "received_at", "written_at")
_COUNCIL = ("name", "team_name", "telephone", "out_of_hours_telephone", "complaints")
_CHILD = tuple(field.name for field in fields(ChildOutcome))

# Who may learn what. A template is handed these facts and no others, so that a careless one fails instead of telling.
# Nothing is written to anonymous referrers, nor to one for whom a letter would be a danger: they stand in no row.
# The public get no part letter: theirs never tells an outcome, so it goes once, when every child has been decided.
MAY_LEARN: Mapping[tuple[MessageKind, Reader], tuple[str, ...]] = {
    (MessageKind.ACKNOWLEDGEMENT, Reader.PROFESSIONAL): (*_ALL, "feedback_due_at", "contact_name"),
    (MessageKind.ACKNOWLEDGEMENT, Reader.PUBLIC): (*_ALL, "feedback_due_at"),
    (MessageKind.OUTCOME, Reader.PROFESSIONAL): (*_ALL, "children", "contact_name"),
    (MessageKind.OUTCOME, Reader.PUBLIC): _ALL,
    (_PART, Reader.PROFESSIONAL): (*_ALL, "children", "children_to_follow", "contact_name"),
    # After a wrong decision: only the children whom it was about. The public learn that we looked again, and no more.
    (MessageKind.CORRECTED_OUTCOME, Reader.PROFESSIONAL): (*_ALL, "children", "contact_name"),
    (MessageKind.CORRECTED_OUTCOME, Reader.PUBLIC): _ALL,
    (MessageKind.MISSING_INFORMATION, Reader.PROFESSIONAL): (*_ALL, "asked_for", "contact_name"),
    (MessageKind.MISSING_INFORMATION, Reader.PUBLIC): (*_ALL, "asked_for"),
    # Not even when the contact was received: whoever knows the day may know who it was.
    (MessageKind.PARENTS, Reader.PARENT): (
        "council", "recipient_name", "contact_ref", "written_at", "contact_name", "child_name", "next_steps",
    ),
}  # fmt: skip
# What the receiver of a child referred onward may learn (module ``onward``). Its referrer is a professional
# whose identity is shared, or nobody; household, checks, earlier referrals and siblings stay here.
RECEIVER_MAY_LEARN = (
    "council", "receiver", "referral_ref", "child_name", "birth_date", "due_date", "address", "school", "received_at",
    "sent_at", "answer_by", "referrer", "concern", "opinion", "outcome_title", "reasons", "decided_by",
)  # fmt: skip
RECEIVERS_SUBJECT_MAY_NAME = ("council", "referral_ref", "answer_by")
# A subject is read on a locked telephone's screen: it never gets to see a child, whoever the letter is for.
SUBJECT_MAY_NAME = ("council", "contact_ref", "received_at")


def write(
    kind: MessageKind, reader: Reader | ReferrerKind, facts: LetterFacts, *, templates: TemplateSet | None = None
) -> LetterText:
    """The letter of ``kind`` for ``reader`` (plan action 2.1.1: outcome and reasons, in writing).

    Raises InvalidInput where no such letter exists (nothing goes to anonymous referrers) and where a fact is missing.
    """
    reader = Reader(reader.value)
    told = MAY_LEARN.get((kind, reader))
    if told is None:
        raise _no_such_letter(kind, reader)
    if missing := list(_missing(kind, told, facts)):
        raise InvalidInput(missing)
    return _rendered(folder_of(kind, reader), told, facts, templates or TemplateSet())


def folder_of(kind: MessageKind, reader: Reader) -> str:
    """The folder of a letter's templates."""
    return f"letters/{kind.replace(' ', '-')}/{reader}"


def seen_by(told: Iterable[str], facts: LetterFacts) -> dict[str, object]:
    """The facts named in ``told`` as a template gets them: without control characters, in plain mappings."""
    return {name: _cleaned_field(name, getattr(facts, name)) for name in told}


def in_subject(seen: Mapping[str, object]) -> dict[str, object]:
    """Those of the facts that a subject gets."""
    return {name: seen[name] for name in SUBJECT_MAY_NAME if name in seen}


def _rendered(folder: str, told: tuple[str, ...], facts: LetterFacts, templates: TemplateSet) -> LetterText:
    seen = seen_by(told, facts)
    subject = templates.subject(f"{folder}/subject.txt", in_subject(seen))
    return LetterText(
        subject=subject,
        text=templates.text(f"{folder}/body.txt", seen),
        html=templates.html(f"{folder}/body.html", seen | {"title": subject}),
        template_version=templates.version(folder),
    )


def _no_such_letter(kind: MessageKind, reader: Reader) -> InvalidInput:
    if reader is Reader.ANONYMOUS:
        problem = "Nothing is written to an anonymous referrer"
        return InvalidInput.of("referrer_kind", problem, "Record that no letter is due")
    if reader is Reader.UNSAFE:
        problem = "It is unsafe to write to this referrer"
        return InvalidInput.of("unsafe_to_contact", problem, "Write nothing; a manager can lift the mark")
    problem = f"There is no {kind} letter for {_READERS[reader]}"
    remedy = "Write the outcome letter when every child has been decided" if kind is _PART else "Choose another letter"
    return InvalidInput.of("kind", problem, remedy)


_READERS = {
    Reader.PROFESSIONAL: "a professional referrer",
    Reader.PUBLIC: "a public referrer",
    Reader.PARENT: "a parent or carer",
}
_NEEDED_LINES = {
    "child_name": "Say which child the letter is about",
    "next_steps": "Say what happens next",
}


def _missing(kind: MessageKind, told: tuple[str, ...], facts: LetterFacts) -> Iterator[Fault]:
    yield from _blanks("council", facts.council, _COUNCIL, "Fill it in in the council's settings")
    if not plain.one_line(facts.contact_ref):
        yield Fault(place="contact_ref", problem="The letter has no reference", remedy="Give the contact's reference")
    if kind is MessageKind.PARENTS and not plain.one_line(facts.recipient_name):
        problem = "A letter about a child is addressed to a person, and nobody is named"
        yield Fault(place="recipient_name", problem=problem, remedy="Give the name of the parent or carer")
    if "children" in told:
        yield from _missing_children(facts)
    if "asked_for" in told and not any(map(plain.one_line, facts.asked_for)):
        yield Fault(place="asked_for", problem="The letter asks for nothing", remedy="Name at least one thing")
    for name, remedy in _NEEDED_LINES.items():
        if name in told and not plain.one_line(getattr(facts, name)):
            yield Fault(place=name, problem=f"The letter needs the {_words(name)} and it is blank", remedy=remedy)
    if kind.tells_outcome and bool(facts.children_to_follow) is not (kind is _PART):
        left = rendering.counted(facts.children_to_follow, "child is", "children are")
        remedy = "Write a part outcome while a child is undecided, and the outcome when none is"
        yield Fault(place="children_to_follow", problem=f"{left} left to follow the {kind} letter", remedy=remedy)


def _missing_children(facts: LetterFacts) -> Iterator[Fault]:
    if not facts.children:
        remedy = "Write it once a child has been decided"
        yield Fault(place="children", problem="The letter names no child", remedy=remedy)
    for number, child in enumerate(facts.children):
        yield from _blanks(f"children.{number}", child, _CHILD, "Record it before the letter is written")


def _blanks(place: str, facts: object, names: tuple[str, ...], remedy: str) -> Iterator[Fault]:
    for name in names:
        if not plain.one_line(getattr(facts, name)):
            problem = f"The letter needs the {_words(name)} and it is blank"
            yield Fault(place=f"{place}.{name}", problem=problem, remedy=remedy)


def _words(name: str) -> str:
    return name.replace("_", " ")


# Typed over several lines and meant so; every other text of a letter stands on one line.
_BLOCKS = frozenset({"reasons", "paragraph", "next_steps", "address", "complaints"})
# Stand in running text and must not be broken there.
_UNBROKEN = frozenset({"telephone", "out_of_hours_telephone"})


def _cleaned(value: object) -> object:
    match value:
        case str():
            return plain.one_line(value)
        case tuple():
            return tuple(map(_cleaned, value))
        case CouncilFacts() | ChildOutcome():
            return {field.name: _cleaned_field(field.name, getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def _cleaned_field(name: str, value: object) -> object:
    if not isinstance(value, str):
        return _cleaned(value)
    if name in _BLOCKS:
        return plain.block(value)
    return plain.tied(plain.one_line(value)) if name in _UNBROKEN else plain.one_line(value)
