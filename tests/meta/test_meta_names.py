"""Public names: few, documented, and nouns of the field."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import neurosym
from tests.meta.package_code import Function, modules

PUBLIC_NAMES_MAX = 20
FORBIDDEN_MODULES = frozenset(
    {
        "base",
        "common",
        "core",
        "handler",
        "handlers",
        "helper",
        "helpers",
        "manager",
        "managers",
        "misc",
        "util",
        "utils",
    }
)
FORBIDDEN_NAMES = frozenset({"data", "result", "obj"})
# A program that auditors run by itself and read from top to bottom: nobody imports it, and its lines are counted.
ALONE = frozenset({"neurosym.audit.bundle.verify"})


def public_definitions(body: list[ast.stmt], place: str) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    """Public functions and classes with their public methods, each with its dotted name."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{place}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node.body, f"{place}.{node.name}")


def speaks_for_itself(node: Function | ast.ClassDef, *, is_method: bool) -> bool:
    """Whether it is a method of one statement, which its name and its types say."""
    return is_method and not isinstance(node, ast.ClassDef) and len(node.body) == 1


def annotated(node: ast.ClassDef) -> list[ast.AnnAssign]:
    """The fields that a class declares."""
    return [each for each in node.body if isinstance(each, ast.AnnAssign)]


def assigned_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every variable and parameter. Not the fields of records, whose names are those of the wire."""
    fields = {each.target for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for each in annotated(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node not in fields:
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno


def test_the_package_has_at_most_20_public_names_in_order() -> None:
    assert len(neurosym.__all__) <= PUBLIC_NAMES_MAX
    assert neurosym.__all__ == sorted(neurosym.__all__)


def test_every_public_name_leads_to_something() -> None:
    assert {name for name in neurosym.__all__ if getattr(neurosym, name) is None} == set()
    assert neurosym.PLACES.keys() == set(neurosym.__all__)


def test_every_module_with_content_says_what_it_holds() -> None:
    assert not [module.name for module in modules() if module.tree.body and not ast.get_docstring(module.tree)]


def test_every_public_function_and_class_is_documented() -> None:
    undocumented = []
    for module in (each for each in modules() if each.name not in ALONE):
        for name, node in public_definitions(module.tree.body, module.name):
            is_method = name.count(".") > module.name.count(".") + 1
            if not speaks_for_itself(node, is_method=is_method) and not ast.get_docstring(node):
                undocumented.append(name)
    assert not undocumented


def test_no_module_is_a_drawer() -> None:
    assert not [module.name for module in modules() if FORBIDDEN_MODULES & set(module.name.split("."))]


def test_no_name_says_nothing() -> None:
    empty = [
        f"{module.name}:{line}: {name}"
        for module in modules()
        for name, line in assigned_names(module.tree)
        if name in FORBIDDEN_NAMES
    ]
    assert not empty
