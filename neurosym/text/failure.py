"""What can go wrong, as one tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from neurosym.text.diagnostic import Diagnostic


SHOWN_MAX = 20  # problems in the text of an exception; `diagnostics` has them all


class NeurosymError(Exception):
    """Everything this package raises on purpose.

    NeurosymError
    |-- DiagnosticsError      what the author or caller wrote is wrong: carries diagnostics
    |   |-- RulesetError      a ruleset does not check
    |   `-- InputError        a request, fact file, answer file, graph or configuration was refused
    `-- Failure               the world broke: never leads to a decision
        |-- LimitError        a named bound of evaluation was reached
        |-- InternalError     the package is wrong, and the message names the author's text it was at work on
        |-- LogError          the log cannot take or give an entry
        |   |-- DecisionLoggedError   a decision or request of this id is in the log already
        |   |-- LogCorruptError       what the log holds does not verify
        |   |-- ErasedError           what the log held was erased, as the log says
        |   `-- HeldError             what was to be erased is held
        |-- ProviderError     a tier could not be asked
        |-- DisagreementError the second opinion is another
        |-- NotInstalledError what gives second opinions is not installed
        |-- OutsideBoxError, WorkerLostError   why there is no second opinion; they never leave the engine
        |-- ProcessLostError  a process that shared the work was ended
        `-- ReplayError       a recorded decision cannot be executed again
    """


class DiagnosticsError(NeurosymError):
    """The author's or caller's input is wrong; `diagnostics` holds every problem of the pass."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        shown = [f"{found.code}: {found.message}" for found in self.diagnostics[:SHOWN_MAX]]
        more = [f"... {len(self.diagnostics) - SHOWN_MAX} more"] if len(self.diagnostics) > SHOWN_MAX else []
        super().__init__("; ".join([*shown, *more]))

    def __reduce__(self) -> tuple[type[DiagnosticsError], tuple[tuple[Diagnostic, ...]]]:
        """To another process go the diagnostics; the text is made of them again."""
        return type(self), (self.diagnostics,)


class RulesetError(DiagnosticsError):
    """A ruleset does not check."""


class InputError(DiagnosticsError):
    """A request, fact file, answer file, graph or configuration was refused."""


class Failure(NeurosymError):  # noqa: N818 - the design's word: a failure is the world's fault, an error the author's
    """The world broke; a failure never yields a permissive outcome."""


class LimitError(Failure):
    """A named bound of evaluation was reached."""


class InternalError(Failure):
    """The package is wrong, and not what it was given; `__cause__` is what it stumbled over."""


class LogError(Failure):
    """The log cannot take or give an entry."""


class LogCorruptError(LogError):
    """What the log holds does not verify."""


class ErasedError(LogError):
    """What the log held was erased, as the log says."""


class HeldError(LogError):
    """What was to be erased is held."""


class EndedError(LogError):
    """The log was ended: it takes no entries of this kind any more."""


class RetiredError(LogError):
    """The ruleset that was to decide is out of use."""


class ProviderError(Failure):
    """A tier could not be asked."""


class ReplayError(Failure):
    """A recorded decision cannot be executed again."""
