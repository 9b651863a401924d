"""The tiers that a house has: who may be asked, where, and what each may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, assert_never

from neurosym.judgment.budget import NO_BUDGET, Budget
from neurosym.judgment.cost import Price
from neurosym.judgment.dialect import AUTO, DEFAULT_DIALECT, Dialect
from neurosym.judgment.identity import Parameters
from neurosym.judgment.queue.term import CLAIM_MINUTES
from neurosym.values.canonical import Json
from neurosym.values.temporal import Duration, Months

DATA_CLASSES = ("public", "internal", "personal", "secret")
TIMEOUT_MS, TIMEOUT_MS_MAX = 20_000, 600_000
ATTEMPTS, ATTEMPTS_MAX = 2, 5
BACKOFF_MS, BACKOFF_MS_MAX = 250, 60_000
PARAMETERS: Parameters = (("temperature", 0),)
SAMPLING = frozenset({"temperature", "top_p", "seed"})
CONCURRENT, CONCURRENT_MAX = 4, 256
BATCH, BATCH_OF_DECISIONS, BATCH_MAX = 1, 16, 64
SAMPLES, SAMPLES_MAX = 1, 25
OUTPUT_TOKENS_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class ComputedTier:
    """A deterministic rule of ours."""

    name: str


@dataclass(frozen=True, slots=True)
class ModelTier:
    """A model behind an endpoint. `key_env` names a variable; the key stands nowhere.

    A `dialect` of None is looked for by a probe, and an `agree` of None means all samples.
    """

    name: str
    base_url: str
    model: str
    may_see: tuple[str, ...]
    key_env: str | None = None
    timeout_ms: int = TIMEOUT_MS
    attempts: int = ATTEMPTS
    parameters: Parameters = PARAMETERS
    dialect: Dialect | None = DEFAULT_DIALECT
    concurrent: int = CONCURRENT
    batch: int | None = None  # questions in one request
    samples: int = SAMPLES
    agree: int | None = None  # of the samples
    logprobs: bool = False
    output_tokens_max: int | None = None
    price: Price | None = None
    pseudonymise: tuple[str, ...] = ()  # the classes that it may see in disguise
    backoff_ms: int = BACKOFF_MS  # before the second attempt after a failure; twice that before each further one
    suspended: str | None = None  # why it is not asked, if so

    @property
    def parameters_sent(self) -> Parameters:
        """The parameters that go out; the decisions interface does not sample, and takes none that say how."""
        kept = [pair for pair in self.parameters if self.dialect is not Dialect.DECISIONS or pair[0] not in SAMPLING]
        return tuple(kept)

    @property
    def batch_max(self) -> int:
        """How many questions about the same material go into one request."""
        return self.batch or (BATCH_OF_DECISIONS if self.dialect is Dialect.DECISIONS else BATCH)

    @property
    def agreeing(self) -> int:
        """How many of the samples have to say the same."""
        return self.agree or self.samples


@dataclass(frozen=True, slots=True)
class LocalTier:
    """A model of this process, from the files in `directory`: a folder as the configuration writes it, or
    `package:NAME`. Without `artefact`, the file of a trained head, it answers by what texts are about. `model` names
    the version of the files; where it is None, it is the one that is there.
    """

    name: str
    directory: str
    artefact: str | None = None
    features: tuple[tuple[str, str], ...] = ()  # name, expression over the judgment's parameters
    may_see: tuple[str, ...] = DATA_CLASSES  # nothing leaves the process
    model: str | None = None
    suspended: str | None = None


@dataclass(frozen=True, slots=True)
class PersonTier:
    """The review queue at `review`: a path as the configuration writes it, or the address of a server. An answer is due
    when the deadline has gone by since the asking; a claim holds for so many minutes.
    """

    name: str
    review: str
    deadline: Duration | Months | None = None
    claim_minutes: int = CLAIM_MINUTES


@dataclass(frozen=True, slots=True)
class EnsembleTier:
    """Several tiers asked at the same time; what `agree` of them say counts."""

    name: str
    members: tuple[str, ...]
    agree: int


LearnedTier: TypeAlias = ModelTier | LocalTier
Tier: TypeAlias = ComputedTier | LearnedTier | PersonTier | EnsembleTier


@dataclass(frozen=True, slots=True)
class Configuration:
    """The tiers in the order of the file. Relative paths start at `folder`."""

    tiers: tuple[Tier, ...] = ()
    folder: Path = field(default=Path(), compare=False)
    budget: Budget = NO_BUDGET

    def tier(self, name: str) -> Tier | None:
        """The tier of that name, or None."""
        return next((tier for tier in self.tiers if tier.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tiers."""
        return tuple(tier.name for tier in self.tiers)

    def voices(self, name: str) -> tuple[tuple[Tier, int], ...]:
        """Who is asked for a tier: it or its members, each as often as it takes samples."""
        tier = self.tier(name)
        members = [self.tier(each) for each in tier.members] if isinstance(tier, EnsembleTier) else [tier]
        found = [each for each in members if each is not None]
        return tuple((each, sample) for each in found for sample in range(_samples(each)))

    def attempts(self, name: str) -> int:
        """How often a tier may be asked one question."""
        tier = self.tier(name)
        return tier.attempts if isinstance(tier, ModelTier) else 1

    def agree(self, name: str) -> int:
        """How many of the voices have to say the same."""
        tier = self.tier(name)
        if isinstance(tier, EnsembleTier):
            return tier.agree
        return tier.agreeing if isinstance(tier, ModelTier) else 1

    @property
    def json(self) -> dict[str, Json]:
        """The configuration as the log holds it; there is no secret in it to begin with."""
        budget: dict[str, Json] = {} if self.budget == NO_BUDGET else {"budget": self.budget.json}
        return {"tier": {tier.name: tier_json(tier) for tier in self.tiers}, **budget}


def tier_json(tier: Tier) -> dict[str, Json]:
    """One tier, with the members that judges.toml gives it."""
    match tier:
        case ComputedTier():
            return {"kind": "computed"}
        case ModelTier():
            return {
                "kind": "model",
                "base_url": tier.base_url,
                "model": tier.model,
                "key_env": tier.key_env,
                "timeout_ms": tier.timeout_ms,
                "attempts": tier.attempts,
                "backoff_ms": tier.backoff_ms,
                "may_see": list(tier.may_see),
                "parameters": dict(tier.parameters),
                "dialect": AUTO if tier.dialect is None else tier.dialect.value,
                "concurrent": tier.concurrent,
                "batch": tier.batch,
                "samples": tier.samples,
                "agree": tier.agree,
                "logprobs": tier.logprobs,
                "output_tokens_max": tier.output_tokens_max,
                "price": None if tier.price is None else tier.price.json,
                "pseudonymise": list(tier.pseudonymise),
                "suspended": tier.suspended,
            }
        case LocalTier():
            return {
                "kind": "model",
                "directory": tier.directory,
                "artefact": tier.artefact,
                "features": dict(tier.features),
                "may_see": list(tier.may_see),
                "model": tier.model,
                "suspended": tier.suspended,
            }
        case PersonTier():
            deadline = None if tier.deadline is None else str(tier.deadline)
            claim_minutes = tier.claim_minutes
            return {"kind": "person", "review": tier.review, "deadline": deadline, "claim_minutes": claim_minutes}
        case EnsembleTier():
            return {"kind": "ensemble", "members": list(tier.members), "agree": tier.agree}
        case _:
            assert_never(tier)


def _samples(tier: Tier) -> int:
    return tier.samples if isinstance(tier, ModelTier) else 1
