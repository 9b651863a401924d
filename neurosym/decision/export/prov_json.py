"""PROV-JSON (W3C Member Submission, 24 April 2013): names, values, and a document that grows.

Relations have names of their own, made of those of their ends, so that the same relation in two documents is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from neurosym.values.canonical import Json

TERMS = "https://neurosym.dev/ns/provenance#"
AUTHORITY = "tag:neurosym.dev,2026:"  # RFC 4151: names that nobody has to serve

# What the ends of each relation are called (PROV-DM §5; PROV-JSON §3.3).
ENDS: Mapping[str, tuple[str, str]] = {
    "used": ("prov:activity", "prov:entity"),
    "wasGeneratedBy": ("prov:entity", "prov:activity"),
    "wasInvalidatedBy": ("prov:entity", "prov:activity"),
    "wasAssociatedWith": ("prov:activity", "prov:agent"),
    "wasDerivedFrom": ("prov:generatedEntity", "prov:usedEntity"),
}


def local_name(*steps: str) -> str:
    """The steps as the local part of a qualified name: whatever is no letter or digit and none of `-_~` is a percent
    escape (PROV-N §3.7.1, where a name may not end with a point), so that no text from outside is anything but a name.
    """
    return "/".join(quote(step, safe="").replace(".", "%2E") for step in steps)


def decision_name(decision: str) -> str:
    """The name of a decision of the log."""
    return f"log:{local_name('decision', decision)}"


def name_value(name: str) -> Json:
    """A qualified name as the value of an attribute."""
    return {"$": name, "type": "xsd:QName"}


def whole_value(number: int) -> Json:
    """A whole number as the value of an attribute."""
    return {"$": str(number), "type": "xsd:long"}


def date_value(day: str) -> Json:
    """A day, written 2026-03-02, as the value of an attribute."""
    return {"$": day, "type": "xsd:date"}


def moment_text(moment: datetime) -> str:
    """An xsd:dateTime."""
    return moment.isoformat()


def more_of(left: Json, right: Json) -> Json:
    """What two records of one thing say together: one may name only what the other describes."""
    return {**left, **right} if isinstance(left, dict) and isinstance(right, dict) else right


@dataclass(frozen=True, slots=True)
class ProvDocument:
    """A document about the things of one log."""

    origin: str
    sections: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def json(self) -> dict[str, Json]:
        """The document; `prov` and `xsd` need no declaration."""
        log = f"{AUTHORITY}log/{local_name(*self.origin.split('/'))}/"
        prefix: Json = {"log": log, "program": f"{AUTHORITY}program/", "neurosym": TERMS}
        return {"prefix": prefix, **{name: {**records} for name, records in self.sections.items()}}

    def entity(self, name: str, types: Iterable[str], attributes: Mapping[str, Json]) -> str:
        """The name of an entity, which the document has now."""
        return self._thing("entity", name, types, attributes)

    def activity(self, name: str, types: Iterable[str], attributes: Mapping[str, Json]) -> str:
        """The name of an activity, which the document has now."""
        return self._thing("activity", name, types, attributes)

    def agent(self, name: str, types: Iterable[str], attributes: Mapping[str, Json]) -> str:
        """The name of an agent, which the document has now."""
        return self._thing("agent", name, types, attributes)

    def relate(self, relation: str, left: str, right: str, more: Mapping[str, Json] | None = None) -> None:
        """Add a relation; its ends are of the kinds that `ENDS` says."""
        from_, to = ENDS[relation]
        name = f"log:{relation}/{left.replace(':', '/')}/{right.replace(':', '/')}"
        self._records(relation)[name] = {from_: left, to: right, **(more or {})}

    def _thing(self, section: str, name: str, types: Iterable[str], attributes: Mapping[str, Json]) -> str:
        named = [name_value(each) for each in types]
        shown = {key: value for key, value in attributes.items() if value not in (None, [])}
        records = self._records(section)
        records[name] = more_of(records.get(name), {"prov:type": named[0] if len(named) == 1 else named, **shown})
        return name

    def _records(self, section: str) -> dict[str, Json]:
        return self.sections.setdefault(section, {})
