"""A second opinion on a decision: what it leads to, and how people are told."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.engine.second.difference import Difference
from neurosym.engine.second.opinion import Agrees, Disagrees, Incident, Opinion, Refused
from neurosym.text.failure import Failure
from neurosym.values.canonical import Json

STEPS_SHOWN_MAX = 20  # of a proof, to people; JSON and the log have them all


class DisagreementError(Failure):
    """The second opinion is another: one of two implementations is wrong, so that there is no decision."""

    def __init__(self, opinion: Disagrees) -> None:
        self.opinion = opinion
        count = len(opinion.differences)
        super().__init__(f"the second opinion disagrees on {count} conclusion" + ("s" if count > 1 else ""))


def agreed(opinion: Opinion) -> Opinion:
    """The opinion, unless it is another: then DisagreementError."""
    if isinstance(opinion, Disagrees):
        raise DisagreementError(opinion)
    return opinion


def opinion_line(opinion: Opinion) -> str:
    """The opinion in a line."""
    match opinion:
        case Agrees():
            return f"durable-rules agrees on all {opinion.compared} facts, outcomes and duties"
        case Disagrees():
            return str(DisagreementError(opinion))
        case Refused():
            return "refused: " + "; ".join(_refusals(opinion))
        case Incident():
            return f"none: {opinion.what}"


def difference_lines(opinion: Disagrees) -> Iterator[str]:
    """Every difference with both proofs."""
    for each in opinion.differences:
        yield f"{shown_text(each.shown)}: {each.first} here, {each.second} by durable-rules"
        yield "  proof here"
        yield from _proof(each.first_proof)
        yield "  proof by durable-rules"
        yield from _proof(each.second_proof)


def difference_text(of: Difference) -> str:
    """A difference in a line."""
    return f"{shown_text(of.shown)}: {of.first} here, {of.second} by durable-rules"


def shown_text(shown: Json) -> str:
    """What a model concludes, as an author would write it."""
    match shown:
        case {"fact": str() as name, "fields": dict() as fields}:
            return f"{name}({_fields(fields)})"
        case {"fact": str() as name}:
            return f"some {name} that nobody named"
        case {"duty": str() as duty, "fields": dict() as fields}:
            return f"duty {duty}({_fields(fields)})"
        case {"outcome": str() as outcome, "of": str() as decision, "subject": list() as subject}:
            return f'{decision}({", ".join(map(_value, subject))}) is "{outcome}"'
        case _:
            raise AssertionError(shown)


def _refusals(opinion: Refused) -> Iterator[str]:
    for each in opinion.refusals:
        place = str(each.span)
        yield each.reason + (f" ({place})" if each.span.source.text else "")


def _proof(steps: dict[str, Json]) -> Iterator[str]:
    """The steps of either proof: those of the engine show what they conclude themselves, the others under `shown`."""
    if not steps:
        yield "    none: it is not concluded"
    for number, step in enumerate(steps.values()):
        if number == STEPS_SHOWN_MAX:
            yield f"    ... {len(steps) - number} more steps"
            return
        assert isinstance(step, dict)
        what = step.get("shown", step)
        if isinstance(what, dict) and isinstance(what.get("fact"), dict):
            what = what["fact"]
        yield f"    {shown_text(what)}: {step['by']}"


def _fields(fields: dict[str, Json]) -> str:
    return ", ".join(f"{name}: {_value(value)}" for name, value in fields.items())


def _value(value: Json) -> str:
    """A tagged value."""
    match value:
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
        case str():
            return f'"{value}"'
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case {"reference": [_, only]}:
            return _value(only)
        case {"reference": [_, *key]}:
            return f"[{', '.join(map(_value, key))}]"
        case {"unknown": _}:
            return "unknown"
        case {"datetime": text}:
            return f'date and time("{text}")'
        case {"time": text}:
            return f'time("{text}")'
        case {"duration": text} | {"months": text}:
            return f'duration("{text}")'
        case dict():
            return " ".join(str(each) for each in value.values())
        case _:
            return str(value)
