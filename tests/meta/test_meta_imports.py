"""What importing costs, and what the project says it needs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.meta.package_code import ROOT, modules

HEAVY = {
    *(
        "anyascii",
        "click",
        "cryptography",
        "durable",
        "holidays",
        "httpx2",
        "lark",
        "llguidance",
        "networkx",
        "openai",
        "orjson",
    ),
    *("asyncio", "pickle", "pydantic", "pydantic_core", "pyoxigraph", "rapidfuzz", "rdflib", "rich", "sqlite3"),
    "matplotlib",
    *("numpy", "onnxruntime", "psycopg", "pyarrow", "rfc3161_client", "sklearn", "tokenizers"),
}
# Declared for what they do, not to be imported: the tests run them.
TOOLS = {
    "apsw",
    "basedpyright",
    "hatchling",
    "hypothesis",
    "import-linter",
    "jsonschema",
    "mapie",
    "mypy",
    "opentelemetry-proto",
    "opentelemetry-semantic-conventions",
    "prov",
    "pytest",
    "pytest-xdist",
    "ruff",
    "types-jsonschema",
    "types-networkx",
    "neurosym",
}
REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?(>=[\d.]+(?:b\d+)?)?$")

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def loaded_by(statement: str) -> set[str]:
    """The modules in memory after a statement in a fresh interpreter."""
    command = [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules)"]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


def required(requirements: list[str]) -> dict[str, str | None]:
    """The lower bound of each requirement."""
    found = {}
    for requirement in requirements:
        match = REQUIREMENT.match(requirement)
        assert match is not None, requirement
        found[match[1].lower()] = match[2]
    return found


def test_importing_the_package_loads_no_library() -> None:
    assert not loaded_by("import neurosym") & HEAVY


def test_a_public_name_loads_what_it_needs_and_no_provider() -> None:
    loaded = loaded_by("import neurosym; neurosym.Engine")
    assert "neurosym.decision.engine" in loaded
    assert "openai" not in loaded


def test_what_is_imported_is_declared_and_what_is_declared_is_imported() -> None:
    roots = {name.partition(".")[0] for module in modules() for name, _ in module.imports()}
    outside = roots - sys.stdlib_module_names - {"neurosym"}
    distributions = packages_distributions()
    extras = PROJECT["optional-dependencies"]
    extra = [
        each for name in ("arrow", "second-opinion", "postgres", "plots", "embed", "timestamp") for each in extras[name]
    ]
    assert {distributions[root][0].lower().replace("_", "-") for root in outside} == set(
        required([*PROJECT["dependencies"], *extra])
    )


@pytest.mark.parametrize("extra", ["", *PROJECT["optional-dependencies"]])
def test_every_requirement_has_a_lower_bound_and_no_upper_one(extra: str) -> None:
    requirements = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    assert {name for name, bound in required(requirements).items() if bound is None} <= {"neurosym"}


def test_the_development_tools_are_those_that_the_tests_run() -> None:
    assert set(required(PROJECT["optional-dependencies"]["dev"])) == TOOLS
