from __future__ import annotations

from neurosym.decision.ruleset import load
from neurosym.text.shipped import shipped_path


def test_blocking_and_doubt_are_recursive_and_doubt_looks_at_finished_blocking() -> None:
    program = load(shipped_path("rulesets", "sanctions"), afresh=True).program
    recursive = [stratum.types for stratum in program.strata if stratum.is_recursive]
    assert recursive == [("Blocked",), ("Doubtful",)]
