"""The rulesets that are shipped: clean, tried, and honest about what they cite."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from neurosym.decision.ruleset import Ruleset, load, ruleset_folders
from neurosym.engine.evaluator import compiled_evaluator
from neurosym.grammar.lint import check_grammar
from neurosym.grammar.source import is_grammar
from neurosym.testing.scenario import run_scenario
from neurosym.text.diagnostic import Report
from neurosym.text.shipped import shipped_path

FOLDERS = [folder for folder in ruleset_folders(shipped_path("rulesets")) if (folder / "README.md").is_file()]
FINDINGS = {"sanctions": [("NS908", "Blocked -> Blocked"), ("NS908", "Doubtful -> Doubtful")]}

pytestmark = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def loaded(folder: Path) -> Ruleset:
    return load(folder, afresh=True)


def test_the_ruleset_is_checked_without_a_finding_but_that_rings_do_not_hold_themselves_up(folder: Path) -> None:
    found = [(each.code, each.message.rpartition(": ")[2]) for each in loaded(folder).warnings]
    assert found == FINDINGS.get(folder.name, [])


def test_every_grammar_is_read_alike_by_all_engines(folder: Path) -> None:
    report = Report()
    for source in loaded(folder).sources:
        if is_grammar(source):
            check_grammar(source, report)
    assert report.diagnostics == []


def test_every_scenario_holds_and_uses_all_its_answers(folder: Path) -> None:
    ruleset = loaded(folder)
    evaluate = compiled_evaluator(ruleset.program)
    outcomes = [run_scenario(ruleset.program, scenario, evaluate) for scenario in ruleset.scenarios]
    assert len(outcomes) == len(ruleset.scenarios) > 0
    assert [(each.scenario.label, each.failures, each.notes) for each in outcomes if each.failures or each.notes] == []


def test_every_rule_has_a_scenario_that_names_it(folder: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.rules"))
    named = set(re.findall(r"\bby (\w+)", text))
    assert {rule.id for rule in loaded(folder).program.rules} <= named


def test_every_citation_is_in_the_table_of_the_readme(folder: Path) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    program = loaded(folder).program
    cites = {cite for rule in program.rules for cite in rule.cites}
    cites |= {cite for exception in program.exceptions for cite in exception.cites}
    cites |= {cite for judgment in program.judgments.values() for cite in judgment.cites}
    missing = [cite for cite in sorted(cites) if not cite.startswith("internal ") and f"| {cite} |" not in readme]
    assert missing == []
