"""Dataclasses and pydantic models as input: what they hold, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, ClassVar, Protocol, TypeAlias

from pydantic import MISSING, BaseModel

from neurosym.feel.types import Nullable
from neurosym.program.schema import FactType


class Dataclass(Protocol):
    """An instance of any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


Instance: TypeAlias = Dataclass | BaseModel


def members_of(given: object) -> Mapping[str, object] | None:
    """What an instance holds, by the names of its fields; None when it is none."""
    if isinstance(given, BaseModel):
        return _model_members(given)
    if is_dataclass(given) and not isinstance(given, type):
        return {each.name: getattr(given, each.name) for each in fields(given) if hasattr(given, each.name)}
    return None


def fact_members(of: FactType, given: object) -> object:
    """What is given for a fact, as a mapping when it is an instance.

    In a class of the caller, None is how a field says that it has no value. Where the type allows null that is what it
    means; where it does not, the field may only be absent, and None says so.
    """
    found = members_of(given)
    if found is None:
        return given
    absent = {each.name for each in of.fields if each.is_optional and not isinstance(each.type, Nullable)}
    return {name: value for name, value in found.items() if value is not None or name not in absent}


def choice_of(given: object) -> object:
    """The value of a member of an enumeration, or None."""
    return given.value if isinstance(given, Enum) else None


def _model_members(given: BaseModel) -> Mapping[str, object]:
    """The fields of a model that were set, or have a default that says something; ours by the names of the ruleset."""
    found: dict[str, object] = dict(given.model_extra or {})
    is_ours = hasattr(type(given), "__fact_members__")
    for name, field in type(given).model_fields.items():
        value = getattr(given, name, MISSING)
        if value is MISSING or (value is None and name not in given.model_fields_set):
            continue
        found[field.alias if is_ours and field.alias else name] = value
    return found
