"""What generated cases have: constructs, neighbours in the checked program, and what their facts made of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from neurosym.feel.typed import TypedExpr
from neurosym.program.program import Program
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome, Provision, RuleException
from tests.generation.allowed import allowed
from tests.generation.case import Case
from tests.generation.construct import Child, construct, nodes
from tests.generation.declaration import allowed_declarations, declaration_pairs
from tests.generation.happening import allowed_happenings, happenings

Pair = tuple[str, str]


def roots(program: Program) -> Iterator[Child]:
    """The expressions that begin in rules, exceptions and definitions, each with the place where it begins."""
    cyclic = {name for stratum in program.strata if stratum.is_recursive for name in stratum.types}
    for definition in program.definitions.values():
        yield Child("body of a definition", definition.body)
    provisions: tuple[Provision, ...] = (*program.rules, *program.exceptions)
    for provision in provisions:
        if provision.join.condition is not None:
            yield Child(_when(provision, cyclic), provision.join.condition)
        yield from _concluding(program, provision)


def _when(of: Provision, cyclic: set[str]) -> str:
    if isinstance(of, RuleException):
        return "proven when" if of.must_be_proven else "exception when"
    is_cyclic = any(isinstance(each, ConcludeFact) and each.type in cyclic for each in of.conclusions)
    return "cycle when" if is_cyclic else "rule when"


def _concluding(program: Program, of: Provision) -> Iterator[Child]:
    for each in of.conclusions:
        match each:
            case ConcludeFact():
                declared = program.fact_types[each.type].by_name
                yield from (Child("key" if declared[name].is_key else "value", value) for name, value in each.fields)
            case ConcludeOutcome():
                yield from (Child("subject", value) for _, value in each.subject)
                parts = each.because.parts if each.because is not None else ()
                yield from (Child("because", part) for part in parts if not isinstance(part, str))
            case ConcludeDuty():
                yield from (Child("field of a duty", value) for _, value in each.fields)
                yield from (Child(place, value) for place, value in _clauses(each) if value is not None)


def _clauses(of: ConcludeDuty) -> tuple[tuple[str, TypedExpr | None], ...]:
    return ("owed by", of.owed_by), ("due", of.due)


def pairs(program: Program) -> Counter[Pair]:
    """Every pair of a place and the construct that stands in it."""
    return Counter((each.place, construct(each.node)) for root in roots(program) for each in nodes(root))


@dataclass
class Coverage:
    """What the cases had so far: in how many of them, and how often."""

    cases: int = 0
    having: Counter[Pair] = field(default_factory=Counter)
    uses: Counter[Pair] = field(default_factory=Counter)
    declared: Counter[Pair] = field(default_factory=Counter)
    happened: Counter[Pair] = field(default_factory=Counter)

    def add(self, case: Case, *, with_model: bool = True) -> None:
        """Count one more case; what its facts make of it only with its model."""
        found = pairs(case.program)
        self.cases += 1
        self.uses.update(found)
        self.having.update(found.keys())
        self.declared.update(set(declaration_pairs(case.program)))
        if with_model:
            self.happened.update(set(happenings(case)))

    @property
    def missing(self) -> dict[str, list[Pair]]:
        """The pairs that may occur and did in no case, by what they are pairs of."""
        return {title: sorted(pairs_ - found.keys()) for title, pairs_, found in self._kinds()}

    @property
    def unforeseen(self) -> list[Pair]:
        """The pairs that some case had and that nobody thought to be allowed."""
        return sorted({pair for _, pairs_, found in self._kinds() for pair in found.keys() - pairs_})

    def _kinds(self) -> Iterator[tuple[str, frozenset[Pair], Counter[Pair]]]:
        yield "expressions", allowed(), self.uses
        yield "declarations", allowed_declarations(), self.declared
        yield "doubts and ends", allowed_happenings(), self.happened

    def report(self) -> str:
        """Tables: constructs, neighbouring declarations, what happened; the pairs that are missing."""
        constructs, lines = Counter[str](), list[str]()
        for (_, name), count in self.uses.items():
            constructs[name] += count
        missing = self.missing
        for title, pairs_, _ in self._kinds():
            seen = len(pairs_) - len(missing[title])
            lines.append(f"{title}: {seen} of {len(pairs_)} pairs occurred in {self.cases} cases")
        return "\n".join(
            [
                *_table("construct", "uses", constructs),
                *_table("neighbouring declarations", "cases", _named(self.declared)),
                *_table("doubts and ends", "cases", _named(self.happened)),
                *lines,
                *(f"never: {place} > {name}" for title in missing for place, name in missing[title]),
                *(f"unforeseen: {place} > {name}" for place, name in self.unforeseen),
            ]
        )


def covered(cases: Iterable[Case], *, with_model: bool = True) -> Coverage:
    """What the cases have."""
    found = Coverage()
    for case in cases:
        found.add(case, with_model=with_model)
    return found


def _named(found: Mapping[Pair, int]) -> dict[str, int]:
    return {f"{first} > {second}": count for (first, second), count in found.items()}


def _table(title: str, counted: str, found: Mapping[str, int]) -> list[str]:
    return [f"{title:64}{counted:>8}", *(f"{name:64}{found[name]:8}" for name in sorted(found)), ""]
