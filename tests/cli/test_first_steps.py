"""The first steps of a stranger: a database, a first user, a team."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from sqlalchemy import inspect

from pathway.engine.rulebooks import shipped
from rules.vocabulary import Role
from storage.queries.staff import staff_rows
from storage.sessions import Database
from support import databases
from support.old_system import SAMPLE

ADD = ("user", "add", "jo.smith", "--name", "Jo Smith", "--email", "jo@example.org", "--role", "duty-manager")
SECRET = "three plain words"


@pytest.fixture
def typed(monkeypatch):
    """What is piped into a command."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def database(folder):
    return Database(f"sqlite:///{folder}/pathway-data/pathway.db")


def test_migrate_makes_a_database_and_again_changes_nothing(newcomer, tmp_path):
    first, second = newcomer("migrate"), newcomer("migrate")
    assert "from nothing" in first.out
    assert "was there already" in second.out
    assert (tmp_path / "pathway-data" / "pathway.db").stat().st_mode & 0o077 == 0


def test_a_user_is_added_with_a_hashed_password(newcomer, typed, tmp_path):
    typed(f"{SECRET}\n")
    ended = newcomer(*ADD, "--password-stdin")
    assert (ended.code, ended.out) == (0, "Added Jo Smith, who signs in as jo.smith: duty manager.\n")
    with database(tmp_path).read() as session:
        user = staff_rows.user(session, "jo.smith")
        assert SECRET not in user.password_hash
        assert staff_rows.roles(session, user.id) == {Role.DUTY_MANAGER}


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("short\n", ["--password-stdin"], "error: password: It is shorter than 12 characters"),
        (f"{SECRET}\n", [], "error: password: There is no terminal to ask for it"),
        (f"{SECRET}\n", ["--password-stdin", "--role", "duty manger"], "Did you mean 'duty manager'?"),
    ],
)
def test_what_is_wrong_is_a_sentence_with_a_remedy_and_exit_code_2(newcomer, typed, text, options, words):
    typed(text)
    ended = newcomer(*ADD, *options)
    assert ended.code == 2
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_a_name_that_is_taken_is_refused(newcomer, typed):
    typed(f"{SECRET}\n")
    newcomer(*ADD, "--password-stdin")
    typed(f"{SECRET}\n")
    assert "There is a user jo.smith already" in newcomer(*ADD, "--password-stdin").err


def test_a_worker_joins_a_team(newcomer, tmp_path):
    newcomer("team", "add", "Assessment team")
    joining = ("team", "add-worker", "Sam Okoro", "--email", "sam@example.org", "--full-time", "0.5", "--team")
    assert "There is no team Night team" in newcomer(*joining, "Night team").err
    assert newcomer(*joining, "Assessment team").code == 0
    with database(tmp_path).read() as session:
        ((worker, team, children),) = staff_rows.workers(session)
    assert (worker.full_time_equivalent, team.name, children) == (0.5, "Assessment team", 0)


def test_a_database_that_cannot_be_opened_is_told(newcomer, monkeypatch):
    monkeypatch.setenv("PATHWAY_DATABASE_URL", "oracle://somewhere")
    ended = newcomer("migrate")
    assert ended.code == 2
    assert "PATHWAY_DATABASE_URL" in ended.err


def test_a_start_that_failed_half_way_is_made_good_by_the_next(newcomer, monkeypatch):
    monkeypatch.setenv("PATHWAY_RULEBOOK", "no-such-book")
    assert newcomer("migrate").code == 0
    monkeypatch.delenv("PATHWAY_RULEBOOK")
    assert "not published yet" in newcomer("sweep").err
    assert newcomer("migrate").code == 0
    assert newcomer("sweep").code == 0


def test_an_unknown_rulebook_is_told_with_those_that_are_there(newcomer, monkeypatch):
    newcomer("migrate")
    monkeypatch.setenv("PATHWAY_RULEBOOK", "haringey-2010")
    ended = newcomer("migrate")
    assert ended.code == 2
    assert "haringey-2009" in ended.err
    monkeypatch.delenv("PATHWAY_RULEBOOK")
    assert newcomer("sweep").code == 0


def test_a_councils_own_book_on_a_new_database_is_published_first_and_every_message_says_so(newcomer, monkeypatch):
    monkeypatch.setenv("PATHWAY_RULEBOOK", "our-council")
    text = shipped.book_text("haringey-2009")
    Path("our-council.toml").write_text(text, encoding="utf-8")
    for command in (["migrate"], ["serve"], ["sweep"]):
        ended = newcomer(*command)
        assert "pathway rules publish our-council.toml" in ended.err, command
        assert "Traceback" not in ended.err
    doctor = newcomer("doctor")
    assert "The rulebook our-council is not published yet" in doctor.out
    assert "Traceback" not in doctor.err
    published = newcomer("rules", "publish", "our-council.toml", "--by", "Ada Okafor", "--yes")
    assert published.code == 0
    assert "It is the book in use." in published.err
    assert newcomer("sweep").code == 0


def test_a_book_that_is_not_in_use_says_what_must_follow(newcomer):
    newcomer("migrate")
    Path("our-council.toml").write_text(shipped.book_text("haringey-2009"), encoding="utf-8")
    told = newcomer("rules", "publish", "our-council.toml", "--by", "Ada Okafor", "--yes").err
    assert "The council runs by haringey-2009, not by this book. Set PATHWAY_RULEBOOK=our-council" in told


@pytest.mark.parametrize("url", ["", "postgresql"])
def test_figures_and_trials_make_no_tables(newcomer, monkeypatch, request, tmp_path, url):
    if url:
        url = databases.new_postgresql(request.getfixturevalue("postgresql_server"))
        monkeypatch.setenv("PATHWAY_DATABASE_URL", url)
    trial = newcomer("import", "contacts", str(SAMPLE), "--dry-run")
    assert trial.code in {0, 2}
    assert "A trial: nothing was written." in trial.out
    figures = newcomer("report", "timeliness", "--from", "2009-03-01", "--to", "2009-03-31")
    assert figures.code == 2
    assert "pathway migrate" in figures.err
    if url:
        with Database(url).read() as session:
            assert inspect(session.connection()).get_table_names() == []
    else:
        assert not (tmp_path / "pathway-data" / "pathway.db").exists()


def test_a_misspelt_variable_is_pointed_out(newcomer, monkeypatch):
    monkeypatch.setenv("PATHWAY_SMPT_URL", "smtp://localhost")
    assert (
        "PATHWAY_SMPT_URL is not a setting and does nothing; did you mean PATHWAY_SMTP_URL?" in newcomer("migrate").err
    )
