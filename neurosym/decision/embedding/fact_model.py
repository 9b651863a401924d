"""Fact types as pydantic models: a model accepts a fact exactly when intake does, and for the same reasons."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, assert_never

from pydantic import MISSING, BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic import Field as ModelField
from pydantic import create_model as pydantic_model
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema
from pydantic_core.core_schema import SerializationInfo

from neurosym.decision.embedding.json_schema import FactTypes, Schema, fact_schema, key_schema, value_schema
from neurosym.decision.plain import plain_value
from neurosym.decision.wire import Reader, RefusedError
from neurosym.feel.types import Basic, Choice, FactOf, ListOf, Nullable, RangeOf, RecordOf, Type
from neurosym.program.schema import FactType, Field
from neurosym.text.diagnostic import Report
from neurosym.text.span import JsonPath
from neurosym.values.encoding import wire
from neurosym.values.temporal import Duration, Months
from neurosym.values.value import Record, Reference, Value

BASIC: Mapping[Basic, Any] = {
    Basic.TEXT: str,
    Basic.NUMBER: int | Decimal,
    Basic.BOOLEAN: bool,
    Basic.DATE: date,
    Basic.TIME: time,
    Basic.DATETIME: datetime,
    Basic.DURATION: Duration,
    Basic.MONTHS: Months,
    Basic.NULL: None,
}


class FactModel(BaseModel):
    """A fact, a record in one, or a key of several fields. An optional field that was not given is `pydantic.MISSING`.

    Values are exact: numbers are `int` or `Decimal`, references the key that they name. As JSON it is what intake
    takes. A field whose name Python or pydantic has a use for ends in an underscore here, and has its own name in
    input and output.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)
    __fact_members__: ClassVar[Schema]

    if TYPE_CHECKING:  # which fields there are, only the ruleset knows

        def __init__(self, **members: Any) -> None: ...

        def __getattr__(self, name: str) -> Any: ...

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return dict(cls.__fact_members__) if hasattr(cls, "__fact_members__") else handler(schema)


class FactModels:
    """The models of a program's fact types, each made once."""

    def __init__(self, types: FactTypes) -> None:
        self.types = types
        self._facts: dict[str, type[FactModel]] = {}
        self._parts: dict[str, type[FactModel]] = {}

    def fact(self, of: FactType) -> type[FactModel]:
        """The model of a fact."""
        if of.name not in self._facts:
            # Two threads may both make it; all get the one that came first.
            self._facts.setdefault(of.name, self._model(of.name, of.fields, fact_schema(self.types, of), of.label))
        return self._facts[of.name]

    def key(self, of: FactType) -> type[FactModel]:
        """The model of a key of several fields."""
        name = f"{of.name}Key"
        if name not in self._parts:
            label = f"The key of {of.name}"
            self._parts.setdefault(name, self._model(name, of.key_fields, key_schema(self.types, of), label))
        return self._parts[name]

    def record(self, name: str, of: RecordOf) -> type[FactModel]:
        """The model of a record in the place that the name tells."""
        if name not in self._parts:
            members = [Field(member, type_) for member, type_ in of.members]
            self._parts.setdefault(name, self._model(name, members, value_schema(self.types, of), name))
        return self._parts[name]

    def _model(self, name: str, fields: Iterable[Field], schema: Schema, label: str) -> type[FactModel]:
        fields = list(fields)
        members: dict[str, Any] = {}
        for own, each in zip(_attributes([each.name for each in fields]), fields, strict=True):
            annotation = self.annotation(f"{name}.{each.name}", each.type)
            alias = None if own == each.name else each.name
            default = ModelField(MISSING, alias=alias) if each.is_optional else ModelField(alias=alias)
            if each.is_optional:
                annotation = annotation | MISSING
            members[own] = (Annotated[annotation, FieldReader(self, name, each)], default)
        found = pydantic_model(name, __base__=FactModel, __module__=__name__, __doc__=label or None, **members)
        found.__fact_members__ = {"title": name, **schema}
        return found

    def annotation(self, name: str, of: Type) -> Any:
        """The Python type of a field's values."""
        match of:
            case Nullable():
                return self.annotation(name, of.of) | None
            case Basic():
                return BASIC[of]
            case Choice():
                return Literal[of.values]
            case FactOf():
                return self._key_annotation(self.types[of.name])
            case ListOf():
                return tuple[self.annotation(name, of.item), ...]  # type: ignore[misc]
            case RecordOf():
                return self.record(name, of)
            case RangeOf():
                raise AssertionError(of)
            case _:
                assert_never(of)

    def _key_annotation(self, of: FactType) -> Any:
        if len(of.key_fields) > 1:
            return self.key(of)
        key = of.key_fields[0]
        return self.annotation(f"{of.name}.{key.name}", key.type)

    def shown(self, name: str, of: Type, value: Value, plain: Any) -> Any:
        """A value of the type as the model holds it; `plain` is the same as JSON."""
        match of, value:
            case Nullable(), _:
                return None if value is None else self.shown(name, of.of, value, plain)
            case FactOf(), Reference():
                target = self.types[of.name]
                if len(target.key_fields) > 1:
                    return self.key(target).model_validate(plain)
                key = target.key_fields[0]
                return self.shown(f"{target.name}.{key.name}", key.type, value.key[0], plain)
            case ListOf(), tuple():
                return tuple(self.shown(name, of.item, *pair) for pair in zip(value, plain, strict=True))
            case RecordOf(), Record():
                return self.record(name, of).model_validate(plain)
            case _:
                return value


