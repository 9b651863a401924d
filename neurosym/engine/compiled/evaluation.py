"""The compiled evaluator: certain facts by generated code, semi-naive; whatever is in doubt by the general evaluator.

A round sees what the round before left, as in the reference evaluator, so that heights and least derivations agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from neurosym.engine.compiled.firing import CompiledFiring
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.state import State
from neurosym.engine.compiled.stratum import StratumRun
from neurosym.engine.extension import Entry
from neurosym.engine.model import Model
from neurosym.engine.reference import conflict_reason, in_full
from neurosym.engine.situation import LIMITS, Limits, Situation
from neurosym.program.rule import Stratum
from neurosym.values.value import Reference


class CompiledEvaluator:
    """Evaluates a program, one situation after another; what a run has in common with the run before is kept."""

    def __init__(self, compiled: CompiledProgram, before: Mapping[bool, State] | None = None) -> None:
        """With `before` of another evaluator of the program, what it kept: a finished state never changes."""
        self.compiled = compiled
        self._before = before or {}

    @property
    def before(self) -> Mapping[bool, State]:
        """The last run without burdens, and the last one with them."""
        return self._before

    def __call__(
        self,
        situation: Situation,
        limits: Limits = LIMITS,
        prior: Model | None = None,
        contested: frozenset[Reference] = frozenset(),
    ) -> Model:
        """The model of the program in a situation; `reference.evaluate` says what it means, and gives an equal one."""
        burdens = prior is not None
        previous = self._before.get(burdens) or self._before.get(not burdens)
        resolve = partial(in_full, prior)
        state = State(self.compiled, situation, resolve, burdens=burdens, previous=previous, limits=limits)
        count = 0
        for stratum in self.compiled.program.strata:
            if previous is not None and not contested and is_reusable(state, previous, stratum):
                state.adopt(previous, stratum.types)
                count += sum(len(state.view(name)) for name in stratum.types)
                continue
            count = StratumRun(state, stratum, limits, count).finish()
            for reference in sorted(contested, key=str):
                if reference.type in stratum.types:
                    _contest(state, reference)
        if not contested:
            self._before = {**self._before, burdens: state}
        return Model(CompiledFiring(state))


def is_reusable(state: State, previous: State, stratum: Stratum) -> bool:
    """True when the stratum has the same facts as in the run before: all that it reads is the same."""
    if not state.has_same_law(previous):
        return False
    needs = state.compiled.needs(stratum.types)
    if needs.has_burden and (state.burdens or previous.burdens):
        return False
    if any(state.table(name) is not previous.table(name) for name in needs.types - set(stratum.types)):
        return False
    return all(state.asked(name) == previous.asked(name) for name in needs.judgments)


def _contest(state: State, reference: Reference) -> None:
    """Let the contents of a key be possible only, because they conflict."""
    view, table = state.view(reference.type), state.table(reference.type)
    for entry in list(view.contents(reference.key)):
        reasons = entry.reasons | {conflict_reason(reference)}
        if entry.is_certain:
            doubtful = Entry(entry.fact, is_certain=False, reasons=reasons, derived=entry.derivation)
            table.contest(table.layout.row(entry.fact), doubtful)
        else:
            entry.reasons = reasons
