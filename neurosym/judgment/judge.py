"""The judge: the tiers of a house, ready to be asked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, assert_never

from neurosym.judgment.asking_loop import asking_loop
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.computations import COMPUTATIONS
from neurosym.judgment.computed import Computations, ComputedAsker
from neurosym.judgment.configuration import (
    ComputedTier,
    Configuration,
    EnsembleTier,
    LocalTier,
    ModelTier,
    PersonTier,
    Tier,
)
from neurosym.judgment.configuration_file import parse_configuration
from neurosym.judgment.hearing import Consultation, Recorder, hear
from neurosym.judgment.inquiry import Inquiry, Response
from neurosym.judgment.person import PersonAsker
from neurosym.judgment.providers.connections import Connections
from neurosym.judgment.providers.model_asker import ModelAsker
from neurosym.judgment.providers.probe import PROBES
from neurosym.judgment.route import next_tier
from neurosym.judgment.tier import Asker, RemoteAsker, Request
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Diagnostic, Label, Report, Severity
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Digest


@dataclass(frozen=True, slots=True)
class Judge:
    """The tiers of a house, ready to be asked. Keys are read from `environment` at the moment of a call."""

    configuration: Configuration
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    computations: Computations = field(default_factory=dict, repr=False)
    connections: Connections = field(default_factory=Connections, repr=False, compare=False)

    @classmethod
    def from_config(cls, path: str | Path, environment: Mapping[str, str] | None = None) -> Self:
        """The judge that a judges.toml describes; InputError with every problem in it.

        Keys come from the variables that it names, in `environment` or else in that of the process; relative paths
        start at its folder.
        """
        path = Path(path)
        report = Report()
        try:
            content = path.read_bytes()
        except OSError as error:
            message = f"cannot read the configuration: {error.strerror}"
            raise InputError([Diagnostic("NS600", Severity.ERROR, message, Label(JsonPath(str(path))))]) from error
        configuration = parse_configuration(content, str(path), path.parent, report)
        report.stop_on_errors(InputError)
        return cls(configuration, os.environ if environment is None else environment, COMPUTATIONS)

    @property
    def is_settled(self) -> bool:
        """False while it is not known how some model is asked, or which it is."""
        return all(_is_settled(tier) for tier in self.configuration.tiers)

    def settled(self) -> Self:
        """The judge with what its endpoints were found to understand, where they say so, and the versions of its local
        models. Blocks while it asks.
        """
        configuration = PROBES.settled(self.configuration, self.environment)
        if any(isinstance(tier, LocalTier) for tier in configuration.tiers):
            from neurosym.judgment.local.opening import with_versions  # noqa: PLC0415 - heavy: lark

            configuration = with_versions(configuration)
        return replace(self, configuration=configuration)

    def check_models(self, judgments: Iterable[Judgment], report: Report) -> None:
        """Report what local models and the judgments whose routes name them cannot do together: NS674, NS675.
        InputError (NS670 to NS673) or ProviderError when a model cannot be opened.
        """
        folder = self.configuration.folder
        for judgment in judgments:
            for tier in dict.fromkeys(self._route_tiers(judgment)):
                if isinstance(tier, LocalTier):
                    from neurosym.judgment.local.opening import check_local_tier  # noqa: PLC0415 - heavy: lark

                    check_local_tier(judgment, tier, folder, report)

    def has_learnt_from(self, tier: str, case: Digest) -> bool:
        """True when a voice of the tier was trained on the case: its answer to it says nothing of others."""
        voices = [voice for voice, _ in self.configuration.voices(tier) if isinstance(voice, LocalTier)]
        if not voices:
            return False
        from neurosym.judgment.local.opening import has_learnt_from  # noqa: PLC0415 - heavy: lark

        return any(has_learnt_from(voice, self.configuration.folder, case) for voice in voices)

    def _route_tiers(self, judgment: Judgment) -> Iterator[Tier]:
        for step in judgment.route:
            if self.configuration.tier(step.tier) is not None:
                yield from (tier for tier, _ in self.configuration.voices(step.tier))

    def next_tier(self, judgment: Judgment, tried: AbstractSet[str]) -> str | None:
        """The first configured tier of the judgment's route that was not tried, or None when none is left."""
        return next_tier(judgment, self.configuration, tried)

    def ask(self, tier: str, inquiry: Inquiry, record: Recorder) -> Response:
        """What became of one question at one tier."""
        (found,) = hear([Consultation(tier, inquiry)], self.configuration, self, record)
        return found

    # --- the judge as a source of attempts

    def asker(self, tier: Tier, request: Request) -> Asker | RemoteAsker:
        """Who answers for the tier."""
        del request
        match tier:
            case ComputedTier():
                return ComputedAsker(tier.name, self.computations)
            case ModelTier():
                return ModelAsker(tier, self.environment, self.connections)
            case LocalTier():
                from neurosym.judgment.local.asker import LocalAsker  # noqa: PLC0415 - heavy: lark

                return LocalAsker(tier, self.configuration.folder)
            case PersonTier():
                return PersonAsker(tier, self.configuration.folder)
            case EnsembleTier():
                raise AssertionError(tier)
            case _:
                assert_never(tier)

    def recalled(self, tier: Tier, request: Request) -> Attempt | None:
        """None: a judge remembers nothing."""
        del tier, request
        return None

    def refused(self, tier: Tier, request: Request) -> Attempt | None:
        """None: a judge keeps no budget."""
        del tier, request
        return None

    def start(self, asker: RemoteAsker, tier: Tier, requests: Sequence[Request]) -> Future[Sequence[Attempt]]:
        """The future of the attempts, made on the loop of the process."""
        del tier
        return asking_loop().start(asker.ask_together(requests, None))


def _is_settled(tier: Tier) -> bool:
    match tier:
        case ModelTier():
            return tier.dialect is not None
        case LocalTier():
            return tier.model is not None
        case _:
            return True
