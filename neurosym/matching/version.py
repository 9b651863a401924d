"""The versions on which the results of the matcher depend."""

from __future__ import annotations

import rapidfuzz

from neurosym.matching.folding import FOLDING_VERSION, UNICODE_VERSION

# To be raised with every change that can change a score, a finding or a verdict.
MATCHER_VERSION = "1"


def matcher_versions() -> dict[str, str]:
    """The version of the matcher and of each table and library that its results depend on, for the engine digest."""
    return {
        "anyascii": FOLDING_VERSION,
        "matcher": MATCHER_VERSION,
        "rapidfuzz": rapidfuzz.__version__,
        "unicode": UNICODE_VERSION,
    }
