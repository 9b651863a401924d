from __future__ import annotations

import re
from pathlib import Path

import pytest

from neurosym.check.compilation import Checked, check_files
from neurosym.graph.vocabulary import read_vocabulary
from neurosym.lang.parsing import parse
from neurosym.testing.scenario import run_scenarios
from neurosym.text.diagnostic import Report
from neurosym.text.shipped import shipped_path
from neurosym.text.span import Source

FOLDER = shipped_path("rulesets", "sanctions")


@pytest.fixture(scope="module")
def checked() -> Checked:
    report = Report()
    vocabulary = read_vocabulary([("ownership.ttl", shipped_path("ontologies", "ownership.ttl").read_bytes())], report)
    assert vocabulary is not None
    files = parse([_source(path) for path in sorted(FOLDER.glob("*.rules"))], report)
    found = check_files(files, vocabulary, report)
    assert not report.has_errors
    return found


def _source(path: Path) -> Source:
    return Source(path.name, path.read_text(encoding="utf-8"))


def test_the_ruleset_is_checked_without_a_finding_but_that_rings_do_not_hold_themselves_up(checked: Checked) -> None:
    circles = [(each.code, each.message.rpartition(": ")[2]) for each in checked.warnings]
    assert circles == [("NS908", "Blocked -> Blocked"), ("NS908", "Doubtful -> Doubtful")]


def test_blocking_and_doubt_are_recursive_and_doubt_looks_at_finished_blocking(checked: Checked) -> None:
    recursive = [stratum.types for stratum in checked.program.strata if stratum.is_recursive]
    assert recursive == [("Blocked",), ("Doubtful",)]


def test_every_scenario_holds_and_uses_all_its_answers(checked: Checked) -> None:
    outcomes = run_scenarios(checked)
    assert len(outcomes) == len(checked.scenarios) > 0
    assert [(each.scenario.label, each.failures, each.notes) for each in outcomes if each.failures or each.notes] == []


def test_every_rule_has_a_scenario_that_names_it(checked: Checked) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.rules"))
    named = set(re.findall(r"\bby (\w+)", text))
    assert {rule.id for rule in checked.program.rules} <= named


def test_every_citation_is_in_the_table_of_the_readme(checked: Checked) -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    cites = {cite for rule in checked.program.rules for cite in rule.cites}
    cites |= {cite for exception in checked.program.exceptions for cite in exception.cites}
    cites |= {cite for judgment in checked.program.judgments.values() for cite in judgment.cites}
    missing = [cite for cite in sorted(cites) if not cite.startswith("internal ") and f"| {cite} |" not in readme]
    assert missing == []
