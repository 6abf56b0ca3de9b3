"""The repository as text and as syntax trees, for the tests that keep its promises about itself."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("pathway", "rules", "notifications", "storage")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef


@cache
def committed() -> tuple[Path, ...]:
    """Every file that git keeps, and every new one that it does not ignore, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(Path(name) for name in sorted(listing.split("\0")) if name and (ROOT / name).is_file())


def text_of(path: Path) -> str:
    """What stands in a committed file; bytes that are no text become replacement characters."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def modules(*packages: str) -> list[Path]:
    """The Python files of the given packages (all four by default), without the migrations."""
    wanted = packages or PACKAGES
    return [
        path
        for path in committed()
        if path.suffix == ".py" and path.parts[0] in wanted and "migrations" not in path.parts
    ]


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text_of(path), filename=str(path))


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method, at any depth."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines from the first decorator to the last statement."""
    first = min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])
    return (function.end_lineno or function.lineno) - first + 1


def public(tree: ast.Module) -> Iterator[Documented]:
    """The classes, functions and methods that others may use: at module level or in a public class."""
    for owner in (tree, *(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name[0] != "_")):
        for node in owner.body:
            if isinstance(node, Documented) and not node.name.startswith("_"):
                yield node
