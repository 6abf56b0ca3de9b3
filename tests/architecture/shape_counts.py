"""What ``shape.py`` counts: for each count, whoever is over the mark, by name."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path, PurePosixPath

from pylint.checkers.symilar import Symilar

from support import source

LONG_FUNCTION = 40
MANY_PARAMETERS = 7
FULL_FOLDER = 25
# A run counts that is longer than this.
SIMILAR_LINES = 8
# The first that holds a module is its layer: queries are a layer of their own beside the rest of storage.
LAYERS = ("rules", "storage/queries", "storage", "notifications", "pathway/engine", "pathway/web", "pathway/cli")
QUERIES = "storage.queries"


@dataclass(frozen=True)
class Code:
    """The Python files below a root, without tests and migrations; paths are relative to it."""

    root: Path

    @cached_property
    def texts(self) -> dict[PurePosixPath, str]:
        """What stands in each file."""
        found = sorted(path for package in source.PACKAGES for path in (self.root / package).rglob("*.py"))
        paths = (path for path in found if "migrations" not in path.parts)
        return {PurePosixPath(path.relative_to(self.root).as_posix()): path.read_text("utf-8") for path in paths}

    @cached_property
    def trees(self) -> dict[PurePosixPath, ast.Module]:
        """The syntax tree of each file."""
        return {path: ast.parse(text, filename=str(path)) for path, text in self.texts.items()}

    @cached_property
    def functions(self) -> list[tuple[PurePosixPath, source.Function]]:
        """Every function and method at any depth, with its file."""
        return [(path, function) for path, tree in self.trees.items() for function in source.functions(tree)]

    def modules(self) -> list[PurePosixPath]:
        """The files that bear a name of their own."""
        return [path for path in self.texts if path.stem != "__init__"]

    @cached_property
    def names(self) -> set[str]:
        """The dotted names of all modules and packages."""
        paths = {place for path in self.texts for place in (path.with_suffix(""), *path.parents)}
        return {".".join(path.parts) for path in paths}


def parameters(function: source.Function) -> int:
    """Parameters with a name of their own, ``self`` among them; ``*args`` and ``**facts`` are not counted."""
    kinds = function.args
    return len(kinds.posonlyargs) + len(kinds.args) + len(kinds.kwonlyargs)


def long_functions(code: Code) -> list[str]:
    """Functions over forty lines."""
    return [
        f"{path}: {function.name} has {source.length(function)} lines"
        for path, function in code.functions
        if source.length(function) > LONG_FUNCTION
    ]


def many_parameters(code: Code) -> list[str]:
    """Functions with seven parameters or more."""
    return [
        f"{path}: {function.name} has {parameters(function)} parameters"
        for path, function in code.functions
        if parameters(function) >= MANY_PARAMETERS
    ]


def full_folders(code: Code) -> list[str]:
    """Folders of more than twenty-five modules."""
    sizes = Counter(path.parent for path in code.modules())
    return [f"{folder}/ has {size} modules" for folder, size in sizes.items() if size > FULL_FOLDER]


def names_borne_twice(code: Code) -> list[str]:
    """Names that several modules of one layer bear."""
    bearers = defaultdict(list)
    for path in code.modules():
        if layer := next((layer for layer in LAYERS if path.is_relative_to(layer)), None):
            bearers[layer, path.stem].append(str(path))
    return [" and ".join(paths) for paths in bearers.values() if len(paths) > 1]


def query_aliases(code: Code) -> list[str]:
    """Imports that give a query module another name."""
    return [
        f"{path}: {name.rpartition('.')[2]} as {alias}"
        for path, tree in code.trees.items()
        for name, alias in _aliases(tree)
        if name.startswith(QUERIES) and name in code.names
    ]


def _aliases(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            owner = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            yield from ((owner + given.name, given.asname) for given in node.names if given.asname)


def duplicate_runs(code: Code) -> list[str]:
    """Runs of lines that stand in several files, by the comparison of pylint's ``duplicate-code``."""
    comparison = Symilar(SIMILAR_LINES, ignore_comments=True, ignore_docstrings=True)
    for path, tree in code.trees.items():
        comparison.append_stream(str(path), StringIO(_own_lines(code.texts[path], tree)))
    with redirect_stdout(StringIO()) as said:
        comparison.run()
    runs = re.findall(r"^(\d+) similar lines in \d+ files\n((?:==.*\n)+)", said.getvalue(), flags=re.MULTILINE)
    return [f"{lines} lines: " + " and ".join(re.findall(r"==(.*)", places)) for lines, places in runs]


def _own_lines(text: str, tree: ast.Module) -> str:
    """The text, its imports and signatures left empty: pylint would infer types to do so, for twenty seconds."""
    lines = text.splitlines(keepends=True)
    for node in ast.walk(tree):
        for number in _alike_anyway(node):
            lines[number - 1] = "\n"
    return "".join(lines)


def _alike_anyway(node: ast.AST) -> range:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    if isinstance(node, source.Function):
        return range(node.lineno, node.body[0].lineno)
    return range(0)


COUNTS: dict[str, Callable[[Code], list[str]]] = {
    "functions_over_40_lines": long_functions,
    "functions_with_7_parameters_or_more": many_parameters,
    "folders_over_25_modules": full_folders,
    "module_names_borne_twice_in_a_layer": names_borne_twice,
    "aliases_of_query_modules": query_aliases,
    "duplicate_runs_over_8_lines": duplicate_runs,
}
