"""The dictionary of a bundle: what every field means, whose data it is, and which duty of which law it serves.

Names and types are those of the code (`field_shape`), the rest is in `fields.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from neurosym.decision.bundle.field_shape import shapes
from neurosym.text.page import heading, page, paragraph, table
from neurosym.values.canonical import Json

TABLE = Path(__file__).parent / "fields.toml"
DUTIES = "duties"
SAID = (
    "Names and types are those of the code that wrote the log. Duties name what a field helps to meet; they are no "
    "legal advice, and nobody vouches for one that is called unverified."
)
# Reasons why something is not known stand at several places, and mean the same at each.
REASONS = ("duties[].may_be_due[].reasons[].", "either_way.over[].")
REASON = "missing[]."


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty of a law: where it stands, what it asks, since when, and how far its text was checked."""

    id: str
    citation: str
    asks: str
    since: str
    checked: str

    @property
    def json(self) -> Json:
        """The duty as `fields.json` has it."""
        return {
            "id": self.id,
            "citation": self.citation,
            "asks": self.asks,
            "applies_from": self.since,
            "checked": self.checked,
        }


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a part of the bundle."""

    part: str
    name: str
    type: str
    means: str
    whose: str
    duties: tuple[str, ...]

    @property
    def json(self) -> Json:
        """The field as `fields.json` has it."""
        return {
            "name": self.name,
            "type": self.type,
            "means": self.means,
            "whose": self.whose,
            "duties": [*self.duties],
        }


@cache
def duties() -> tuple[Duty, ...]:
    """The duties that fields serve."""
    return tuple(Duty(name, *row) for name, row in _tables()[DUTIES].items())


@cache
def dictionary() -> Mapping[str, tuple[Field, ...]]:
    """The fields of each part. KeyError for a field that the table does not have, ValueError for a line that no field
    has: the package is wrong then, and a test says so first.
    """
    tables = _tables()
    found = {
        part: tuple(_field(part, name, kind, tables[part]) for name, kind in shape.items())
        for part, shape in shapes().items()
    }
    known = {(part, field.name) for part, fields in found.items() for field in fields}
    strange = [
        (part, name) for part, rows in tables.items() if part != DUTIES for name in rows if (part, name) not in known
    ]
    if strange:
        raise ValueError(f"no such fields: {strange}")
    return found


def fields_document() -> Json:
    """What `fields.json` says."""
    parts: list[Json] = [
        {"part": part, "fields": [each.json for each in fields]} for part, fields in dictionary().items()
    ]
    return {"version": 1, "note": SAID, "duties": [each.json for each in duties()], "parts": parts}


def fields_page() -> bytes:
    """The same to read."""
    rows = [(each.id, each.citation, each.asks, each.since, each.checked) for each in duties()]
    parts = [
        table(part, ("field", "type", "meaning", "whose", "duties"), [_row(each) for each in fields])
        for part, fields in dictionary().items()
    ]
    return page(
        "Fields of a bundle",
        heading(1, "Fields of a bundle"),
        paragraph(SAID),
        table("duties", ("duty", "where it stands", "what it asks", "applies from", "checked"), rows),
        *parts,
    ).encode()


def _row(of: Field) -> tuple[str, ...]:
    return of.name, of.type, of.means, of.whose, ", ".join(of.duties)


def _field(part: str, name: str, kind: str, rows: Mapping[str, Any]) -> Field:
    alias = next((REASON + name.removeprefix(place) for place in REASONS if name.startswith(place)), name)
    stated, means, whose, serves = rows[alias]
    return Field(part, name, kind or stated, means, whose, tuple(serves.split()))


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))
