"""Who may learn what: one table, and a test of every cell, in subject, text, HTML and what is printed.

Facts that can't be mistaken are seeded, more of them than any letter may tell; each cell says which of them appear.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from jinja2 import TemplateError

from notifications import rendering
from notifications.letters import letters, paper, postal
from notifications.letters.letters import ChildOutcome, LetterFacts
from notifications.letters.paper import PaperLetter
from notifications.rendering import TemplateSet
from rules.errors import InvalidInput
from rules.messages import MessageKind
from rules.vocabulary import Effect, Reader
from support import pdf
from support.letters import COUNCIL

RECEIVED = datetime(2009, 3, 6, 16, 40, tzinfo=UTC)
CHILD = ChildOutcome(
    referral_ref="REFQUARTZ-1",
    child_name="Quillon Mossbank",
    effect=Effect.PASS_TO_WORKER,
    outcome_title="Titletopaz",
    paragraph="Paragraphpearl.",
    next_steps="Nextstepnickel.",
    reasons="Reasonruby.",
)
SIBLING = replace(
    CHILD,
    referral_ref="REFQUARTZ-2",
    child_name="Zephyrine Oakhurst",
    outcome_title="Titlegarnet",
    reasons="Reasonopal.",
)
FACTS = LetterFacts(
    council=COUNCIL,
    recipient_name="Ottoline Reader",
    contact_ref="CONTACTJADE",
    received_at=RECEIVED,
    written_at=RECEIVED + timedelta(days=1),
    children=(CHILD, SIBLING),
    children_to_follow=7,
    feedback_due_at=RECEIVED + timedelta(days=9),
    contact_name="Manageramber",
    asked_for=("Askedforagate",),
    child_name="Parentchildcoral Beryl",
    next_steps="Parentnextonyx.",
)
# How each seeded fact would show. ``children`` are those whom the referrer named; that no other is handed over is the
# engine's part: tests/flows/test_what_letters_tell.py.
SHOWN = {
    "contact_ref": ["CONTACTJADE"],
    "recipient_name": ["Ottoline Reader"],
    "received_at": ["6 March 2009"],
    "feedback_due_at": ["15 March 2009"],
    "contact_name": ["Manageramber"],
    "asked_for": ["Askedforagate"],
    "child_name": ["Parentchildcoral Beryl"],
    "next_steps": ["Parentnextonyx."],
    "children_to_follow": ["for 7 other children"],
    "children": [
        *("REFQUARTZ-1", "Quillon Mossbank", "Titletopaz", "Paragraphpearl.", "Nextstepnickel.", "Reasonruby."),
        *("REFQUARTZ-2", "Zephyrine Oakhurst", "Titlegarnet", "Reasonopal.", "there is one already"),
    ],
}
ACKNOWLEDGEMENT, OUTCOME, PART = MessageKind.ACKNOWLEDGEMENT, MessageKind.OUTCOME, MessageKind.PART_OUTCOME
CORRECTED, MISSING, PARENTS = MessageKind.CORRECTED_OUTCOME, MessageKind.MISSING_INFORMATION, MessageKind.PARENTS
KNOWN = {"contact_ref", "recipient_name", "received_at"}
NEVER = None
# The table: what each reader is told in each letter, beside the council's own particulars. NEVER: no such letter.
TOLD = {
    (ACKNOWLEDGEMENT, Reader.PROFESSIONAL): KNOWN | {"feedback_due_at", "contact_name"},
    (ACKNOWLEDGEMENT, Reader.PUBLIC): KNOWN | {"feedback_due_at"},
    (OUTCOME, Reader.PROFESSIONAL): KNOWN | {"children", "contact_name"},
    (OUTCOME, Reader.PUBLIC): KNOWN,
    (PART, Reader.PROFESSIONAL): KNOWN | {"children", "children_to_follow", "contact_name"},
    (PART, Reader.PUBLIC): NEVER,
    (CORRECTED, Reader.PROFESSIONAL): KNOWN | {"children", "contact_name"},
    (CORRECTED, Reader.PUBLIC): KNOWN,
    (MISSING, Reader.PROFESSIONAL): KNOWN | {"asked_for", "contact_name"},
    (MISSING, Reader.PUBLIC): KNOWN | {"asked_for"},
    (PARENTS, Reader.PROFESSIONAL): NEVER,
    (PARENTS, Reader.PUBLIC): NEVER,
    (PARENTS, Reader.PARENT): {"contact_ref", "recipient_name", "contact_name", "child_name", "next_steps"},
    **{(kind, Reader.PARENT): NEVER for kind in (ACKNOWLEDGEMENT, OUTCOME, PART, CORRECTED, MISSING)},
    **{
        (kind, reader): NEVER
        for kind in (ACKNOWLEDGEMENT, OUTCOME, PART, CORRECTED, MISSING, PARENTS)
        for reader in (Reader.ANONYMOUS, Reader.UNSAFE)
    },
}
CELLS = [pytest.param(*cell, id="-".join(cell)) for cell, told in TOLD.items() if told is not NEVER]
NO_LETTER = [pytest.param(*cell, id="-".join(cell)) for cell, told in TOLD.items() if told is NEVER]


def seeded(kind):
    """The seeded facts, as far as letters of this kind can have them."""
    return replace(FACTS, children_to_follow=7 if kind is PART or not kind.tells_outcome else 0)


def write(kind, reader, templates=None):
    return letters.write(kind, reader, seeded(kind), templates=templates)


def words(text):
    return " ".join(text.split())


def printed(letter):
    """What can be read on the printed sheets, between the address and the foot of each page."""
    sheet = PaperLetter(
        council_name="Northbridge Council",
        sender=(),
        recipient_name="Ottoline Reader",
        address=postal.parse("3 High Street, Northmoor, N17 6AA"),
        reference="CONTACTJADE",
        written_at=FACTS.written_at,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
    )
    return words(" ".join(pdf.texts(paper.pdf(sheet))))


def test_the_table_has_every_cell():
    kinds = [kind for kind in MessageKind if kind.is_letter]
    assert set(TOLD) == {(kind, reader) for kind in kinds for reader in Reader}


def test_the_templates_are_handed_what_the_table_says_and_no_more():
    handed = {cell: set(told) - {"council", "written_at"} for cell, told in letters.MAY_LEARN.items()}
    assert handed == {cell: told for cell, told in TOLD.items() if told is not NEVER}


@pytest.mark.parametrize(("kind", "reader"), NO_LETTER)
def test_some_letters_are_never_written(kind, reader):
    with pytest.raises(InvalidInput) as refused:
        write(kind, reader)
    assert refused.value.faults[0].remedy


def check(kind, reader, read):
    told = TOLD[kind, reader]
    due = {fact for name in told for fact in SHOWN[name]}
    others = {fact for name in set(SHOWN) - told for fact in SHOWN[name]}
    assert sorted(fact for fact in due if fact not in read) == []
    assert sorted(fact for fact in others if fact in read) == []


@pytest.mark.parametrize(("kind", "reader"), CELLS)
def test_the_text_tells_what_the_table_says(kind, reader):
    check(kind, reader, words(write(kind, reader).text))


@pytest.mark.parametrize(("kind", "reader"), CELLS)
def test_the_html_tells_what_the_table_says(kind, reader):
    check(kind, reader, words(re.sub(r"</?(?:strong|em)\b[^>]*>", "", write(kind, reader).html)))


@pytest.mark.needs("pdf")
@pytest.mark.parametrize(("kind", "reader"), CELLS)
def test_the_printed_letter_tells_what_the_table_says(kind, reader):
    check(kind, reader, printed(write(kind, reader)))


@pytest.mark.parametrize(("kind", "reader"), CELLS)
def test_the_subject_tells_the_reference_and_nothing_else(kind, reader):
    subject = write(kind, reader).subject
    assert [fact for facts in SHOWN.values() for fact in facts if fact in subject] == ["CONTACTJADE"]
    assert subject.isprintable()


@pytest.mark.parametrize(("kind", "reader"), CELLS)
@pytest.mark.parametrize("of_letter", ["text", "html"])
def test_only_a_professional_is_told_of_a_child_whom_they_named_and_a_parent_of_theirs(kind, reader, of_letter):
    one = letters.write(kind, reader, replace(seeded(kind), children=(CHILD,)))
    read = getattr(one, of_letter)
    assert ("Quillon" in read) is (reader is Reader.PROFESSIONAL and kind.tells_outcome)
    assert "Zephyrine" not in read
    assert ("Parentchildcoral" in read) is (reader is Reader.PARENT)


@pytest.mark.parametrize("kind", [OUTCOME, CORRECTED])
def test_the_public_letter_is_the_same_whatever_was_decided(kind):
    each = [(), (CHILD,), (replace(CHILD, effect=Effect.ACCEPT_URGENTLY),), (CHILD, SIBLING)]
    written = {letters.write(kind, Reader.PUBLIC, replace(seeded(kind), children=children)) for children in each}
    assert len(written) == 1


@pytest.mark.parametrize("effect", Effect)
@pytest.mark.parametrize("kind", [OUTCOME, PART, CORRECTED])
def test_each_kind_of_outcome_says_what_it_means(effect, kind):
    meant = (rendering.TEMPLATES / f"letters/shared/effect-{effect.replace(' ', '-')}.txt").read_text()
    letter = letters.write(kind, Reader.PROFESSIONAL, replace(seeded(kind), children=(replace(CHILD, effect=effect),)))
    assert words(meant) in words(letter.text)
    assert words(meant) in words(letter.html)


def test_no_word_of_ours_tells_a_parent_what_kind_of_person_contacted_us():
    letter = write(PARENTS, Reader.PARENT)
    kinds = r"referr|school|nursery|teacher|doctor|GP|nurse|police|neighbour|relative|professional|public|hospital"
    assert re.findall(kinds, letter.subject + letter.text + letter.html) == []


@pytest.mark.parametrize(
    ("letter", "file", "careless"),
    [
        (("outcome", "public"), "body.txt", "{{ children[0].outcome_title }}"),
        (("outcome", "public"), "body.html", "{{ children | length }}"),
        (("outcome", "public"), "body.txt", "{% if children_to_follow %}x{% endif %}"),
        (("outcome", "professional"), "subject.txt", "{{ children[0].child_name }}"),
        (("outcome", "professional"), "subject.txt", "{{ recipient_name }}"),
        (("acknowledgement", "professional"), "body.txt", "{{ children[0].child_name }}"),
        (("outcome", "professional"), "body.txt", "{{ children[0].secret }}"),
        (("outcome", "professional"), "body.txt", "{{ council.__class__.__mro__ }}"),
        (("outcome", "professional"), "body.txt", "{% set x = children.append(1) %}"),
        (("missing information", "public"), "body.txt", "{{ children[0].reasons }}"),
        (("parents", "parent"), "body.txt", "{{ received_at }}"),
        (("parents", "parent"), "body.html", "{{ children[0].reasons }}"),
        (("parents", "parent"), "subject.txt", "{{ child_name }}"),
    ],
)
def test_a_careless_template_fails_instead_of_telling(tmp_path, letter, file, careless):
    root = tmp_path / "templates"
    shutil.copytree(rendering.TEMPLATES, root)
    kind, reader = letter
    with (root / "letters" / kind.replace(" ", "-") / reader / file).open("a") as template:
        template.write(
            careless if file != "body.html" else "{% block before_signature %}" + careless + "{% endblock %}"
        )
    with pytest.raises(TemplateError):
        write(MessageKind(kind), Reader(reader), TemplateSet(root))
