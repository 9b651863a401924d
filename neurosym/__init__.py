"""Compliance decisions by rules and a knowledge graph; models answer only where they can change the outcome.

import neurosym as ns

ruleset = ns.load("rulesets/sanctions")
with ns.Log.open("decisions.db") as log:
    engine = ns.Engine(ruleset, log=log, judge=ns.Judge.from_config("judges.toml"))
    decision = engine.decide("screen", {"payment": {...}}, facts={"Party": [...], "Owns": [...]})
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from neurosym.audit.log import Log
    from neurosym.audit.reader import LogReader
    from neurosym.audit.verification import verify_log
    from neurosym.decision.decision import Decision
    from neurosym.decision.engine import Engine
    from neurosym.decision.knowledge import Knowledge
    from neurosym.decision.replay import Replayer
    from neurosym.decision.ruleset import Ruleset, load
    from neurosym.judgment.judge import Judge
    from neurosym.text.failure import (
        Failure,
        InputError,
        LimitError,
        LogError,
        NeurosymError,
        RulesetError,
    )

# Loaded at first use: `import neurosym` must stay cheap, and each of these brings libraries with it.
PLACES = {
    "Decision": "neurosym.decision.decision",
    "Engine": "neurosym.decision.engine",
    "Failure": "neurosym.text.failure",
    "InputError": "neurosym.text.failure",
    "Judge": "neurosym.judgment.judge",
    "Knowledge": "neurosym.decision.knowledge",
    "LimitError": "neurosym.text.failure",
    "Log": "neurosym.audit.log",
    "LogError": "neurosym.text.failure",
    "LogReader": "neurosym.audit.reader",
    "NeurosymError": "neurosym.text.failure",
    "Replayer": "neurosym.decision.replay",
    "Ruleset": "neurosym.decision.ruleset",
    "RulesetError": "neurosym.text.failure",
    "load": "neurosym.decision.ruleset",
    "verify_log": "neurosym.audit.verification",
}

__all__ = [
    "Decision",
    "Engine",
    "Failure",
    "InputError",
    "Judge",
    "Knowledge",
    "LimitError",
    "Log",
    "LogError",
    "LogReader",
    "NeurosymError",
    "Replayer",
    "Ruleset",
    "RulesetError",
    "load",
    "verify_log",
]


if not TYPE_CHECKING:  # or checkers would take every misspelt name for a name of ours

    def __getattr__(name: str) -> object:
        if name not in PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
