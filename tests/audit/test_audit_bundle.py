"""Verification of bundles, by the package and by `verify.py`, which has none of its code: both always say the same."""

from __future__ import annotations

import ast
import json
import stat
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from neurosym.audit.bundle import verify
from neurosym.audit.bundle.contents import Selection
from neurosym.audit.bundle.layout import CHECKPOINT, KEYS, MANIFEST, VKEYS, Extent, payload_path, proof_path
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erased import ERASED, erased_bytes
from neurosym.audit.note import Note, sign_note
from neurosym.audit.store import EntryRow
from neurosym.audit.tree import leaf_hash
from tests.audit.bundle_world import (
    NEXT_SIGNER,
    SIGNER,
    STRANGER,
    VERIFIERS,
    Files,
    Said,
    Story,
    a_decision,
    an_entry,
    begun,
    bundled,
    case_of,
    lay,
    packed,
    result_of,
    sealed,
    told,
)

Verifier = Callable[..., Said]
LINES_MAX = 300


@pytest.fixture(params=VERIFIERS)
def verified(request: pytest.FixtureRequest) -> Verifier:
    return VERIFIERS[request.param]


def with_erasure() -> Story:
    story = told()
    lost = story.encrypted(b"somebody's")
    story.add(an_entry(EntryKind.ANSWER), {"attempt": lost})
    story.forget(lost)
    return story


def salted_as_version_1_was(story: Story) -> None:
    """The last entry again, as version 1 wrote it."""
    document = json.loads(story.envelopes[-1])
    document["v"] = 1
    del document["request"]
    for link in document["payloads"]:
        del link["key"], link["commitment"]
    story.envelopes[-1] = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def of_version_1() -> Story:
    story = begun()
    story.add(a_decision(0), {"case": story.salted(case_of(0)), "result": story.salted(result_of())})
    salted_as_version_1_was(story)
    return story


GOOD: dict[str, Callable[[], Files]] = {
    "a whole log": lambda: bundled(told()),
    "a redacted log": lambda: bundled(told(), is_redacted=True),
    "a log of its start alone": lambda: bundled(begun()),
    "a log with entries for two tiles": lambda: bundled(told(150)),
    "a log of exactly one tile": lambda: bundled(told(127)),
    "a log with something erased": lambda: bundled(with_erasure()),
    "a redacted log with something erased": lambda: bundled(with_erasure(), is_redacted=True),
    "one decision of two": lambda: bundled(told(), chosen=[1, 2, 3]),
    "a log of version 1": lambda: bundled(of_version_1()),
    "an undecided decision": lambda: bundled(undecided()),
}


def undecided() -> Story:
    story = begun()
    story.add(a_decision(0, outcome="undecided", codes=()), {"result": story.encrypted(result_of(None))})
    return story


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("pack", [lay, packed], ids=["folder", "zip"])
def test_an_honest_bundle_verifies(
    verified: Verifier, name: str, pack: Callable[[Files, Path], Path], tmp_path: Path
) -> None:
    said = verified(pack(GOOD[name](), tmp_path / "bundle"))
    assert said.accepts, said.text


def test_a_redacted_bundle_has_nothing_that_version_1_did_not_encrypt(verified: Verifier, tmp_path: Path) -> None:
    story = of_version_1()
    found = Selection()
    for seq, envelope in enumerate(story.envelopes):
        found.take(EntryRow(seq, envelope, leaf_hash(envelope)), None, is_redacted=True)
    assert found.payloads == {}
    story.stored.clear()
    files = bundled(story, is_redacted=True)
    assert verified(lay(files, tmp_path / "without")).accepts
    kept = {path: content for path, content in bundled(of_version_1()).items() if path.startswith("payloads/")}
    extent = Extent(is_whole=True, is_redacted=True)
    assert not verified(lay(sealed({**files, **kept}, extent), tmp_path / "with")).accepts


# --- what the files are


def without(path: str) -> Callable[[Files], Files]:
    return lambda files: {each: content for each, content in files.items() if each != path}


def with_(path: str, content: bytes = b"x") -> Callable[[Files], Files]:
    return lambda files: {**files, path: content}


