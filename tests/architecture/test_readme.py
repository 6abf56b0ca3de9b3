"""The README is short, and leads to where it says."""

from __future__ import annotations

import re
from pathlib import Path

from support import source

README = source.text_of(Path("README.md"))
WHAT_IT_DOES = README.partition("## What it does\n")[2].partition("\n## ")[0]
BY_HAND = re.search(r"```sh\n(python3 -m venv .*?)```", README, flags=re.DOTALL)


def test_the_readme_says_in_six_points_what_the_product_does():
    assert len(re.findall(r"^- \*\*", WHAT_IT_DOES, flags=re.MULTILINE)) == 6


def test_run_it_in_production_leads_to_the_page_of_that_name():
    target = re.search(r"\[Run it in production\]\(([^)]+)\)", README)
    assert target
    assert source.text_of(Path(target[1])).startswith("# Run it in production\n")


def test_installing_by_pip_is_told_without_the_environment_that_make_keeps():
    assert BY_HAND
    assert "'.[paper]'" in BY_HAND[1]
    assert ".venv" not in BY_HAND[1]
