"""Documents name only what exists."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from support import source

DOCUMENTS = [path for path in source.committed() if path.suffix == ".md"]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"^[\w.-]+(/[\w.-]+)*(/|\.(py|md|toml|lock|png|yml|ini|cfg|html|css|js))$")
MODULE = re.compile(r"^(pathway|rules|notifications|storage)(\.[a-z_]+)+$")


def links(text: str) -> list[str]:
    return [target for target in LINK.findall(text) if not re.match(r"[a-z]+:", target)]


def files(text: str) -> list[str]:
    return [word for word in CODE.findall(text) if FILE.match(word)]


def is_module(name: str) -> bool:
    """True for a module, a package, or a name that is defined in one."""
    path = source.ROOT.joinpath(*name.split("."))
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    owner, word = path.parent, path.name
    homes = [owner.with_suffix(".py"), owner / "__init__.py"]
    return any(re.search(rf"\b{word}\b", home.read_text()) for home in homes if home.is_file())


def wrong(find: Callable[[Path], list[str]]) -> dict[str, list[str]]:
    """What is wrong in each document; those in order are left out."""
    found = {str(document): find(document) for document in DOCUMENTS}
    return {document: names for document, names in found.items() if names}


def dead_links(document: Path) -> list[str]:
    home = (source.ROOT / document).parent
    return [target for target in links(source.text_of(document)) if not (home / target).exists()]


def missing_files(document: Path) -> list[str]:
    homes = (source.ROOT, (source.ROOT / document).parent)
    return [name for name in files(source.text_of(document)) if not any((home / name).exists() for home in homes)]


def missing_modules(document: Path) -> list[str]:
    named = [word for word in CODE.findall(source.text_of(document)) if MODULE.match(word)]
    return [name for name in named if not is_module(name)]


def missing_targets(document: Path) -> list[str]:
    targets = set(re.findall(r"^([a-z]+):", source.text_of(Path("Makefile")), flags=re.MULTILINE))
    return sorted(set(re.findall(r"`make ([a-z]+)`", source.text_of(document))) - targets)


@pytest.mark.parametrize("find", [dead_links, missing_files, missing_modules, missing_targets])
def test_what_documents_name_is_there(find):
    assert wrong(find) == {}


def test_documents_that_the_code_names_exist():
    named = {
        name
        for path in source.committed()
        if path.suffix in {".py", ".toml", ".html"} and path.parts[0] != "tests"
        for name in re.findall(r"\bdocs/[\w/-]+\.md\b", source.text_of(path))
    }
    assert named
    assert [name for name in sorted(named) if not (source.ROOT / name).is_file()] == []


def test_a_dead_link_and_a_missing_file_are_seen():
    text = "See [the page](nowhere.md) and `pathway/nothing.py`, not [this](https://example.org) or `/health`."
    assert links(text) == ["nowhere.md"]
    assert files(text) == ["pathway/nothing.py"]
    assert not is_module("pathway.nothing")
