"""A second opinion on a model, by an implementation of another family in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Self, TypeAlias

from neurosym.engine.model import Model
from neurosym.engine.second.box import OutsideBoxError, Refusal
from neurosym.engine.second.derivation import Derivation
from neurosym.engine.second.difference import Difference, compared, differences
from neurosym.engine.second.supervision import TIMEOUT_S, Worker, WorkerLostError
from neurosym.engine.situation import Situation
from neurosym.program.program import Program
from neurosym.values.canonical import Json


@dataclass(frozen=True, slots=True)
class Agrees:
    """Everything concluded is the same: so many facts, outcomes and duties."""

    compared: int

    @property
    def json(self) -> dict[str, Json]:
        """The opinion as logs and commands write it."""
        return {"opinion": "agrees", "compared": self.compared}


@dataclass(frozen=True, slots=True)
class Disagrees:
    """Something is concluded otherwise: one of the two implementations is wrong."""

    differences: tuple[Difference, ...]

    @property
    def json(self) -> dict[str, Json]:
        """The opinion as logs and commands write it."""
        return {"opinion": "disagrees", "differences": [each.json for each in self.differences]}


@dataclass(frozen=True, slots=True)
class Refused:
    """The program or the facts lie outside the box, so there is no opinion."""

    refusals: tuple[Refusal, ...]

    @property
    def json(self) -> dict[str, Json]:
        """The opinion as logs and commands write it."""
        return {"opinion": "refused", "reasons": [each.reason for each in self.refusals]}


@dataclass(frozen=True, slots=True)
class Incident:
    """The worker gave no opinion: what happened to it."""

    what: str

    @property
    def json(self) -> dict[str, Json]:
        """The opinion as logs and commands write it."""
        return {"opinion": "incident", "what": self.what}


Opinion: TypeAlias = Agrees | Disagrees | Refused | Incident


class SecondOpinion:
    """Gives opinions on the models of one program. Threads may share it; one is served at a time."""

    def __init__(self, program: Program, *, timeout_s: int = TIMEOUT_S) -> None:
        """NotInstalledError without durable-rules. `timeout_s` bounds each exchange with the worker."""
        self.program = program
        self.worker = Worker(timeout_s)
        self._lock = Lock()

    def on(self, model: Model) -> Opinion:
        """What durable-rules makes of the situation of the model."""
        situation, has_burdens = model.world.situation, model.firing.burdens
        try:
            with self._lock:
                second = self._derived(situation, has_burdens=has_burdens)
        except OutsideBoxError as outside:
            return Refused(outside.refusals)
        except WorkerLostError as lost:
            return Incident(str(lost))
        found = differences(model, second)
        return Disagrees(found) if found else Agrees(compared(model))

    def close(self) -> None:
        """End the worker."""
        self.worker.stop()

    def _derived(self, situation: Situation, *, has_burdens: bool) -> Derivation:
        plain = Derivation(self.program, situation, self.worker)
        if not has_burdens:
            return plain
        return Derivation(self.program, situation, self.worker, plain.reasons)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
