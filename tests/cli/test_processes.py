"""``pathway up``, ``serve``, ``worker`` and ``make run`` as processes: they start, answer, end cleanly and go on."""

from __future__ import annotations

import json
import signal
import socket
from contextlib import contextmanager

from storage.sessions import Database
from storage.tables import Bounce, Contact, User
from support import outside
from support.processes import MAKE_RUN, SERVE, UP, WORKER, running
from support.rows import everything


def test_up_ends_cleanly_by_either_signal_and_starts_again_after_it(tmp_path):
    for number in (signal.SIGINT, signal.SIGTERM):
        with running(tmp_path, UP) as up:
            up.wait_for(up.healthy)
            assert up.end(number) == 0
        assert up.process.returncode == 0
        assert "Traceback" not in up.said


@contextmanager
def collecting(folder, program, **environment):
    """A program in this folder, beside which returned mail waits; and what to wait for."""
    returned = folder / "returned"
    returned.mkdir()
    (returned / "1.eml").write_bytes(b"From: ada@school.example.org\n\nWho is the social worker?\n")
    with running(folder, program, PATHWAY_RETURNED_MAIL=str(returned), **environment) as process:
        process.wait_for(lambda: "1 recorded" in process.said)
        yield process


def kept(folder, table):
    with Database(f"sqlite:///{folder}/pathway-data/pathway.db").read() as session:
        return everything(session, table)


def test_up_seeds_nothing_says_how_to_add_the_first_account_and_collects_what_waits_in_the_drop_folder(tmp_path):
    with outside.listening() as listener, collecting(tmp_path, UP, PATHWAY_PING_URL=listener.address) as up:
        assert listener.heard.get(timeout=60) == "/alive"
        up.wait_for(lambda: "Ctrl-C ends it." in up.said)
        assert f"Pathway is at http://127.0.0.1:{up.port}" in up.said
        assert "pathway user add jo.smith" in up.said
        assert up.end(signal.SIGTERM) == 0
    assert (kept(tmp_path, User), kept(tmp_path, Contact)) == ([], [])
    assert [bounce.sender for bounce in kept(tmp_path, Bounce)] == ["ada@school.example.org"]


def test_a_worker_collects_what_waits_in_the_drop_folder_at_once(tmp_path):
    with collecting(tmp_path, WORKER) as worker:
        assert worker.end(signal.SIGTERM) == 0
    assert [bounce.sender for bounce in kept(tmp_path, Bounce)] == ["ada@school.example.org"]


def test_up_on_a_port_in_use_says_which_and_what_to_do(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with running(tmp_path, UP, PORT=str(port)) as up:
            up.process.wait(timeout=60)
    assert up.process.returncode == 2
    assert up.said.startswith(f"error: The pages can't be offered on 127.0.0.1, port {port}")


def test_serve_and_worker_share_the_work(empty_url, tmp_path):
    beside = {"PATHWAY_DATABASE_URL": empty_url, "PATHWAY_SMTP_URL": "smtp://127.0.0.1:1"}
    with running(tmp_path, SERVE, **beside) as serve, running(tmp_path, WORKER, **beside) as worker:
        serve.wait_for(serve.healthy)
        assert json.loads(serve.get("/health")[1])["heartbeats"]["sweep"] is not None
        assert worker.end(signal.SIGTERM) == 0
        assert serve.end(signal.SIGTERM) == 0


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
