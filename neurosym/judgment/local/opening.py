"""Local models, opened once in a process: the bytes that were digested are the bytes that are run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Lock

from neurosym.judgment.configuration import Configuration, LocalTier
from neurosym.judgment.local.encoder import Encoder
from neurosym.judgment.local.head import Head, mark_of, read_head
from neurosym.judgment.local.model import LocalModel
from neurosym.judgment.local.model_files import read_model_files
from neurosym.judgment.local.problems import another_model, no_head
from neurosym.program.judgment import Judgment
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Digest


class LocalModels:
    """The models that were opened so far. What changes on disk afterwards is seen by the next process."""

    def __init__(self) -> None:
        self._encoders: dict[tuple[Path, str], Encoder] = {}
        self._heads: dict[Path, Head] = {}
        self._models: dict[tuple[Path, LocalTier], LocalModel] = {}
        self._lock = Lock()

    def opened(self, tier: LocalTier, folder: Path) -> LocalModel:
        """The model of a tier. InputError (NS670 to NS674) when its files are missing, cannot be run or are not those
        that the tier names; ProviderError when what runs them is not installed.
        """
        with self._lock:
            encoder = self._encoder(tier.directory, folder)
            head = None if tier.artefact is None else self._head(folder / tier.artefact)
            made = LocalModel(encoder, tier.features, head, tier.name)
            # Kept, since it remembers what it made of the author's texts; a version that is not the one stays outside.
            model = self._models.setdefault((folder.resolve(), replace(tier, model=None)), made)
        if tier.model is not None and tier.model != model.name:
            report = Report()
            report.add(another_model(tier.model, model.name, JsonPath(f"tier.{tier.name}.model")))
            report.stop_on_errors(InputError)
        return model

    def _encoder(self, directory: str, folder: Path) -> Encoder:
        key = (folder.resolve(), directory)
        if key not in self._encoders:
            report = Report()
            files = read_model_files(directory, folder, report)
            report.stop_on_errors(InputError)
            assert files is not None
            self._encoders[key] = Encoder.open(files)
        return self._encoders[key]

    def _head(self, path: Path) -> Head:
        key = path.resolve()
        if key not in self._heads:
            report = Report()
            try:
                head = read_head(path.read_bytes(), str(path), report)
            except OSError as error:
                report.add(no_head(JsonPath(str(path)), f"the file cannot be read: {error.strerror}"))
                head = None
            report.stop_on_errors(InputError)
            assert head is not None
            self._heads[key] = head
        return self._heads[key]


LOCAL_MODELS = LocalModels()


def has_learnt_from(tier: LocalTier, folder: Path, case: Digest, models: LocalModels = LOCAL_MODELS) -> bool:
    """True when the tier's head was trained on the case; errors as of `opened`."""
    head = models.opened(tier, folder).head
    return head is not None and mark_of(case) in head.learnt_from


def with_versions(configuration: Configuration, models: LocalModels = LOCAL_MODELS) -> Configuration:
    """The configuration with the version of each local model; errors as of `opened`."""
    tiers = tuple(
        replace(tier, model=models.opened(tier, configuration.folder).name)
        if isinstance(tier, LocalTier) and tier.model is None
        else tier
        for tier in configuration.tiers
    )
    return replace(configuration, tiers=tiers)


def check_local_tier(
    judgment: Judgment, tier: LocalTier, folder: Path, report: Report, models: LocalModels = LOCAL_MODELS
) -> None:
    """Report what a local model and a judgment whose route names it cannot do together: NS674, NS675, or what is wrong
    with the expression of a feature. Errors as of `opened`.
    """
    models.opened(tier, folder).check(judgment, report)
