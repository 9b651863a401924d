"""The contracts of import-linter say what the design says: a contract that was weakened would still be kept."""

from __future__ import annotations

import tomllib
from typing import Any

from tests.meta.package_code import PACKAGE, ROOT, modules

LAYERS = (
    ("cli",),
    ("testing",),
    ("decision",),
    ("audit", "engine", "graph", "judgment"),
    ("lang",),
    ("check",),
    ("program",),
    ("feel",),
    ("grammar", "matching"),
    ("values",),
    ("text",),
)
# Which packages may import an outside library; the others go through them.
DOORS = {
    "anyascii": {"neurosym.matching"},
    "click": {"neurosym.cli"},
    "cryptography": {"neurosym.audit"},
    "durable": {"neurosym.engine.second.worker"},
    "holidays": {"neurosym.feel"},
    "httpx2": {"neurosym.judgment.providers"},
    "lark": {"neurosym.feel", "neurosym.grammar", "neurosym.lang"},
    "llguidance": {"neurosym.grammar.mask"},
    "networkx": {"neurosym.check", "neurosym.graph"},
    "numpy": {"neurosym.judgment.local"},
    "onnxruntime": {"neurosym.judgment.local"},
    "openai": {"neurosym.judgment.providers"},
    "orjson": {"neurosym.values"},
    "matplotlib": {"neurosym.judgment.plots"},
    "pyarrow": {"neurosym.decision.batch.arrow"},
    "psycopg": {"neurosym.audit.stores", "neurosym.judgment.stores"},
    "pydantic": {"neurosym.decision.embedding", "neurosym.judgment"},
    "pydantic_core": {"neurosym.decision.embedding"},
    "pyoxigraph": {"neurosym.graph"},
    "rapidfuzz": {"neurosym.matching"},
    "rdflib": {"neurosym.graph"},
    "rfc3161_client": {"neurosym.audit.timestamp"},
    "rfc8785": {"neurosym.values"},
    "rich": {"neurosym.cli"},
    "sklearn": {"neurosym.judgment.local"},
    "sqlite3": {"neurosym.audit.stores", "neurosym.judgment.stores"},
    "threadpoolctl": {"neurosym.judgment.local"},
    "tokenizers": {"neurosym.judgment.local"},
}


def contracts() -> list[dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return found


def test_the_layers_are_those_of_the_design_and_leave_no_package_out() -> None:
    (layers,) = [contract for contract in contracts() if contract["type"] == "layers"]
    assert layers["exhaustive"] is True
    assert layers["containers"] == ["neurosym"]
    assert not layers.keys() & {"exhaustive_ignores", "ignore_imports"}
    assert tuple(tuple(sorted(layer.split(" | "))) for layer in layers["layers"]) == LAYERS
    assert {name for layer in LAYERS for name in layer} == {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def test_every_outside_library_has_its_door() -> None:
    doors = [contract for contract in contracts() if contract["type"] == "forbidden"]
    assert {library for door in doors for library in door["forbidden_modules"]} == DOORS.keys()
    assert all(door["source_modules"] == ["neurosym.*"] for door in doors)


def test_a_door_opens_for_no_other_package() -> None:
    for door in contracts():
        for ignored in door.get("ignore_imports", ()):
            importer, library = ignored.split(" -> ")
            assert importer.removesuffix(".**") in DOORS[library]


def test_the_package_itself_imports_no_outside_library() -> None:
    (package,) = [module for module in modules() if module.name == "neurosym"]
    assert {name.partition(".")[0] for name, _ in package.imports()} == {
        "__future__",
        "importlib",
        "neurosym",
        "typing",
    }
