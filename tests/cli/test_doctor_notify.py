"""``pathway doctor`` and GOV.UK Notify: key and template are looked at, and nothing is sent."""

from __future__ import annotations

import pytest

from support import notify_server
from support.notify_server import KEY, TEMPLATE, Behaviour

SET_UP_WRONGLY = [
    Behaviour({"template": (403, "AuthError", "Invalid token: API key not found")}),
    Behaviour({"template": (404, "NoResultFound", "No result found")}),
    Behaviour(template={"type": "email", "subject": "Hello", "body": "((body))"}),
]


def line(ended, what="mail server"):
    return next(row for row in ended.out.splitlines() if row[7:19].strip() == what)


@pytest.fixture
def through_notify(monkeypatch):
    def use(service):
        monkeypatch.setenv("PATHWAY_NOTIFY_API_KEY", KEY)
        monkeypatch.setenv("PATHWAY_NOTIFY_EMAIL_TEMPLATE", TEMPLATE)
        monkeypatch.setenv("PATHWAY_NOTIFY_URL", service.url)

    return use


def test_key_and_template_are_checked_and_nothing_is_sent(pathway, through_notify):
    with notify_server.running() as (service, there):
        through_notify(service)
        found = line(pathway("doctor"))
    assert found.startswith("OK")
    assert there.taken == []


@pytest.mark.parametrize("behaviour", SET_UP_WRONGLY)
def test_a_wrong_key_or_template_is_a_fault(pathway, through_notify, behaviour):
    with notify_server.running(behaviour) as (service, _):
        through_notify(service)
        ended = pathway("doctor")
    assert line(ended).startswith("FAULT")
    assert notify_server.SECRET not in ended.out


def test_letters_without_a_service_are_a_fault(pathway, monkeypatch):
    monkeypatch.setenv("PATHWAY_NOTIFY_LETTERS", "on")
    assert line(pathway("doctor"), "paper").startswith("FAULT")


@pytest.mark.needs("pdf")
def test_letters_with_a_service_are_in_order(pathway, through_notify, monkeypatch):
    monkeypatch.setenv("PATHWAY_NOTIFY_LETTERS", "on")
    with notify_server.running() as (service, _):
        through_notify(service)
        assert line(pathway("doctor"), "paper").startswith("OK")


ODD = [
    ({"PATHWAY_SMTP_URL": "smtp://127.0.0.1"}, "both set"),
    ({"PATHWAY_NOTIFY_EMAIL_TEMPLATE": ""}, "PATHWAY_NOTIFY_EMAIL_TEMPLATE"),
    ({"PATHWAY_NOTIFY_API_KEY": "not-a-key"}, "PATHWAY_NOTIFY_API_KEY"),
    ({"PATHWAY_NOTIFY_CALLBACK_TOKEN": "hunter2"}, "PATHWAY_NOTIFY_CALLBACK_TOKEN"),
    ({"PATHWAY_NOTIFY_LETTERS": "perhaps"}, "PATHWAY_NOTIFY_LETTERS"),
]


@pytest.mark.parametrize(("variables", "said"), ODD, ids=str)
def test_what_is_odd_is_said_at_the_start_without_the_value(pathway, monkeypatch, variables, said):
    told = {"PATHWAY_NOTIFY_API_KEY": KEY, "PATHWAY_NOTIFY_EMAIL_TEMPLATE": TEMPLATE} | variables
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    ended = pathway("migrate")
    assert ended.code != 0
    assert said in ended.out + ended.err
    assert not any(value in ended.out + ended.err for value in ("not-a-key", "hunter2", notify_server.SECRET))
