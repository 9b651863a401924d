"""Short names for what tests of the parser write and expect."""

from __future__ import annotations

from pathlib import Path

from neurosym.check.tree import Declaration, NamedType, TypeWords
from neurosym.feel.parser import parse_expression, parse_unary_tests
from neurosym.feel.tree import Argument, Expr, Test, Variable, Word
from neurosym.lang.parsing import parse
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.span import NOWHERE, Source, Span

EXAMPLE = (Path(__file__).parent / "sanctions_example.rules").read_text(encoding="utf-8")


def word(text: str) -> Word:
    return Word(text, NOWHERE)


def words(*texts: str) -> tuple[Word, ...]:
    return tuple(map(word, texts))


def expr(text: str) -> Expr:
    found = parse_expression(text, None, Report())
    assert found is not None
    return found


def unary(text: str) -> tuple[Test, ...]:
    found = parse_unary_tests(text, None, Report())
    assert found is not None
    return found


def arguments(**values: str) -> tuple[Argument, ...]:
    return tuple(Argument(word(name), expr(value)) for name, value in values.items())


def variables(**types: str) -> tuple[Variable, ...]:
    return tuple(Variable(word(name), word(kind)) for name, kind in types.items())


def named(name: str, *, nullable: bool = False, constraint: str = "") -> TypeWords:
    return TypeWords(NamedType(word(name)), nullable, unary(constraint) if constraint else (), NOWHERE)


def declarations(text: str) -> tuple[Declaration, ...]:
    files = parse([Source("x.rules", text)], report := Report())
    assert not report.diagnostics
    [file] = files
    return file.declarations


def declared(text: str) -> Declaration:
    [declaration] = declarations(text)
    return declaration


def problems(text: str) -> list[Diagnostic]:
    files = parse([Source("x.rules", text)], report := Report())
    assert bool(files) != bool(report.diagnostics)
    return report.diagnostics


def place(found: Diagnostic) -> Span:
    assert found.primary is not None
    assert isinstance(found.primary.place, Span)
    return found.primary.place
