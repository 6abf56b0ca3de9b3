"""The surname that opens a letter, wherever it stands in the name; a team's name opens none."""

from __future__ import annotations

import pytest

from pathway.engine.letters import link_questions


def opens(name: str, typed: str) -> bool:
    return link_questions.right(contact_ref="PW-7K2M-X4TD", name=name, reference="PW-7K2M-X4TD", surname=typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("PC Ward 1234", "Ward"),
        ("DC 4321 Jane Ward", "ward"),
        ("Jane Ward Jr", "Ward"),
        ("Jane Ward PhD RGN", "Ward"),
        ("Zoë Müller", "Mueller"),
        ("Zoë Mueller", "Müller"),
        ("Zoë Müller", "Muller"),
        ("Zoe Mu\u0308ller", "Müller"),
        ("Jane Ward / Tom Ashe", "Ashe"),
        ("Jane Ward / Tom Ashe", "Ward"),
        ("Ward/Ashe", "ashe"),
        ("Jane Ward, Hillside Primary School", "Ward"),
        ("Hillside School / Jane Ward", "Ward"),
        ("Sergeant O'Neill", "oneill"),
        ("Jane Ward-Smith", "Ward-Smith"),
        ("Jane Ward-Smith", "Smith"),
    ],
)
def test_the_surname_opens_the_letter_wherever_it_stands(name, typed):
    assert opens(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("PC Ward 1234", "1234"),
        ("PC Ward 1234", "PC"),
        ("Jane Ward Jr", "Jr"),
        ("Jane Ward / Tom Ashe", "Jane"),
        ("Jane Ward", "Jane"),
        ("Zoë Müller", "Moeller"),
        ("Hillside School / Jane Ward", "School"),
    ],
)
def test_what_is_no_surname_opens_nothing(name, typed):
    assert not opens(name, typed)


@pytest.mark.parametrize(
    "name",
    [
        "Duty Team",
        "MASH",
        "Hillside Primary School Office",
        "Reception",
        "Safeguarding Hub",
        "Northmoor Police",
        "Dr",
        "",
    ],
)
def test_a_team_is_asked_nothing_and_its_name_opens_no_letter(name):
    assert not link_questions.can_be_asked(name)
    for word in (name, *name.split()):
        assert not opens(name, word)
