"""Small functions and small files, measured."""

from __future__ import annotations

import ast
from statistics import median, quantiles

from support import source


def function_lengths() -> dict[str, int]:
    return {
        f"{path}:{function.name}": source.length(function)
        for path in source.modules()
        for function in source.functions(source.tree_of(path))
    }


def file_lengths() -> dict[str, int]:
    return {str(path): source.text_of(path).count("\n") for path in source.modules()}


def over(lengths: dict[str, int], limit: int) -> dict[str, int]:
    return {name: lines for name, lines in lengths.items() if lines > limit}


def p95(lengths: dict[str, int]) -> float:
    return quantiles(lengths.values(), n=20)[-1]


def test_no_function_is_longer_than_60_lines():
    assert over(function_lengths(), 60) == {}


def test_the_typical_function_has_about_ten_lines():
    assert median(function_lengths().values()) <= 10


def test_nineteen_functions_in_twenty_have_at_most_35_lines():
    assert p95(function_lengths()) <= 35


def test_no_file_is_longer_than_450_lines():
    assert over(file_lengths(), 450) == {}


def test_nineteen_files_in_twenty_have_at_most_300_lines():
    assert p95(file_lengths()) <= 300


def test_a_decorated_function_is_measured_with_its_decorators():
    (function,) = source.functions(ast.parse("@first\n@second\ndef work():\n    pass\n"))
    assert source.length(function) == 4
