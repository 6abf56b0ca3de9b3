"""Settings: what is wrong names the variable and the remedy, and repeats no secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathway import settings
from rules.errors import InvalidInput

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch):
    for name in settings.variables():
        monkeypatch.delenv(name, raising=False)


def test_out_of_the_box_everything_stays_on_this_machine():
    found = settings.load()
    assert found.database == "sqlite:///pathway-data/pathway.db"
    assert found.address == "http://127.0.0.1:8000"
    assert found.mail_server == ""


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({"PORT": "8080"}, "http://127.0.0.1:8080"),
        ({"PORT": "8080", "PATHWAY_PORT": "8081"}, "http://127.0.0.1:8081"),
        ({"PATHWAY_HOST": "0.0.0.0"}, "http://127.0.0.1:8000"),
        ({"PATHWAY_HOST": "::1"}, "http://[::1]:8000"),
        ({"PATHWAY_BASE_URL": "https://pathway.example.org/"}, "https://pathway.example.org"),
    ],
)
def test_where_people_find_the_pages(monkeypatch, variables, address):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert settings.load().address == address


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eight"), ("PATHWAY_PORT", "70000"), ("PATHWAY_BASE_URL", "pathway.example.org")],
)
def test_an_odd_value_names_the_variable_and_the_remedy(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidInput) as raised:
        settings.load()
    (fault,) = raised.value.faults
    assert fault.place == name
    assert fault.remedy


def test_a_variable_set_to_nothing_is_not_set(monkeypatch):
    monkeypatch.setenv("PATHWAY_SMTP_URL", "")
    monkeypatch.setenv("PATHWAY_COUNCIL_NAME", "")
    assert settings.load().council_name == settings.EXAMPLE_COUNCIL


def test_secrets_are_in_no_repr(monkeypatch):
    monkeypatch.setenv("PATHWAY_SMTP_URL", "smtps://user:hush@mail.example.org")
    monkeypatch.setenv("PATHWAY_DATABASE_URL", "postgresql://user:hush@db.example.org/pathway")
    assert "hush" not in repr(settings.load())


def test_every_variable_is_explained():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in settings.variables() if f"`{name}`" not in text] == []
