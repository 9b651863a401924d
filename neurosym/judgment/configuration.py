"""The tiers that a house has: who may be asked, where, and what each may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, assert_never

from neurosym.judgment.identity import Parameters
from neurosym.values.canonical import Json

DATA_CLASSES = ("public", "internal", "personal", "secret")
TIMEOUT_MS, TIMEOUT_MS_MAX = 20_000, 600_000
ATTEMPTS, ATTEMPTS_MAX = 2, 5
PARAMETERS: Parameters = (("temperature", 0),)


@dataclass(frozen=True, slots=True)
class ComputedTier:
    """A deterministic rule of ours."""

    name: str


@dataclass(frozen=True, slots=True)
class ModelTier:
    """A model behind an endpoint of the chat completions form. `key_env` names a variable; the key stands nowhere."""

    name: str
    base_url: str
    model: str
    may_see: tuple[str, ...]
    key_env: str | None = None
    timeout_ms: int = TIMEOUT_MS
    attempts: int = ATTEMPTS
    parameters: Parameters = PARAMETERS


@dataclass(frozen=True, slots=True)
class PersonTier:
    """The review queue in the file `review`, a path as the configuration writes it."""

    name: str
    review: str


Tier: TypeAlias = ComputedTier | ModelTier | PersonTier


@dataclass(frozen=True, slots=True)
class Configuration:
    """The tiers in the order of the file. Relative paths start at `folder`."""

    tiers: tuple[Tier, ...] = ()
    folder: Path = field(default=Path(), compare=False)

    def tier(self, name: str) -> Tier | None:
        """The tier of that name, or None."""
        return next((tier for tier in self.tiers if tier.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the tiers."""
        return tuple(tier.name for tier in self.tiers)

    @property
    def json(self) -> Json:
        """The configuration as the log holds it; there is no secret in it to begin with."""
        return {"tier": {tier.name: tier_json(tier) for tier in self.tiers}}


def tier_json(tier: Tier) -> Json:
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
                "may_see": list(tier.may_see),
                "parameters": dict(tier.parameters),
            }
        case PersonTier():
            return {"kind": "person", "review": tier.review}
        case _:
            assert_never(tier)
