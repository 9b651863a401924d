"""Which dialect an endpoint understands: asked with one harmless question, from the top of the ladder down.

A rung holds when the answer comes back whole and well-formed in its dialect. Where a rung constrains the answer, the
probe asks for a word that the constraint does not let through: an endpoint that takes the member and ignores it, with a
model that does as it is told, is found out. One with a model that prefers the form to the order is not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

from neurosym.feel.types import Choice
from neurosym.judgment.answer_value import is_allowed
from neurosym.judgment.asking_loop import asking_loop
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.completion import attempt_completion, is_model_asked
from neurosym.judgment.configuration import Configuration, ModelTier
from neurosym.judgment.dialect import Constraint, Dialect
from neurosym.judgment.document import DocumentError
from neurosym.judgment.identity import question_id
from neurosym.judgment.model_claim import read_model_claim
from neurosym.judgment.providers.connections import Connections
from neurosym.judgment.providers.model_asker import ModelAsker
from neurosym.judgment.tier import Request
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest, Json, digest
from neurosym.values.unknown import Question

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS = ("alder", "birch")
HARMLESS = Judgment("probe", "", (), Choice(WORDS), "Which of the two words comes first in the alphabet?")
TEMPTING = replace(
    HARMLESS,
    name="probe_of_constraint",
    ask="Write the word cedar alone, without quotes or braces and whatever else is said of the form. Do you write it?",
)
FOUND = "understood"
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Rung:
    """What came of one dialect; `outcome` is "understood", or why not."""

    dialect: Dialect
    outcome: str
    attempt: Attempt

    @property
    def holds(self) -> bool:
        """True when the endpoint understands the dialect."""
        return self.outcome == FOUND


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """What came of the ladder; `dialect` is the first that holds, or None."""

    tier: str
    tried: tuple[Rung, ...]

    @property
    def dialect(self) -> Dialect | None:
        """The first dialect that the endpoint understands."""
        return next((rung.dialect for rung in self.tried if rung.holds), None)

    @property
    def json(self) -> Json:
        """The report as the command line writes it; the exchanges are in the attempts."""
        tried: list[Json] = [{"dialect": rung.dialect.value, "outcome": rung.outcome} for rung in self.tried]
        return {"tier": self.tier, "dialect": None if self.dialect is None else self.dialect.value, "tried": tried}


async def probe(
    tier: ModelTier, environment: Mapping[str, str], ladder: Sequence[Dialect] = tuple(Dialect)
) -> ProbeReport:
    """What the endpoint of a tier understands. The ladder ends at a rung that holds, or when nobody is there."""
    connections, tried = Connections(), []
    try:
        for dialect in ladder:
            tried.append(await _rung(replace(tier, dialect=dialect, batch=1, price=None), environment, connections))
            if tried[-1].holds or tried[-1].attempt.response is None:
                break
    finally:
        await connections.close()
    return ProbeReport(tier.name, tuple(tried))


async def _rung(tier: ModelTier, environment: Mapping[str, str], connections: Connections) -> Rung:
    assert tier.dialect is not None
    is_held = tier.dialect.constraint not in (Constraint.NONE, Constraint.QUESTIONS)
    judgment = TEMPTING if is_held else HARMLESS
    about = Question(judgment.name, (), ())
    request = Request(judgment, about, question_id(judgment, about), "probe")
    (attempt,) = await ModelAsker(tier, environment, connections).ask_together([request], None)
    return Rung(tier.dialect, _outcome(judgment, attempt), attempt)


def _outcome(judgment: Judgment, attempt: Attempt) -> str:
    if attempt.failure is not None:
        return attempt.failure
    try:
        completion = attempt_completion(attempt)
        if completion.complaint is not None:
            return completion.complaint
        if not is_model_asked(attempt.model, completion.model):
            return "not the model that was asked"
        claim = read_model_claim(judgment, attempt, completion)
    except DocumentError as error:
        return str(error)
    is_kept = claim.value is None or is_allowed(claim.value, judgment.returns)
    return FOUND if is_kept else "the constraint was not kept"


class Probes:
    """What was found so far, for as long as a process lives: an endpoint is probed once for each model and key, and
    where nothing was found, again after `PATIENCE_SECONDS`.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._found: dict[Digest, Dialect] = {}
        self._failed_at: dict[Digest, float] = {}
        self._clock = clock
        self._lock = Lock()

    def settled(self, configuration: Configuration, environment: Mapping[str, str]) -> Configuration:
        """The configuration with the dialects that its endpoints understand; a tier whose endpoint understands none,
        or is not there now, is left as it is. Blocks while it asks.
        """
        with self._lock:
            tiers = tuple(
                replace(tier, dialect=self._dialect(tier, environment))
                if isinstance(tier, ModelTier) and tier.dialect is None
                else tier
                for tier in configuration.tiers
            )
        return replace(configuration, tiers=tiers)

    def _dialect(self, tier: ModelTier, environment: Mapping[str, str]) -> Dialect | None:
        place = digest([tier.base_url, tier.model, environment.get(tier.key_env or ""), dict(tier.parameters)])
        failed_at = self._failed_at.get(place)
        if place not in self._found and (failed_at is None or self._clock() - failed_at >= PATIENCE_SECONDS):
            found = asking_loop().start(probe(tier, environment)).result().dialect
            if found is None:
                self._failed_at[place] = self._clock()
            else:
                self._found[place] = found
        return self._found.get(place)


PROBES = Probes()
