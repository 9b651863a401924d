"""Checked rulesets as bytes, and the key under which they are kept: a ruleset is compiled once for each content.

The bytes are a pickle. They are as trustworthy as the `__pycache__` beside a module: whoever can write either runs code
as its owner. So they are read only from a `PrivateFolder`, only when their checksum is right, and name nothing outside
this package and the exact types of the standard library.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

from neurosym.decision.environment import engine_document
from neurosym.engine.situation import LIMITS
from neurosym.grammar.source import grammar_name, is_grammar
from neurosym.program.program import Program
from neurosym.program.scenario import Scenario
from neurosym.text.diagnostic import Diagnostic
from neurosym.text.shipped import PACKAGE, shipped_path
from neurosym.text.span import NOWHERE, Source
from neurosym.values.canonical import Digest, Json, canonical_bytes, digest_bytes

MAGIC = b"neurosym ruleset 1\n"
PROTOCOL = 5
BUILT_IN = -1  # the number of the source of what no author wrote
COMPILING = ("text", "values", "grammar", "matching", "feel", "program", "check", "lang", "graph")
GRAMMARS = ("rules.lark", "feel.lark")
EXACT_TYPES = {("decimal", "Decimal"), *(("datetime", name) for name in ("date", "datetime", "time", "timezone"))}
EXACT_TYPES |= {("datetime", "timedelta")}
# What unpickling raises for bytes that were written by other code.
MISFITS = (pickle.UnpicklingError, AttributeError, EOFError, ImportError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Compiled:
    """What compiling gives, with the program's digest."""

    program: Program
    scenarios: tuple[Scenario, ...]
    warnings: tuple[Diagnostic, ...]
    digest: Digest


def compiled_key(sources: Sequence[Source], ontologies: Sequence[tuple[str, bytes]]) -> str:
    """Names the compiled form of these texts under this code; rule files count by content and order, grammars by
    their names, too.
    """
    texts: list[Json] = [[_role(source), digest_bytes(source.text.encode())] for source in sources]
    terms: list[Json] = [[name, digest_bytes(content)] for name, content in ontologies]
    return sha256(canonical_bytes([_code_document(), texts, terms])).hexdigest()


def _role(source: Source) -> str | None:
    """What rules call a grammar; rule files have no name that matters."""
    return grammar_name(source) if is_grammar(source) else None


def compiled_bytes(found: Compiled, key: str, sources: Sequence[Source]) -> bytes | None:
    """The bytes of what was compiled from the sources; None when it is nested too deeply to be written."""
    stream = BytesIO()
    try:
        _Writer(stream, sources).dump(found)
    except RecursionError:
        return None
    content = stream.getvalue()
    return MAGIC + _checksum(key, content) + content


def read_compiled(content: bytes, key: str, sources: Sequence[Source]) -> Compiled | None:
    """What the bytes hold, its places in these sources; None when they are damaged or not of this key."""
    start = len(MAGIC) + sha256().digest_size
    if content[:start] != MAGIC + _checksum(key, content[start:]):
        return None
    try:
        found = _Reader(BytesIO(content[start:]), sources).load()
    except MISFITS:
        return None
    return found if isinstance(found, Compiled) else None


def _checksum(key: str, content: bytes) -> bytes:
    return sha256(key.encode() + content).digest()


class _Writer(pickle.Pickler):
    """Writes dataclasses by their fields and sources by their number: a tenth of the time, a third of the bytes."""

    def __init__(self, stream: BytesIO, sources: Sequence[Source]) -> None:
        super().__init__(stream, PROTOCOL)
        self._numbers = {id(source): number for number, source in enumerate(sources)}
        self._numbers[id(NOWHERE.source)] = BUILT_IN

    def persistent_id(self, part: Any, /) -> int | None:
        return self._numbers.get(id(part)) if isinstance(part, Source) else None

    def reducer_override(self, part: Any, /) -> Any:
        if isinstance(part, Enum):
            return type(part), (part.value,)
        if not is_dataclass(part) or isinstance(part, type):
            return NotImplemented
        return type(part), tuple(getattr(part, each.name) for each in fields(part))


class _Reader(pickle.Unpickler):
    def __init__(self, stream: BytesIO, sources: Sequence[Source]) -> None:
        super().__init__(stream)
        self._sources = sources

    def persistent_load(self, pid: Any) -> Source:
        return NOWHERE.source if pid == BUILT_IN else self._sources[pid]

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if module_name.startswith("neurosym.") or (module_name, global_name) in EXACT_TYPES:
            return super().find_class(module_name, global_name)
        raise pickle.UnpicklingError(f"{module_name}.{global_name} is no part of a ruleset")


@cache
def _code_document() -> Json:
    """All that besides the texts decides what compiling gives; modules count by size and time, as in `__pycache__`."""
    modules: list[Json] = []
    for package in COMPILING:
        with os.scandir(PACKAGE / package) as found:
            stats = sorted((each.name, each.stat()) for each in found if each.name.endswith(".py"))
        modules += [[package, name, stat.st_size, str(stat.st_mtime_ns)] for name, stat in stats]
    grammars: list[Json] = [digest_bytes(shipped_path("grammars", name).read_bytes()) for name in GRAMMARS]
    return [engine_document(LIMITS), sys.version, str(PROTOCOL), modules, grammars]
