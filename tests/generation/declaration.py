"""Neighbours among declarations: what rules, exceptions, judgments and decisions have directly below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from neurosym.feel.typed import Definition, DefinitionCall
from neurosym.feel.types import Basic, Nullable
from neurosym.feel.walk import descendants
from neurosym.program.judgment import Judgment
from neurosym.program.period import ALWAYS
from neurosym.program.program import Decision, Program
from neurosym.program.rule import ConcludeDuty, ConcludeFact, ConcludeOutcome, Conclusion, Provision, RuleException
from neurosym.program.schema import FactType, Field
from tests.generation.construct import kind_of

Pair = tuple[str, str]
PROVISIONS = ("rule", "rule of a cycle", "exception", "exception to an exception", "exception with a burden")
BELOW_ANY = (
    "input type",
    "derived type",
    "type of a cycle",
    "fact",
    "fact with a value",
    "outcome",
    "duty",
    "several conclusions",
    "effective period",
    "versions",
    "exception",
    "exception to a conclusion",
    "exception with a burden",
    "no condition",
)
BELOW_EXCEPTION = ("no conclusion", "no variable", "several targets", "one conclusion as target", "fact of a cycle")
BELOW_CYCLE = ("fact of a cycle",)
FIELD_KINDS = (
    *("number", "text", "boolean", "date", "time", "datetime"),
    *("duration", "months", "fact", "list", "record"),
)
KEY_KINDS = ("number", "text", "date", "time", "datetime", "fact")
BELOW_FIELD = ("input type", "derived type", "optional", "or null")
NEVER = frozenset(
    {("rule of a cycle", "fact"), ("rule of a cycle", "fact with a value")}
    | {("rule of a cycle", "outcome"), ("rule of a cycle", "duty"), ("rule of a cycle", "several conclusions")}
)


def allowed_declarations() -> frozenset[Pair]:
    """The neighbours that the language allows and the generator is to draw."""
    found = {(each, below) for each in PROVISIONS for below in BELOW_ANY}
    found |= {(each, below) for each in PROVISIONS if "exception" in each for below in BELOW_EXCEPTION}
    found |= {("rule of a cycle", below) for below in BELOW_CYCLE}
    found |= {("decision", below) for below in ("ordered", "unordered", "two subjects", "settle duties")}
    found |= {("decision", f"needs {each}") for each in ("calibrated", "person", "no judgment")}
    found.add(("ruleset", "effective period"))
    found |= {("judgment", below) for below in ("choice", "yes or no", "two arguments", "reads", "evidence", "check")}
    found |= {("definition", below) for below in ("two arguments", "definition")}
    found |= {("parameter", kind) for kind in FIELD_KINDS if kind not in ("fact", "list", "record")}
    found |= {(f"{kind} field", below) for kind in FIELD_KINDS for below in BELOW_FIELD}
    found |= {(f"{kind} field", "key") for kind in KEY_KINDS}
    return frozenset(found - NEVER)


def declaration_pairs(program: Program) -> Iterator[Pair]:
    """Every declaration with each thing directly below it."""
    provisions: tuple[Provision, ...] = (*program.rules, *program.exceptions)
    versions = Counter(each.id for each in provisions)
    for of in provisions:
        below = chain(
            _bound(program, of),
            _concluded(program, of),
            _form(of, versions),
            _excepted(program, of),
        )
        yield from ((name, each) for each in below for name in _names(program, of))
    yield from (("decision", below) for each in program.decisions.values() for below in _of_decision(each))
    yield from (("judgment", below) for each in program.judgments.values() for below in _of_judgment(each))
    yield from (("definition", below) for each in program.definitions.values() for below in _of_definition(each))
    yield from (("parameter", kind_of(each.type)) for each in program.parameters.values())
    if program.period != ALWAYS:
        yield "ruleset", "effective period"
    for type_ in program.fact_types.values():
        yield from ((f"{kind_of(each.type)} field", below) for each in type_.fields for below in _of_field(type_, each))


def _cyclic(program: Program) -> set[str]:
    return {name for stratum in program.strata if stratum.is_recursive for name in stratum.types}


def _names(program: Program, of: Provision) -> Iterator[str]:
    if not isinstance(of, RuleException):
        is_cyclic = any(isinstance(each, ConcludeFact) and each.type in _cyclic(program) for each in of.conclusions)
        yield "rule of a cycle" if is_cyclic else "rule"
        return
    above = {target.of for target in of.targets}
    yield "exception to an exception" if above & {each.id for each in program.exceptions} else "exception"
    if of.must_be_proven:
        yield "exception with a burden"


def _bound(program: Program, of: Provision) -> Iterator[str]:
    for _, name in of.join.variables:
        if name in _cyclic(program):
            yield "type of a cycle"
        yield "derived type" if program.fact_types[name].is_derived else "input type"
    if not of.join.variables:
        yield "no variable"


def _concluded(program: Program, of: Provision) -> Iterator[str]:
    yield from (_conclusion(program, each) for each in of.conclusions)
    if len(of.conclusions) != 1:
        yield "several conclusions" if of.conclusions else "no conclusion"


def _conclusion(program: Program, of: Conclusion) -> str:
    match of:
        case ConcludeOutcome():
            return "outcome"
        case ConcludeDuty():
            return "duty"
        case ConcludeFact(name):
            if name in _cyclic(program):
                return "fact of a cycle"
            keys = program.fact_types[name].key_fields
            return "fact" if len(keys) == len(program.fact_types[name].fields) else "fact with a value"


def _form(of: Provision, versions: Counter[str]) -> Iterator[str]:
    if of.period != ALWAYS:
        yield "effective period"
    if versions[of.id] > 1:
        yield "versions"
    if of.join.condition is None:
        yield "no condition"
    if isinstance(of, RuleException):
        if len(of.targets) > 1:
            yield "several targets"
        if any(target.conclusion for target in of.targets):
            yield "one conclusion as target"


def _excepted(program: Program, of: Provision) -> Iterator[str]:
    for each in program.exceptions:
        for target in each.targets:
            if target.of == of.id:
                yield "exception to a conclusion" if target.conclusion else "exception"
                if each.must_be_proven:
                    yield "exception with a burden"


def _of_decision(of: Decision) -> Iterator[str]:
    yield "ordered" if of.is_ordered else "unordered"
    if len(of.parameters) > 1:
        yield "two subjects"
    yield from (f"needs {each.kind}" for each in of.needs)
    if of.settle_duties:
        yield "settle duties"


def _of_judgment(of: Judgment) -> Iterator[str]:
    yield "yes or no" if of.returns is Basic.BOOLEAN else "choice"
    if len(of.parameters) > 1:
        yield "two arguments"
    yield "reads"
    if of.evidence:
        yield "evidence"
    if of.checks:
        yield "check"


def _of_definition(of: Definition) -> Iterator[str]:
    if len(of.parameters) > 1:
        yield "two arguments"
    if any(isinstance(each, DefinitionCall) for each in descendants(of.body)):
        yield "definition"


def _of_field(type_: FactType, of: Field) -> Iterator[str]:
    yield "derived type" if type_.is_derived else "input type"
    if of.is_key:
        yield "key"
    if of.is_optional:
        yield "optional"
    if isinstance(of.type, Nullable):
        yield "or null"
