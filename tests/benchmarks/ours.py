"""The only calls of the benchmarks into our evaluation: a program, dicts in, and what is concluded with its proofs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.decision.deliberation import Case, deliberate
from neurosym.decision.engine import Engine
from neurosym.decision.intake import NO_REQUEST, Document, take_in, take_in_standing
from neurosym.decision.knowledge import Knowledge
from neurosym.decision.panel import NoPanel
from neurosym.decision.plan import prepare
from neurosym.decision.recorder import shown_outcome
from neurosym.decision.replay import Replayer, ReplayStatus
from neurosym.decision.ruleset import checked_ruleset, load
from neurosym.decision.situation import situation_of
from neurosym.engine.compiled.evaluation import CompiledEvaluator
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.evaluator import Evaluators
from neurosym.engine.extension import ProofStep
from neurosym.engine.model import Model
from neurosym.engine.situation import Situation
from neurosym.engine.verdict import told
from neurosym.lang.compilation import compile_ruleset
from neurosym.program.program import Program
from neurosym.text.span import Source

Rows = Sequence[Mapping[str, object]]
DAY = date(2026, 11, 22)  # of what is no decision


def compiled(*files: str) -> Program:
    """The program of rules as texts of files."""
    return compile_ruleset([Source(f"{place}.rules", text) for place, text in enumerate(files)]).program


def evaluated(program: Program, facts: Mapping[str, Rows]) -> Model:
    """The model over facts given as dicts."""
    return _evaluator(program)(_over_facts(program, facts))


def engine(rules: str) -> Engine:
    """An engine for rules as text, which logs nothing."""
    return Engine(checked_ruleset([Source("benchmark.rules", rules)], ()), log=None)


def derived(model: Model, of: str) -> Iterator[ProofStep]:
    """The certain facts of a derived type, each with its proof's last step."""
    return model.extensions[of].steps()


def derived_keys(model: Model, of: str) -> list[tuple[object, ...]]:
    """The keys of the certain facts of a derived type."""
    return [key for key, _, _ in model.extensions[of].steps()]


class Screen:
    """A warm engine's parts, for one request after another against one decision, with nothing else known."""

    def __init__(self, program: Program, decision: str) -> None:
        self.program = program
        self.decision = program.decisions[decision]
        self.standing = take_in_standing(program)
        self.evaluators = Evaluators(program)

    def hits(self, request: Mapping[str, object]) -> list[tuple[str, str]]:
        """The rules that conclude an outcome for the request, each with the reason shown to people."""
        intake = take_in(self.program, self.decision, Document("request", request), self.standing)
        evaluate = self.evaluators.lent()
        model = evaluate(situation_of(self.program, self.decision, intake, None))
        self.evaluators.returned(evaluate)
        return told(model, self.decision, intake.subject)


_compiled: dict[int, tuple[Program, CompiledProgram]] = {}  # by the id of the program, which is kept with it


def _evaluator(program: Program) -> CompiledEvaluator:
    """An evaluator that knows the compiled program and nothing of earlier facts."""
    if id(program) not in _compiled:
        _compiled[id(program)] = (program, CompiledProgram(program))
    return CompiledEvaluator(_compiled[id(program)][1])


def _over_facts(program: Program, facts: Mapping[str, Rows]) -> Situation:
    standing = take_in_standing(program, [Document("facts", facts)])
    intake = take_in(program, None, NO_REQUEST, standing)
    return Situation(intake.facts, DAY, intake.incomplete)


@dataclass(frozen=True, slots=True)
class Desk:
    """A warm engine that nobody answers questions of, and what it knows."""

    engine: Engine
    knowledge: Knowledge
    evaluators: Evaluators

    @classmethod
    def of_engine(cls, engine: Engine, knowledge: Knowledge) -> Desk:
        """A desk with this engine and this knowledge."""
        return cls(engine, knowledge, Evaluators(engine.ruleset.program))

    @classmethod
    def of_rules(cls, rules: str) -> Desk:
        """A desk for rules as text that need no facts beside a request."""
        made = engine(rules)
        return cls.of_engine(made, made.know())

    @classmethod
    def of_folder(cls, folder: Path, facts: Mapping[str, Rows], graphs: Sequence[tuple[str, bytes]]) -> Desk:
        """A desk for a ruleset on disk, with facts and graphs."""
        engine = Engine(load(folder), log=None)
        return cls.of_engine(engine, engine.know(facts, graphs))

    def knowing(self, facts: Mapping[str, Rows]) -> Desk:
        """The same engine with other facts."""
        return Desk.of_engine(self.engine, self.engine.know(facts))

    def decided(self, decision: str, request: Mapping[str, object]) -> tuple[str, ...]:
        """The outcomes that a decision leaves possible."""
        return self.engine.decide(decision, request, facts=self.knowledge).possible

    def logging(self, log: Log) -> Desk:
        """The same rules and knowledge, with every decision in a log."""
        return Desk.of_engine(Engine(self.engine.ruleset, log=log), self.knowledge)

    def outcome(self, decision: str, request: Mapping[str, object]) -> str:
        """The outcome of a decision, or its status."""
        return shown_outcome(self.engine.decide(decision, request, facts=self.knowledge))

    def outcomes(self, decision: str, requests: Sequence[Mapping[str, object]]) -> list[str]:
        """The same of each request, as the rows of one batch after the other."""
        batches = self.engine.decide_batch(decision, requests, facts=self.knowledge)
        return [record.shown for batch in batches for record in batch.records]

    def case(self, decision: str, request: Mapping[str, object]) -> Case:
        """A request that is taken in."""
        return prepare(
            self.engine.ruleset.program, "case", decision, Document("request", request), self.knowledge, None
        ).case

    def evaluated(self, case: Case) -> tuple[str, ...]:
        """The outcomes that the road leaves possible; no intake, no proofs, no decision."""
        evaluate = self.evaluators.lent()
        found = deliberate(case, NoPanel(), lambda _: None, self.engine.limits, evaluate)
        self.evaluators.returned(evaluate)
        return found.verdict.possible


class Replay:
    """The decisions of a log, executed again."""

    def __init__(self, log: LogReader) -> None:
        self.replayer = Replayer(log)

    def outcomes(self) -> Iterator[str]:
        """The outcome of each, or its status, as far as the bytes are the same; else what became of it."""
        for entry in self.replayer.log.decisions():
            found = self.replayer.replay(entry)
            yield str(entry.outcome) if found.status is ReplayStatus.IDENTICAL else found.status.value
