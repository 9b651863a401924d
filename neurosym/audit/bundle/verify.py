"""Verifies a bundle exported from a log of decisions, a folder or a zip; its README.txt says what is in it:

    python3 verify.py BUNDLE [--key VKEY] [--checkpoint FILE]...

It needs Python 3.11 or later, the package `cryptography`, no network, and shares no code with what made the bundle.
Nothing in it is believed: everything is computed again, in the order of the stages that `main`, at the end, names.
Ends with 0 when all of it verifies, with 5 and one sentence when something does not, with 2 when called wrongly.
"""

import argparse
import hmac
import json
import re
import zipfile
import zlib
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE_MAX, RATIO_MAX = 1 << 30, 100  # twice the largest payload; an honest zip shrinks tenfold, a bomb a thousandfold
FIXED = {"README.txt", "checkpoint", "fields.html", "fields.json", "log.vkey", "manifest", "report.html", "verify.py"}
NAME = r"""keys\.jsonl|decisions/(0|[1-9][0-9]{0,15})\.proof|payloads/([0-9a-f]{2})/\2[0-9a-f]{62}
|tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/(x[0-9]{3}/)*[0-9]{3}(\.p/[1-9][0-9]{0,2})?"""  # no way out, no case
KIND = "segment sealed|start|stop|failure|decision|batch|answer|review|override|ruleset|ruleset retired"
KIND += "|configuration|calibration|key change|hold|erasure"
DAY, TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z"
FORMS = {"text": "[^\ud800-\udfff]*", "day": DAY, "time": f"{DAY}T{TIME}", "key": "[0-9a-z-]{1,64}"}
FORMS |= {"digest": "sha256:[0-9a-f]{64}", "tag": "hmac-sha256:[0-9a-f]{64}", "kind": KIND}
ENTRY = "v:int seq:int time:time clock:text kind:kind actor:text? decision:text? on:day? outcome:text? codes:list"
ENTRY += " effects:list previous:int? digests:dict result:digest? payloads:list"  # each member with its form
LINK, SECRET = "name:text digest:digest", " key:key? commitment:tag?"
NOT_VERIFIED: tuple[type[Exception], ...] = (ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, OSError)
NOT_VERIFIED += (MemoryError, EOFError, zipfile.BadZipFile, zlib.error, InvalidSignature, InvalidTag)


def require(holds: object, why: str) -> None:
    if not holds:
        raise ValueError(why)


def from_base64(text: str) -> bytes:
    raw = b64decode(text.encode("ascii"), validate=True)
    require(b64encode(raw).decode() == text, "holds base64 with bits to spare")
    return raw


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    require(len(dict(pairs)) == len(pairs), "has a member twice")
    return dict(pairs)


def signed(raw: bytes, vkeys: list[str]) -> tuple[list[str], list[str]]:
    """The lines of a signed note (C2SP signed-note), and those of the verifier keys that turn out to have signed it."""
    text, _, tail = raw.decode("utf-8").rpartition("\n\n")
    lines = re.findall(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})\n", tail)
    is_note = text and tail == "".join(f"— {name} {code}\n" for name, code in lines)
    require(is_note and not re.search(r"[\0-\x09\x0b-\x1f]", text), "is no signed note")
    found, by = [(name, from_base64(code)) for name, code in lines], []
    for vkey in vkeys:
        name, key_id, code = vkey.split("+", 2)
        key = from_base64(code)
        is_key = len(key) == 33 and key[0] == 1 and sha256(name.encode() + b"\n" + key).hexdigest()[:8] == key_id
        require(is_key and re.fullmatch(r"\S+", name), f"depends on {vkey}, which is no Ed25519 verifier key")
        for signature in [each[4:] for signer, each in found if signer == name and each[:4].hex() == key_id]:
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature, text.encode() + b"\n")
            by.append(vkey)
    return text.split("\n"), by


def root_of(hashes: list[bytes]) -> bytes:  # over leaves (RFC 9162 §2.1.1)
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256().digest()
    half = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + root_of(hashes[:half]) + root_of(hashes[half:])).digest()


