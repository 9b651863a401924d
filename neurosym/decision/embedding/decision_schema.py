"""The JSON schema of decisions as callers get them and the log keeps them (contracts: Decision)."""

from __future__ import annotations

from neurosym.decision.embedding.json_schema import DAY, DIALECT, Schema, object_schema
from neurosym.engine.verdict import Status
from neurosym.judgment.answer import Form, Kind
from neurosym.values.canonical import Json
from neurosym.values.unknown import Standing

TEXT: Schema = {"type": "string"}
DATE: Schema = {"type": "string", "pattern": f"^{DAY}$"}
DIGEST: Schema = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
# A value as decisions write it: exact numbers are integers or text, a key of several fields is an object.
VALUE: Schema = {"type": ["null", "boolean", "integer", "string", "array", "object"]}
VALUES: Schema = {"type": "object", "additionalProperties": VALUE}
DIGESTS = ("program", "engine", "input", "facts", "graph", "answers")


def decision_schema() -> Schema:
    """The schema of every decision, whatever the ruleset. A second opinion is there when one was asked for."""
    members: dict[str, Json] = {
        "id": TEXT,
        "decision": TEXT,
        "subject": VALUES,
        "status": _one_of(*(status.value for status in Status)),
        "outcome": _or_null(TEXT),
        "act_on": TEXT,
        "possible": _list_of(TEXT),
        "on": DATE,
        "reasons": _list_of(_reason_shown()),
        "duties": _list_of(_duty()),
        "not_proven": _list_of(TEXT),
        "missing": _list_of(_reason()),
        "questions": _list_of(_question()),
        "answers": _list_of(_answer()),
        "either_way": _or_null(
            object_schema({"over": _list_of(_reason()), "combinations": {"type": "integer", "minimum": 1}})
        ),
        "proof": DIGEST,
        "logged": {"type": "boolean"},
        "digests": object_schema({name: _or_null(DIGEST) for name in DIGESTS}),
    }
    document = object_schema({**members, "second_opinion": _opinion()}, members)
    is_decided: Json = {"properties": {"status": {"const": Status.DECIDED.value}}}
    outcome: Json = {"if": is_decided, "then": {"properties": {"outcome": TEXT}}, "else": _without_outcome()}
    return {"$schema": DIALECT, "title": "Decision", **document, "allOf": [outcome]}


def _opinion() -> Schema:
    """What a second implementation makes of the decision; one that disagrees leaves no decision."""
    agrees = object_schema({"opinion": {"const": "agrees"}, "compared": {"type": "integer", "minimum": 0}})
    refused = object_schema({"opinion": {"const": "refused"}, "reasons": _list_of(TEXT)})
    incident = object_schema({"opinion": {"const": "incident"}, "what": TEXT})
    return {"oneOf": [agrees, refused, incident]}


def _without_outcome() -> Json:
    return {"properties": {"outcome": {"type": "null"}}}


def _reason_shown() -> Schema:
    return object_schema(
        {"outcome": TEXT, "rule": TEXT, "binding": VALUES, "text": TEXT, "citations": _list_of(TEXT)},
    )


def _duty() -> Schema:
    may_be_due = object_schema({"due": VALUE, "reasons": _list_of(_reason())})
    content = object_schema({"fields": VALUES, "rule": TEXT, "citations": _list_of(TEXT)})
    return object_schema(
        {
            "duty": TEXT,
            "fields": VALUES,
            "owed_by": VALUE,
            "standing": _one_of("certain", "possible"),
            "due": _or_null(TEXT),
            "may_be_due": _list_of(may_be_due),
            "conflict": _list_of(content),
            "rules": _list_of(TEXT),
            "citations": _list_of(TEXT),
        }
    )


def _reason() -> Schema:
    """Why something is not known, one kind of reason each."""
    standing = _one_of(*(each.value for each in Standing))
    kinds: list[Json] = [
        _kind("question", judgment=TEXT, args=VALUES, standing=standing),
        _kind("missing value", of=VALUE, field=TEXT),
        _kind("missing fact", of=VALUE),
        _kind("missing type", type=TEXT),
        _kind("failed", message=TEXT),
    ]
    return {"oneOf": kinds}


def _kind(kind: str, **members: Json) -> Schema:
    return object_schema({"kind": {"const": kind}, **members})


def _question() -> Schema:
    return object_schema(
        {
            "id": DIGEST,
            "judgment": TEXT,
            "args": VALUES,
            "standing": _one_of(*(each.value for each in Standing)),
            "tried": _list_of(object_schema({"tier": TEXT, "reason": TEXT})),
        }
    )


def _answer() -> Schema:
    quote = object_schema(
        {
            "field": TEXT,
            "start": {"type": "integer", "minimum": 0},
            "text": TEXT,
            "form": _one_of(*(form.value for form in Form)),
        }
    )
    return object_schema(
        {
            "judgment": TEXT,
            "args": VALUES,
            "answer": {"type": ["boolean", "integer", "object", "string"]},
            "quotes": _list_of(quote),
            "tier": TEXT,
            "kind": _one_of(*(kind.value for kind in Kind)),
            "by": _list_of(TEXT),
            "calibrated": {"type": "boolean"},
            "artefact": _or_null(TEXT),
            "reused_from": {"type": ["integer", "null"]},
            "uncalibrated": {"type": "boolean"},
        }
    )


def _or_null(of: Schema) -> Schema:
    return {"anyOf": [of, {"type": "null"}]}


def _list_of(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _one_of(*values: str) -> Schema:
    return {"enum": [*values]}
