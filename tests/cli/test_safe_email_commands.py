"""``pathway letters link``, and what `pathway doctor` and the settings say of safe e-mail."""

from __future__ import annotations

import pytest

from pathway import settings
from pathway.wiring import databases
from rules.errors import InvalidInput
from storage.clock import utc_now
from storage.sessions import Database
from storage.tables import Council, Letter, id_of
from support import links, rows
from support.front_door import FrontDoor


class _RealTime:
    def move_to(self, _):
        """Time is what it is."""


@pytest.fixture
def letter(pathway, tmp_path):
    """The number of a letter that goes as a link."""
    pathway("migrate")
    door = FrontDoor(database=Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db"), frozen=_RealTime())
    with door.database.write() as session:
        session.get_one(Council, 1).secure_domains = "gov.uk"
    door.log("Mia", referrer_email=links.OUTSIDE)
    with door.database.read() as session:
        (found,) = rows.everything(session, Letter)
    return id_of(found)


def test_a_link_is_withdrawn_and_sent_anew(pathway, letter):
    ended = pathway("letters", "link", "revoke", letter, "--reason", "Sent to the wrong school.")
    assert (ended.code, f"The link to letter {letter} is withdrawn" in ended.out) == (0, True)
    assert "withdrawn already" in pathway("letters", "link", "revoke", letter, "--reason", "Again.").err
    assert "is queued" in pathway("letters", "link", "renew", letter).out
    assert pathway("letters", "link", "revoke", letter, "--reason", "Again.").code == 0


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("revoke", "999", "--reason", "x"), "There is no letter 999"),
        (("revoke", "1", "--reason", " "), "reason: This is needed"),
        (("renew", "999"), "There is no letter 999"),
    ],
)
def test_what_can_not_be_done_is_an_error_with_a_remedy(pathway, letter, words, problem):
    ended = pathway("letters", "link", *words)
    assert (ended.code, problem in ended.err) == (2, True)


def doctor(pathway):
    lines = pathway("doctor").out.splitlines()
    at = next(number for number, line in enumerate(lines) if line[7:19].strip() == "links")
    return lines[at][:6].strip(), " ".join(lines[at : at + 2])


@pytest.mark.parametrize(
    ("told", "health", "words"),
    [
        ({}, "NOTE", "nobody outside can open"),
        ({"PATHWAY_SMTP_URL": "smtp://127.0.0.1:1"}, "FAULT", "Set PATHWAY_BASE_URL"),
        ({"PATHWAY_BASE_URL": "http://front.example.org"}, "NOTE", "nobody outside can open"),
        ({"PATHWAY_BASE_URL": "https://front.example.org"}, "OK", "Secure domains: gov.uk, nhs.net"),
        ({"PATHWAY_SECURE_DOMAINS": "*"}, "NOTE", "Every e-mail domain counts as secure"),
    ],
)
def test_the_doctor_says_whether_outsiders_can_open_links(pathway, monkeypatch, told, health, words):
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    found, said = doctor(pathway)
    assert (found, words in said) == (health, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATHWAY_SECURE_DOMAINS", "gov.uk, not a@domain"),
        ("PATHWAY_PLAIN_DOMAINS", "-x"),
        ("PATHWAY_REQUIRETLS_DOMAINS", "a..b"),
        ("PATHWAY_TLS", "maybe"),
        ("PATHWAY_LINK_DAYS", "0"),
    ],
)
def test_an_odd_value_is_refused_at_the_start(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidInput) as caught:
        settings.load()
    assert {fault.place for fault in caught.value.faults} == {name}


def test_out_of_the_box_government_health_and_police_count_as_secure(monkeypatch):
    monkeypatch.delenv("PATHWAY_SECURE_DOMAINS", raising=False)
    assert set(settings.load().secure) >= {"gov.uk", "nhs.net", "police.uk", "cjsm.net"}
    assert "*" not in settings.load().secure


def test_the_key_that_signs_links_outlives_restarts_and_settings(tmp_path):
    told = settings.load(home=tmp_path, secure_domains="none")
    database = databases.open_database(told)
    found = []
    for days in (30, 7):
        databases.prepare(database, told.model_copy(update={"link_days": days}), now=utc_now())
        with database.read() as session:
            council = session.get_one(Council, 1)
            found.append((council.link_key, council.link_days, council.secure_domains))
    database.dispose()
    assert (found[0][0], found[1][1:]) == (found[1][0], (7, ""))
    assert len(found[0][0]) > 40
