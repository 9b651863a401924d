"""The texts of a bundle for people: what it is, and the program that verifies it."""

from __future__ import annotations

from pathlib import Path

from neurosym.audit.bundle.contents import Selection
from neurosym.audit.bundle.layout import DIGEST_PREFIX, Extent
from neurosym.audit.store import Reading
from neurosym.text.escape import printable
from neurosym.values.canonical import digest_bytes

TEXT = Path(__file__).parent / "readme.txt"
VERIFIER = Path(__file__).parents[2] / "audit" / "bundle" / "verify.py"
HELD = {
    False: "with the keys of its\npayloads: everything in it can be read, and it holds personal data.",
    True: "redacted: without\nanything that is encrypted, and without keys.",
}


def verifier_text() -> bytes:
    """The program that verifies bundles, for people to read and run."""
    return VERIFIER.read_bytes()


def readme_text(reading: Reading, found: Selection, extent: Extent) -> bytes:
    """What is in the bundle, what it proves and what it cannot, and how to check it."""
    text = TEXT.read_text(encoding="utf-8")
    for place, value in (
        ("@ORIGIN@", printable(reading.identity().origin)),
        ("@SIZE@", str(reading.state().frontier.size)),
        ("@SCOPE@", "the whole log" if extent.is_whole else "what belongs to some of its decisions"),
        ("@DECISIONS@", str(len(found.decisions))),
        ("@HELD@", HELD[extent.is_redacted]),
        ("@VERIFIER@", digest_bytes(verifier_text()).removeprefix(DIGEST_PREFIX)),
    ):
        text = text.replace(place, value)
    return text.encode()
