"""The names of all fields of a bundle, and their types, out of the code that writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from neurosym.audit.bundle.key_chain import CHANGE
from neurosym.audit.bundle.layout import ALWAYS, KEYS
from neurosym.audit.entry import KEY, Entry, envelope_bytes
from neurosym.audit.entry import KEYS as KEY_STORE
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.erased import ERASED, erased_bytes
from neurosym.audit.hold import HELD, RELEASED
from neurosym.audit.key_change import PREVIOUS_KEY
from neurosym.audit.payload import PayloadLink
from neurosym.audit.predecessor import PREDECESSOR
from neurosym.audit.retirement import REASON
from neurosym.audit.row_tree import EXTENT
from neurosym.audit.row_tree import ROWS as ROOT
from neurosym.decision import recorder as names
from neurosym.decision.batch.recording import ROWS, SEALED
from neurosym.decision.case_record import LIMIT_NAMES, MEMBERS
from neurosym.decision.decision import OUTSIDE_RESULT, Decision
from neurosym.decision.override import OVERRIDE
from neurosym.engine.situation import Limits
from neurosym.judgment.attempt import attempt_schema
from neurosym.judgment.calibration.artefact_document import artefact_schema
from neurosym.judgment.document import reviews_schema
from neurosym.values.canonical import digest_bytes
from neurosym.values.clock import Stamp

Shape = Mapping[str, str]  # types by the paths of fields; "" where the code does not tell the type
DEPTH_MAX = 6
DIGESTS = ("program", "input", "facts", "graph", "engine", ROOT, EXTENT, PREVIOUS_KEY)


def shapes() -> Mapping[str, Shape]:
    """The fields of each part of a bundle."""
    return {
        "files": dict.fromkeys((*sorted(ALWAYS | {KEYS}), "tile/", "payloads/", "decisions/"), ""),
        "manifest": dict.fromkeys(("line 1", "line 2", "line 3", "line 4", "other lines"), ""),
        "keys.jsonl": {"digest": "text", "key": "text"},
        "envelope": _envelope(),
        "kinds of entries": {kind.value: "" for kind in EntryKind},
        "payloads": dict.fromkeys(PAYLOADS, ""),
        "payload case": {**dict.fromkeys(sorted(MEMBERS), ""), **_limits()},
        "payload result": _members(_result_schema()),
        "payload attempt": _members(attempt_schema()),
        "response of persons": _members(reviews_schema()),
        "payload calibrations": _members(artefact_schema(), "[]."),
        "payload erased": dict.fromkeys(json.loads(erased_bytes([], [], "")), ""),
        **{name: dict.fromkeys(members, "") for name, members in WITHOUT_SCHEMA.items()},
    }


PAYLOADS = (
    names.CASE,
    names.FACTS,
    names.GRAPH,
    names.RESULT,
    names.PROOF,
    names.ATTEMPT,
    names.SOURCES,
    names.ONTOLOGIES,
    names.CALIBRATIONS,
    names.CONFIGURATION,
    names.SECOND_OPINION,
    OVERRIDE,
    ROWS,
    SEALED,
    ERASED,
    HELD,
    RELEASED,
    REASON,
    PREDECESSOR,
    CHANGE,
)
# What no schema or class describes; tests compare it with what is logged.
WITHOUT_SCHEMA = {
    "payload facts": ("[].name", "[].content"),
    "payload sources": ("[].name", "[].text"),
    "payload ontologies": ("[].name", "[].text"),
    "payload configuration": ("tier", "budget"),
    "payload override": ("outcome", "reason"),
    "payload rows": (
        *("row", "decision", "status", "outcome", "act_on", "codes", "citations"),
        *("input", "input.digest", "input.key", "input.commitment"),
        *("result", "result.digest", "result.key", "result.commitment"),
    ),
    "payload held": ("keys", "payloads", "reason"),
    "payload released": ("reason",),
    "payload reason": ("reason",),
    "payload predecessor": ("origin", "vkey", "checkpoint", "known"),
    "payload second opinion": ("opinion", "compared", "reasons", "what", "differences"),
    "payload key change": ("line 1", "line 2", "line 3", "line 4"),
    "payload proof": (
        *("fact", "outcome", "defeated", "of", "subject", "text", "duty", "fields", "owed_by", "due"),
        *("standing", "reasons", "by", "binding", "premises", "parameters", "answers", "exceptions"),
        *("parameters[].name", "parameters[].value", "parameters[].from", "parameters[].cites"),
        *("answers[].judgment", "answers[].args", "answers[].content", "answers[].answer"),
        *("exceptions[].exception", "exceptions[].state", "exceptions[].premises", "exceptions[].parameters"),
        *("exceptions[].answers", "exceptions[].reasons", "exceptions[].exceptions"),
    ),
}


def _envelope() -> Shape:
    link = PayloadLink("", digest_bytes(b""), "key", f"hmac-sha256:{'0' * 64}")
    entry = Entry(seq=1, stamp=Stamp("2026-03-02T09:00:00Z", ""), kind=EntryKind.START, payloads=(link,))
    document = json.loads(envelope_bytes(entry))
    inner = {f"payloads[].{name}": "" for name in document["payloads"][0]}
    named = {f"digests.{name}": "" for name in (*DIGESTS, KEY, KEY_STORE)}
    return {**dict.fromkeys(document, ""), **inner, **named}


def _limits() -> Shape:
    assert {each.name for each in fields(Limits)} == LIMIT_NAMES
    return {f"limits.{name}": "whole number" for name in sorted(LIMIT_NAMES)}


def _result_schema() -> dict[str, Any]:
    """The schema of decisions without what the log keeps elsewhere."""
    schema: dict[str, Any] = Decision.json_schema()
    members = {name: each for name, each in schema["properties"].items() if name not in OUTSIDE_RESULT}
    digests = members["digests"]
    inner = {name: each for name, each in digests["properties"].items() if name != "engine"}
    return {**schema, "properties": {**members, "digests": {**digests, "properties": inner}}}


def _members(schema: dict[str, Any], prefix: str = "") -> Shape:
    """Each member of an object with its type, and the members of those that are objects or lists of objects."""
    found: dict[str, dict[str, None]] = {}
    for name, kind in _within(schema, schema, prefix, 0):
        found.setdefault(name, {})[kind] = None
    return {name: " | ".join(kinds) for name, kinds in found.items()}


def _within(part: Any, whole: dict[str, Any], prefix: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEPTH_MAX:
        return
    for each in _alternatives(part, whole):
        for name, member in each.get("properties", {}).items():
            yield f"{prefix}{name}", _type(member, whole)
            yield from _within(member, whole, f"{prefix}{name}.", depth + 1)
        if "items" in each and prefix.endswith("."):
            yield from _within(each["items"], whole, f"{prefix.removesuffix('.')}[].", depth + 1)


def _alternatives(part: Any, whole: dict[str, Any]) -> list[dict[str, Any]]:
    """What a part of a schema may be: itself, what it refers to, or any of several."""
    if "$ref" in part:
        return _alternatives(whole["$defs"][part["$ref"].rpartition("/")[2]], whole)
    several = part.get("anyOf") or part.get("oneOf")
    return [part] if several is None else [found for each in several for found in _alternatives(each, whole)]


def _type(part: Any, whole: dict[str, Any]) -> str:
    return " or ".join(dict.fromkeys(_plain(each) for each in _alternatives(part, whole))) or "any"


WORDS = {"string": "text", "integer": "whole number", "boolean": "true or false", "array": "list", "null": "null"}


def _plain(part: dict[str, Any]) -> str:
    if "enum" in part or "const" in part:
        values = part.get("enum", [part.get("const")])
        return " | ".join(json.dumps(each) for each in values)
    kinds = part.get("type", "any")
    return " or ".join(WORDS.get(each, each) for each in ([kinds] if isinstance(kinds, str) else kinds))
