"""What judgments return: the answers that a question allows."""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from neurosym.check import problems, tree
from neurosym.check.answer_grammars import AnswerGrammars, record_type, reserved_members
from neurosym.check.types import resolve_type
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Nullable, RangeOf, RecordOf, Type
from neurosym.program.judgment import Parsed, Returns, Score, has_text
from neurosym.text.diagnostic import Report

SCORES_MAX = 101  # such as 0..100


def returns_of(
    declaration: tree.JudgmentDeclaration, fact_types: Collection[str], report: Report, grammars: AnswerGrammars
) -> Returns:
    """What the judgment returns. NS608 no score, NS609 a member that no answer can have, NS616 a text that nothing
    could show to be in the material, NS643 a grammar that is not there.
    """
    returns = declaration.returns
    match returns:
        case tree.ReturnsYesNo():
            return Basic.BOOLEAN
        case tree.ReturnsChoice():
            return Choice(tuple(value.text for value in returns.values))
        case tree.ReturnsScore():
            return _score(returns, report)
        case tree.ReturnsRecord():
            return _record(returns, fact_types, report, has_evidence=bool(declaration.evidence))
        case tree.ReturnsMatching():
            return _matching(returns, report, grammars, has_evidence=bool(declaration.evidence))
        case _:
            assert_never(returns)


def _matching(
    returns: tree.ReturnsMatching, report: Report, grammars: AnswerGrammars, *, has_evidence: bool
) -> Returns:
    name, at = returns.grammar.text, returns.grammar.span
    grammar = grammars.named(name, at)
    if grammar is None:
        return Parsed(name, "", RecordOf(()))
    of = record_type(grammar.record)
    for member in reserved_members(of):
        report.add(problems.reserved_member(member, name, at))
    for member, found in of.members:
        if has_text(found) and not has_evidence:
            report.add(problems.unverifiable_text(member, at))
    return Parsed(name, grammar.text, of)


def _score(returns: tree.ReturnsScore, report: Report) -> Score:
    low, high = returns.low, returns.high
    if isinstance(low, int) and isinstance(high, int) and 0 < high - low < SCORES_MAX:
        return Score(low, high)
    report.add(problems.no_score(SCORES_MAX - 1, returns.span))
    return Score(0, 1)


def _record(
    returns: tree.ReturnsRecord, fact_types: Collection[str], report: Report, *, has_evidence: bool
) -> RecordOf:
    of = resolve_type(returns.words, fact_types, report)
    if not isinstance(of, RecordOf):
        return RecordOf(())
    for (name, member), (_, words) in zip(of.members, returns.of.members, strict=True):
        if not _can_be_answered(member):
            report.add(problems.unanswerable(name, words.span))
        elif has_text(member) and not has_evidence:
            report.add(problems.unverifiable_text(name, words.span))
    return of


def _can_be_answered(of: Type) -> bool:
    """True for what can be written in an answer: no facts, and no ranges."""
    match of:
        case Basic() | Choice():
            return True
        case Nullable():
            return _can_be_answered(of.of)
        case ListOf():
            return _can_be_answered(of.item)
        case RecordOf():
            return all(_can_be_answered(member) for _, member in of.members)
        case FactOf() | RangeOf():
            return False
        case _:
            assert_never(of)
