"""A bundle: a log, or some of its decisions, as files that can be verified without the log, without us and without a
network. Version 1:

```
README.txt            what the bundle proves and what it cannot, and how to check it, by hand too
manifest              a signed note by the log's key, which covers every other file
log.vkey              the verifier keys of the log, one a line, the present one first
checkpoint            the newest signed checkpoint, as the log has it
tile/...              C2SP tlog-tiles of the whole log: hashes of all levels, and entries
payloads/ab/HEX       the stored bytes of a payload; HEX is their SHA-256
keys.jsonl            {"digest":DIGEST,"key":BASE64} for each encrypted payload that is there and has a key: 76 bytes
                      (neurosym.audit.payload) that open this payload and no other; not in a redacted bundle
decisions/SEQ.proof   C2SP tlog-proof of each exported decision, by the same checkpoint
fields.json           what every field means, and which duty it serves
fields.html           the same to read
report.html           the decisions to read in a browser, which verifies before it shows
verify.py             a verifier that shares no code with this package
```

The text of the manifest, its lines of files in the form of `sha256sum`, sorted by path:

```
neurosym bundle 1
ORIGIN
whole log | chosen decisions
with keys | redacted
SHA256HEX  PATH
```

Envelopes hold nothing personal, so the entries and the hashes of the whole log are always there. Of a whole log all
payloads are, unless an entry says that they were erased. Of chosen decisions (those with a proof) their own are, and
those of the entries that they refer to. What is not encrypted and nobody's data is always there. A redacted bundle
holds nothing that is encrypted, and nothing that an entry of version 1 names, where nothing was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from neurosym.audit.payload import PAYLOAD_BYTES_MAX, SALT_BYTES
from neurosym.values.canonical import Digest

README, MANIFEST, VKEYS, CHECKPOINT, KEYS = "README.txt", "manifest", "log.vkey", "checkpoint", "keys.jsonl"
FIELDS, FIELDS_PAGE, REPORT, VERIFIER = "fields.json", "fields.html", "report.html", "verify.py"
ALWAYS = frozenset({README, MANIFEST, VKEYS, CHECKPOINT, FIELDS, FIELDS_PAGE, REPORT, VERIFIER})
TILES = "tile/"

DIGEST_PREFIX = "sha256:"
PAYLOAD = re.compile(r"payloads/([0-9a-f]{2})/(\1[0-9a-f]{62})", re.ASCII)
PROOF = re.compile(r"decisions/(0|[1-9][0-9]{0,15})\.proof", re.ASCII)

# The largest files that are read, so that a hostile bundle takes no more memory than an honest one may.
MANIFEST_BYTES_MAX = 1 << 29  # some four million files
KEYS_BYTES_MAX = 1 << 29
VKEYS_BYTES_MAX = 1 << 16
STORED_BYTES_MAX = SALT_BYTES + PAYLOAD_BYTES_MAX + 16  # the tag of AES-GCM


@dataclass(frozen=True, slots=True)
class Extent:
    """What of a log a bundle holds."""

    is_whole: bool
    is_redacted: bool


def payload_path(digest: Digest) -> str:
    """Where the stored bytes of a payload lie."""
    name = digest.removeprefix(DIGEST_PREFIX)
    return f"payloads/{name[:2]}/{name}"


def payload_at(path: str) -> Digest | None:
    """The payload whose bytes lie at a path; None where none do."""
    found = PAYLOAD.fullmatch(path)
    return None if found is None else Digest(f"{DIGEST_PREFIX}{found[2]}")


def proof_path(seq: int) -> str:
    """Where the proof of an entry lies."""
    return f"decisions/{seq}.proof"


def proof_at(path: str) -> int | None:
    """The entry whose proof lies at a path; None where none does."""
    found = PROOF.fullmatch(path)
    return None if found is None else int(found[1])
