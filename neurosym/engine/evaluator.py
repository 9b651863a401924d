"""The two evaluators behind one call: the reference evaluator says what a program means, the compiled one is fast."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from neurosym.engine import reference
from neurosym.engine.compiled.evaluation import CompiledEvaluator
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.state import State
from neurosym.engine.model import Model
from neurosym.engine.situation import LIMITS, Limits, Situation
from neurosym.engine.working_memory import WorkingMemory
from neurosym.program.program import Program
from neurosym.values.temporal import Date
from neurosym.values.value import Reference


class Evaluate(Protocol):
    """Evaluates one program in one situation after another."""

    def __call__(
        self,
        situation: Situation,
        limits: Limits = LIMITS,
        prior: Model | None = None,
        contested: frozenset[Reference] = frozenset(),
    ) -> Model:
        """The model; `reference.evaluate` tells what the arguments mean. LimitError when a bound is reached."""
        ...


def reference_evaluator(program: Program) -> Evaluate:
    """The evaluator that defines what the program means."""
    return partial(reference.evaluate, program)


def compiled_evaluator(program: Program) -> Evaluate:
    """The fast one, for a program that is evaluated in few situations; see `CompiledProgram` for many."""
    return CompiledEvaluator(CompiledProgram(program))


class Evaluators:
    """Evaluators of one program, one for each decision at work; each starts with what the last one found. Any number of
    threads may use it: what is shared is replaced as a whole.
    """

    def __init__(self, program: Program, *, is_reference: bool = False) -> None:
        self.program = program
        self.is_reference = is_reference
        self.compiled = CompiledProgram(program)
        self._before: Mapping[bool, State] = {}

    def lent(self) -> Evaluate:
        """An evaluator for one decision."""
        if self.is_reference:
            return reference_evaluator(self.program)
        return CompiledEvaluator(self.compiled, self._before)

    def over(self, memory: WorkingMemory, on: Date) -> Evaluate:
        """An evaluator of situations over the facts of a working memory, by the law of a day."""
        return reference_evaluator(self.program) if self.is_reference else memory.evaluator(on)

    def returned(self, evaluator: Evaluate) -> None:
        """Let the next decision start from what this one found."""
        if isinstance(evaluator, CompiledEvaluator):
            self._before = evaluator.before
