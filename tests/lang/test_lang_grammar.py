"""The grammar and the reference beside it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from lark import GrammarError, Lark

from neurosym.feel.lexer import SoftLexer
from neurosym.lang.parsing import rules_parser
from neurosym.text.shipped import shipped_path
from tests.lang.reading import EXAMPLE, declarations

GRAMMAR = "\n".join(shipped_path("grammars", name).read_text(encoding="utf-8") for name in ("rules.lark", "feel.lark"))


def strict(grammar: str) -> Lark:
    return Lark(grammar, parser="lalr", lexer=SoftLexer, strict=True, start="rules_file")


def test_the_grammar_has_no_conflict() -> None:
    strict(GRAMMAR)


def test_strictness_finds_a_conflict() -> None:
    with pytest.raises(GrammarError):
        strict(GRAMMAR.replace("member: LABEL value_type_of_member", "member: LABEL value_type_of_member member*"))
    with pytest.raises(GrammarError):
        strict(GRAMMAR.replace('| "list" "of" plain_type ', '| "list" "of" argument_type '))


def test_no_keyword_takes_the_name_of_a_terminal_without_fixed_text() -> None:
    declared = {"NAME", "LABEL", "TEXT", "NUMBER", "DATE", "AT_LITERAL", "FUNCTION_NAME", "IN_OPEN", "QNAME"}
    assert declared.isdisjoint(terminal.name for terminal in rules_parser().terminals)


def test_every_production_has_a_builder() -> None:
    parser = rules_parser()
    for rule in parser.rules:
        is_inlined = rule.origin.name.startswith("_") or (rule.options.expand1 and len(rule.expansion) == 1)
        if rule.alias or not is_inlined:
            assert hasattr(parser.options.transformer, rule.alias or rule.origin.name), rule


def test_the_example_of_the_language_parses() -> None:
    kinds = [type(each).__name__.removesuffix("Declaration") for each in declarations(EXAMPLE)]
    assert kinds == [
        "Ruleset",
        *["Fact"] * 10,
        "Parameter",
        "Define",
        *["Rule"] * 5,
        *["Exception"] * 2,
        "Decision",
        "Judgment",
        "Rule",
        "Scenario",
    ]


def test_every_block_of_the_reference_parses() -> None:
    blocks = re.findall(r"```\n(.*?)```", shipped_path("grammars", "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 8
    for block in blocks:
        assert block.startswith("start: ") or declarations(block)  # the reference of grammars has one of its own


def test_importing_the_package_builds_no_parser() -> None:
    code = (
        "import neurosym.lang, neurosym.lang.parsing, neurosym.feel.parser as feel\n"
        "assert not feel.expression_parser.cache_info().currsize\n"
        "assert not neurosym.lang.parsing.rules_parser.cache_info().currsize"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
