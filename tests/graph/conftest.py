from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from neurosym.feel.types import Basic, FactOf, Nullable
from neurosym.graph.extraction import GraphRow, extract_facts
from neurosym.graph.snapshot import Snapshot, read_graph
from neurosym.graph.vocabulary import read_vocabulary
from neurosym.program.schema import FactType, Field, GraphSource
from neurosym.program.vocabulary import Vocabulary
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.shipped import shipped_path

OWN = "https://neurosym.dev/ns/ownership#"
PREFIXES = f"""\
@prefix own: <{OWN}> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix e: <http://e/> .
"""
Extract = Callable[..., tuple[Mapping[str, tuple[GraphRow, ...]], list[Diagnostic]]]


def own(name: str) -> GraphSource:
    return GraphSource(f"{OWN}{name}")


@pytest.fixture
def ownership_types() -> dict[str, FactType]:
    party = (
        Field("id", Basic.TEXT, is_key=True, source=own("identifier")),
        Field("name", Basic.TEXT, source=own("name")),
        Field("born", Nullable(Basic.DATE), is_optional=True, source=own("birthDate")),
    )
    owns = (
        Field("id", Basic.TEXT, is_key=True, source=GraphSource(None)),
        Field("owner", FactOf("Party"), source=own("holder")),
        Field("owned", FactOf("Party"), source=own("issuer")),
        Field("share", Basic.NUMBER, source=own("percentage")),
    )
    payment = (Field("id", Basic.TEXT, is_key=True),)
    return {
        "Party": FactType("Party", "", False, party, f"{OWN}Party"),
        "Owns": FactType("Owns", "", False, owns, f"{OWN}Shareholding"),
        "Payment": FactType("Payment", "", False, payment),
    }


@pytest.fixture
def ownership_vocabulary() -> Vocabulary:
    report = Report()
    path = shipped_path("ontologies", "ownership.ttl")
    vocabulary = read_vocabulary([(path.name, path.read_bytes())], report)
    assert vocabulary is not None
    assert report.diagnostics == []
    return vocabulary


@pytest.fixture
def extract(ownership_types: dict[str, FactType]) -> Extract:
    """Facts and diagnostics of Turtle, by the ownership types or others."""

    def run(
        turtle: str, types: Mapping[str, FactType] = ownership_types
    ) -> tuple[Mapping[str, tuple[GraphRow, ...]], list[Diagnostic]]:
        report = Report()
        snapshot = read(turtle)
        return extract_facts(snapshot, types, report), report.diagnostics

    return run


def read(turtle: str, name: str = "graph.ttl") -> Snapshot:
    report = Report()
    snapshot = read_graph([(name, (PREFIXES + turtle).encode())], report)
    assert snapshot is not None, report.diagnostics
    return snapshot


@pytest.fixture
def outside_data() -> Path:
    """The folder of outside test data beside the checkout."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"outside test data is not at {folder}")
    return folder
