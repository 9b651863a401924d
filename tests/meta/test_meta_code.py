"""What the code must not do, wherever it stands."""

from __future__ import annotations

import ast
import re

from tests.meta.package_code import ROOT, Module, modules

UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK|NotImplementedError)\b")
# Values are exact, and so is what is computed of them.
EXACT = frozenset({"audit", "check", "decision", "engine", "feel", "lang", "matching", "program", "values"})
NOT_A_VALUE = {"neurosym.decision.explanation.target"}  # how alike names are that a message suggests
# A result is a function of its arguments: only these know the time, draw random bytes or reach outside the process.
OUTSIDE = frozenset({"http", "random", "secrets", "socket", "subprocess", "tempfile", "time", "urllib.request", "uuid"})
REACHING_OUTSIDE = {
    "neurosym.audit.anchors.http": {"urllib.request"},  # witnesses and authorities are elsewhere
    "neurosym.audit.log": {"secrets"},  # the default entropy of salts, replaced in tests
    "neurosym.audit.newfile": {"tempfile"},  # a key file appears whole or not at all
    "neurosym.engine.second.supervision": {"subprocess"},  # the worker of the second opinion
    "neurosym.judgment.providers.probe": {"time"},  # an endpoint that was away is not probed at every decision
    "neurosym.judgment.local.asker": {"time"},  # as below
    "neurosym.judgment.providers.exchange": {"time"},  # how long an attempt took is part of its record
}
BELOW_DECISION = frozenset(
    {"text", "values", "matching", "feel", "program", "check", "lang", "engine", "graph", "judgment", "audit"}
)
AMBIENT = frozenset({"now", "today", "utcnow", "environ", "getenv", "urandom"})
READING_AMBIENT = {
    "neurosym.values.clock": {"now"},
    "neurosym.judgment.judge": {"environ"},  # keys stand in the variables that the configuration names
}
# Imports inside functions: libraries that take long to load and are seldom needed.
LATE = {
    "neurosym.cli.decide_batch": {"neurosym.decision.batch.arrow.results"},
    "neurosym.decision.batch.decided_batch": {"neurosym.decision.batch.arrow.results"},
    "neurosym.decision.batch.rows": {
        "neurosym.decision.batch.arrow.record_rows",
        "neurosym.decision.batch.arrow.row_file",
    },
    "neurosym.decision.engine": {"asyncio"},
    "neurosym.decision.knowledge": {"neurosym.graph.extraction", "neurosym.graph.snapshot"},
    "neurosym.decision.ruleset": {
        "neurosym.decision.embedding.fact_model",
        "neurosym.graph.vocabulary",
        "neurosym.judgment.calibration.artefact_document",
        "neurosym.lang.compilation",
    },
    "neurosym.audit.anchors.configuration": {"neurosym.audit.anchors.timestamp", "neurosym.audit.timestamp"},
    "neurosym.audit.stores.opening": {"neurosym.audit.stores"},
    "neurosym.audit.testimony": {"neurosym.audit.timestamp"},
    "neurosym.feel.calendar": {"holidays"},
    "neurosym.judgment.plots.figure": {"matplotlib.backends.backend_agg", "matplotlib.figure"},
    "neurosym.judgment.answer_value": {"neurosym.grammar.answer_grammar"},
    "neurosym.judgment.providers.bodies": {"neurosym.grammar.answer_grammar"},
    "neurosym.judgment.providers.connections": {"httpx2", "openai", "neurosym.judgment.providers.transport"},
    "neurosym.judgment.judge": {"neurosym.judgment.local.asker", "neurosym.judgment.local.opening"},
    "neurosym.judgment.local.encoder": {
        *("numpy", "onnxruntime", "onnxruntime.capi", "tokenizers"),
    },
    "neurosym.judgment.local.training": {"numpy", "sklearn", "threadpoolctl"},
    "neurosym.judgment.stores.opening": {"neurosym.judgment.stores.postgres_queue"},
    "neurosym.judgment.providers.model_asker": {"neurosym.judgment.providers.exchange"},
}


def broad_handlers(module: Module) -> list[str]:
    """Handlers of every exception, unless they raise it again."""
    return [
        f"{module.name}:{node.lineno}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]


def late_imports(module: Module) -> set[str]:
    """What is imported inside functions."""
    functions = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = set()
    for node in (inner for function in functions for inner in ast.walk(function)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_nothing_is_left_unfinished() -> None:
    paths = [
        path for folder in ("neurosym", "grammars", "rulesets", "ontologies") for path in (ROOT / folder).rglob("*")
    ]
    texts = {path: path.read_bytes().decode() for path in paths if path.is_file() and path.suffix != ".pyc"}
    assert texts
    assert not [str(path) for path, text in texts.items() if UNFINISHED.search(text)]


def test_no_exception_is_swallowed_whole() -> None:
    assert not [place for module in modules() for place in broad_handlers(module)]


def test_values_are_never_binary_floats() -> None:
    floats = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if module.package in EXACT and module.name not in NOT_A_VALUE
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex)
    ]
    assert not floats


def test_below_the_decision_nothing_knows_time_or_chance_or_the_network() -> None:
    for module in modules():
        if module.package in BELOW_DECISION:
            outside = {name for name, _ in module.imports()} & OUTSIDE
            assert outside == REACHING_OUTSIDE.get(module.name, set()), module.name


def test_below_the_decision_nothing_reads_the_environment_or_the_clock() -> None:
    for module in modules():
        if module.package in BELOW_DECISION:
            named = {node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)}
            assert named & AMBIENT == READING_AMBIENT.get(module.name, set()), module.name


def test_only_heavy_libraries_are_imported_late() -> None:
    assert {module.name: late_imports(module) for module in modules() if late_imports(module)} == LATE
