"""Whatever somebody with the key of a log puts into a bundle, both verifiers end, and say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from neurosym.audit.bundle import verify
from neurosym.audit.bundle.verification import verify_bundle
from neurosym.text.failure import LogCorruptError
from tests.audit.bundle_world import Files, Story, bundled, sealed, told

TEXTS = st.sampled_from(["", "D0", "start", "decision", "\ud800", "sha256:" + "0" * 64, "2026-02-30", "é", "0"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**70) | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)


@dataclass(frozen=True)
class Held:
    """Files in memory, as the package reads them."""

    files: Files

    @property
    def sizes(self) -> dict[str, int]:
        return {path: len(content) for path, content in self.files.items()}

    def chunks(self, path: str) -> Iterator[bytes]:
        yield self.files[path]


class HeldVerifier(verify.Verifier):
    """`verify.py` over files in memory."""

    def __init__(self, files: Files) -> None:
        super().__init__(Path(), None, [])
        self.held_files = files
        self.names = {*files}

    def read(self, name: str) -> bytes:
        self.place = name
        return self.held_files[name]


def verdicts(files: Files) -> tuple[bool, bool]:
    """What the package says and what `verify.py` says; another error than theirs ends the test."""
    try:
        first = verify_bundle(Held(files)).is_consistent
    except LogCorruptError:
        first = False
    check = HeldVerifier(files)
    try:
        for stage in (check.manifest, check.tree, check.keys, check.proofs, check.payloads):
            stage()
    except verify.NOT_VERIFIED:
        return first, False
    return first, True


@cache
def small() -> Files:
    return bundled(told(1))


def story() -> Story:
    return told(1)


@given(st.data())
@settings(max_examples=150)
def test_both_verifiers_agree_on_files_that_were_changed_and_signed_again(data: st.DataObject) -> None:
    files = small()
    path = data.draw(st.sampled_from(sorted(set(files) - {"manifest"})))
    content = files[path]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(start + 40, len(content))))
    changed = content[:start] + data.draw(st.binary(max_size=8)) + content[end:]
    first, second = verdicts(sealed({**files, path: changed}))
    assert first == second


@given(st.data())
@settings(max_examples=300)
def test_both_verifiers_agree_on_entries_of_any_content(data: st.DataObject) -> None:
    log = story()
    at = data.draw(st.integers(0, len(log.envelopes) - 1))
    document: dict[str, Any] = json.loads(log.envelopes[at])
    name = data.draw(st.sampled_from([*document, "payloads[]"]))
    if name == "payloads[]" and document["payloads"]:
        link = document["payloads"][0]
        link[data.draw(st.sampled_from([*link]))] = data.draw(VALUES)
    elif name != "payloads[]":
        document[name] = data.draw(VALUES)
    log.envelopes[at] = json.dumps(document, ensure_ascii=data.draw(st.booleans())).encode("utf-8", "surrogatepass")
    first, second = verdicts(bundled(log))
    assert first == second


@given(st.data())
@settings(max_examples=100)
def test_both_verifiers_agree_on_recorded_results_of_any_content(data: st.DataObject) -> None:
    log = story()
    document: dict[str, Any] = {"status": "decided", "outcome": "release", "on": "2026-03-02", "reasons": []}
    document[data.draw(st.sampled_from([*document]))] = data.draw(VALUES)
    ids = json.loads(log.envelopes[-1])
    content = json.dumps(document).encode()
    payload = log.encrypted(content)
    for link in ids["payloads"]:
        if link["name"] == "result":
            old = link["digest"]
            link |= {"digest": payload.digest, "commitment": payload.commitment}
    ids["result"] = payload.digest
    del log.stored[old]
    del log.keys[old]
    log.envelopes[-1] = json.dumps(ids).encode()
    first, second = verdicts(bundled(log))
    assert first == second