@dataclass(frozen=True, slots=True, eq=False)
class FieldReader:
    """Reads a field as intake does, and writes it as intake wants it."""

    models: FactModels
    owner: str
    field: Field

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(_written, info_arg=True)
        return core_schema.no_info_plain_validator_function(self.read, serialization=written)

    def read(self, given: Any) -> Any:
        """The field's value; ValidationError with the diagnostics of intake otherwise."""
        if given is MISSING and self.field.is_optional:
            return given
        report, at = Report(), JsonPath(self.owner)
        try:
            return self._read(given, at, report)
        except RefusedError:
            raise ValidationError.from_exception_data(self.owner, _errors(report, given)) from None

    def _read(self, given: Any, at: JsonPath, report: Report) -> Any:
        plain = plain_value(given, at, report)
        if report.has_errors:
            raise RefusedError
        value = Reader(self.models.types, report).field(self.field, plain, at)
        return self.models.shown(f"{self.owner}.{self.field.name}", self.field.type, value, plain)


def _errors(report: Report, given: Any) -> list[InitErrorDetails]:
    found: list[InitErrorDetails] = []
    for each in report.diagnostics:
        assert each.primary is not None
        assert isinstance(each.primary.place, JsonPath)
        said = "; ".join([each.message, *([each.help] if each.help else [])])
        error = PydanticCustomError(each.code, "{said}", {"said": said})
        found.append(InitErrorDetails(type=error, loc=each.primary.place.steps, input=given))
    return found


def _written(value: Any, info: SerializationInfo) -> Any:
    """The value as intake takes it: JSON, or exact Python values with durations as text."""
    match value:
        case FactModel():
            return value.model_dump(mode=info.mode)
        case tuple():
            return [_written(each, info) for each in value]
        case Duration() | Months():
            return wire(value)
        case _:
            return wire(value) if info.mode_is_json() else value


def _attributes(names: list[str]) -> list[str]:
    """The names as attributes of a model: none that Python or pydantic has a use for."""
    taken = {*names, *dir(BaseModel), *keyword.kwlist}
    found = []
    for name in names:
        own = name
        if own in dir(BaseModel) or keyword.iskeyword(own) or own.startswith(("_", "model_")):
            own = own.strip("_") + "_"
            while own in taken or own.startswith("model_"):
                own = f"field_{own}"
        taken.add(own)
        found.append(own)
    return found
