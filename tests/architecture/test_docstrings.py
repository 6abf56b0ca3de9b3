"""Whatever others may use says what it is for."""

from __future__ import annotations

import ast

import pytest

from support import source


def undocumented(tree: ast.Module) -> list[str]:
    return [node.name for node in source.public(tree) if not ast.get_docstring(node)]


@pytest.mark.parametrize("path", source.modules(), ids=str)
def test_every_public_thing_has_a_docstring(path):
    tree = source.tree_of(path)
    assert ast.get_docstring(tree), "The module says nothing about itself."
    assert undocumented(tree) == []


def test_a_public_method_without_a_docstring_is_seen():
    tree = ast.parse('class Clock:\n    """A clock."""\n    def stop(self): ...\n    def _tick(self): ...\n')
    assert undocumented(tree) == ["stop"]
