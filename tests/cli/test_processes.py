"""``pathway up``, ``serve``, ``worker`` and ``make run`` as processes: they start, answer, end cleanly and go on."""

from __future__ import annotations

import json
import signal

import pytest

from storage.sessions import Database
from storage.tables import Bounce, Contact, User
from support.processes import MAKE_RUN, SERVE, UP, WORKER, running
from support.rows import everything


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=str)
def test_up_answers_and_ends_cleanly_and_starts_again(tmp_path, number):
    for _ in range(2):
        with running(tmp_path, UP) as up:
            up.wait_for(up.healthy)
            assert up.end(number) == 0
        assert up.process.returncode == 0
        assert "Traceback" not in up.said


def test_up_seeds_nothing_has_no_account_and_says_how_to_add_the_first(tmp_path):
    with running(tmp_path, UP) as up:
        up.wait_for(lambda: "Ctrl-C ends it." in up.said)
        assert f"Pathway is at http://127.0.0.1:{up.port}" in up.said
        assert "pathway user add jo.smith" in up.said
        up.end(signal.SIGTERM)
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").read() as session:
        assert (everything(session, User), everything(session, Contact)) == ([], [])


def test_up_on_a_port_in_use_says_which_and_what_to_do(tmp_path):
    with running(tmp_path, UP) as first:
        first.wait_for(first.healthy)
        with running(tmp_path, UP, PORT=str(first.port)) as second:
            second.process.wait(timeout=60)
        assert second.process.returncode == 2
        assert second.said.startswith(f"error: The pages can't be offered on 127.0.0.1, port {first.port}")


def test_serve_and_worker_share_the_work(empty_url, tmp_path):
    beside = {"PATHWAY_DATABASE_URL": empty_url, "PATHWAY_SMTP_URL": "smtp://127.0.0.1:1"}
    with running(tmp_path, SERVE, **beside) as serve, running(tmp_path, WORKER, **beside) as worker:
        serve.wait_for(serve.healthy)
        assert json.loads(serve.get("/health")[1])["heartbeats"]["sweep"] is not None
        assert worker.end(signal.SIGTERM) == 0
        assert serve.end(signal.SIGTERM) == 0


@pytest.mark.parametrize("program", [UP, WORKER], ids=["up", "worker"])
def test_what_waits_in_the_drop_folder_is_collected_at_once(tmp_path, program):
    folder = tmp_path / "returned"
    folder.mkdir()
    (folder / "1.eml").write_bytes(b"From: ada@school.example.org\n\nWho is the social worker?\n")
    with running(tmp_path, program, PATHWAY_RETURNED_MAIL=str(folder)) as process:
        process.wait_for((folder / "done/1.eml").exists)
        assert process.end(signal.SIGTERM) == 0
    with Database(f"sqlite:///{tmp_path}/pathway-data/pathway.db").read() as session:
        assert [bounce.sender for bounce in everything(session, Bounce)] == ["ada@school.example.org"]


def test_an_odd_source_of_returned_mail_is_told_at_the_start_without_its_secret(tmp_path):
    with running(tmp_path, UP, PATHWAY_RETURNED_MAIL="imaps://jo:hush@") as up:
        up.process.wait(timeout=60)
    assert up.process.returncode == 2
    assert "error: PATHWAY_RETURNED_MAIL" in up.said
    assert "hush" not in up.said


def test_make_run_shows_where_to_go_and_goes_on_without_beginning_anew(tmp_path):
    with running(tmp_path, MAKE_RUN) as first:
        first.wait_for(first.healthy)
        assert "Setting up the demonstration" in first.said
        assert f"Open http://127.0.0.1:{first.port}" in first.said
        assert "the password of all is   demonstration" in first.said
        assert "Demonstration: invented people" in first.get("/sign-in")[1]
        assert first.end(signal.SIGINT) == 0
    with running(tmp_path, MAKE_RUN) as second:
        second.wait_for(second.healthy)
        assert "Setting up" not in second.said
        assert second.end(signal.SIGTERM) == 0
