"""A council's own folder of letters: what is in it replaces the shipped wording, and what is wrong is named at once."""

from __future__ import annotations

import pytest

from notifications.letters import letters, own_templates
from rules.errors import InvalidInput
from rules.messages import MessageKind
from rules.vocabulary import Reader
from support.letters import facts

PUBLIC, PROFESSIONAL = "outcome/public", "outcome/professional"


def folder(tmp_path, **files):
    """A folder with these files; ``__`` in a name stands for a slash, ``_dot_`` for a dot and ``_`` for a hyphen."""
    for name, text in files.items():
        place = tmp_path / name.replace("__", "/").replace("_dot_", ".").replace("_", "-")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return tmp_path


def faults(**files):
    """What is wrong with these own templates, as (file, problem)."""
    named = {name.replace("__", "/").replace("_dot_", ".").replace("_", "-"): text for name, text in files.items()}
    found = own_templates.check({f"letters/{name}": text for name, text in named.items()})
    return [(fault.place, fault.problem) for fault in found]


def write(tmp_path, kind=MessageKind.OUTCOME, reader=Reader.PUBLIC):
    templates = own_templates.templates(own_templates.read(tmp_path))
    return letters.write(kind, reader, facts(), templates=templates)


def shipped(kind=MessageKind.OUTCOME, reader=Reader.PUBLIC):
    return letters.write(kind, reader, facts())


def test_the_shipped_templates_are_in_order():
    assert own_templates.check({}) == []


def test_an_empty_folder_changes_nothing(tmp_path):
    assert write(tmp_path) == shipped()


def test_one_file_replaces_one_file_and_the_rest_is_shipped(tmp_path):
    folder(tmp_path, outcome__public__body_dot_txt="Our words for {{ recipient_name }}.")
    letter = write(tmp_path)
    assert letter.text == "Our words for Isla O'Brien.\n"
    assert (letter.subject, letter.html) == (shipped().subject, shipped().html)


def test_a_whole_folder_replaces_a_kind_of_letter(tmp_path):
    files = {
        "subject_dot_txt": "S {{ contact_ref }}",
        "body_dot_txt": "T",
        "body_dot_html": "<p>{{ recipient_name }}</p>",
    }
    folder(tmp_path, **{f"outcome__public__{name}": text for name, text in files.items()})
    letter = write(tmp_path)
    assert (letter.subject, letter.text, letter.html) == ("S FD-0012", "T\n", "<p>Isla O&#39;Brien</p>")


def test_a_shared_part_is_replaced_in_every_letter(tmp_path):
    folder(tmp_path, shared__complaints_dot_txt="Complain to the mayor.\n")
    assert "Complain to the mayor." in write(tmp_path).text
    assert "Complain to the mayor." in write(tmp_path, MessageKind.PARENTS, Reader.PARENT).text


def test_the_version_tells_own_wording_from_shipped_and_equal_wording_from_neither(tmp_path):
    folder(tmp_path, outcome__public__subject_dot_txt="Other words")
    assert write(tmp_path).template_version != shipped().template_version
    assert write(tmp_path, reader=Reader.PROFESSIONAL) == shipped(reader=Reader.PROFESSIONAL)
    same = (own_templates.rendering.TEMPLATES / "letters/outcome/public/subject.txt").read_text()
    folder(tmp_path, outcome__public__subject_dot_txt=same)
    assert write(tmp_path).template_version == shipped().template_version


