"""The conditions as rules of durable-rules, the engine of the second opinion."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

from durable.engine import Host, MessageNotHandledException

from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import conditions
from tests.benchmarks.work.conditions import Condition, Equal, Within, day

RULESET = "screen"


class _QuietHost(Host):  # type: ignore[misc] # of no known type
    """A host without timers: its threads would run beside whatever is timed next."""

    def _run(self) -> None:
        pass


def conditions_run(work: conditions.Work) -> Ready[conditions.Answer]:
    """Each request is a fact for a while, and each hit an action; an event would be gone with the first."""
    hits: list[conditions.Hit] = []
    host = _QuietHost()
    host.register_rulesets({RULESET: {rule.id: _rule(rule, hits) for rule in work.rules}})
    number = count()

    def run() -> conditions.Answer:
        answer = []
        for request in work.requests:
            hits.clear()
            fact = conditions.with_day_numbers(request) | {"id": f"E{next(number)}"}
            try:
                host.assert_fact(RULESET, fact)
            except MessageNotHandledException:  # no rule speaks of it
                assert not hits
            host.retract_fact(RULESET, fact)
            answer.append(list(hits))
        return answer

    return repeatable(run)


def _rule(rule: conditions.Rule, hits: list[conditions.Hit]) -> dict[str, Any]:
    def run(_: object) -> None:
        hits.append((rule.id, rule.reason))

    action: Callable[[object], None] = run
    conjunction = [each for condition in rule.conditions for each in _expressions(condition)]
    return {"all": [{"request": {"$and": conjunction}}], "run": action}


def _expressions(condition: Condition) -> list[dict[str, Any]]:
    match condition:
        case Equal(name, value):
            return [{name: value}]
        case Within(name, low, high):
            bounds = (("$gte", low), ("$lte", high))
            return [{sign: {name: day(each)}} for sign, each in bounds if each is not None]
