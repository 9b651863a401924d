"""Values from the wire: JSON, or plain Python of the same shape, against a declared type. Nothing is coerced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from neurosym.decision import problems
from neurosym.feel.basic_value import basic_value
from neurosym.feel.evaluation import passes
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Nullable, RangeOf, RecordOf, Type, type_text
from neurosym.program.schema import FactType, Field
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.span import JsonPath
from neurosym.values.number import NumberError
from neurosym.values.temporal import TemporalError
from neurosym.values.value import Record, Reference, Value


class Written(str):
    """What an exact Python value was written as. It can be read back as that value, and is no text of the caller's."""

    __slots__ = ()


class RefusedError(Exception):
    """The value was refused, and the reason is in the report."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads values of a program's types; problems go to the report."""

    types: Mapping[str, FactType]
    report: Report

    def field(self, of: Field, given: object, at: JsonPath) -> Value:
        """The field's value, within its constraint; RefusedError otherwise."""
        value = self.value(of.type, given, at)
        if value is not None and of.tests and not any(passes(value, test) for test in of.tests):
            self._refuse(problems.outside(of.name, given, at))
        return value

    def value(self, of: Type, given: object, at: JsonPath) -> Value:
        """A value of the type; RefusedError when it is none."""
        match of:
            case Nullable():
                return None if given is None else self.value(of.of, given, at)
            case Basic():
                return self._basic(of, given, at)
            case Choice():
                if given not in of.values or not isinstance(given, str) or isinstance(given, Written):
                    self._refuse(problems.outside_choice(given, of.values, at))
                return given
            case FactOf():
                return self.reference(self.types[of.name], given, at)
            case ListOf():
                if not isinstance(given, (list, tuple)):
                    self._refuse(problems.wrong_type(type_text(of), given, at))
                return tuple(self.value(of.item, item, at / place) for place, item in enumerate(given))
            case RecordOf():
                return self._record(of, given, at)
            case RangeOf():
                raise AssertionError(of)

    def reference(self, of: FactType, given: object, at: JsonPath) -> Reference:
        """The reference that a key names: one value, or an object with a member for each of several key fields."""
        keys = of.key_fields
        if len(keys) == 1:
            return Reference(of.name, (self.field(keys[0], given, at),))
        if not isinstance(given, Mapping) or set(given) != {field.name for field in keys}:
            self._refuse(problems.wrong_key(of, given, at))
        return Reference(of.name, tuple(self.field(field, given[field.name], at / field.name) for field in keys))

    def _basic(self, of: Basic, given: object, at: JsonPath) -> Value:
        if isinstance(given, float):
            self._refuse(problems.binary_float(given, at))
        try:
            is_text = of is Basic.TEXT and isinstance(given, Written)
            found = None if is_text else basic_value(of, given)
        except (NumberError, TemporalError) as error:
            self._refuse(problems.unreadable(type_text(of), given, str(error), at))
        if found is None:
            self._refuse(problems.wrong_type(type_text(of), given, at))
        return found

    def _record(self, of: RecordOf, given: object, at: JsonPath) -> Value:
        members = dict(of.members)
        if not isinstance(given, Mapping) or set(given) != set(members):
            self._refuse(problems.wrong_type(type_text(of), given, at))
        return Record(tuple((name, self.value(member, given[name], at / name)) for name, member in of.members))

    def _refuse(self, found: Diagnostic) -> NoReturn:
        self.report.add(found)
        raise RefusedError
