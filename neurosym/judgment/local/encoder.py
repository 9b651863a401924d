"""Texts as vectors: the same text gives the same vector, alone or among others, in any order and any process.

Each text is one run of the network by itself, without padding, on one thread, operator after operator: a network with
weights of eight bits scales the activations of a whole run, so that texts run together would change one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, NoReturn

from neurosym.judgment.identity import Parameters
from neurosym.judgment.local.model_files import LENGTH, MODEL, TOKENIZER, ModelFiles, Pooling
from neurosym.judgment.local.problems import unusable_model
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError, ProviderError
from neurosym.text.span import JsonPath
from neurosym.values.canonical import Digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXT_LENGTH_MAX = 100_000  # characters of a text that are looked at; the tokens that a model reads are far fewer
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
TOKENS, TOKENS_MAX = 256, 8_192  # that a model reads where nothing says so; that any reads
NO_FOLDER = "/dev/null/no-folder/"
TRIAL = "The cat sits on the mat."


@dataclass(frozen=True, slots=True)
class Embedding:
    """The vector of a text, of length one. `is_cut` when the text had more tokens than the model reads."""

    vector: NDArray[Any] = field(repr=False)
    tokens: int
    is_cut: bool


class Encoder:
    """A model, ready to turn texts into vectors; threads may share it."""

    def __init__(
        self, files: ModelFiles, session: Any, tokenizer: Any, known: dict[str, Embedding] | None = None
    ) -> None:
        """With `known`, texts are looked up there, and run once."""
        self.name = files.name
        self.digest: Digest = files.digest
        self._pooling = files.pooling
        self._is_lower_case = files.is_lower_case
        self._files = files
        self._known = known
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = tuple(each.name for each in session.get_inputs())
        self._output = next((each.name for each in session.get_outputs() if len(each.shape) == 3), None)

    @classmethod
    def open(cls, files: ModelFiles) -> Encoder:
        """The encoder of a model's files. InputError (NS671) when they cannot be run; ProviderError when what runs
        them is not installed.
        """
        runtime, tokenizers = _libraries()
        try:
            tokenizer = tokenizers.Tokenizer.from_buffer(files.tokenizer)
        except ValueError:
            _refuse(files, TOKENIZER, "its tokenizer cannot be read")
        tokenizer.no_padding()
        tokens_max = _tokens_max(files, tokenizer.truncation)
        tokenizer.enable_truncation(tokens_max)
        try:
            session = runtime.InferenceSession(files.network, _options(runtime), providers=["CPUExecutionProvider"])
        except _failures():
            _refuse(files, MODEL, "its network cannot be loaded")
        encoder = cls(files, session, tokenizer)
        encoder._check(files, tokens_max)
        return encoder

    def remembering(self) -> Encoder:
        """The same encoder for a piece of work that comes back to its texts: each of them is run once."""
        return Encoder(self._files, self._session, self._tokenizer, {})

    @property
    def width(self) -> int:
        """How many numbers a vector has."""
        return len(self.encode(TRIAL).vector)

    def encode(self, text: str) -> Embedding:
        """The vector of a text. ProviderError when the network fails on it or gives what is no number."""
        if self._known is None:
            return self._encoded(text)
        if text not in self._known:
            self._known[text] = self._encoded(text)
        return self._known[text]

    def _encoded(self, text: str) -> Embedding:
        import numpy as np  # noqa: PLC0415 - heavy

        shown = text[:TEXT_LENGTH_MAX]
        read = self._tokenizer.encode(shown.lower() if self._is_lower_case else shown)
        try:
            vector = self._run(read.ids, read.type_ids)
        except _failures() as error:
            raise ProviderError("the local model failed on a text") from error
        length = float(np.sqrt(np.dot(vector, vector)))
        if not np.isfinite(length) or length == 0:
            raise ProviderError("the local model gave no numbers")
        return Embedding(vector / length, len(read.ids), bool(read.overflowing) or len(shown) < len(text))

    def _run(self, ids: Sequence[int], types: Sequence[int]) -> NDArray[Any]:
        """The vector of some tokens, of any length."""
        import numpy as np  # noqa: PLC0415 - heavy

        given = {"input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": types}
        feed = {name: np.array([given[name]], dtype=np.int64) for name in self._inputs}
        (found,) = self._session.run([self._output], feed)
        vectors = found[0].astype(np.float64)
        match self._pooling:
            case Pooling.MEAN:
                pooled: NDArray[Any] = vectors.sum(axis=0) / len(ids)
            case Pooling.FIRST:
                pooled = vectors[0]
            case Pooling.GREATEST:
                pooled = vectors.max(axis=0)
        return pooled

    def _check(self, files: ModelFiles, tokens_max: int) -> None:
        """The network reads the tokens of this tokenizer, its last one among them, as many as it says."""
        if set(self._inputs) - {*INPUTS} or "input_ids" not in self._inputs or self._output is None:
            _refuse(files, MODEL, "its network does not turn tokens into vectors")
        size = self._tokenizer.get_vocab_size()
        if files.vocabulary is not None and size > files.vocabulary:
            _refuse(files, TOKENIZER, "its tokenizer has more words than its network")
        if tokens_max <= self._tokenizer.num_special_tokens_to_add(is_pair=False):
            _refuse(files, LENGTH, "it reads no word of a text")
        failures: tuple[type[Exception], ...] = (*_failures(), ProviderError)
        trials = ([size - 1], [0] * tokens_max)
        try:
            self.encode(TRIAL)
            for ids in trials:
                self._run(ids, [0] * len(ids))
        except failures:
            _refuse(files, TOKENIZER, "its network does not read what its tokenizer writes")


def _tokens_max(files: ModelFiles, truncation: Mapping[str, Any] | None) -> int:
    """How many tokens the model reads: as many as it was trained for, no more than it has places for."""
    written = None if truncation is None else truncation["max_length"]
    return min(files.tokens_max or written or TOKENS, files.places or TOKENS_MAX, TOKENS_MAX)


def _refuse(files: ModelFiles, name: str, message: str) -> NoReturn:
    report = Report()
    report.add(unusable_model(JsonPath(f"{files.name}/{name}"), message))
    raise InputError(report.diagnostics)


def library_versions() -> Parameters:
    """The versions of what runs a model: under others, the last digits of a vector may be others."""
    return tuple((name, version(name)) for name in ("onnxruntime", "tokenizers"))


def _libraries() -> tuple[Any, Any]:
    try:
        import onnxruntime  # noqa: PLC0415 - heavy, and in an extra
        import tokenizers  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        raise ProviderError("a local model needs `pip install 'neurosym[embed]'`") from error
    return onnxruntime, tokenizers


def _failures() -> tuple[type[Exception], ...]:
    """Everything that the runtime raises of its own: its errors have nothing in common but their module."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # noqa: PLC0415 - heavy

    found = [each for each in vars(state).values() if isinstance(each, type) and issubclass(each, Exception)]
    return tuple(sorted(found, key=lambda each: each.__name__))


def _options(runtime: Any) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 4  # what is wrong is raised
    # Weights in a file beside the network would be read from the working directory, and no digest would know them.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", NO_FOLDER)
    return options