STRUCTURE: dict[str, Callable[[Files], Files]] = {
    "a file too many": with_("payloads/00/" + "0" * 64),
    "a strange file": with_("notes.txt"),
    "a hidden file": with_(".DS_Store"),
    "a name in capitals": with_("MANIFEST"),
    "a file below a strange folder": with_("Decisions/1.proof"),
    "a payload in the folder of another": with_("payloads/01/" + "0" * 64),
    "a tile too many": with_("tile/0/001.p/3", b"x" * 96),
    "no manifest": without(MANIFEST),
    "no checkpoint": without(CHECKPOINT),
    "no key": without(VKEYS),
    "no keys of payloads": without(KEYS),
    "no page": without("report.html"),
    "a proof gone": without(proof_path(3)),
    "a tile gone": without("tile/0/000.p/6"),
    "a file renamed": lambda files: {**without(proof_path(3))(files), proof_path(4): files[proof_path(3)]},
}


@pytest.mark.parametrize("name", STRUCTURE)
def test_a_file_that_the_manifest_does_not_have_or_that_is_gone_is_found(
    verified: Verifier, name: str, tmp_path: Path
) -> None:
    assert not verified(lay(STRUCTURE[name](bundled(told())), tmp_path)).accepts


def test_a_link_is_not_followed(verified: Verifier, tmp_path: Path) -> None:
    place = lay(bundled(told()), tmp_path / "bundle")
    (place / "README.txt").rename(tmp_path / "README.txt")
    (place / "README.txt").symlink_to(tmp_path / "README.txt")
    assert "README.txt" in verified(place).text
    assert not verified(place).accepts


def test_a_linked_folder_is_not_followed(verified: Verifier, tmp_path: Path) -> None:
    place = lay(bundled(told()), tmp_path / "bundle")
    (place / "payloads").rename(tmp_path / "elsewhere")
    (place / "payloads").symlink_to(tmp_path / "elsewhere")
    assert not verified(place).accepts


