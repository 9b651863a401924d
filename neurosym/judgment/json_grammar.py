"""Grammars of JSON answers, derived from their schema, for endpoints that are held by a grammar and by no schema.

Objects have their members in the order of the schema and the spacing that `json.dumps` gives them; texts are of any
script, with the escapes that need no hexadecimal digits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from neurosym.values.canonical import Json

LARK_TEXT = r'/"([^"\\\x00-\x1F]|\\["\\\/bfnrt]){0,2000}"/'
LARK_NUMBER = r'/"-?[0-9]{1,30}(\.[0-9]{1,20})?"/'
GBNF_TEXT = r'"\"" ([^"\\\x00-\x1F] | "\\" ["\\/bfnrt])* "\""'
GBNF_NUMBER = r'"\"" "-"? [0-9]+ ("." [0-9]+)? "\""'


def lark_grammar(schema: Json) -> str:
    """The Lark grammar of the JSON documents that fit the schema."""
    return _written(schema, "start", ": ", {"TEXT": LARK_TEXT, "NUMBER": LARK_NUMBER})


def gbnf_grammar(schema: Json) -> str:
    """The GBNF grammar of the JSON documents that fit the schema, as llama.cpp reads it."""
    return _written(schema, "root", " ::= ", {"text": GBNF_TEXT, "number": GBNF_NUMBER})


def _written(schema: Json, start: str, sign: str, terminals: Mapping[str, str]) -> str:
    text, number = terminals
    rules = _Rules(text, number)
    rules.found[start] = rules.of(schema)
    lines = [f"{name}{sign}{body}" for name, body in rules.found.items()]
    lines += [f"{name}{sign}{body}" for name, body in terminals.items() if name in rules.used]
    return "\n".join(lines) + "\n"


@dataclass(slots=True)
class _Rules:
    """The rules found so far, by name; both notations write sequences, options and literals alike."""

    text: str
    number: str
    found: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def of(self, schema: Json) -> str:
        """The expression of what fits the schema."""
        assert isinstance(schema, Mapping)
        options = schema.get("anyOf")
        if isinstance(options, list):
            return self._named(" | ".join(self.of(option) for option in options))
        if isinstance(allowed := schema.get("enum"), list):
            return self._named(" | ".join(_literal(json.dumps(value, ensure_ascii=False)) for value in allowed))
        kinds = schema["type"]
        several = [self._kind(kind, schema) for kind in (kinds if isinstance(kinds, list) else [kinds])]
        return several[0] if len(several) == 1 else self._named(" | ".join(several))

    def _kind(self, kind: Json, schema: Mapping[str, Json]) -> str:
        match kind:
            case "null":
                return _literal("null")
            case "object":
                return self._object(schema["properties"])
            case "array":
                item = self.of(schema["items"])
                return self._named(f'"[" ({item} (", " {item})*)? "]"')
            case "string":
                name = self.number if "pattern" in schema else self.text
                self.used.add(name)
                return name
            case _:
                raise AssertionError(kind)

    def _object(self, members: Json) -> str:
        assert isinstance(members, Mapping)
        parts: list[str] = []
        for name, member in members.items():
            lead = "{" if not parts else ", "
            parts += [_literal(f"{lead}{json.dumps(name, ensure_ascii=False)}: "), self.of(member)]
        return self._named(" ".join([*parts, '"}"']))

    def _named(self, body: str) -> str:
        """The name of a rule with this body; the same body has one rule."""
        for name, known in self.found.items():
            if known == body:
                return name
        name = f"v{len(self.found) + 1}"
        self.found[name] = body
        return name


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
