"""Which questions keep the duties of a subject open, said once more over the oracle's conclusions (language §5.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from neurosym.feel.extent import bounds, equal, reasons_of
from neurosym.program.rule import ConcludeDuty
from neurosym.values.temporal import Date
from neurosym.values.unknown import Asked, Question, Reason
from neurosym.values.value import Fact, Reference, Value
from tests.oracle import Concluded, Oracle


@dataclass(frozen=True)
class Owed:
    """A conclusion of a duty: its fields, what identifies it, its day, and why it is not certain."""

    name: str
    fields: tuple[Value, ...]
    identity: tuple[Value, ...]
    due: Value
    doubts: frozenset[Reason]
    is_certain: bool


def open_questions(oracle: Oracle, subject: tuple[Reference, ...]) -> set[Question]:
    """The questions on which it rests whether there is a duty about the subject, its day, or what its fields are."""
    owed = [_owed(oracle, each) for each in oracle.reached if isinstance(each.conclusion, ConcludeDuty)]
    about = [each for each in owed if _is_about(each, subject)]
    reasons = frozenset[Reason]().union(*(reasons for each in about for reasons in _open(each, about)))
    return {reason.question for reason in reasons if isinstance(reason, Asked)}


def _owed(oracle: Oracle, of: Concluded) -> Owed:
    assert isinstance(of.conclusion, ConcludeDuty)
    declared = oracle.program.duties[of.conclusion.duty]
    identity = (*(of.values[field.name] for field in declared.key_fields), of.values.get("owed by"))
    doubts = reasons_of(of.truth, *(part for value in identity for part in _named(value)))
    fields = tuple(of.values[field.name] for field in declared.fields)
    is_named = not any(isinstance(value, Fact) or reasons_of(value) for value in identity)
    return Owed(declared.name, fields, identity, of.values.get("due"), doubts, of.truth is True and is_named)


def _named(value: Value) -> tuple[Value, ...]:
    """The value; of the unnamed fact, all that it holds."""
    return tuple(value.fields.values()) if isinstance(value, Fact) else (value,)


def _is_about(of: Owed, subject: tuple[Reference, ...]) -> bool:
    types = {each.type for each in subject}
    named = [value for value in of.fields if isinstance(value, (Reference, Fact)) and value.type in types]
    return all(any(equal(value, each) is not False for each in subject) for value in named)


def _open(of: Owed, among: list[Owed]) -> Iterator[frozenset[Reason]]:
    """Why it is open: alone, or because its day may bind before that of a certain duty which it may be."""
    if of.is_certain:
        yield reasons_of(*of.fields)
    same = [each for each in among if each.is_certain and each.name == of.name and _may_be(of, each)]
    if not any(each.identity == of.identity for each in same):
        yield of.doubts
    for each in same:
        days = [twin.due for twin in same if twin.identity == each.identity and isinstance(twin.due, Date)]
        if of.due is not None and _may_precede(of.due, min(days, default=None)):
            yield of.doubts | reasons_of(of.due)


def _may_be(one: Owed, other: Owed) -> bool:
    pairs = zip(one.identity, other.identity, strict=True)
    return all(equal(mine, theirs) is not False for mine, theirs in pairs)


def _may_precede(day: Value, binding: Date | None) -> bool:
    low, _ = bounds(day)
    return binding is None or not isinstance(low, Date) or low < binding
