"""What verification needs to know of an entry, told from its bytes by one regular expression.

Envelopes are written in canonical form (RFC 8785), so that all that may vary has its fixed place. What the expression
does not fit is read by `parse_entry`, which takes ten times as long and has the last word: whatever is seen here, it
reads alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from neurosym.audit.entry_kind import ENVELOPE_BYTES_MAX, VERSION, EntryKind
from neurosym.audit.payload import COMMITMENT, PayloadLink
from neurosym.values.canonical import SAFE_INTEGER_MAX, Digest

_TEXT = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\bfnrt]|u00[01][0-9a-f]))*"'
_DIGEST = r'"sha256:[0-9a-f]{64}"'
_TAG = rf'"{COMMITMENT}[0-9a-f]{{64}}"'
_WHOLE = r"(?:0|[1-9][0-9]{0,15})"
_SALTED = rf'\{{"commitment":null,"digest":{_DIGEST},"key":null,"name":{_TEXT}\}}'
_ENCRYPTED = rf'\{{"commitment":{_TAG},"digest":{_DIGEST},"key":"[0-9a-z-]{{1,64}}","name":{_TEXT}\}}'
_LINK = rf"(?:{_SALTED}|{_ENCRYPTED})"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"


def _list_of(item: str) -> str:
    return rf"(?:{item}(?:,{item})*)?"


ENVELOPE = re.compile(
    rf'\{{"actor":(?:{_TEXT}|null),"clock":{_TEXT},"codes":\[{_list_of(_TEXT)}\],"decision":(?P<decision>{_TEXT}|null),'
    rf'"digests":\{{(?P<digests>{_list_of(f"{_TEXT}:{_DIGEST}")})\}},"effects":\[(?P<effects>{_list_of(_WHOLE)})\],'
    rf'"kind":"(?P<kind>{"|".join(kind.value for kind in EntryKind)})","on":(?:"(?P<on>{_DAY})"|null),'
    rf'"outcome":(?:{_TEXT}|null),"payloads":\[(?P<payloads>{_list_of(_LINK)})\],"previous":(?P<previous>{_WHOLE}|null),'
    rf'"request":(?P<request>{_TAG}|null),"result":(?:{_DIGEST}|null),"seq":(?P<seq>{_WHOLE}),'
    rf'"time":"(?P<time>(?P<day>{_DAY})T{_CLOCK}Z)","v":{VERSION}\}}'
)
LINK = re.compile(
    rf'\{{"commitment":(null|{_TAG}),"digest":"(sha256:[0-9a-f]{{64}})","key":(null|"[0-9a-z-]+"),"name":({_TEXT})\}}'
)
NAME = re.compile(rf"({_TEXT}):{_DIGEST}")
KINDS = {kind.value: kind for kind in EntryKind}


class Sighted(Protocol):
    """An entry as far as verification looks at it."""

    @property
    def seq(self) -> int: ...
    @property
    def kind(self) -> EntryKind: ...
    @property
    def time(self) -> str: ...
    @property
    def decision(self) -> str | None: ...
    @property
    def request(self) -> str | None: ...
    @property
    def payloads(self) -> Sequence[PayloadLink]: ...


@dataclass(slots=True)
class Sighting:
    """An entry of which no more than this was read."""

    seq: int
    kind: EntryKind
    time: str
    decision: str | None
    request: str | None
    payloads: Sequence[PayloadLink]


def sighted(envelope: bytes) -> Sighting | None:
    """What there is to be seen of an entry that `parse_entry` would read; None when only that can tell."""
    if len(envelope) > ENVELOPE_BYTES_MAX:
        return None
    try:
        found = ENVELOPE.fullmatch(envelope.decode("utf-8"))
    except UnicodeDecodeError:
        return None
    if found is None:
        return None
    decision, digests, effects, kind, on, payloads, previous, request, number, time, day = found.groups()
    seq = int(number)
    links = _links(payloads)
    if (
        seq > SAFE_INTEGER_MAX
        or not _is_day(day)
        or (on is not None and not _is_day(on))
        or (previous != "null" and int(previous) >= seq)
        or (effects and max(map(int, effects.split(","))) >= seq)
        or links is None
        or not _are_apart(digests)
        or (decision == "null" and kind == "decision")
    ):
        return None
    return Sighting(seq, KINDS[kind], time, _text(decision), None if request == "null" else request[1:-1], links)


def _links(payloads: str) -> Sequence[PayloadLink] | None:
    """The links; None when two have one name."""
    found = [
        PayloadLink(_plain(name), Digest(digest), None if key == "null" else key[1:-1], _unquoted(commitment))
        for commitment, digest, key, name in LINK.findall(payloads)
    ]
    return found if len({link.name for link in found}) == len(found) else None


def _are_apart(digests: str) -> bool:
    """True when no name stands there twice."""
    names = NAME.findall(digests)
    return len(set(names)) == len(names)


def _unquoted(text: str) -> str | None:
    return None if text == "null" else text[1:-1]


def _text(text: str) -> str | None:
    return None if text == "null" else _plain(text)


def _plain(text: str) -> str:
    if "\\" in text:
        found: str = json.loads(text)
        return found
    return text[1:-1]


@lru_cache(1_000)
def _is_day(text: str) -> bool:
    """True for a date that there is; most entries have that of the one before."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
