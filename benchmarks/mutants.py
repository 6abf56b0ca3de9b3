"""``make nightly``: change sixty places of the last commit, one after another, and list those that no test noticed.

The changes are cosmic-ray's. It could not be left to run them by itself: it knows one test command for all modules,
and it changes the tree that it stands in. mutmut asks for the whole suite first, and wraps every function, which the
forms of pages and the command line do not survive.

Each worker has a copy of the commit, so the working tree stays as it is, whenever this is stopped. What was judged is
kept for the commit and the seed: the next call goes on from there.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

from attrs import evolve
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkItem, WorkResult

from benchmarks import mutant_report
from benchmarks.mutant_places import area_of, chosen
from support import source

NUMBER = "PATHWAY_MUTANTS"
SEED = "PATHWAY_MUTANTS_SEED"
WORKERS = 2
# No new mutant is begun after this; the longest that one takes comes on top.
MINUTES = 35
KEPT = source.ROOT / ".make" / "mutants"
STYLES = Path("pathway/web/static/vendor")
# After the tests of the area, so that a survivor is one that none of these noticed.
ALL_TESTS = ("tests/rules", "tests/flows", "tests/pathway")
PYTEST = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql"]
# A change may make a loop endless. That is noticed in the tests of the area, which take half a minute.
AREA_SECONDS = 240
SECONDS = 1200


@dataclass(frozen=True)
class Night:
    """One commit, and the seed that says where it is changed."""

    commit: str
    date: str
    seed: int
    number: int

    @classmethod
    def tonight(cls) -> Night:
        """The last commit; its date is the seed, unless the environment names one."""
        commit, date = _git("log", "-1", "--format=%H %cs").split()
        seed = int(os.environ.get(SEED) or date.replace("-", ""))
        return cls(commit=commit, date=date, seed=seed, number=int(os.environ.get(NUMBER) or 60))


def main() -> None:
    """Judge what has not been judged, and write the survivors into ``docs/performance.md``."""
    night = Night.tonight()
    with _copies(night) as trees, _session(night, trees[0]) as session:
        print(f"{night.number} mutants, {SEED}={night.seed}; {session.num_results} are judged already.", flush=True)
        pending = sorted(session.pending_work_items, key=lambda item: item.job_id)
        if pending:
            _require_passing(trees[0])
            _judge(pending, session, trees)
        mutant_report.write(session, about=f"Commit of {night.date}, seed {night.seed}")


@contextmanager
def _copies(night: Night) -> Iterator[list[Path]]:
    with tempfile.TemporaryDirectory(prefix="pathway-mutants-") as folder:
        trees = [Path(folder) / f"tree-{number}" for number in range(WORKERS)]
        for tree in trees:
            _git("clone", "--quiet", "--shared", str(source.ROOT), str(tree))  # some tests ask git what there is
            _git("-C", str(tree), "checkout", "--quiet", night.commit)
            if (source.ROOT / STYLES).exists():
                (tree / STYLES).symlink_to(source.ROOT / STYLES)
            # By contents: a change within one second would go unnoticed by the usual stamps.
            compiling = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", str(tree)]
            subprocess.run(compiling, check=True)
        yield trees


@contextmanager
def _session(night: Night, tree: Path) -> Iterator[WorkDB]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with use_db(str(KEPT / f"{night.commit[:12]}-{night.seed}-{night.number}.sqlite")) as session:
        if not session.num_work_items:
            changes = chosen(tree, tree.parent, seed=night.seed, number=night.number)
            session.add_work_items(WorkItem.single(f"{place:03}", change) for place, change in enumerate(changes))
        yield session


def _require_passing(tree: Path) -> None:
    print("The tests that judge must pass on the code as it is ...", flush=True)
    command = _within(tree, [*PYTEST, "-n", str(WORKERS), *ALL_TESTS])
    result = subprocess.run(command, check=False, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{result.stdout[-3000:]}\nThey don't: no mutant was judged.")


def _judge(pending: list[WorkItem], session: WorkDB, trees: list[Path]) -> None:
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        free.put(tree)
    ends = monotonic() + MINUTES * 60
    with ThreadPoolExecutor(WORKERS) as workers:
        running = {workers.submit(_judge_one, item, free, ends): item for item in pending}
        try:
            for done in as_completed(running):
                if result := done.result():
                    session.set_result(running[done].job_id, result)
                    print(mutant_report.line(running[done], result), flush=True)
        finally:
            workers.shutdown(cancel_futures=True)


def _judge_one(item: WorkItem, free: SimpleQueue[Path], ends: float) -> WorkResult | None:
    if monotonic() > ends:
        return None
    tree = free.get()
    try:
        (change,) = item.mutations
        return mutate_and_test(
            [evolve(change, module_path=tree / change.module_path)], _command(tree, change.module_path), SECONDS
        )
    finally:
        free.put(tree)


def _command(tree: Path, module: Path) -> str:
    near = sorted(str(path) for pattern in area_of(module, tree).tests for path in tree.glob(pattern))
    first, then = shlex.join([*PYTEST, *near]), shlex.join([*PYTEST, *ALL_TESTS])
    return shlex.join(_within(tree, ["bash", "-c", f"timeout {AREA_SECONDS} {first} && {then}"]))


def _within(tree: Path, command: list[str]) -> list[str]:
    """The command in a copy: what it starts imports from there too, not from where Pathway is installed."""
    return ["env", f"--chdir={tree}", f"PYTHONPATH={tree}:{tree / 'tests'}", *command]


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=source.ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
