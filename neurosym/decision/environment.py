"""What besides the program decides how it is executed: versions and limits (contracts: engine digest)."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from importlib.metadata import version

from neurosym.engine.situation import Limits
from neurosym.matching.version import matcher_versions
from neurosym.values.canonical import Digest, Json, digest

LIBRARIES = ("holidays", "lark", "networkx", "pyoxigraph", "rdflib", "rfc8785")


@cache
def _version(name: str) -> str:
    """The installed version, read once: it cannot change while the process runs."""
    return version(name)


def engine_document(limits: Limits) -> Json:
    """The versions that can change a result, and the limits."""
    matcher: dict[str, Json] = dict(matcher_versions())
    libraries: dict[str, Json] = {name: _version(name) for name in LIBRARIES}
    return {
        "neurosym": _version("neurosym"),
        "libraries": libraries,
        "matcher": matcher,
        "limits": limits_document(limits),
    }


def limits_document(limits: Limits) -> dict[str, Json]:
    """The limits by name."""
    return dict(asdict(limits))


@cache
def engine_digest(limits: Limits) -> Digest:
    """The digest of the engine."""
    return digest(engine_document(limits))
