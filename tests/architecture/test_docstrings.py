"""Whatever others may use says what it is for."""

from __future__ import annotations

import ast

from support import source


def undocumented(tree: ast.Module) -> list[str]:
    return [node.name for node in source.public(tree) if not ast.get_docstring(node)]


def test_every_module_and_every_public_thing_has_a_docstring():
    trees = {str(path): source.tree_of(path) for path in source.modules()}
    assert [path for path, tree in trees.items() if not ast.get_docstring(tree)] == []
    assert {path: names for path, tree in trees.items() if (names := undocumented(tree))} == {}


def test_a_public_method_without_a_docstring_is_seen():
    tree = ast.parse('class Clock:\n    """A clock."""\n    def stop(self): ...\n    def _tick(self): ...\n')
    assert undocumented(tree) == ["stop"]
