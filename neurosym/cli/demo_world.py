"""The shipped synthetic world, and the tiers that a demo uses when nobody names others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from neurosym.decision.engine import Engine
from neurosym.decision.intake import Document
from neurosym.decision.knowledge import Knowledge
from neurosym.judgment.computations import COMPUTATIONS
from neurosym.judgment.configuration import ComputedTier, Configuration, PersonTier
from neurosym.judgment.judge import Judge
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.text.shipped import shipped_path
from neurosym.values.json_text import read_json

RULESET = ("rulesets", "sanctions")
DECISION, SUBJECT = "screen", "payment"
PARTY, OWNS, LISTING, PAYMENT = "Party", "Owns", "Listing", "Payment"


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """What is known of the world, and the payments to be screened one by one."""

    knowledge: Knowledge
    payments: tuple[Mapping[str, object], ...]
    parties: int
    shareholdings: int
    listings: int


def demo_world(engine: Engine) -> DemoWorld:
    """The shipped world, read once for all its payments. A payment is given by its own request; there is no other."""
    folder = shipped_path(*RULESET, "demo")
    listings, payments = _document(folder / "listings.json"), _document(folder / "payments.json")
    graph = folder / "world.ttl"
    only = Document("request", {PAYMENT: []})
    knowledge = engine.know([listings, only], [(graph.name, graph.read_bytes())])
    rows = [row.type for row in knowledge.rows or ()]
    assert isinstance(listings.content, dict)
    assert isinstance(payments.content, list)
    return DemoWorld(
        knowledge,
        tuple(payments.content),
        rows.count(PARTY),
        rows.count(OWNS),
        len(listings.content[LISTING]),
    )


def embedded_judge(folder: Path, review: str) -> Judge:
    """The tiers without any configuration: what can be computed, and a queue for persons. Neither key nor network."""
    tiers = (ComputedTier("local"), PersonTier("person", review))
    return Judge(Configuration(tiers, folder), {}, COMPUTATIONS)


def _document(path: Path) -> Document:
    report = Report()
    content = read_json(path.read_bytes(), path.name, report)
    report.stop_on_errors(InputError)
    return Document(path.name, content)
