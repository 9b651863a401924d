"""Trees of scenarios, by the name of the production."""

from __future__ import annotations

from typing import Any

from neurosym.check.scenario_tree import (
    Asks,
    Expectation,
    ExpectDecision,
    ExpectDuty,
    ExpectError,
    ExpectFact,
    ExpectOpen,
    Given,
    IsMissing,
    IsOutcome,
    IsPossible,
    IsStanding,
    Judged,
    ScenarioDeclaration,
)
from neurosym.feel.lexeme import Lexeme
from neurosym.feel.literal import date_of
from neurosym.feel.tree import Expr, Word
from neurosym.lang.clause import Applied, Clause, Placed, clause, every, joined, once, quoted, whole, without_signs


class ScenarioBuilder:
    """Scenarios: what is given, judged and expected."""

    def scenario(self, word: Lexeme, label: Lexeme, *parts: Clause) -> ScenarioDeclaration:
        """`scenario "FAQ 401"` and its clauses."""
        return ScenarioDeclaration(
            quoted(label),
            once(parts, "on"),
            joined(parts, "given"),
            joined(parts, "not"),
            every(parts, "judged"),
            every(parts, "expect"),
            whole((word, label, *parts)),
        )

    def scenario_on(self, word: Lexeme, date: Lexeme) -> Clause:
        """`on 2026-03-01`."""
        return clause(word, date_of(date), date)

    def given(self, word: Lexeme, *parts: Any) -> Clause:
        """`given Party(id: "A"), Party(id: "B")`."""
        facts = tuple(Given(part.name, part.arguments, part.span) for part in without_signs(parts))
        return clause(word, facts, *parts)

    def not_known(self, word: Lexeme, _known: Lexeme, *parts: Lexeme) -> Clause:
        """`not known Licence, Revocation`."""
        return clause(word, tuple(part.word for part in parts[::2]), *parts)

    def judged(self, word: Lexeme, applied: Applied, _is: Lexeme, answer: Expr, *rest: Any) -> Clause:
        """`judged same_person(customer: "A", entry: "L1") is "different" quoting "born 1971"`."""
        quotes = tuple(text.text for text in rest[-1].value) if rest else ()
        span = whole((word, answer, *rest))
        return Clause(word, Judged(applied.name, applied.arguments, answer, quotes, span), span)

    # --- expectations

    def expect(self, word: Lexeme, expectation: Expectation) -> Clause:
        """`expect ...`."""
        return clause(word, expectation, expectation)

    def expect_fact(self, *parts: Any) -> ExpectFact:
        """`no Blocked(party: "D")`."""
        standing = parts[0].text if isinstance(parts[0], Lexeme) else "certain"
        applied = next(part for part in parts if isinstance(part, Applied))
        return ExpectFact(applied.name, applied.arguments, standing, once(parts, "by"), whole(parts))

    def expect_duty(self, *parts: Any) -> ExpectDuty:
        """`duty report(payment: "P1") due 2026-03-13`."""
        applied = next(part for part in parts if isinstance(part, Applied))
        is_negated = isinstance(parts[0], Lexeme) and parts[0].text == "no"
        return ExpectDuty(
            applied.name, applied.arguments, is_negated, once(parts, "due"), once(parts, "by"), whole(parts)
        )

    def by(self, word: Lexeme, rule: Lexeme) -> Clause:
        """`by fifty_percent`."""
        return clause(word, rule.word, rule)

    def expect_decision(self, applied: Applied, *parts: Placed) -> ExpectDecision:
        """`screen(payment: "P1") is "block" by block_payment`."""
        return ExpectDecision(
            applied.name, applied.arguments, tuple(part.value for part in parts), whole((applied, *parts))
        )

    def expect_open(self, part: Placed) -> ExpectOpen:
        """`missing Licence`, `asks nothing`."""
        return ExpectOpen(part.value, part.span)

    def expect_error(self, word: Lexeme, code: Lexeme) -> ExpectError:
        """`error NS312`."""
        return ExpectError(code.word, whole((word, code)))

    # --- what is expected of a decision

    def is_outcome(self, word: Lexeme, outcome: Lexeme, *rest: Clause) -> Placed:
        """`is "block" by block_payment`."""
        return Placed(IsOutcome(quoted(outcome), once(rest, "by")), whole((word, outcome, *rest)))

    def is_standing(self, word: Lexeme, standing: Lexeme) -> Placed:
        """`is undecided`."""
        return Placed(IsStanding(standing.text), whole((word, standing)))

    def is_possible(self, word: Lexeme, outcome: Lexeme) -> Placed:
        """`possible "hold"`."""
        return Placed(IsPossible(quoted(outcome)), whole((word, outcome)))

    def missing(self, word: Lexeme, named: Lexeme | Applied, *rest: Lexeme) -> Placed:
        """`missing Party("A").born`, `missing Licence`."""
        span = whole((word, named, *rest))
        member: Word | None = rest[-1].word if rest else None
        if isinstance(named, Lexeme):
            return Placed(IsMissing(named.word, None, member, span), span)
        return Placed(IsMissing(named.name, named.arguments, member, span), span)

    def asks(self, word: Lexeme, what: Lexeme | Applied) -> Placed:
        """`asks same_person(customer: "A", entry: "L1")`, `asks nothing`."""
        span = whole((word, what))
        if isinstance(what, Lexeme):
            return Placed(Asks(None, (), span), span)
        return Placed(Asks(what.name, what.arguments, span), span)
