"""A case with its generated code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.order import Order
from neurosym.engine.compiled.source import Module, Resource
from neurosym.engine.compiled.touch import Touch
from neurosym.engine.layout import Layout

Function = Callable[..., Any]


@dataclass(frozen=True)
class CompiledCase:
    """A case with its code; without it (`code` None) only the general evaluator knows it."""

    case: Case
    orders: Mapping[str, Order]  # by the function's name
    module: Module
    code: CodeType | None
    touching: Mapping[str, Touch]  # functions that tell which bindings rows bear on that the condition reads inside
    layouts: Mapping[str, Layout]

    def bound(self, resource: Callable[[Resource], Any]) -> Mapping[str, Function]:
        """The functions, with the resources they need."""
        if self.code is None:
            return {}
        namespace: dict[str, Any] = dict(self.module.constants)
        exec(self.code, namespace)  # noqa: S102 - generated from a checked program, never from text
        found: Mapping[str, Function] = namespace["bind"](*map(resource, self.module.resources))
        return found
