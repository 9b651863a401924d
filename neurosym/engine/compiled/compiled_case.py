"""A case with its generated code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType
from typing import Any

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.order import Order
from neurosym.engine.compiled.reach import Steps, files_of, steps_of
from neurosym.engine.compiled.source import Module, Resource
from neurosym.engine.compiled.touch import Touch
from neurosym.engine.effort import Effort
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
    following: Mapping[str, Touch] = field(default_factory=dict)  # the same where totals are followed; none: never

    @cached_property
    def files(self) -> frozenset[str]:
        """The author's files that the functions come from."""
        return files_of(self.module)

    @cached_property
    def steps(self) -> Steps:
        """What bounds how much the functions look at."""
        return steps_of(self.module)

    def bound(self, resource: Callable[[Resource], Any], effort: Effort) -> Mapping[str, Function]:
        """The functions, with the resources they need."""
        if self.code is None:
            return {}
        namespace: dict[str, Any] = dict(self.module.constants)
        watching = (effort.pause, effort.watch) if self.module.counts else ()
        exec(self.code, namespace)  # noqa: S102 - generated from a checked program, never from text
        found: Mapping[str, Function] = namespace["bind"](*watching, *map(resource, self.module.resources))
        return found
