"""Which tests run in one worker, as they share what takes long to set up. By name: a worker's marks are not known here.

pytest-xdist's own groups change the names of tests, which pytest no longer allows.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

FILES = {
    "tests/web/test_in_chromium.py": "browser",
    "tests/web/test_put_right_in_chromium.py": "put right",
    "tests/cli/test_demo.py": "weekend",
    "tests/notifications/test_paper.py": "paper",
    "tests/importing/test_sample_month.py": "month",
    "tests/importing/test_returns.py": "returns",
    "tests/reports/test_mondays_sheet.py": "week",
    "tests/cli/test_figures_command.py": "week",
    "tests/web/test_figures_pages.py": "week",
    "tests/web/test_every_list.py": "lists",
    "tests/web/test_list_by_list.py": "long lists",
    "tests/reports/test_replay.py": "month",
    "tests/reports/test_timeliness.py": "month",
}


# The tests of one flow begin alike: what one has played is put in place for the others, in the same process.
ALIKE = "tests/flows/"


class Together(LoadScopeScheduling):
    """Each test by itself, but for those that belong together."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return FILES.get(path, path if path.startswith(ALIKE) else nodeid)
