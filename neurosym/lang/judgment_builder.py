"""Trees of judgments, by the name of the production."""

from __future__ import annotations

from typing import Any

from neurosym.check.tree import (
    CheckClause,
    ChoiceType,
    Example,
    FieldPath,
    JudgmentDeclaration,
    RecordType,
    ReturnsChoice,
    ReturnsMatching,
    ReturnsRecord,
    ReturnsScore,
    ReturnsYesNo,
    Risk,
    RouteStep,
    TypeWords,
)
from neurosym.feel.builder import bound_name
from neurosym.feel.lexeme import Lexeme
from neurosym.feel.literal import number_of, parse_temporal, text_of
from neurosym.feel.syntax import not_a_temporal
from neurosym.feel.tree import Expr, Literal, Word
from neurosym.lang.clause import Clause, Placed, clause, every, joined, label_in, once, whole, without_signs


class JudgmentBuilder:
    """Judgments and their clauses."""

    def judgment(self, word: Lexeme, name: Lexeme, formals: Placed, *parts: Any) -> JudgmentDeclaration:
        """`judgment same_person(customer: Party) returns "same" | "different"` and its clauses."""
        returns = next(part for part in parts if isinstance(part, Placed))
        reads = joined(parts, "reads") if every(parts, "reads") else None
        return JudgmentDeclaration(
            bound_name(name),
            label_in(parts),
            formals.value,
            returns.value,
            once(parts, "ask"),
            joined(parts, "cite"),
            reads,
            joined(parts, "evidence"),
            every(parts, "check"),
            every(parts, "example"),
            once(parts, "route") or (),
            once(parts, "risk"),
            once(parts, "accept") is not None,
            once(parts, "reuse"),
            once(parts, "audit"),
            once(parts, "two") is not None,
            whole((word, *parts)),
        )

    def returns_yes_no(self, *parts: Lexeme) -> Placed:
        """`yes or no`."""
        return Placed(ReturnsYesNo(), whole(parts))

    def returns_choice(self, words: TypeWords) -> Placed:
        """`"same" | "different"`."""
        assert isinstance(words.base, ChoiceType)
        return Placed(ReturnsChoice(words.base.values), words.span)

    def returns_score(self, *parts: Lexeme) -> Placed:
        """`score 0..10`."""
        _score, low, _dots, high = parts
        return Placed(ReturnsScore(number_of(low), number_of(high), whole(parts)), whole(parts))

    def returns_record(self, *parts: Any) -> Placed:
        """`record {amount: number}`."""
        words = TypeWords(RecordType(without_signs(parts)), nullable=False, constraint=(), span=whole(parts))
        return Placed(ReturnsRecord(words), words.span)

    def returns_matching(self, *parts: Lexeme) -> Placed:
        """`text matching "media.lark"`."""
        name = parts[-1]
        return Placed(ReturnsMatching(Word(text_of(name), name.span)), whole(parts))

    def ask(self, word: Lexeme, text: Lexeme) -> Clause:
        """`ask "Is the customer the listed person?"`."""
        return clause(word, text_of(text), text)

    def reads(self, word: Lexeme, paths: Placed) -> Clause:
        """`reads customer.name, entry.name`."""
        return clause(word, paths.value, paths)

    def evidence(self, word: Lexeme, paths: Placed) -> Clause:
        """`evidence entry.remarks`."""
        return clause(word, paths.value, paths)

    def field_paths(self, *parts: Any) -> Placed:
        """Fields of arguments, separated by commas."""
        return Placed(without_signs(parts), whole(parts))

    def field_path(self, argument: Lexeme, _dot: Lexeme, member: Lexeme) -> FieldPath:
        """`customer.name`."""
        return FieldPath(argument.word, member.word, whole((argument, member)))

    def check(self, word: Lexeme, label: Lexeme, condition: Expr) -> Clause:
        """`check "same needs a quote" answer = "same" implies count(quotes) >= 1`."""
        return clause(word, CheckClause(text_of(label), condition, whole((word, condition))), condition)

    def example(self, word: Lexeme, text: Lexeme, _is: Lexeme, answer: Expr) -> Clause:
        """`example "..." is "same"`."""
        return clause(word, Example(text_of(text), answer, whole((word, answer))), answer)

    def route(self, word: Lexeme, *parts: Any) -> Clause:
        """`route local, small?, person`."""
        return clause(word, tuple(part.value for part in without_signs(parts)), *parts)

    def route_step(self, *parts: Lexeme) -> Placed:
        """`small?`."""
        return Placed(RouteStep(parts[0].word, len(parts) > 1), whole(parts))

    def risk(self, *parts: Lexeme) -> Clause:
        """`risk at most 0.01 with confidence 0.95`."""
        word, _at, _most, share, _with, _confidence, confidence = parts
        return clause(word, Risk(number_of(share), number_of(confidence), whole(parts)), *parts)

    def accept(self, word: Lexeme, uncalibrated: Lexeme) -> Clause:
        """`accept uncalibrated`."""
        return clause(word, Word(uncalibrated.text, uncalibrated.span), uncalibrated)

    def reuse(self, word: Lexeme, _for: Lexeme, duration: Lexeme) -> Clause:
        """`reuse for P30D`."""
        text = duration.text if duration.type == "NAME" else duration.text[2:-1]
        value = parse_temporal(text)
        if value is None:
            duration.reading.add(not_a_temporal(duration.text, duration.span))
        return clause(word, Literal(value, duration.span), duration)

    def audit(self, word: Lexeme, share: Lexeme, sign: Lexeme) -> Clause:
        """`audit 2%`."""
        return clause(word, number_of(share), sign)

    def two_persons(self, word: Lexeme, persons: Lexeme) -> Clause:
        """`two persons`."""
        return clause(word, Word(persons.text, persons.span), persons)
