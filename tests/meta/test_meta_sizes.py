"""Modules and functions stay small."""

from __future__ import annotations

from statistics import median, quantiles

from tests.meta.package_code import modules

LINES_MAX = 400
FUNCTION_LINES_MAX = 60


def function_lines() -> dict[str, int]:
    return dict(found for module in modules() for found in module.functions())


def test_no_module_is_long() -> None:
    assert not [module.name for module in modules() if module.lines > LINES_MAX]


def test_half_of_the_modules_have_at_most_120_lines() -> None:
    assert median(module.lines for module in modules() if module.tree.body) <= 120


def test_no_function_is_long() -> None:
    assert not [name for name, lines in function_lines().items() if lines > FUNCTION_LINES_MAX]


def test_half_of_the_functions_have_at_most_10_lines_and_nine_in_ten_at_most_30() -> None:
    lines = function_lines().values()
    assert median(lines) <= 10
    assert quantiles(lines, n=10)[-1] <= 30
