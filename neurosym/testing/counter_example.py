"""A situation as a scenario: what somebody needs to see that two implementations differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from neurosym.decision.second_opinion import difference_text, shown_text
from neurosym.engine.second.difference import CERTAIN, POSSIBLE, Difference
from neurosym.engine.situation import Situation
from neurosym.program.program import Program
from neurosym.program.scenario import JudgedAnswer, Named
from neurosym.values.number import number_text
from neurosym.values.temporal import Duration, Months, temporal_text
from neurosym.values.unknown import Unknown
from neurosym.values.value import Fact, Reference, Value


def counter_example(
    program: Program,
    situation: Situation,
    differences: Sequence[Difference],
    judged: Sequence[JudgedAnswer] = (),
    label: str = "A second opinion differs",
) -> str:
    """A scenario over the facts of the situation that expects what the engine concludes and durable-rules does not."""
    lines = [f'scenario "{label}"', f"  on         {situation.on.isoformat()}"]
    lines += [f"  given      {_fact(fact)}" for fact in situation.facts]
    unknown = sorted(name for name in situation.incomplete if not program.fact_types[name].is_derived)
    lines += [f"  not known  {name}" for name in unknown]
    lines += [f"  judged     {_judged(each)}" for each in judged]
    lines += [line for each in differences for line in _expected(each)]
    return "\n".join(lines) + "\n"


def _expected(of: Difference) -> Iterator[str]:
    """The expectation, for a fact; a comment for what only a whole decision can be expected to be."""
    yield f"  // {difference_text(of)}"
    if isinstance(of.shown, dict) and "fields" in of.shown and "fact" in of.shown:
        standing = {CERTAIN: "", POSSIBLE: "possible "}.get(of.first, "no ")
        yield f"  expect     {standing}{shown_text(of.shown)}"


def _fact(fact: Fact) -> str:
    members = (f"{name}: {_value(value)}" for name, value in fact.fields.items() if not isinstance(value, Unknown))
    return f"{fact.type}({', '.join(members)})"


def _judged(of: JudgedAnswer) -> str:
    quotes = "".join(
        f" quoting {_value(each)}" if not place else f", {_value(each)}" for place, each in enumerate(of.quotes)
    )
    return f"{of.judgment}({_named(of.args)}) is {_value(of.answer)}{quotes}"


def _named(of: Named) -> str:
    return ", ".join(f"{name}: {_value(value)}" for name, value in of)


def _value(value: Value) -> str:
    """A constant as scenarios write it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case datetime():
            return f'date and time("{temporal_text(value)}")'
        case date():
            return value.isoformat()
        case time():
            return f'time("{temporal_text(value)}")'
        case Duration() | Months():
            return f'duration("{temporal_text(value)}")'
        case tuple():
            return f"[{', '.join(map(_value, value))}]"
        case Reference(key=(only,)):
            return _value(only)
        case Reference():
            return f"[{', '.join(map(_value, value.key))}]"
        case Fact() | Unknown():
            raise AssertionError(value)
        case _:
            return number_text(value)  # type: ignore[arg-type]
