"""Trees of rules, exceptions and decisions, by the name of the production."""

from __future__ import annotations

from typing import Any

from neurosym.check.tree import (
    DecisionDeclaration,
    DutyConclusion,
    ExceptionDeclaration,
    FactConclusion,
    Need,
    OutcomeConclusion,
    RuleDeclaration,
    TargetDeclaration,
)
from neurosym.feel.lexeme import Lexeme
from neurosym.feel.nesting import shallow
from neurosym.feel.template import template_of
from neurosym.feel.tree import Argument, Expr, Variable, Word
from neurosym.lang.clause import (
    Applied,
    Clause,
    Placed,
    clause,
    every,
    joined,
    label_in,
    once,
    quoted,
    whole,
    without_signs,
)


class RuleBuilder:
    """Rules and exceptions."""

    def rule(self, word: Lexeme, name: Lexeme, *parts: Any) -> RuleDeclaration:
        """`rule listed "A listed party is blocked"` and its clauses."""
        return RuleDeclaration(
            name.word,
            label_in(parts),
            joined(parts, "cite"),
            once(parts, "effective"),
            once(parts, "for") or (),
            once(parts, "when"),
            every(parts, "then"),
            whole((word, name, *parts)),
        )

    def for_(self, word: Lexeme, variables: tuple[Variable, ...]) -> Clause:
        """`for p: Payment, b: Blocked`."""
        return clause(word, variables, variables[-1].type)

    def when(self, word: Lexeme, condition: Expr) -> Clause:
        """`when p.amount > 10000`."""
        return clause(word, condition, condition)

    def then(self, word: Lexeme, conclusion: Any) -> Clause:
        """`then Blocked(party: e)`."""
        return clause(word, conclusion, conclusion)

    def fact_conclusion(self, applied: Applied) -> FactConclusion:
        """`Listed(party: p, entry: e)`."""
        return FactConclusion(applied.name, applied.arguments, applied.span)

    def outcome_conclusion(self, applied: Applied, _is: Lexeme, outcome: Lexeme, *because: Lexeme) -> OutcomeConclusion:
        """`screen(payment: p) is "block" because "..."`."""
        template = template_of(because[-1]) if because else None
        return OutcomeConclusion(
            applied.name, applied.arguments, quoted(outcome), template, whole((applied, outcome, *because))
        )

    def duty_conclusion(self, word: Lexeme, applied: Applied, *parts: Clause) -> DutyConclusion:
        """`duty report(payment: p) owed by "bank" due d`."""
        return DutyConclusion(
            applied.name, applied.arguments, once(parts, "owed"), once(parts, "due"), whole((word, applied, *parts))
        )

    def owed(self, word: Lexeme, _by: Lexeme, debtor: Expr) -> Clause:
        """`owed by "bank"`."""
        return clause(word, debtor, debtor)

    def due(self, word: Lexeme, date: Expr) -> Clause:
        """`due 2026-03-13`."""
        return clause(word, date, date)

    def applied(self, name: Lexeme, *rest: Any) -> Applied:
        """A name and its arguments, each no deeper than later passes can follow."""
        arguments: tuple[Argument, ...] = next(iter(without_signs(rest)), ())
        for argument in arguments:
            shallow(argument.value)
        return Applied(name.word, arguments, whole((name, *rest)))

    def exception(self, word: Lexeme, name: Lexeme, _to: Lexeme, targets: Placed, *parts: Any) -> ExceptionDeclaration:
        """`exception licence to block_payment.screen "A licence covers the payment"` and its clauses."""
        return ExceptionDeclaration(
            name.word,
            label_in(parts),
            targets.value,
            joined(parts, "cite"),
            once(parts, "effective"),
            once(parts, "for") or (),
            once(parts, "when"),
            once(parts, "must") is not None,
            every(parts, "then"),
            whole((word, targets, *parts)),
        )

    def targets(self, *parts: Any) -> Placed:
        """What an exception belongs to."""
        return Placed(tuple(part.value for part in without_signs(parts)), whole(parts))

    def target(self, rule: Lexeme, *rest: Lexeme) -> Placed:
        """`block_payment.screen`."""
        return Placed(TargetDeclaration(rule.word, rest[-1].word if rest else None), whole((rule, *rest)))

    def proven(self, must: Lexeme, _be: Lexeme, proven: Lexeme) -> Clause:
        """`must be proven`."""
        return clause(must, proven.word, proven)


class DecisionBuilder:
    """Decisions."""

    def decision(self, word: Lexeme, name: Lexeme, formals: Placed, *parts: Any) -> DecisionDeclaration:
        """`decision screen(payment: Payment) "May this payment go out?"` and its clauses."""
        ordered, outcomes = once(parts, "outcomes") or (True, ())
        return DecisionDeclaration(
            name.word,
            label_in(parts),
            formals.value,
            joined(parts, "cite"),
            once(parts, "on"),
            ordered,
            outcomes,
            once(parts, "otherwise"),
            once(parts, "undecided"),
            every(parts, "needs"),
            once(parts, "settle") is not None,
            whole((word, formals, *parts)),
        )

    def on_(self, word: Lexeme, date: Expr) -> Clause:
        """`on payment.booked_on`."""
        return clause(word, date, date)

    def ordered_outcomes(self, word: Lexeme, *parts: Lexeme) -> Clause:
        """`outcomes "block" > "hold" > "release"`."""
        return clause(word, (True, tuple(quoted(part) for part in parts[::2])), *parts)

    def unordered_outcomes(self, word: Lexeme, *parts: Lexeme) -> Clause:
        """`outcomes "a", "b"`."""
        return clause(word, (False, tuple(quoted(part) for part in parts[::2])), *parts)

    def otherwise(self, word: Lexeme, outcome: Lexeme) -> Clause:
        """`otherwise "release"`."""
        return clause(word, quoted(outcome), outcome)

    def undecided(self, word: Lexeme, outcome: Lexeme) -> Clause:
        """`undecided "hold"`."""
        return clause(word, quoted(outcome), outcome)

    def needs(self, word: Lexeme, *parts: Lexeme) -> Clause:
        """`needs calibrated for "release"`."""
        kind = " ".join(part.text for part in parts[:-2])
        return clause(word, Need(kind, quoted(parts[-1])), *parts)

    def settle(self, word: Lexeme, duties: Lexeme) -> Clause:
        """`settle duties`."""
        return clause(word, Word(duties.text, duties.span), duties)
