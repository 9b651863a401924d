"""From the text of rule files to the author's tree."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from lark import Lark

from neurosym.check.tree import Declaration, RulesFile
from neurosym.feel.builder import ExpressionBuilder
from neurosym.feel.lexeme import Lexeme, Reading
from neurosym.feel.lexer import lexemes
from neurosym.feel.parser import build_parser, ranked, tree_of
from neurosym.feel.slip import report_hidden_characters
from neurosym.feel.syntax import too_large
from neurosym.lang.fact_builder import FactBuilder, SharedBuilder, TypeBuilder
from neurosym.lang.judgment_builder import JudgmentBuilder
from neurosym.lang.rule_builder import DecisionBuilder, RuleBuilder
from neurosym.lang.scenario_builder import ScenarioBuilder
from neurosym.lang.section import sections
from neurosym.text.diagnostic import Report
from neurosym.text.span import Source

FILE_CHARS_MAX = 4 * 1024 * 1024
START = "rules_file"


@cache
def rules_parser() -> Lark:
    """The parser of rule files, built once."""
    return build_parser(
        ["rules.lark", "feel.lark"],
        [START],
        ExpressionBuilder(),
        SharedBuilder(),
        FactBuilder(),
        TypeBuilder(),
        RuleBuilder(),
        DecisionBuilder(),
        JudgmentBuilder(),
        ScenarioBuilder(),
    )


def parse(sources: Sequence[Source], report: Report) -> tuple[RulesFile, ...]:
    """The declarations of each source, in the order given; a source with problems is left out and they are reported.

    Errors: NS100 to NS121, at most one for a declaration whose parts do not fit together, and all of the others.
    """
    files: list[RulesFile] = []
    for source in sources:
        reading = Reading(source)
        declarations = _declarations(reading)
        report.extend(ranked(reading))
        if not reading.problems:
            files.append(RulesFile(source, declarations))
    return tuple(files)


def _declarations(reading: Reading) -> tuple[Declaration, ...]:
    """What the text declares; nothing when problems went to the reading."""
    text = reading.source.text
    if len(text) > FILE_CHARS_MAX:
        reading.add(too_large(reading.source, FILE_CHARS_MAX, "characters"))
        return ()
    report_hidden_characters(reading)
    if reading.problems:
        return ()
    found = lexemes(reading)
    known = len(reading.problems)
    declarations: tuple[Declaration, ...] | None = tree_of(rules_parser(), START, found, reading, len(text))
    if declarations is None:
        whole = reading.problems[known:]
        del reading.problems[known:]
        _parse_one_by_one(found, reading)
        # A problem is never lost, should every declaration be well by itself.
        reading.problems += whole if len(reading.problems) == known else []
    return declarations or ()


def _parse_one_by_one(found: Sequence[Lexeme], reading: Reading) -> None:
    for section in sections(found):
        if section and not reading.is_full:
            tree_of(rules_parser(), START, section, reading, section[-1].end)
