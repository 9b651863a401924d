"""The theorems of language.md §5.9 as checks of one case; what was checked is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import timedelta
from functools import cached_property, partial
from random import Random

from neurosym.decision.deliberation import Deliberation, deliberate
from neurosym.engine.compiled.evaluation import CompiledEvaluator
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.layout import Row
from neurosym.engine.model import Model
from neurosym.engine.reference import evaluate
from neurosym.engine.situation import Limits
from neurosym.engine.verdict import verdict
from neurosym.engine.working_memory import WorkingMemory
from neurosym.judgment.answer import Kind
from neurosym.text.failure import LimitError
from neurosym.values.unknown import Asked, Domain, OneOf, Question, Unknown
from neurosym.values.value import Fact, Reference, Value
from tests.generation.case import Case
from tests.generation.completion import Completion, Completions, Doubt, doubt_of, refined
from tests.generation.duty import open_questions
from tests.generation.normal import (
    conclusions_of_model,
    conclusions_of_oracle,
    conflicts,
    facts_of_model,
    facts_of_oracle,
    proofs_of_model,
    reasons_form,
)
from tests.generation.panel import ForgetfulPanel, Known
from tests.oracle import Oracle
from tests.oracle_world import TooLargeError

HALF = 0.5
SUFFICES: Mapping[str, tuple[Kind, ...]] = {
    "no judgment": (),
    "person": (Kind.PERSON, Kind.SUPPLIED),
    "calibrated": (Kind.PERSON, Kind.SUPPLIED, Kind.COMPUTED),
}
SMALL = Limits(looked_max=100_000)
STEPS = 3  # changes of a working memory


class Examination:
    """One case under examination. `tally` counts programs, completions and what became of them."""

    def __init__(self, case: Case, tally: Counter[str], completions_max: int) -> None:
        self.case, self.tally, self.completions_max = case, tally, completions_max
        self.oracle = Oracle(case.program, case.situation)
        self.burdened = Oracle(case.program, case.situation, self.oracle)
        self.outcomes, reasons = self.oracle.possible(case.decision, case.subject)
        self.listed = frozenset(filter(None, map(doubt_of, reasons)))
        tally["programs"] += 1
        tally["programs with S of one member"] += len(self.outcomes) == 1

    # --- the evaluators agree with the oracle

    def reference_is_oracle(self) -> None:
        """Facts, their reasons, conclusions, S and its reasons are the same, without burdens and with them."""
        self._same(self.model, self.oracle)
        self._same(self.burdened_model, self.burdened)

    @cached_property
    def model(self) -> Model:
        return evaluate(self.case.program, self.case.situation)

    @cached_property
    def burdened_model(self) -> Model:
        return evaluate(self.case.program, self.case.situation, prior=self.model)

    def compiled_is_reference(self) -> None:
        """The compiled evaluator gives an equal model, proofs included: alone, and after runs on another day and with
        fewer answers; with burdens, and with what conflicts in doubt.
        """
        case = self.case
        before = CompiledEvaluator(CompiledProgram(case.program))
        earlier = replace(case.unanswered, on=case.unanswered.on - timedelta(1))
        self._equal(before(earlier), evaluate(case.program, earlier))
        self._equal(before(case.unanswered), evaluate(case.program, case.unanswered))
        alone = CompiledEvaluator(CompiledProgram(case.program, followed_from=1))  # few programs have many rounds
        for compiled in (before, alone):
            model = compiled(case.situation)
            self._equal(model, self.model)
            self._equal(compiled(case.situation, prior=model), self.burdened_model)
        self._equal(before(case.unanswered), evaluate(case.program, case.unanswered))
        contested = frozenset(self.model.conflicts())
        if contested:
            self.tally["models with conflicts"] += 1
            found = alone(case.situation, contested=contested)
            self._equal(found, evaluate(case.program, case.situation, contested=contested))

    def session_is_evaluation(self) -> None:
        """However facts came and went, what follows from those held is what an evaluation of them gives, proofs and
        reasons included; so is what is decided over them with answers.
        """
        case = self.case
        memory, facts, held = WorkingMemory(CompiledProgram(case.program)), list(case.situation.facts), list[Fact]()
        dice = Random(len(facts))  # noqa: S311 - no secret
        for _ in range(STEPS):
            going = [fact for fact in held if dice.random() < HALF / 2]
            coming = [fact for fact in facts if fact not in held and dice.random() < HALF]
            held = [*(fact for fact in held if fact not in going), *coming]
            memory.change(_rows(memory, going), _rows(memory, coming), case.situation.incomplete)
            bare = replace(case.unanswered, facts=tuple(held), named=())
            self._equal(memory.state(bare.on).model, CompiledEvaluator(CompiledProgram(case.program))(bare))
        decided = memory.evaluator(case.situation.on)(replace(case.situation, facts=memory.facts))
        now = replace(case.situation, facts=tuple(held))
        self._equal(decided, CompiledEvaluator(CompiledProgram(case.program))(now))

    def _equal(self, mine: Model, reference: Model) -> None:
        equal(self.tally, self.case, mine, reference)

    def _same(self, model: Model, oracle: Oracle) -> None:
        assert facts_of_model(model) == facts_of_oracle(oracle)
        assert conclusions_of_model(model) == conclusions_of_oracle(oracle)
        found = verdict(model, self.case.decision, self.case.subject)
        outcomes, reasons = oracle.possible(self.case.decision, self.case.subject)
        assert set(found.possible) == outcomes
        assert reasons_form(found.reasons) == reasons_form(reasons)

    def burdens_only_shrink(self) -> None:
        """What must be proven and is not takes outcomes away and adds none."""
        assert self.burdened.possible(self.case.decision, self.case.subject)[0] <= self.outcomes

    # --- completions

    @cached_property
    def space(self) -> Completions:
        return Completions(self.oracle)

    def is_sound(self) -> None:
        """Every completion without conflict has an outcome of S, all that is certain, and nothing impossible."""
        self.tally["programs with every completion"] += self.space.count <= self.completions_max
        for completion in self.space.drawn(self.completions_max):
            self.tally["completions"] += 1
            self._refined(completion, lambda _: False)

    def is_monotone(self) -> None:
        """More answers or values only shrink S, keep what is certain, and make nothing possible."""
        dice = Random(self.space.count)  # noqa: S311 - no secret
        for completion in self.space.drawn(self.completions_max, seed=1):
            stays: dict[Doubt, bool] = {}
            self.tally["refinements"] += 1
            self._refined(completion, partial(_tossed, stays, dice))

    def is_thrifty(self) -> None:
        """Whatever becomes of all that is not among the reasons, S stays what it is."""
        if len(self.outcomes) == 1:
            return
        for completion in self.space.drawn(self.completions_max, seed=2):
            self.tally["changes of all that is unlisted"] += 1
            found = self._refined(completion, self.listed.__contains__)
            assert found is None or found == self.outcomes

    def _refined(self, completion: Completion, stays: Callable[[Doubt], bool]) -> AbstractSet[str] | None:
        """S of the refined situation, once it is no contradiction to the case; None when contents conflict."""
        situation, judged = refined(self.case.situation, completion, stays)
        try:
            oracle = Oracle(self.case.program, situation, judged=judged)
        except TooLargeError:
            self.tally["left out for size"] += 1
            return None
        if conflicts(oracle):
            self.tally["left out for a conflict"] += 1
            return None
        outcomes, _ = oracle.possible(self.case.decision, self.case.subject)
        assert outcomes <= self.outcomes
        assert certain(self.oracle) <= certain(oracle)
        for held in (each for of in oracle.held.values() for each in of if not each.fact.unnamed):
            assert any(may_be(each.fact, held.fact) for each in self.oracle.held[held.fact.type])
        return outcomes

    # --- the road of a decision

    def asks_with_reason(self) -> None:
        """Every question asked is, with what was known in its round, among the reasons of an S of several members, or
        keeps a duty open that the decision settles; and where the road ends, S is the oracle's and duties are settled.
        """
        case, panel = self.case, ForgetfulPanel(self.case)
        found = deliberate(case.decided, panel, lambda _: None, Limits(combinations_max=32))
        for question, known in panel.asked:
            self._is_relevant(question, self._with(known))
        last = self._with(panel.known)
        if case.decision.settle_duties:
            waiting = open_questions(last, case.subject) - panel.known.standings.keys()
            assert not waiting
        self._rests_on_what_it_needs(found, panel.known)
        if found.model.world.situation.answers != panel.known.answers:
            self._was_taken_away(found, panel.known)
            return
        if found.either_way is not None:
            self._holds_every_way(found, last)
            return
        outcomes, _ = last.possible(case.decision, case.subject)
        assert found.burdens == (len(outcomes) > 1)
        if found.burdens:
            last = Oracle(case.program, last.situation, last)
            outcomes, _ = last.possible(case.decision, case.subject)
        if not conflicts(last):
            assert set(found.verdict.possible) == outcomes

    def _is_relevant(self, question: Question, known: Oracle) -> None:
        """What is asked could change the outcome, or settle a duty where the decision says that duties are."""
        decision, subject = self.case.decision, self.case.subject
        outcomes, reasons = known.possible(decision, subject)
        asked = {reason.question for reason in reasons if isinstance(reason, Asked)} if len(outcomes) > 1 else set()
        self.tally["questions asked"] += 1
        if question not in asked:
            self.tally["questions asked for a duty"] += 1
            assert decision.settle_duties
            assert question in open_questions(known, subject)

    def _holds_every_way(self, found: Deliberation, last: Oracle) -> None:
        """What is decided either way is the outcome of every completion, and S alone did not decide it."""
        assert found.either_way is not None
        self.tally["decided either way"] += 1
        assert found.either_way.outcome in last.possible(self.case.decision, self.case.subject)[0]
        if found.burdens:
            return
        assert len(last.possible(self.case.decision, self.case.subject)[0]) > 1
        assert all(each == {found.either_way.outcome} for each in self._every_way(last))

    def _every_way(self, last: Oracle) -> Iterator[AbstractSet[str]]:
        """S of completions without conflict."""
        for completion in Completions(last).drawn(self.completions_max, seed=3):
            situation, judged = refined(last.situation, completion, lambda _: False)
            try:
                oracle = Oracle(self.case.program, situation, judged=judged)
            except TooLargeError:
                continue
            if not conflicts(oracle):
                outcomes, _ = oracle.possible(self.case.decision, self.case.subject)
                yield outcomes

    def _rests_on_what_it_needs(self, found: Deliberation, known: Known) -> None:
        """What is decided follows from the answers that suffice for it alone (language §3, `needs`)."""
        for need in self.case.decision.needs:
            if found.verdict.outcome != need.outcome:
                continue
            self.tally["outcomes with a need"] += 1
            oracle, outcomes = self._end(_sufficing(need.kind, found, known), burdens=found.burdens)
            if outcomes != {need.outcome} and not conflicts(oracle) and not found.burdens:
                assert all(each == {need.outcome} for each in self._every_way(oracle))

    def _was_taken_away(self, found: Deliberation, known: Known) -> None:
        """An outcome did not stand without the answers that do not suffice for it; S is that of the others."""
        self.tally["outcomes taken away"] += 1
        left = found.model.world.situation.answers
        needs = {
            need.outcome for need in self.case.decision.needs if _sufficing(need.kind, found, known).answers == left
        }
        _, before = self._end(known, burdens=found.burdens)
        assert needs & before
        oracle, outcomes = self._end(Known(left, known.standings), burdens=found.burdens)
        if not conflicts(oracle):
            assert set(found.verdict.possible) == outcomes

    def _end(self, known: Known, *, burdens: bool) -> tuple[Oracle, AbstractSet[str]]:
        """What follows from what is known, with burdens where they were looked at."""
        oracle = self._with(known)
        outcomes, _ = oracle.possible(self.case.decision, self.case.subject)
        if burdens and len(outcomes) > 1:
            oracle = Oracle(self.case.program, oracle.situation, oracle)
            outcomes, _ = oracle.possible(self.case.decision, self.case.subject)
        return oracle, outcomes

    def _with(self, known: Known) -> Oracle:
        situation = replace(self.case.unanswered, answers=known.answers, standings=known.standings)
        return Oracle(self.case.program, situation)


def compared(tally: Counter[str], case: Case) -> None:
    """The compiled evaluator gives the reference evaluator's model, without burdens and with them. What has more
    bindings than `SMALL` allows is left out.
    """
    compiled = CompiledEvaluator(CompiledProgram(case.program, followed_from=1))
    try:
        mine, reference = compiled(case.situation, SMALL), evaluate(case.program, case.situation, SMALL)
        equal(tally, case, mine, reference)
        burdened = evaluate(case.program, case.situation, SMALL, prior=reference)
        equal(tally, case, compiled(case.situation, SMALL, prior=mine), burdened)
        tally["programs"] += 1
    except LimitError:
        tally["left out for size"] += 1


def equal(tally: Counter[str], case: Case, mine: Model, reference: Model) -> None:
    """Two models have the same facts, conclusions, conflicts, proofs, possible outcomes and reasons."""
    tally["models compared with the reference"] += 1
    decision, subject = case.decision, case.subject
    assert facts_of_model(mine) == facts_of_model(reference)
    assert conclusions_of_model(mine) == conclusions_of_model(reference)
    assert mine.conflicts() == reference.conflicts()
    assert mine.concluding == reference.concluding
    assert proofs_of_model(mine, decision, subject) == proofs_of_model(reference, decision, subject)
    found, wanted = verdict(mine, decision, subject), verdict(reference, decision, subject)
    assert found.possible == wanted.possible
    assert found.status == wanted.status
    assert reasons_form(found.reasons) == reasons_form(wanted.reasons)


def _sufficing(need: str, found: Deliberation, known: Known) -> Known:
    """What is known without the answers that do not suffice for the need."""
    strong = {each: of.answer for each, of in found.matters.items() if of.answer and of.answer.kind in SUFFICES[need]}
    return Known({each: value for each, value in known.answers.items() if each in strong}, known.standings)


def _rows(memory: WorkingMemory, facts: list[Fact]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for fact in facts:
        found.setdefault(fact.type, []).append(memory.layouts[fact.type].row(fact))
    return found


def _tossed(stays: dict[Doubt, bool], dice: Random, doubt: Doubt) -> bool:
    return stays.setdefault(doubt, dice.random() < HALF)


def certain(oracle: Oracle) -> set[Reference]:
    """The facts that are certain."""
    return {held.fact.reference for of in oracle.held.values() for held in of if held.certain}


def may_be(doubtful: Fact, fact: Fact) -> bool:
    """Whether a held fact, or the unnamed one, allows for another with these contents."""
    if doubtful.unnamed:
        return fact.key not in doubtful.found
    if doubtful.key != fact.key:
        return False
    return all(_within(fact.fields[name], value) for name, value in doubtful.fields.items())


def _within(value: Value, allowed: Value) -> bool:
    if isinstance(value, tuple) and isinstance(allowed, tuple) and len(value) == len(allowed):
        return all(map(_within, value, allowed))
    if not isinstance(allowed, Unknown):
        return value == allowed
    return isinstance(value, Unknown) or _is_in(value, allowed.domain)


def _is_in(value: Value, domain: Domain) -> bool:
    match domain:
        case OneOf(values):
            return value in values
        case _:
            low, high = getattr(domain, "low", None), getattr(domain, "high", None)
            return (low is None or low <= value) and (high is None or value <= high)
