"""The work as answer set programs."""

from __future__ import annotations

import re

import clingo

from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import closure, holdings, join

JOIN = """
alert(T, A, W) :- transaction(T, A, X, K), account(A, _), watch(W, K, L), X >= L.
#show alert/3.
"""
CLOSURE = """
step(X, Y, none, S) :- owns(S, X, Y).
step(X, Y, Z, S) :- holds(X, Z), owns(S, Z, Y).
holds(X, Y) :- step(X, Y, _, _).
#show step/4.
"""
HOLDINGS = """
blocked(P) :- listed(P).
blocked(E) :- party(E), #sum { N, S : owns(S, O, E, N), blocked(O) } >= 50.
#show blocked/1.
"""


ALERT = re.compile(r'alert\("([^"]*)","([^"]*)","([^"]*)"\)')
STEP = re.compile(r'step\("([^"]*)","([^"]*)",(?:none|"([^"]*)"),"([^"]*)"\)')  # an empty third: directly
BLOCKED = re.compile(r'blocked\("([^"]*)"\)')


def join_run(work: join.Work) -> Ready[join.Answer]:
    """Alerts with their premises in the atoms."""

    def run() -> join.Answer:
        lines = [f'account("{row["id"]}","{row["customer"]}").' for row in work.facts["Account"]]
        lines += [
            f'transaction("{row["id"]}","{row["account"]}",{row["amount"]},"{row["country"]}").'
            for row in work.facts["Transaction"]
        ]
        lines += [f'watch("{row["id"]}","{row["country"]}",{row["threshold"]}).' for row in work.facts["Watch"]]
        return ALERT.findall(_model(JOIN, lines))

    return repeatable(run)


def closure_run(work: closure.Work) -> Ready[closure.Answer]:
    """Every derivation of every pair: a program that picks one of them costs more than all of them."""

    def run() -> closure.Answer:
        lines = [f'owns("{row["id"]}","{row["owner"]}","{row["owned"]}").' for row in work.facts["Owns"]]
        return STEP.findall(_model(CLOSURE, lines))

    return repeatable(run)


def holdings_run(work: holdings.Work) -> Ready[holdings.Answer]:
    """Blocked parties, without proofs."""

    def run() -> holdings.Answer:
        lines = [f'party("{row["id"]}").' for row in work.facts["Party"]]
        lines += [f'listed("{row["party"]}").' for row in work.facts["Listed"]]
        lines += [
            f'owns("{row["id"]}","{row["owner"]}","{row["owned"]}",{row["share"]}).' for row in work.facts["Owns"]
        ]
        return BLOCKED.findall(_model(HOLDINGS, lines))

    return repeatable(run)


def _model(program: str, facts: list[str]) -> str:
    """The shown atoms of the one stable model. Reading its text is three times faster than asking for arguments."""
    control = clingo.Control(["--warn=none"])
    control.add("base", [], program + "\n".join(facts))
    control.ground([("base", [])])
    with control.solve(yield_=True) as handle:
        return next(str(model) for model in handle)
