"""The conditions as CEL programs, one for each rule."""

from __future__ import annotations

import json

import cel

from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import conditions
from tests.benchmarks.work.conditions import Condition, Equal, Within


def conditions_run(work: conditions.Work) -> Ready[conditions.Answer]:
    """Compiled once and executed one after the other in one context for each request; days compare as text."""
    programs = [
        (cel.compile(" && ".join(map(_expression, each.conditions))), (each.id, each.reason)) for each in work.rules
    ]

    def run() -> conditions.Answer:
        answer = []
        for request in work.requests:
            context = cel.Context(variables=request)
            answer.append([hit for program, hit in programs if program.execute(context)])
        return answer

    return repeatable(run)


def _expression(condition: Condition) -> str:
    match condition:
        case Equal(name, value):
            return f"{name} == {json.dumps(value)}"
        case Within(name, low, high):
            bounds = [
                f"{name} {sign} {json.dumps(each)}" for sign, each in ((">=", low), ("<=", high)) if each is not None
            ]
            return " && ".join(bounds)
