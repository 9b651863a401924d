"""The conditions as Cedar policies, each named by an annotation."""

from __future__ import annotations

import json

import cedarpy

from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import conditions
from tests.benchmarks.work.conditions import Condition, Equal, Within, day

ASKED = {"principal": 'Bank::"us"', "action": 'Action::"screen"', "resource": 'Payment::"it"'}


def conditions_run(work: conditions.Work) -> Ready[conditions.Answer]:
    """The policies that forbid are the reasons of a denial; the days of a request are numbers."""
    policies = cedarpy.PolicySet.from_str("\n".join(map(_policy, work.rules)))
    reasons = {each.id: each.reason for each in work.rules}
    nobody = cedarpy.Entities.from_json_str("[]")

    def run() -> conditions.Answer:
        answer = []
        for request in work.requests:
            asked = ASKED | {"context": conditions.with_day_numbers(request)}
            found = cedarpy.is_authorized(asked, policies, nobody).diagnostics.id_annotations_by_reason.values()
            answer.append([(each, reasons[each]) for each in found])
        return answer

    return repeatable(run)


def _policy(rule: conditions.Rule) -> str:
    conjunction = " && ".join(map(_expression, rule.conditions))
    return f'@id("{rule.id}")\nforbid(principal, action, resource) when {{ {conjunction} }};'


def _expression(condition: Condition) -> str:
    match condition:
        case Equal(name, value):
            return f"context.{name} == {json.dumps(value)}"
        case Within(name, low, high):
            bounds = ((">=", low), ("<=", high))
            return " && ".join(f"context.{name} {sign} {day(each)}" for sign, each in bounds if each is not None)
