"""Each count of ``make lint`` sees what it is there for, may fall and must not rise."""

from __future__ import annotations

import pytest

from architecture import shape
from architecture.shape_counts import COUNTS, Code

WORK = "".join(f"    step_{number}(given, now)\n" for number in range(9))
NAME = "storage.queries.casework.letter_rows"

# For each count: files that it lets pass, and what they become when it rises.
RISES = {
    "functions_over_40_lines": (
        {"rules/a.py": "def work():\n" + "    step()\n" * 39},
        {"rules/a.py": "@kept\ndef work():\n" + "    step()\n" * 39},
    ),
    "functions_with_7_parameters_or_more": (
        {"rules/a.py": "def work(a, b, c, *, d, e, f, **facts): ..."},
        {"rules/a.py": "class Worker:\n    async def work(self, a, /, b, c, *, d, e, f): ..."},
    ),
    "folders_over_25_modules": (
        {f"rules/{name}.py": "" for name in ["__init__", *map("a{}".format, range(25))]},
        {"rules/a25.py": ""},
    ),
    "module_names_borne_twice_in_a_layer": (
        {f"{layer}/letters.py": "" for layer in ("rules", "storage/tables", "storage/queries", "pathway/engine")},
        {"storage/queries/casework/letters.py": ""},
    ),
    "aliases_of_query_modules": (
        {"storage/queries/casework/letter_rows.py": "", "pathway/a.py": f"from {NAME} import Line as LetterLine"},
        {"pathway/a.py": "def work():\n    from storage.queries.casework import letter_rows as rows"},
    ),
    "duplicate_runs_over_8_lines": (
        {
            "rules/a.py": f"from rules import b\n\n\ndef work(given, now):\n{WORK}",
            "pathway/b.py": f"from rules import b\n\n\ndef work(given, now):\n{WORK.replace('step_4', 'stop')}",
        },
        {"pathway/b.py": f"def other(\n    given,\n    now,\n):\n    '''Another.'''\n{WORK}"},
    ),
}
# Two functions are the fewest that have percentiles.
FUNCTIONS = {"pathway/engine/machine.py": "def first(): ...\n\n\ndef second(): ...\n"}


def written(root, files):
    for name, text in (FUNCTIONS | files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Code(root)


def test_every_count_is_proved():
    assert RISES.keys() == COUNTS.keys()


@pytest.mark.parametrize("count", COUNTS)
def test_a_count_sees_one_more(count, tmp_path):
    before, after = RISES[count]
    assert COUNTS[count](written(tmp_path, before)) == []
    assert len(COUNTS[count](written(tmp_path, after))) == 1


@pytest.mark.parametrize("count", COUNTS)
def test_a_count_that_rose_fails_and_names_whoever_is_over(count, tmp_path, capsys):
    for files in RISES[count]:
        code = written(tmp_path, files)
    kept = tmp_path / "shape.toml"
    kept.write_text("")
    assert shape.main([], root=tmp_path, file=kept) == 1
    assert f"{count} rose from 0 to 1:\n  {COUNTS[count](code)[0]}\n" in capsys.readouterr().out


def test_a_count_that_fell_fails_until_it_is_kept(tmp_path, capsys):
    written(tmp_path, RISES["duplicate_runs_over_8_lines"][0])
    kept = tmp_path / "shape.toml"
    kept.write_text("functions_over_40_lines = 3\n")
    assert shape.main([], root=tmp_path, file=kept) == 1
    assert "functions_over_40_lines fell from 3 to 0: keep it with `make shape`" in capsys.readouterr().out
    assert shape.main(["--write"], root=tmp_path, file=kept) == 0
    assert shape.main([], root=tmp_path, file=kept) == 0
    assert shape.read(kept) == dict.fromkeys(COUNTS, 0)


def test_writing_never_raises_a_count(tmp_path):
    for files in RISES["aliases_of_query_modules"]:
        written(tmp_path, files)
    kept = tmp_path / "shape.toml"
    kept.write_text("")
    assert shape.main(["--write"], root=tmp_path, file=kept) == 1
    assert shape.read(kept) == dict.fromkeys(COUNTS, 0)


def test_migrations_and_tests_are_not_counted(tmp_path):
    long = "def work():\n" + "    step()\n" * 40
    code = written(tmp_path, {"storage/migrations/a.py": long, "tests/a.py": long, "rules/a.py": ""})
    assert [str(path) for path in code.texts] == [*FUNCTIONS, "rules/a.py"]


def test_the_kept_file_knows_each_count():
    assert shape.KEPT.read_text() == shape.lowered({name: [""] * 10**6 for name in COUNTS}, shape.read(shape.KEPT))
