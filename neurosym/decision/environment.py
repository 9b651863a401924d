"""What besides the program decides how it is executed: versions and limits (contracts: engine digest)."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version

from neurosym.engine.situation import Limits
from neurosym.matching.version import matcher_versions
from neurosym.values.canonical import Digest, Json, digest

LIBRARIES = ("holidays", "lark", "networkx", "pyoxigraph", "rdflib", "rfc8785")


def engine_document(limits: Limits) -> Json:
    """The versions that can change a result, and the limits."""
    matcher: dict[str, Json] = dict(matcher_versions())
    libraries: dict[str, Json] = {name: version(name) for name in LIBRARIES}
    return {
        "neurosym": version("neurosym"),
        "libraries": libraries,
        "matcher": matcher,
        "limits": limits_document(limits),
    }


def limits_document(limits: Limits) -> dict[str, Json]:
    """The limits by name."""
    return dict(asdict(limits))


def engine_digest(limits: Limits) -> Digest:
    """The digest of the engine."""
    return digest(engine_document(limits))