HOSTILE_NAMES = [
    "../manifest",
    "/manifest",
    "C:/manifest",
    "payloads\\x",
    "a/../manifest",
    "manifest\x00.txt",
    "Manifest",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_in_a_zip_that_leads_elsewhere_is_refused(verified: Verifier, name: str, tmp_path: Path) -> None:
    place = packed(bundled(told()), tmp_path / "b.zip")
    with ZipFile(place, "a") as opened:
        info = ZipInfo("x")
        info.filename = name
        opened.writestr(info, b"x")
    assert not verified(place).accepts
    assert [each.name for each in tmp_path.iterdir()] == ["b.zip"]


def test_a_name_that_stands_twice_in_a_zip_is_refused(verified: Verifier, tmp_path: Path) -> None:
    files = bundled(told())
    place = packed(files, tmp_path / "b.zip")
    with ZipFile(place, "a") as opened, pytest.warns(UserWarning, match="Duplicate name"):
        opened.writestr(CHECKPOINT, files[CHECKPOINT])
    assert not verified(place).accepts


def test_a_link_in_a_zip_is_refused(verified: Verifier, tmp_path: Path) -> None:
    def link(info: ZipInfo) -> None:
        if info.filename == CHECKPOINT:
            info.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert not verified(packed(bundled(told()), tmp_path / "b.zip", link)).accepts


def test_a_zip_that_unfolds_to_a_thousandfold_is_refused(verified: Verifier, tmp_path: Path) -> None:
    files = {**bundled(told()), "report.html": b"0" * (1 << 24)}

    def deflate(info: ZipInfo) -> None:
        info.compress_type = ZIP_DEFLATED

    said = verified(packed(sealed(files), tmp_path / "b.zip", deflate))
    assert not said.accepts
    assert "unfold" in said.text


def test_a_zip_that_was_packed_again_by_others_verifies(verified: Verifier, tmp_path: Path) -> None:
    def deflate(info: ZipInfo) -> None:
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16

    assert verified(packed(bundled(told()), tmp_path / "b.zip", deflate)).accepts


@pytest.mark.parametrize("at", [0, 0.3, 0.6, 0.9, 0.99])
def test_a_zip_that_is_cut_off_is_refused(verified: Verifier, at: float, tmp_path: Path) -> None:
    place = packed(bundled(told()), tmp_path / "b.zip")
    content = place.read_bytes()
    place.write_bytes(content[: int(len(content) * at)])
    assert not verified(place).accepts


def test_a_size_that_a_zip_lies_about_is_found(verified: Verifier, tmp_path: Path) -> None:
    place = packed(bundled(told()), tmp_path / "b.zip")
    content = bytearray(place.read_bytes())
    central = content.rindex(b"PK\x01\x02")
    content[central + 24 : central + 28] = (3).to_bytes(4, "little")
    place.write_bytes(content)
    assert not verified(place).accepts


# --- what somebody with the key may write


def with_envelopes(change: Callable[[list[bytes]], list[bytes]]) -> Files:
    story = told()
    story.envelopes = change(story.envelopes)
    return bundled(story)


def altered(place: int, **more: object) -> Callable[[list[bytes]], list[bytes]]:
    """One envelope with other members."""

    def change(envelopes: list[bytes]) -> list[bytes]:
        document = {**json.loads(envelopes[place]), **more}
        written = json.dumps({name: each for name, each in document.items() if each is not ...}, sort_keys=True)
        return [*envelopes[:place], written.encode(), *envelopes[place + 1 :]]

    return change


def replaced(old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    def change(envelopes: list[bytes]) -> list[bytes]:
        assert any(old in each for each in envelopes)
        return [each.replace(old, new, 1) if old in each else each for each in envelopes]

    return change


FORGED: dict[str, Callable[[], Files]] = {
    "an entry taken out": lambda: with_envelopes(lambda each: each[:2] + each[3:]),
    "two entries exchanged": lambda: with_envelopes(lambda each: [each[0], each[2], each[1], *each[3:]]),
    "an entry doubled": lambda: with_envelopes(lambda each: [*each, each[-1]]),
    "no start": lambda: with_envelopes(altered(0, kind="stop")),
    "a start without a key": lambda: with_envelopes(altered(0, digests={})),
    "a start with another key": lambda: bundled(begun(STRANGER)),
    "an effect that is later": lambda: with_envelopes(altered(3, effects=[4])),
    "a predecessor that is itself": lambda: with_envelopes(altered(3, previous=3)),
    "a kind that is none": lambda: with_envelopes(altered(2, kind="rumour")),
    "a field too many": lambda: with_envelopes(altered(2, note="x")),
    "a field too few": lambda: with_envelopes(altered(2, codes=...)),
    "a version to come": lambda: with_envelopes(altered(2, v=3)),
    "a version that is true": lambda: with_envelopes(altered(2, v=True)),
    "a day that is none": lambda: with_envelopes(altered(3, on="2026-02-30")),
    "a time that is none": lambda: with_envelopes(altered(3, time="2026-03-02T25:00:00Z")),
    "a time of nowhere": lambda: with_envelopes(altered(3, time="2026-03-02T09:00:00")),
    "digits of another script": lambda: with_envelopes(altered(3, on="２０２６-03-02")),
    "codes that are numbers": lambda: with_envelopes(altered(3, codes=[1])),
    "effects that are true": lambda: with_envelopes(altered(3, effects=[True])),
    "a digest that is none": lambda: with_envelopes(altered(3, digests={"program": "sha256:abc"})),
    "a decision of nothing": lambda: with_envelopes(altered(3, decision=None)),
    "a result that is another": lambda: with_envelopes(altered(3, result="sha256:" + "0" * 64)),
    "a number with a fraction": lambda: with_envelopes(replaced(b'"seq":2', b'"seq":2.0')),
    "a huge number": lambda: with_envelopes(replaced(b'"seq":2', b'"seq":' + b"9" * 10_000)),
    "a member twice": lambda: with_envelopes(replaced(b'"clock"', b'"actor":"x","clock"')),
    "a payload named twice": lambda: with_envelopes(replaced(b'"name":"facts"', b'"name":"case"')),
    "a payload with a key and no commitment": lambda: with_envelopes(replaced(b'"key":"house"', b'"key":null')),
    "a key that is none": lambda: with_envelopes(replaced(b'"key":"house"', b'"key":"The House"')),
    "nesting without end": lambda: with_envelopes(lambda each: [*each, b"[" * 30_000 + b"]" * 30_000]),
    "an entry that is empty": lambda: with_envelopes(lambda each: [*each, b""]),
    "an entry that is no UTF-8": lambda: with_envelopes(lambda each: [*each, b"\xff\xfe"]),
    "a text that is half a character": lambda: with_envelopes(replaced(b'"actor":null', b'"actor":"\\ud800"')),
}


@pytest.mark.parametrize("name", FORGED)
def test_entries_that_no_log_has_are_refused_even_when_its_key_signed_them(
    verified: Verifier, name: str, tmp_path: Path
) -> None:
    said = verified(lay(FORGED[name](), tmp_path))
    assert not said.accepts


def test_an_entry_of_another_log_is_foreign_to_the_tree(verified: Verifier, tmp_path: Path) -> None:
    files, others = bundled(told()), bundled(told(3))
    path = next(each for each in files if each.startswith("tile/entries"))
    assert not verified(lay(sealed({**files, path: others[path.replace("/000.p/6", "/000.p/8")]}), tmp_path)).accepts


def test_a_tile_that_is_cut_off_is_refused(verified: Verifier, tmp_path: Path) -> None:
    files = bundled(told())
    path = "tile/entries/000.p/6"
    assert not verified(lay(sealed({**files, path: files[path][:-1]}), tmp_path)).accepts


def test_bytes_behind_the_last_entry_are_refused(verified: Verifier, tmp_path: Path) -> None:
    files = bundled(told())
    path = "tile/entries/000.p/6"
    assert not verified(lay(sealed({**files, path: files[path] + b"\x00\x01x"}), tmp_path)).accepts


def test_hashes_that_are_not_those_of_the_entries_are_refused(verified: Verifier, tmp_path: Path) -> None:
    files = bundled(told())
    said = verified(lay(sealed({**files, "tile/0/000.p/6": bytes(192)}), tmp_path))
    assert not said.accepts
    assert "tile/0/000.p/6" in said.text


def test_upper_hashes_that_are_not_those_of_the_entries_are_refused(verified: Verifier, tmp_path: Path) -> None:
    files = bundled(told(150))
    said = verified(lay(sealed({**files, "tile/1/000.p/1": bytes(32)}), tmp_path))
    assert not said.accepts
    assert "tile/1/000.p/1" in said.text


# --- signatures and keys


def by(*signers: object) -> Callable[[str], Note]:
    return lambda text: sign_note(text, *signers)  # type: ignore[arg-type]


def test_a_checkpoint_of_a_stranger_is_refused(verified: Verifier, tmp_path: Path) -> None:
    assert not verified(lay(bundled(told(), note=by(STRANGER)), tmp_path)).accepts


def test_a_cosignature_of_a_stranger_does_no_harm(verified: Verifier, tmp_path: Path) -> None:
    assert verified(lay(bundled(told(), note=by(SIGNER, STRANGER)), tmp_path)).accepts


def test_a_manifest_of_a_stranger_is_refused(verified: Verifier, tmp_path: Path) -> None:
    assert not verified(lay(sealed(bundled(told()), signer=STRANGER), tmp_path)).accepts


def test_the_key_given_has_to_be_the_logs(verified: Verifier, tmp_path: Path) -> None:
    place = lay(bundled(told()), tmp_path)
    assert verified(place, key=str(SIGNER.verifier)).accepts
    assert not verified(place, key=str(STRANGER.verifier)).accepts


def test_without_a_key_it_is_said_that_the_key_is_not_verified(verified: Verifier, tmp_path: Path) -> None:
    place = lay(bundled(told()), tmp_path)
    assert "key not verified" in verified(place).text.lower()
    assert "key not verified" not in verified(place, key=str(SIGNER.verifier)).text.lower()


def changed() -> Story:
    story = told()
    story.change_key(SIGNER, NEXT_SIGNER)
    return story


CHAIN = (NEXT_SIGNER.verifier, SIGNER.verifier)


@pytest.mark.parametrize("is_redacted", [False, True])
def test_a_key_change_that_both_keys_signed_leads_from_the_first_key_to_the_present_one(
    verified: Verifier, tmp_path: Path, *, is_redacted: bool
) -> None:
    place = lay(bundled(changed(), signer=NEXT_SIGNER, vkeys=CHAIN, is_redacted=is_redacted), tmp_path)
    assert verified(place).accepts
    assert verified(place, key=str(SIGNER.verifier)).accepts
    assert verified(place, key=str(NEXT_SIGNER.verifier)).accepts


def one_signature() -> Story:
    story = told()
    story.change_key(SIGNER, NEXT_SIGNER, NEXT_SIGNER)
    return story


def from_a_stranger() -> Story:
    story = told()
    story.change_key(STRANGER, NEXT_SIGNER)
    return story


@pytest.mark.parametrize(
    ("story", "vkeys"),
    [
        (one_signature, CHAIN),
        (from_a_stranger, CHAIN),
        (told, CHAIN),
        (changed, (NEXT_SIGNER.verifier,)),
        (changed, (NEXT_SIGNER.verifier, STRANGER.verifier, SIGNER.verifier)),
        (changed, CHAIN[::-1]),
    ],
    ids=["one signature", "of a stranger", "no change", "the first left out", "one put in", "turned round"],
)
def test_any_other_way_to_a_key_is_refused(
    verified: Verifier, story: Callable[[], Story], vkeys: tuple[object, ...], tmp_path: Path
) -> None:
    signer = next(each for each in (SIGNER, NEXT_SIGNER) if each.verifier == vkeys[0])
    assert not verified(lay(bundled(story(), signer=signer, vkeys=vkeys), tmp_path)).accepts  # type: ignore[arg-type]


def kept(place: Path, story: Story, signer: object = SIGNER) -> Path:
    """The checkpoint of a log in a file of its own."""
    place.write_bytes(bundled(story, note=by(signer))[CHECKPOINT])
    return place


def test_an_earlier_checkpoint_of_the_log_is_found_in_it(verified: Verifier, tmp_path: Path) -> None:
    earlier = kept(tmp_path / "earlier", told(1))
    said = verified(lay(bundled(told()), tmp_path / "bundle"), earlier=[earlier])
    assert said.accepts
    assert "earlier checkpoint of 4 entries" in said.text
    assert "unanchored" not in said.text.lower()


def test_without_an_earlier_checkpoint_it_is_said_that_nothing_anchors_the_log(
    verified: Verifier, tmp_path: Path
) -> None:
    assert "unanchored" in verified(lay(bundled(told()), tmp_path / "bundle")).text.lower()


def of_another_history() -> Story:
    story = told(1)
    story.envelopes[2] = story.envelopes[2].replace(b"ticking", b"tacking")
    return story


@pytest.mark.parametrize("story", [of_another_history, lambda: told(3)], ids=["rewritten", "cut off"])
def test_a_log_that_does_not_contain_an_earlier_checkpoint_is_refused(
    verified: Verifier, story: Callable[[], Story], tmp_path: Path
) -> None:
    earlier = kept(tmp_path / "earlier", story())
    assert not verified(lay(bundled(told()), tmp_path / "bundle"), earlier=[earlier]).accepts


def test_an_earlier_checkpoint_of_a_stranger_is_refused(verified: Verifier, tmp_path: Path) -> None:
    earlier = kept(tmp_path / "earlier", told(1), STRANGER)
    assert not verified(lay(bundled(told()), tmp_path / "bundle"), earlier=[earlier]).accepts


def test_an_earlier_checkpoint_that_an_earlier_key_signed_is_found(verified: Verifier, tmp_path: Path) -> None:
    earlier = kept(tmp_path / "earlier", told(1))
    place = lay(bundled(changed(), signer=NEXT_SIGNER, vkeys=CHAIN), tmp_path / "bundle")
    assert verified(place, earlier=[earlier]).accepts


# --- payloads


def a_payload(files: Files) -> str:
    return next(path for path in files if path.startswith("payloads/"))


def test_a_payload_that_is_gone_without_a_word_is_missed(verified: Verifier, tmp_path: Path) -> None:
    story = told()
    gone = next(iter(story.stored))
    del story.stored[gone]
    del story.keys[gone]
    said = verified(lay(bundled(story), tmp_path))
    assert not said.accepts
    assert "entry 1" in said.text


def test_a_payload_that_no_entry_names_is_refused(verified: Verifier, tmp_path: Path) -> None:
    story = told()
    story.salted(b"whose is this?")
    assert not verified(lay(bundled(story), tmp_path)).accepts


def test_an_encrypted_payload_has_no_place_in_a_redacted_bundle(verified: Verifier, tmp_path: Path) -> None:
    files, whole = bundled(told(), is_redacted=True), bundled(told())
    files[a_payload(whole)] = whole[a_payload(whole)]
    assert not verified(lay(sealed(files, Extent(is_whole=True, is_redacted=True)), tmp_path)).accepts


def test_keys_have_no_place_in_a_redacted_bundle(verified: Verifier, tmp_path: Path) -> None:
    files = {**bundled(told(), is_redacted=True), KEYS: b""}
    assert not verified(lay(sealed(files, Extent(is_whole=True, is_redacted=True)), tmp_path)).accepts


def test_what_a_chosen_decision_refers_to_has_to_be_there(verified: Verifier, tmp_path: Path) -> None:
    assert not verified(lay(bundled(told(), chosen=[1, 3]), tmp_path / "answer")).accepts
    assert not verified(lay(bundled(told(), chosen=[2, 3]), tmp_path / "ruleset")).accepts


def keyed(change: Callable[[list[bytes]], list[bytes]]) -> Files:
    files = bundled(told())
    return sealed({**files, KEYS: b"".join(change(files[KEYS].splitlines(keepends=True)))})


WRONG_KEYS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "of another payload": lambda lines: [lines[0][:83] + lines[1][83:], *lines[1:]],
    "given twice": lambda lines: [lines[0], *lines],
    "of nothing": lambda lines: [*lines, lines[0].replace(b"sha256:", b"sha256:0")[:78] + lines[0][79:]],
    "too short": lambda lines: [b'{"digest":"sha256:' + b"0" * 64 + b'","key":"AAAA"}\n', *lines],
    "no JSON": lambda lines: [*lines, b"key\n"],
}


@pytest.mark.parametrize("name", WRONG_KEYS)
def test_a_key_that_is_not_that_of_its_payload_is_refused(verified: Verifier, name: str, tmp_path: Path) -> None:
    assert not verified(lay(keyed(WRONG_KEYS[name]), tmp_path)).accepts


def test_a_payload_whose_key_is_not_there_is_counted(verified: Verifier, tmp_path: Path) -> None:
    said = verified(lay(keyed(lambda lines: lines[1:]), tmp_path))
    assert said.accepts
    assert "8 payloads" in said.text
    assert "7 of them were opened" in said.text or "7 were read" in said.text


def test_a_payload_whose_key_was_destroyed_is_there_and_stays_shut(verified: Verifier, tmp_path: Path) -> None:
    story = told()
    shut = story.encrypted(b"somebody's")
    story.add(an_entry(EntryKind.ANSWER), {"attempt": shut})
    del story.keys[shut.digest]
    said = story.salted(erased_bytes(["house"], [], "asked for"))
    story.add(an_entry(EntryKind.ERASURE), {ERASED: said})
    assert verified(lay(bundled(story), tmp_path)).accepts


def test_a_content_that_is_not_what_the_entry_committed_to_is_refused(verified: Verifier, tmp_path: Path) -> None:
    def another_commitment(envelopes: list[bytes]) -> list[bytes]:
        at = envelopes[1].index(b"hmac-sha256:") + 12
        return [envelopes[0], envelopes[1][:at] + b"0" * 64 + envelopes[1][at + 64 :], *envelopes[2:]]

    assert not verified(lay(with_envelopes(another_commitment), tmp_path)).accepts


def test_one_payload_cannot_be_two_things(verified: Verifier, tmp_path: Path) -> None:
    def other_in_the_second(envelopes: list[bytes]) -> list[bytes]:
        document = json.loads(envelopes[5])
        for link in document["payloads"]:
            if link["name"] == "facts":
                link["commitment"] = "hmac-sha256:" + "0" * 64
        return [*envelopes[:5], json.dumps(document, sort_keys=True).encode()]

    assert not verified(lay(with_envelopes(other_in_the_second), tmp_path)).accepts


DISAGREEING: dict[str, dict[str, object]] = {
    "outcome": {"outcome": "block"},
    "on": {"on": "2026-03-03"},
    "codes": {"codes": ("rule_2",)},
    "no codes": {"codes": ()},
}


@pytest.mark.parametrize("name", DISAGREEING)
def test_an_envelope_that_says_otherwise_than_the_recorded_result_is_refused(
    verified: Verifier, name: str, tmp_path: Path
) -> None:
    story = begun()
    story.add(a_decision(0, **DISAGREEING[name]), {"result": story.encrypted(result_of())})
    assert not verified(lay(bundled(story), tmp_path)).accepts


@pytest.mark.parametrize("content", [b"[]", b"{}", b"1", b'{"reasons":1}', b"[" * 50_000], ids=repr)
def test_a_recorded_result_that_is_none_is_refused(verified: Verifier, content: bytes, tmp_path: Path) -> None:
    story = begun()
    story.add(a_decision(0), {"result": story.encrypted(content)})
    assert not verified(lay(bundled(story), tmp_path)).accepts


# --- proofs


def test_a_proof_of_what_is_no_decision_is_refused(verified: Verifier, tmp_path: Path) -> None:
    story = told()
    story.decisions.append(1)
    assert not verified(lay(bundled(story), tmp_path)).accepts


def test_a_whole_log_has_a_proof_of_every_decision(verified: Verifier, tmp_path: Path) -> None:
    story = told()
    story.decisions.pop()
    assert not verified(lay(bundled(story), tmp_path)).accepts


PROOFS: dict[str, Callable[[bytes], bytes]] = {
    "another place": lambda proof: proof.replace(b"index 3", b"index 5"),
    "a hash gone": lambda proof: b"\n".join(proof.split(b"\n")[:2] + proof.split(b"\n")[3:]),
    "a hash too many": lambda proof: proof.replace(b"index 3\n", b"index 3\n" + proof.split(b"\n")[2] + b"\n"),
    "hashes exchanged": lambda proof: b"\n".join([*proof.split(b"\n")[:2], *proof.split(b"\n")[3:1:-1]]) + b"\n",
    "another first line": lambda proof: proof.replace(b"@v1", b"@v2"),
}


@pytest.mark.parametrize("name", PROOFS)
def test_a_proof_that_does_not_lead_to_the_root_is_refused(verified: Verifier, name: str, tmp_path: Path) -> None:
    files = bundled(told())
    files[proof_path(3)] = PROOFS[name](files[proof_path(3)])
    said = verified(lay(sealed(files), tmp_path))
    assert not said.accepts
    assert proof_path(3) in said.text


def test_a_proof_by_another_checkpoint_is_refused(verified: Verifier, tmp_path: Path) -> None:
    files = bundled(told())
    files[proof_path(3)] = bundled(told(3))[proof_path(3)]
    assert not verified(lay(sealed(files), tmp_path)).accepts


# --- verify.py as a file


def test_verify_py_has_at_most_300_lines_and_no_line_of_the_package() -> None:
    text = Path(verify.__file__).read_text(encoding="utf-8")
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert len(text.splitlines()) <= LINES_MAX
    assert not [name for name in imported if name.startswith("neurosym")]
    assert {name.partition(".")[0] for name in imported} - __import__("sys").stdlib_module_names == {"cryptography"}


def test_payloads_lie_where_their_digests_say() -> None:
    story = told()
    assert {payload_path(each) for each in story.stored} <= bundled(story).keys()