def root_above(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:  # by its siblings (RFC 9162 §2.1.3)
    while size > 1:
        if index % 2 or index + 1 < size:
            leaf = sha256(b"\x01" + (path.pop(0) + leaf if index % 2 else leaf + path.pop(0))).digest()
        index, size = index // 2, (size + 1) // 2
    require(not path, "has more hashes than lead to the root")
    return leaf


def check_form(found: Any, members: str) -> None:
    forms = dict(each.split(":") for each in members.split())
    require(isinstance(found, dict) and found.keys() == forms.keys(), "has other members than its version")
    for name, form in forms.items():
        kind = {"int": int, "list": list, "dict": dict}.get(form.rstrip("?"), str)
        fits = type(found[name]) is kind and (kind is not str or re.fullmatch(FORMS[form.rstrip("?")], found[name]))
        require(fits or (form[-1] == "?" and found[name] is None), f"has a {name} of another form")


def entry_of(raw: bytes, seq: int) -> dict[str, Any]:
    """An entry, once it is found to be of its form and at its place, and to refer to earlier ones alone."""
    entry: dict[str, Any] = json.loads(raw, object_pairs_hook=once)
    is_second = isinstance(entry, dict) and entry.get("v") == 2
    check_form(entry, ENTRY + " request:tag?" * is_second)
    datetime.fromisoformat(entry["time"]), datetime.fromisoformat(entry["on"] or entry["time"])  # no 30 February
    for link in entry["payloads"]:
        check_form(link, LINK + SECRET * is_second)
        link.update({"key": None, "commitment": None} | link, open=is_second and not link.get("key"))
        require((link["key"] is None) == (link["commitment"] is None), "names a key without a commitment")
    entry["named"] = named = {link["name"]: link["digest"] for link in entry["payloads"]}
    earlier = [*entry["effects"], *([] if entry["previous"] is None else [entry["previous"]])]
    is_there = entry["v"] in (1, 2) and entry["seq"] == seq and all(type(n) is int and 0 <= n < seq for n in earlier)
    require(is_there, "is not at its place, or refers to an entry that is not earlier")
    is_right = all(re.fullmatch(FORMS["digest"], each) for each in entry["digests"].values())
    is_right &= all(re.fullmatch(FORMS["text"], each) for each in [*entry["codes"], *entry["digests"]])
    require(is_right and len(named) == len(entry["payloads"]), "has codes or digests of no form, or one name twice")
    is_start, is_decision = entry["kind"] == "start" and "key" in entry["digests"], entry["kind"] == "decision"
    is_its = not is_decision or (entry["decision"] is not None and entry["result"] in (None, named.get("result")))
    require((seq or is_start) and is_its, "is no start, or a decision without its result")
    return entry


class Verifier:  # `place` is what is being looked at, `said` what may be said in the end
    def __init__(self, root: Path, key: str | None, earlier: list[Path]) -> None:
        self.root, self.key, self.earlier, self.place, self.said = root, key, earlier, "the files", list[str]()
        self.entries, self.links, self.leaves = list[dict[str, Any]](), dict[str, dict[str, Any]](), list[bytes]()

    def files(self) -> None:
        self.zip = None if self.root.is_dir() else zipfile.ZipFile(self.root)
        infos, paths = ([], [*self.root.rglob("*")]) if self.zip is None else (self.zip.infolist(), [])
        found = [path.relative_to(self.root).as_posix() for path in paths if path.is_file()]
        found += [each.filename for each in infos]
        bad = [str(path) for path in paths if path.is_symlink() or not (path.is_file() or path.is_dir())]
        bad += [i.filename for i in infos if i.external_attr >> 28 not in (0, 8) or i.flag_bits & 1]
        bad += [i.filename for i in infos if i.compress_type not in (0, 8) or i.orig_filename != i.filename]
        bad += [name for name in found if name not in FIXED and not re.fullmatch(NAME, name, re.VERBOSE)]
        self.names = {*found}
        require(len(self.names) == len(found) and not bad, f"hold what no bundle does, or a name twice: {bad[:1]}")
        require(sum(each.file_size for each in infos) <= RATIO_MAX * self.root.stat().st_size, "unfold to too much")

    def read(self, name: str) -> bytes:
        self.place = name
        require(name in self.names, "is missing")
        info = None if self.zip is None else self.zip.getinfo(name)
        with (self.root / name).open("rb") if self.zip is None else self.zip.open(name) as file:
            raw = file.read(FILE_MAX)
            require(not file.read(1) and (info is None or len(raw) == info.file_size), "is of another length")
        return raw

    def tile(self, level: int | str, index: int, width: int) -> bytes:  # no longer among those `left`
        digits = str(index).zfill((len(str(index)) + 2) // 3 * 3)
        name = f"tile/{level}/" + re.sub("(...)(?=.)", r"x\1/", digits) + f".p/{width}" * (width < 256)
        self.left.discard(name)
        return self.read(name)

    def content(self, digest: str, key: bytes = b"") -> bytes:
        """A payload: 32 bytes of salt, then the content, as it is or (AES-256-GCM) under a key of its own."""
        raw, link = self.read(f"payloads/{digest[7:9]}/{digest[7:]}"), self.links[digest]
        require(len(raw) >= 32 and sha256(raw).hexdigest() == digest[7:], "is not what it is named after")
        if link["key"] is None:
            return raw[32:]
        content = AESGCM(key[:32]).decrypt(key[32:44], raw[32:], None)
        is_committed = f"hmac-sha256:{hmac.digest(key[44:], content, 'sha256').hex()}" == link["commitment"]
        require(is_committed, "is not what its entry committed to")
        return content

    def manifest(self) -> None:
        *self.vkeys, end = self.read("log.vkey").decode().split("\n")
        require(self.vkeys and not end and self.key in (None, *self.vkeys), "does not name the key given")
        (head, self.origin, scope, payloads, *lines), by = signed(self.read("manifest"), self.vkeys[:1])
        self.is_whole, self.is_redacted = scope == "whole log", payloads == "redacted"
        is_known = (self.is_whole or scope == "chosen decisions") and (self.is_redacted or payloads == "with keys")
        require(by and head == "neurosym bundle 1" and is_known, "is not signed by the log's key, or no manifest")
        listed, here = {line[66:]: line[:64] for line in lines}, self.names
        require(lines == [f"{listed[name]}  {name}" for name in sorted(listed)], "is out of order")
        differing = here ^ (listed.keys() | {"manifest"}) | FIXED - here
        require(not differing, f"and the files differ on {min(differing, default='')}")
        for name, expected in listed.items():
            require(sha256(self.read(name)).hexdigest() == expected, "is not what the signed manifest says")
        self.said.append(f"{len(here)} files are those of the manifest, which {self.vkeys[0]} has signed.")

    def checkpoint(self, raw: bytes, vkeys: list[str]) -> tuple[int, bytes]:
        (origin, size, root, *more), by = signed(raw, vkeys)
        is_form = re.fullmatch("0|[1-9][0-9]{0,17}", size) and len(from_base64(root)) == 32 and all(more)
        require(by and origin == self.origin and is_form, "is no checkpoint that a key of the log has signed")
        return int(size), from_base64(root)

    def tree(self) -> None:
        size, self.top = self.checkpoint(self.read("checkpoint"), self.vkeys[:1])
        is_over, raw, self.left = False, b"", {name for name in self.names if name.startswith("tile/")}
        for seq in range(size):
            raw += b"" if seq % 256 else self.tile("entries", seq // 256, min(256, size - seq))
            self.place, end = f"entry {seq}", 2 + int.from_bytes(raw[:2])
            self.entries.append(entry_of(raw[2:end], seq))
            self.leaves.append(sha256(b"\x00" + raw[2:end]).digest())
            require(not is_over or self.entries[seq]["kind"] in ("erasure", "hold"), "comes after the end of the log")
            raw, is_over = raw[end:], is_over or self.entries[seq]["kind"] == "stop"
            for link in self.entries[seq].pop("payloads"):
                known = self.links.setdefault(link["digest"], link)
                require((known["key"], known["commitment"]) == (link["key"], link["commitment"]), "contradicts another")
                known.setdefault("as", []).append((self.entries[seq], link["name"]))
        level, row = 0, self.leaves
        while row:
            for at in range(0, len(row), 256):
                tile = self.tile(level, at // 256, min(256, len(row) - at))
                require(tile == b"".join(row[at : at + 256]), "does not hold the hashes of the entries")
            level, row = level + 1, [root_of(row[at : at + 256]) for at in range(0, len(row) - 255, 256)]
        self.place = "checkpoint"
        require(root_of(self.leaves) == self.top and not raw and not self.left, "is not that of the entries and tiles")
        self.said.append(f"{size} entries lead to the root of the signed checkpoint of {self.origin}.")
        for path in self.earlier:
            self.place = str(path)
            then, root = self.checkpoint(path.read_bytes(), self.vkeys)
            require(then <= size and root_of(self.leaves[:then]) == root, "is of a log with another history")
            self.said.append(f"The log contains the earlier checkpoint of {then} entries unchanged.")

    def keys(self) -> None:
        chain, self.place = self.vkeys[-1:], "log.vkey"
        require(self.entries[0]["digests"]["key"][7:] == sha256(chain[0].encode()).hexdigest(), "has another first key")
        for change in (entry for entry in self.entries if entry["kind"] == "key change"):
            note = self.content(change["named"]["key change"])
            (head, origin, old, new), by = signed(note, note.decode().split("\n")[2:4])
            require((head, origin, old, by) == ("neurosym key change 1", self.origin, chain[0], [old, new]), "is none")
            chain.insert(0, new)
        require(chain == self.vkeys, "is not the last of the keys that log.vkey names")

    def proofs(self) -> None:
        self.decisions = {entry["seq"]: entry for entry in self.entries if entry["kind"] == "decision"}
        self.proven = {int(name[10:-6]) for name in self.names if name.startswith("decisions/")}
        checkpoint = self.read("checkpoint")
        for seq in sorted(self.proven):
            head, _, note = self.read(f"decisions/{seq}.proof").partition(b"\n\n")
            first, index, *path = head.decode().split("\n")
            is_its = (first, index) == ("c2sp.org/tlog-proof@v1", f"index {seq}") and seq in self.decisions
            found = root_above(self.leaves[seq], seq, len(self.leaves), [from_base64(each) for each in path])
            require(is_its and note == checkpoint and found == self.top, "is no proof that the decision is in the log")
        require(not self.is_whole or self.proven == self.decisions.keys(), "is above fewer proofs than decisions")
        self.said.append(f"{len(self.proven)} decisions are proven to be among them.")

    def payloads(self) -> None:
        held, keys = {"sha256:" + name[12:] for name in self.names if name[:9] == "payloads/"}, dict[str, bytes]()
        for line in self.read("keys.jsonl").splitlines() if not self.is_redacted else ():
            given = json.loads(line, object_pairs_hook=once)
            is_new = given["digest"] in held and given["digest"] not in keys and given.keys() == {"digest", "key"}
            require(is_new and self.links[given["digest"]]["key"], "gives a key again, or to what has none")
            keys[given["digest"]] = from_base64(given["key"])
        is_fit = "keys.jsonl" not in self.names and all(self.links[each]["open"] for each in held & self.links.keys())
        require(held <= self.links.keys() and (is_fit or not self.is_redacted), "is beside payloads that nothing names")
        erased, used, agreeing = set[str](), {*self.proven}, 0
        readable = [each for each in self.links if each in held and (each in keys or self.links[each]["key"] is None)]
        for digest in readable:
            content = self.content(digest, keys.get(digest, b""))
            for entry, name in self.links[digest]["as"]:
                is_read = (entry["kind"], name) in (("erasure", "erased"), ("decision", "case"), ("decision", "result"))
                found = json.loads(content, object_pairs_hook=once) if is_read else {}
                if is_read and name == "erased":
                    erased |= {*found["payloads"]}
                elif is_read and name == "case":
                    used |= {found["ruleset"], found["configuration"]} - {None}
                elif is_read:
                    rules = [each["rule"] for each in found["reasons"] if each["outcome"] == found["outcome"]]
                    codes = [*dict.fromkeys(rules)][:64] if found["status"] == "decided" else []
                    says = found["on"], found["outcome"] or found["status"], codes
                    require(says == (entry["on"], entry["outcome"], entry["codes"]), "says otherwise than its envelope")
                    agreeing += 1
        used |= {each for seq in self.proven for each in self.entries[seq]["effects"]}
        for digest, link in self.links.items():
            self.place = f"entry {link['as'][0][0]['seq']}"
            is_wanted = self.is_whole or any(entry["seq"] in used for entry, _ in link["as"])
            is_away = digest in erased or (not link["open"] and (self.is_redacted or not is_wanted))
            require(digest in held or is_away, f"has a payload {link['name']} that is not there")
        self.said.append(f"{len(held)} payloads are those that entries name; {len(readable)} were read, and fit.")
        self.said.append(f"{len(self.links.keys() - held)} payloads are left out, {len(erased - held)} of them erased.")
        self.said.append(f"{agreeing} recorded results say what the envelopes of their decisions say.")


def main() -> int:
    parser = argparse.ArgumentParser(description="Verifies a bundle exported from a log of decisions.")
    parser.add_argument("bundle", type=Path, help="a folder or a zip")
    parser.add_argument("--key", metavar="VKEY", help="the log's verifier key, from a source that you trust")
    parser.add_argument("--checkpoint", metavar="FILE", type=Path, action="append", default=[], help="one kept apart")
    given = parser.parse_args()
    if not given.bundle.exists():
        parser.error(f"{given.bundle} is not there")
    check = Verifier(given.bundle, given.key, given.checkpoint)
    try:
        for stage in (check.files, check.manifest, check.tree, check.keys, check.proofs, check.payloads):
            stage()
    except NOT_VERIFIED as error:
        print(f"NOT VERIFIED. {check.place}: {error or type(error).__name__}".encode("unicode_escape").decode())
        return 5
    key = "The key is the one given." if given.key else "KEY NOT VERIFIED: give --key, from a source that you trust."
    anchor = "" if given.checkpoint else "UNANCHORED: whoever holds the key could have written another log."
    print("VERIFIED.", *check.said, key, anchor, sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
