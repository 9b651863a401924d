"""Vectors: the same for the same text, wherever and beside whatever it is encoded."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.judgment.local.encoder import Encoder, library_versions
from tests.judgment.local.opened import opened

TEXTS = ["Ali Reza Karimi", "DOB 02 Mar 1971; Passport A1234567", "العربية نص", "", "x", "日本の銀行 " * 40]
PRINT = (
    "from tests.judgment.local.test_local_encoder import TEXTS, fingerprint\n"
    "from tests.judgment.local.opened import opened\n"
    "print(fingerprint(opened().encoder, TEXTS))"
)


def fingerprint(encoder: Encoder, texts: list[str]) -> str:
    """The bytes of the vectors of some texts, digested."""
    return sha256(b"".join(encoder.encode(text).vector.tobytes() for text in texts)).hexdigest()


def vectors(encoder: Encoder, texts: list[str]) -> dict[str, bytes]:
    return {text: encoder.encode(text).vector.tobytes() for text in texts}


def test_a_text_has_one_vector_alone_and_among_others_in_any_order() -> None:
    encoder = opened().encoder
    alone = {text: vectors(encoder, [text])[text] for text in TEXTS}
    assert vectors(encoder, TEXTS) == vectors(encoder, TEXTS[::-1]) == alone
    assert vectors(encoder.remembering(), TEXTS + TEXTS) == alone


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_text_has_the_same_vector_in_every_process(seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": seed}
    found = subprocess.run([sys.executable, "-c", PRINT], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == fingerprint(opened().encoder, TEXTS)


def test_a_text_has_the_same_vector_in_every_thread() -> None:
    encoder = opened().encoder
    with ThreadPoolExecutor(8) as pool:
        prints = set(pool.map(lambda _: fingerprint(encoder, TEXTS), range(16)))
    assert prints == {fingerprint(encoder, TEXTS)}


@settings(max_examples=50, deadline=None)  # the first one opens the model
@given(st.text(max_size=300))
def test_every_text_has_one_vector_of_length_one(text: str) -> None:
    vector = opened().encoder.encode(text).vector
    assert abs(float(vector @ vector) - 1) < 1e-9
    assert opened().encoder.encode(text).vector.tobytes() == vector.tobytes()


def test_a_text_that_is_longer_than_the_model_reads_is_cut_and_that_is_said() -> None:
    encoder = opened().encoder
    short, long = encoder.encode("word"), encoder.encode("word " * 1_000)
    assert not short.is_cut
    assert long.is_cut
    assert long.tokens < 1_000
    assert encoder.encode("word " * 1_000 + "end").vector.tobytes() == long.vector.tobytes()


def test_texts_about_the_same_are_nearer_than_others() -> None:
    encode = opened().encoder.encode
    bank, loan, cat = (encode(text).vector for text in ("the bank lends money", "a loan of a bank", "my cat sleeps"))
    assert float(bank @ loan) > float(bank @ cat)


def test_what_runs_a_model_is_recorded_with_its_version() -> None:
    assert [name for name, _ in library_versions()] == ["onnxruntime", "tokenizers"]
