"""The fields of an envelope as they are read back: each of the type the contract gives it, or the field is named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from neurosym.audit.payload import COMMITMENT, PayloadLink
from neurosym.text.diagnostic import Report
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import SAFE_INTEGER_MAX, Digest, Json
from neurosym.values.json_text import read_json

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
TAG = re.compile(rf"{COMMITMENT}[0-9a-f]{{64}}")
KEY = re.compile(r"[0-9a-z-]{1,64}")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def envelope_fields(envelope: bytes) -> EnvelopeFields:
    """The fields of stored bytes; LogCorruptError when these are no JSON object."""
    report = Report()
    document = read_json(envelope, "envelope", report)
    if report.has_errors:
        raise LogCorruptError(f"the envelope is {report.diagnostics[0].message}")
    if not isinstance(document, dict):
        raise LogCorruptError("the envelope is no JSON object")
    return EnvelopeFields(document)


def is_digest(text: Json) -> bool:
    """True for `sha256:` and 64 hexadecimal digits."""
    return isinstance(text, str) and DIGEST.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class EnvelopeFields:
    """A JSON object read field by field; every method raises LogCorruptError when the field is not what it returns."""

    document: Mapping[str, Json]
    read: set[str] = field(default_factory=set)

    def stop_on_others(self) -> None:
        """Refuse what nobody read: a field we do not know may change the meaning of those we know."""
        for name in self.document:
            if name not in self.read:
                raise LogCorruptError(f"`{name}` is not a field of an entry")

    def text(self, name: str) -> str:
        """A text."""
        found = self._json(name)
        if isinstance(found, str):
            return found
        raise LogCorruptError(f"`{name}` is no text")

    def text_or_null(self, name: str) -> str | None:
        """A text or null."""
        return None if self._json(name) is None else self.text(name)

    def one_of(self, name: str, allowed: Sequence[str]) -> str:
        """One of the texts allowed."""
        found = self.text(name)
        if found in allowed:
            return found
        raise LogCorruptError(f"`{name}` is none of {', '.join(allowed)}")

    def time(self, name: str) -> str:
        """A moment in UTC."""
        found = self.text(name)
        if TIME.fullmatch(found) and _exists(datetime, found):
            return found
        raise LogCorruptError(f"`{name}` is no moment in UTC")

    def date_or_null(self, name: str) -> str | None:
        """A date or null."""
        found = self.text_or_null(name)
        if found is None or (DATE.fullmatch(found) and _exists(date, found)):
            return found
        raise LogCorruptError(f"`{name}` is no date")

    def whole(self, name: str) -> int:
        """A whole number from 0 that every reader of JSON reads alike."""
        return _whole(self._json(name), name)

    def whole_or_null(self, name: str) -> int | None:
        """A whole number or null."""
        return None if self._json(name) is None else self.whole(name)

    def wholes(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers."""
        return tuple(_whole(found, name) for found in self._list(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts."""
        found = self._list(name)
        texts = tuple(text for text in found if isinstance(text, str))
        if len(texts) == len(found):
            return texts
        raise LogCorruptError(f"`{name}` is no list of texts")

    def digest_or_null(self, name: str) -> Digest | None:
        """A digest or null."""
        return None if self._json(name) is None else _digest(self._json(name), name)

    def digests(self, name: str) -> Mapping[str, Digest]:
        """An object of digests."""
        found = self._json(name)
        if isinstance(found, dict):
            return {key: _digest(value, f"{name}.{key}") for key, value in found.items()}
        raise LogCorruptError(f"`{name}` is no object")

    def tag_or_null(self, name: str) -> str | None:
        """An HMAC or null."""
        return None if self._json(name) is None else _tag(self._json(name), name)

    def links(self, name: str) -> tuple[PayloadLink, ...]:
        """A list of links to payloads, no name twice; `commitment` is there exactly where `key` is."""
        return self._links(name, ("name", "digest", "key", "commitment"))

    def salted_links(self, name: str) -> tuple[PayloadLink, ...]:
        """A list of links as version 1 has them, no name twice."""
        return self._links(name, ("name", "digest"))

    def _links(self, name: str, members: Sequence[str]) -> tuple[PayloadLink, ...]:
        links = tuple(_link(found, name, members) for found in self._list(name))
        if len({link.name for link in links}) == len(links):
            return links
        raise LogCorruptError(f"`{name}` has two of the same name")

    def _json(self, name: str) -> Json:
        if name not in self.document:
            raise LogCorruptError(f"`{name}` is missing")
        self.read.add(name)
        return self.document[name]

    def _list(self, name: str) -> list[Json]:
        found = self._json(name)
        if isinstance(found, list):
            return found
        raise LogCorruptError(f"`{name}` is no list")


def _whole(found: Json, name: str) -> int:
    if isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= SAFE_INTEGER_MAX:
        return found
    raise LogCorruptError(f"`{name}` holds what is no whole number from 0 to 2^53-1")


def _digest(found: Json, name: str) -> Digest:
    if isinstance(found, str) and is_digest(found):
        return Digest(found)
    raise LogCorruptError(f"`{name}` holds what is no digest")


def _tag(found: Json, name: str) -> str:
    if isinstance(found, str) and TAG.fullmatch(found):
        return found
    raise LogCorruptError(f"`{name}` holds what is no HMAC")


def _link(found: Json, name: str, members: Sequence[str]) -> PayloadLink:
    if not isinstance(found, dict) or found.keys() != {*members} or not isinstance(found["name"], str):
        raise LogCorruptError(f"`{name}` holds what is no object with {', '.join(f'`{each}`' for each in members)}")
    place = f"{name}.{found['name']}"
    digest, key = _digest(found["digest"], place), found.get("key")
    if key is None and found.get("commitment") is None:
        return PayloadLink(found["name"], digest)
    if not isinstance(key, str) or KEY.fullmatch(key) is None:
        raise LogCorruptError(f"`{place}` names what is no key")
    return PayloadLink(found["name"], digest, key, _tag(found["commitment"], place))


def _exists(kind: type[date], text: str) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True