@pytest.mark.parametrize(
    ("files", "place", "problem"),
    [
        ({"outcom__public__body_dot_txt": "x"}, "outcom/public/body.txt", "no kind of letter 'outcom'"),
        ({"outcome__public__bdy_dot_txt": "x"}, f"{PUBLIC}/bdy.txt", "No letter uses this file"),
        ({"outcome__nobody__body_dot_txt": "x"}, "outcome/nobody/body.txt", "No letter uses this file"),
        ({"part_outcome__public__body_dot_txt": "x"}, "part-outcome/public/body.txt", "No letter uses this file"),
        ({"README": "x"}, "README", "No letter uses this file"),
        ({"shared__extra_dot_txt": "x"}, "shared/extra.txt", "No letter includes this file"),
        ({"outcome__public__body_dot_txt": "a\nb {% if %}"}, f"{PUBLIC}/body.txt", "Syntax error in line 2"),
        ({"outcome__public__body_dot_txt": "a\n{{ x"}, f"{PUBLIC}/body.txt", "Syntax error in line 2"),
        ({"outcome__public__body_dot_txt": "a\n{{ x | shout }}"}, f"{PUBLIC}/body.txt", "No filter named 'shout'"),
        (
            {"outcome__public__body_dot_txt": "a\n{{ recpient }}"},
            f"{PUBLIC}/body.txt",
            "Line 2: the outcome letter for",
        ),
        ({"outcome__public__body_dot_txt": "{{ council.tel }}"}, f"{PUBLIC}/body.txt", "know nothing of council.tel"),
        ({"outcome__public__body_dot_txt": "a\n{{ children }}"}, f"{PUBLIC}/body.txt", "may not learn children"),
        (
            {"parents__parent__body_dot_txt": "{{ received_at }}"},
            "parents/parent/body.txt",
            "may not learn received_at",
        ),
        ({"outcome__public__subject_dot_txt": "a\nb"}, f"{PUBLIC}/subject.txt", "A subject has one line"),
        ({"outcome__public__subject_dot_txt": "{{ recipient_name }}"}, f"{PUBLIC}/subject.txt", "must not mention"),
        ({"outcome__public__subject_dot_txt": " "}, f"{PUBLIC}/subject.txt", "It says nothing"),
        ({"outcome__public__body_dot_html": "<p>x</p>"}, f"{PUBLIC}/body.html", "HTML without its text"),
        (
            {"outcome__professional__body_dot_txt": "{% for c in children %}{{ c.secret }}{% endfor %}"},
            f"{PROFESSIONAL}/body.txt",
            "Line 1: it can't be filled in",
        ),
        ({"outcome__public__body_dot_txt": "{% include 'gone.txt' %}"}, f"{PUBLIC}/body.txt", "it can't be filled in"),
        ({"shared__children_dot_txt": "{{ children[0].secret }}"}, "shared/children.txt", "it can't be filled in"),
        ({"outcome__public__body_dot_txt": "{{ ''.__class__ }}"}, f"{PUBLIC}/body.txt", "it can't be filled in"),
        ({"outcome__public__body_dot_txt": "{{ 1 / 0 }}"}, f"{PUBLIC}/body.txt", "it can't be filled in"),
    ],
)
def test_each_fault_is_named_with_its_file(files, place, problem):
    found = faults(**files)
    assert [one for one in found if one[0] == place and problem in one[1]], found


def test_every_fault_is_named_at_once():
    found = faults(
        outcom__public__body_dot_txt="x",
        outcome__public__body_dot_txt="{% if %}",
        acknowledgement__public__body_dot_txt="{{ children }} {{ nothing }}",
        parents__parent__subject_dot_txt="a\nb",
        missing_information__public__body_dot_html="x",
    )
    assert {place for place, _ in found} == {
        "outcom/public/body.txt",
        "outcome/public/body.txt",
        "acknowledgement/public/body.txt",
        "parents/parent/subject.txt",
        "missing-information/public/body.html",
    }
    assert len([place for place, _ in found if place == "acknowledgement/public/body.txt"]) == 2


def test_a_fact_hidden_in_a_part_that_a_letter_includes_is_found():
    found = faults(shared__greeting_dot_txt="{{ children[0].child_name }}")
    assert ("shared/greeting.txt", "Line 1: the public reader of this outcome letter may not learn children") in found


def test_a_new_part_that_a_letter_includes_is_in_order():
    body = "{% include 'letters/shared/ours.txt' %}"
    assert faults(outcome__public__body_dot_txt=body, shared__ours_dot_txt="To {{ recipient_name }}") == []


def test_the_council_may_write_its_own_words_for_each_kind_of_outcome():
    words = {"shared__effect_close_dot_txt": "Shut.\n", "shared__effect_close_dot_html": "<p>Shut.</p>\n"}
    assert faults(**words) == []


def test_what_can_t_be_read_as_text_is_named(tmp_path):
    (tmp_path / "outcome").mkdir()
    (tmp_path / "outcome/picture.png").write_bytes(b"\x89PNG\xff\xff")
    (tmp_path / "outcome/large.txt").write_text("x" * 300_000)
    with pytest.raises(InvalidInput) as refused:
        own_templates.read(tmp_path)
    assert [fault.place for fault in refused.value.faults] == ["outcome/large.txt", "outcome/picture.png"]


def test_what_begins_with_a_dot_is_left_alone_and_line_ends_of_windows_are_none(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("x")
    (tmp_path / ".DS_Store").write_bytes(b"\xff")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/complaints.txt").write_bytes(b"\xef\xbb\xbfOne\r\nTwo\r\n")
    assert own_templates.read(tmp_path) == {"letters/shared/complaints.txt": "One\nTwo\n"}


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(InvalidInput, match="not a folder"):
        own_templates.read(tmp_path / "gone")
