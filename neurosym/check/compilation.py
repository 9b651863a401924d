"""Declarations -> checked program: one noun a stage, one barrier a pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from neurosym.check import problems, tree
from neurosym.check.answer_grammars import AnswerGrammars
from neurosym.check.decisions import decisions
from neurosym.check.declared import Declared, gather
from neurosym.check.definitions import define
from neurosym.check.exceptions import check_targets, check_versions, check_ways
from neurosym.check.extent import Extent, check_extents
from neurosym.check.growth import Reader
from neurosym.check.judgments import judgments
from neurosym.check.lint import lint
from neurosym.check.mapping import check_mapping
from neurosym.check.parameters import parameters
from neurosym.check.possibility import AnyWorld
from neurosym.check.rules import exceptions, period_of, rules
from neurosym.check.scenarios import ScenarioChecker
from neurosym.check.schema import check_keys, duty_types, fact_types
from neurosym.check.strata import Layering, by_id, everything_above
from neurosym.check.symbols import symbols_of
from neurosym.program.program import Program
from neurosym.program.rule import Provision, RuleException
from neurosym.program.scenario import Scenario
from neurosym.program.vocabulary import Vocabulary
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.span import NOWHERE, Source, Span


@dataclass(frozen=True, slots=True)
class Checked:
    """A program, the scenarios that test it, and findings that did not stop it."""

    program: Program
    scenarios: tuple[Scenario, ...]
    warnings: tuple[Diagnostic, ...]


def check_files(
    files: Sequence[tree.RulesFile], vocabulary: Vocabulary, report: Report, grammars: Sequence[Source] = ()
) -> Checked:
    """The checked program of the files, or RulesetError with every problem of the pass that failed."""
    declared = gather(files, report)
    header = _header(declared, files, report)
    prefixes = {each.name.text: each.iri.text for each in header.prefixes}
    types = fact_types(declared, prefixes, report)
    duties = duty_types(declared, report)
    check_keys(types, report)
    report.stop_on_errors()
    symbols = symbols_of(declared, types, duties, report, AnswerGrammars(grammars, report))
    report.stop_on_errors()
    scope, definitions = define(declared.definitions, symbols, report)
    symbols = replace(symbols, scope=scope)
    if not check_ways(declared.exceptions, declared.rules, report):
        report.stop_on_errors()
    found_rules = rules(declared.rules, symbols, report)
    found_exceptions = exceptions(declared.exceptions, declared.rules, symbols, report)
    check_targets(found_rules, found_exceptions, declared.exceptions, report)
    check_versions((*found_rules, *found_exceptions), report)
    check_mapping(types, vocabulary, report)
    program = Program(
        header.name.text,
        header.label,
        header.version.text if header.version else "",
        tuple(cite.text for cite in header.cites),
        period_of(header.effective, report),
        types,
        duties,
        parameters(declared.parameters, scope.parameters, report),
        definitions,
        judgments(declared.judgments, symbols, report),
        decisions(declared.decisions, symbols, report),
        found_rules,
        found_exceptions,
        (),
        vocabulary.digests,
    )
    provisions = {each.id for each in found_rules} | {each.id for each in found_exceptions}
    checker = ScenarioChecker(symbols, provisions, report)
    scenarios = tuple(checker.scenario(each) for each in declared.scenarios)
    report.stop_on_errors()
    extents = check_extents(program, report)
    report.stop_on_errors()
    _check_possible(program, extents, report)
    layering = Layering(types, found_rules, found_exceptions, Reader(types, definitions))
    program = replace(program, strata=layering.strata(report))
    report.stop_on_errors()
    lint(program, report)
    return Checked(program, scenarios, report.warnings)


def _check_possible(program: Program, extents: Mapping[str, Extent], report: Report) -> None:
    """Report the conditions that are false whatever the facts."""
    world = AnyWorld(program.fact_types, program.parameters, program.definitions, program.judgments, extents)
    for rule in program.rules:
        condition = rule.join.condition
        if condition is not None and not world.can_hold(condition, dict(rule.join.variables)):
            with report.citing(rule.cites):
                report.add(problems.never_holds(condition.span))
    versions = by_id((*program.rules, *program.exceptions))
    for exception in program.exceptions:
        condition = exception.join.condition
        if condition is not None and not world.can_hold(condition, _in_sight(versions, exception)):
            with report.citing(exception.cites):
                report.add(problems.never_holds(condition.span))


def _in_sight(versions: Mapping[str, Sequence[Provision]], exception: RuleException) -> dict[str, str]:
    """The variables that an exception sees: its own, and those of everything that it belongs to."""
    found: dict[str, str] = dict(exception.join.variables)
    for above in everything_above(exception, versions):
        found = {**dict(above.join.variables), **found}
    return found


def _header(declared: Declared, files: Sequence[tree.RulesFile], report: Report) -> tree.RulesetDeclaration:
    """The one full ruleset block; the other files repeat its name."""
    if not declared.rulesets:
        start = Span(files[0].source, 0, 1) if files else NOWHERE
        report.add(problems.no_ruleset(start))
        report.stop_on_errors()
    first = max(declared.rulesets, key=_fullness)
    for other in declared.rulesets:
        if other.name.text != first.name.text:
            report.add(problems.other_ruleset(other.name.text, first.name.text, other.name.span))
    return first


def _fullness(header: tree.RulesetDeclaration) -> int:
    return sum(bool(part) for part in (header.label, header.version, header.cites, header.effective, header.prefixes))
