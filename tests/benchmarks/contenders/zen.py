"""The conditions as one decision table of zen-engine, with a column for each field and hit policy `collect`."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import zen

from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import conditions
from tests.benchmarks.work.conditions import Condition, Equal, Rule, Within, day


def decision_run(work: conditions.Work) -> Ready[conditions.Answer]:
    """A decision made by `create_decision`, as the quickstart of zen-engine has it; it costs a copy each time."""
    return _run(work, zen.ZenEngine().create_decision(json.dumps(_graph(work.rules))).evaluate)


def loaded_run(work: conditions.Work) -> Ready[conditions.Answer]:
    """A decision that the engine holds itself and evaluates by its name: its fastest way."""
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"table": _graph(work.rules)}}})
    return _run(work, partial(engine.evaluate, "table"))


def _run(
    work: conditions.Work, evaluate: Callable[[conditions.Request], zen.EvaluateResponse]
) -> Ready[conditions.Answer]:
    def run() -> conditions.Answer:
        answer = []
        for request in work.requests:
            found = evaluate(conditions.with_day_numbers(request))["result"]
            answer.append([(hit["rule"], hit["reason"]) for hit in found])
        return answer

    return repeatable(run)


def _graph(rules: tuple[Rule, ...]) -> dict[str, object]:
    outputs = [{"id": f"_{name}", "name": name, "field": name} for name in ("rule", "reason")]
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "field": name} for name in conditions.FIELDS],
        "outputs": outputs,
        "rules": [_row(rule) for rule in rules],
    }
    return {
        "nodes": [
            {"id": "request", "type": "inputNode", "name": "request"},
            {"id": "table", "type": "decisionTableNode", "name": "table", "content": table},
            {"id": "hits", "type": "outputNode", "name": "hits"},
        ],
        "edges": [
            {"id": "in", "sourceId": "request", "targetId": "table"},
            {"id": "out", "sourceId": "table", "targetId": "hits"},
        ],
    }


def _row(rule: Rule) -> dict[str, str]:
    cells = dict.fromkeys(conditions.FIELDS, "") | {each.field: _cell(each) for each in rule.conditions}
    return {"_id": rule.id, **cells, "_rule": json.dumps(rule.id), "_reason": json.dumps(rule.reason)}


def _cell(condition: Condition) -> str:
    match condition:
        case Equal(_, value):
            return json.dumps(value)
        case Within(_, None, high):
            return f"<= {day(high)}"
        case Within(_, low, None):
            return f">= {day(low)}"
        case Within(_, low, high):
            return f"[{day(low)}..{day(high)}]"
