"""Canonical bytes: RFC 8785 over what may be hashed, and a digest of just those bytes."""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
import rfc8785

from neurosym.values.canonical import SAFE_INTEGER_MAX, Json, canonical_bytes, digest, digest_bytes, digest_list

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "vectors" / "jcs"
NAMES = ("arrays", "french", "structures", "unicode", "values", "weird")
outside = pytest.mark.skipif(not VECTORS.is_dir(), reason="the outside test data (shared/data/vectors/jcs) is absent")


def has_float(document: object) -> bool:
    if isinstance(document, dict):
        return any(map(has_float, document.values()))
    return any(map(has_float, document)) if isinstance(document, list) else isinstance(document, float)


@outside
@pytest.mark.parametrize("name", NAMES)
def test_a_published_vector_has_its_published_bytes(name: str) -> None:
    document = json.loads((VECTORS / "input" / f"{name}.json").read_bytes())
    if has_float(document):
        with pytest.raises(TypeError):
            canonical_bytes(document)
        document = without_floats(document)
        assert canonical_bytes(document) == rfc8785.dumps(document)
    else:
        expected = (VECTORS / "output" / f"{name}.json").read_bytes()
        assert canonical_bytes(document) == expected == bytes.fromhex((VECTORS / "outhex" / f"{name}.txt").read_text())


def without_floats(document: Json | float) -> Json:
    """The document with each number as the integer it is, or as its text."""
    match document:
        case dict():
            return {key: without_floats(value) for key, value in document.items()}
        case list():
            return [without_floats(item) for item in document]
        case float():
            return int(document) if document.is_integer() and abs(document) <= SAFE_INTEGER_MAX else repr(document)
        case _:
            return document


def doubles() -> Iterator[float]:
    """The first patterns of the published number table."""
    for line in (VECTORS / "es6-static-u64.txt").read_text().split():
        yield struct.unpack(">d", bytes.fromhex(line))[0]


@outside
def test_every_double_of_the_number_table_is_refused_and_every_safe_integer_among_them_is_its_digits() -> None:
    safe = 0
    for value in doubles():
        with pytest.raises(TypeError):
            canonical_bytes([value])  # type: ignore[list-item]
        if value.is_integer() and abs(value) <= SAFE_INTEGER_MAX:
            safe += 1
            assert canonical_bytes(int(value)) == rfc8785.dumps(value)
    assert safe > 1


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (None, b"null"),
        (True, b"true"),
        (SAFE_INTEGER_MAX, b"9007199254740991"),
        (-SAFE_INTEGER_MAX, b"-9007199254740991"),
        ({"b": 1, "a": [2, "x"]}, b'{"a":[2,"x"],"b":1}'),
        ('€\u000f\n"\\/\u007f', '"€\\u000f\\n\\"\\\\/\u007f"'.encode()),
        # RFC 8785 §3.2.3 sorts by UTF-16 unit: a surrogate (U+1F602) comes before U+FB33, by code point after it.
        ({"\ufb33": 1, "\U0001f602": 2}, '{"\U0001f602":2,"\ufb33":1}'.encode()),
        ([{"é": 1, "e": {"z": 1, "Z": 2}}], '[{"e":{"Z":2,"z":1},"é":1}]'.encode()),
    ],
)
def test_a_document_has_one_form(document: Json, expected: bytes) -> None:
    assert canonical_bytes(document) == expected


@pytest.mark.parametrize(
    "document",
    [
        0.5,
        1.0,
        float("nan"),
        SAFE_INTEGER_MAX + 1,
        -SAFE_INTEGER_MAX - 1,
        b"x",
        (1, 2),
        {1: "x"},
        {"a": {2}},
        [[{"a": 1.5}]],
    ],
)
def test_what_may_not_be_hashed_is_refused(document: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes(document)  # type: ignore[arg-type]


def test_a_digest_is_the_sha256_of_the_canonical_bytes() -> None:
    assert digest({"b": 1, "a": 2}) == "sha256:" + hashlib.sha256(b'{"a":2,"b":1}').hexdigest()
    assert digest_bytes(b"") == "sha256:" + hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("items", [[], ["a"], [1, {"b": 2, "a": []}, None]])
def test_the_digest_of_a_list_is_that_of_its_items_together(items: list[Json]) -> None:
    assert digest_list(map(canonical_bytes, items)) == digest(items)
