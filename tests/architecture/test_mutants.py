"""Mutants are chosen by their seed, stand where they should, and are reported between two marks."""

from __future__ import annotations

import pytest
from cosmic_ray import work_item
from cosmic_ray.work_item import MutationSpec, WorkerOutcome, WorkItem, WorkResult

from benchmarks import mutant_places, mutant_report
from support import source

RULE = "def late(due: int | None, now: int) -> bool:\n    return due is not None and now > due + 2\n"


@pytest.fixture
def root(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "clock.py").write_text(RULE)
    return tmp_path


def item(place="000", line=2):
    change = MutationSpec("rules/clock.py", "core/NumberReplacer", 0, (line, 4), (line, 5))
    return WorkItem.single(place, change)


def result(outcome):
    diff = "--- mutation diff ---\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-    return a | b\n+    return a & b\n"
    return WorkResult(WorkerOutcome.NORMAL, diff=diff, test_outcome=outcome)


def test_every_area_has_modules_and_tests():
    for area in mutant_places.AREAS:
        assert area.files(source.ROOT)
        assert [pattern for pattern in area.tests if not list(source.ROOT.glob(pattern))] == []


def test_a_module_belongs_to_one_area():
    areas = set(mutant_places.AREAS)
    files = [path for area in areas for path in area.files(source.ROOT)]
    assert len(files) == len(set(files))


def test_of_sixty_places_twenty_are_in_the_rules():
    assert mutant_places.AREAS.count(mutant_places.RULES) * 60 // len(mutant_places.AREAS) == 20


def test_the_same_seed_chooses_the_same_changes(root):
    first, again, other = (mutant_places.chosen(root, root, seed=seed, number=6) for seed in (1, 1, 4))
    assert first == again != other
    assert {str(change.module_path) for change in first} == {"rules/clock.py"}


def test_no_place_is_chosen_twice_and_no_type_is_changed(root):
    changes = mutant_places.chosen(root, root, seed=1, number=600)
    places = [change.start_pos for change in changes]
    assert len(places) == len(set(places)) > 2
    assert {line for line, _ in places} == {2}


def test_the_star_of_a_signature_is_not_changed(root):
    (root / "rules" / "clock.py").write_text("def late(due, *, now):\n    return due\n")
    assert mutant_places.chosen(root, root, seed=1, number=600) == []


def test_survivors_are_listed_and_the_others_counted():
    judged = [(item(), result(work_item.TestOutcome.SURVIVED)), (item("001"), result(work_item.TestOutcome.KILLED))]
    assert mutant_report.told(judged, about="Seed 1", waiting=3) == (
        "Seed 1: 1 of 2 were noticed, 1 not, 3 wait for the next run.\n\n"
        "| not noticed | was | became |\n| --- | --- | --- |\n"
        "| rules/clock.py:2 | `return a \\| b` | `return a & b` |"
    )


def test_a_change_that_could_not_be_tried_was_not_noticed():
    text = mutant_report.told([(item(), result(work_item.TestOutcome.INCOMPETENT))], about="Seed 1", waiting=0)
    assert text == "Seed 1: 0 of 1 were noticed, 0 not, 1 could not be tried."


def test_only_what_stands_between_the_marks_is_written_anew():
    begin, end = mutant_report.BEGIN, mutant_report.END
    assert mutant_report.rewritten(f"a\n{begin}\nold\n{end}\nz\n", "new") == f"a\n{begin}\nnew\n{end}\nz\n"
    with pytest.raises(ValueError, match="marks"):
        mutant_report.rewritten("a document without marks", "new")


def test_the_document_has_the_marks():
    assert mutant_report.rewritten(mutant_report.DOCUMENT.read_text(), "new")
