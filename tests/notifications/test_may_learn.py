"""Who may learn what: every cell, in subject, text and HTML."""

from __future__ import annotations

import shutil
from dataclasses import fields

import pytest
from jinja2 import TemplateError

from notifications import letters, rendering
from notifications.rendering import TemplateSet
from rules.errors import InvalidInput
from rules.vocabulary import MessageKind, ReferrerKind
from support.letters import AOIFE, CAHAL, facts

# Letters to referrers. Words for two more kinds are there, which nothing writes and no cell allows: they are refused.
NOT_WRITTEN_YET = (MessageKind.MISSING_INFORMATION, MessageKind.PARENTS)
LETTERS = [kind for kind in MessageKind if kind.is_letter and kind not in NOT_WRITTEN_YET]
CHILD_FACTS = [
    fact
    for child in (AOIFE, CAHAL)
    for fact in [*child.child_name.split(), *(getattr(child, field.name) for field in fields(child))]
]
# For each letter and referrer: may they learn the outcome, the reasons and the name of a child?
TOLD = {
    (MessageKind.ACKNOWLEDGEMENT, ReferrerKind.PROFESSIONAL): False,
    (MessageKind.ACKNOWLEDGEMENT, ReferrerKind.PUBLIC): False,
    (MessageKind.ACKNOWLEDGEMENT, ReferrerKind.ANONYMOUS): None,
    (MessageKind.OUTCOME, ReferrerKind.PROFESSIONAL): True,
    (MessageKind.OUTCOME, ReferrerKind.PUBLIC): False,
    (MessageKind.OUTCOME, ReferrerKind.ANONYMOUS): None,
    (MessageKind.PART_OUTCOME, ReferrerKind.PROFESSIONAL): True,
    (MessageKind.PART_OUTCOME, ReferrerKind.PUBLIC): None,
    (MessageKind.PART_OUTCOME, ReferrerKind.ANONYMOUS): None,
    (MessageKind.CORRECTED_OUTCOME, ReferrerKind.PROFESSIONAL): True,
    (MessageKind.CORRECTED_OUTCOME, ReferrerKind.PUBLIC): False,
    (MessageKind.CORRECTED_OUTCOME, ReferrerKind.ANONYMOUS): None,
}
WRITTEN = [letter for letter, told in TOLD.items() if told is not None]


def write(kind, referrer_kind, templates=None):
    left = int(kind is MessageKind.PART_OUTCOME)
    return letters.write(kind, referrer_kind, facts(children_to_follow=left), templates=templates)


def test_the_table_has_every_cell():
    assert set(TOLD) == {(kind, referrer_kind) for kind in LETTERS for referrer_kind in ReferrerKind}


@pytest.mark.parametrize("kind", NOT_WRITTEN_YET)
@pytest.mark.parametrize("referrer_kind", ReferrerKind)
def test_no_cell_allows_a_letter_that_has_no_template_yet(kind, referrer_kind):
    with pytest.raises(InvalidInput):
        write(kind, referrer_kind)


@pytest.mark.parametrize("letter", [letter for letter, told in TOLD.items() if told is None])
def test_some_letters_are_never_written(letter):
    with pytest.raises(InvalidInput) as refused:
        write(*letter)
    assert refused.value.faults[0].remedy


@pytest.mark.parametrize("letter", [letter for letter, told in TOLD.items() if told])
def test_a_professional_is_told_about_each_named_child(letter):
    written = write(*letter)
    assert [fact for fact in CHILD_FACTS if fact not in " ".join(written.text.split())] == []
    assert [fact for fact in CHILD_FACTS if fact not in " ".join(written.html.split())] == []


@pytest.mark.parametrize("letter", [letter for letter, told in TOLD.items() if told is False])
def test_nobody_else_is_told_anything_about_a_child(letter):
    written = write(*letter)
    whole = " ".join(f"{written.subject} {written.text} {written.html}".split())
    assert [fact for fact in CHILD_FACTS if fact in whole] == []


@pytest.mark.parametrize("letter", WRITTEN)
def test_no_subject_names_a_child_or_an_outcome(letter):
    subject = write(*letter).subject
    assert [fact for fact in CHILD_FACTS if fact in subject] == []
    assert "FD-0012" in subject
    assert subject.isprintable()


def test_the_public_letter_is_the_same_whatever_was_decided():
    with_one = letters.write(MessageKind.OUTCOME, ReferrerKind.PUBLIC, facts(children=(CAHAL,)))
    with_none = letters.write(MessageKind.OUTCOME, ReferrerKind.PUBLIC, facts(children=()))
    assert write(MessageKind.OUTCOME, ReferrerKind.PUBLIC) == with_one == with_none


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
    ],
)
def test_a_careless_template_fails_instead_of_telling(tmp_path, letter, file, careless):
    root = tmp_path / "templates"
    shutil.copytree(rendering.TEMPLATES, root)
    with (root / "letters" / letter[0] / letter[1] / file).open("a") as template:
        template.write(
            careless if file != "body.html" else "{% block before_signature %}" + careless + "{% endblock %}"
        )
    with pytest.raises(TemplateError):
        write(MessageKind(letter[0]), ReferrerKind(letter[1]), TemplateSet(root))
