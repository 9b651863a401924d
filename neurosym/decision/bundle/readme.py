"""The texts of a bundle for people: what it is, and the program that verifies it."""

from __future__ import annotations

from pathlib import Path
from string import Template

from neurosym.audit.bundle.contents import Selection
from neurosym.audit.bundle.layout import Extent
from neurosym.audit.store import Reading
from neurosym.text.escape import printable
from neurosym.values.canonical import digest_bytes

TEMPLATE = Path(__file__).parent / "readme.txt"
VERIFIER = Path(__file__).parents[2] / "audit" / "bundle" / "verify.py"
HELD = {
    False: "with the keys of its payloads, so that everything in it can be read. It holds personal data.",
    True: "redacted: nothing that is encrypted is in it, and no keys.",
}


def verifier_text() -> bytes:
    """The program that verifies bundles, for people to read and run."""
    return VERIFIER.read_bytes()


def readme_text(reading: Reading, found: Selection, extent: Extent) -> bytes:
    """What is in the bundle, what it proves and what it cannot, and how to check it."""
    identity, size = reading.identity(), reading.state().frontier.size
    scope = "the whole log" if extent.is_whole else f"{len(found.decisions)} decisions that were chosen"
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        origin=printable(identity.origin),
        size=size,
        decisions=len(found.decisions),
        scope=scope,
        held=HELD[extent.is_redacted],
        verifier=digest_bytes(verifier_text()).removeprefix("sha256:"),
    )
    return text.encode()
