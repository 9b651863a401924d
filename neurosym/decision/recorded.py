"""Documents read back from the log: theirs is the shape we wrote, or the replay says that it is not."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from neurosym.decision.intake import Document
from neurosym.text.diagnostic import Report
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import Json
from neurosym.values.json_text import read_json


def read_object(content: bytes, name: str) -> dict[str, Json]:
    """The recorded object; ReplayError when the bytes are none."""
    document = _read(content, name)
    if not isinstance(document, dict):
        raise ReplayError(f"the recorded {name} is not what was recorded")
    return document


def read_objects(content: bytes, name: str) -> list[dict[str, Json]]:
    """The recorded list of objects; ReplayError when the bytes are none."""
    document = _read(content, name)
    if not isinstance(document, list):
        raise ReplayError(f"the recorded {name} are not what was recorded")
    found = [each for each in document if isinstance(each, dict)]
    if len(found) < len(document):
        raise ReplayError(f"the recorded {name} are not what was recorded")
    return found


def _read(content: bytes, name: str) -> Json:
    report = Report()
    document = read_json(content, name, report)
    if report.has_errors:
        raise ReplayError(f"the recorded {name} is not JSON")
    return document


def strict(document: dict[str, Json], members: AbstractSet[str], name: str) -> dict[str, Json]:
    """The document itself; ReplayError when it has other members."""
    if set(document) != members:
        raise ReplayError(f"other members than ours in the recorded {name}")
    return document


def document_from(recorded: dict[str, Json], name: str) -> Document:
    """A document with its name."""
    strict(recorded, {"name", "content"}, name)
    return Document(text_at(recorded, "name"), recorded["content"])


def object_at(document: Mapping[str, Json], name: str) -> dict[str, Json]:
    """An object within a recorded document."""
    found = document.get(name)
    if not isinstance(found, dict):
        raise ReplayError(f"the recorded document has no object `{name}`")
    return found


def text_at(document: Mapping[str, Json], name: str) -> str:
    """A text of a recorded document."""
    found = document.get(name)
    if not isinstance(found, str):
        raise ReplayError(f"the recorded document has no text `{name}`")
    return found


def whole_at(document: Mapping[str, Json], name: str) -> int:
    """A whole number, none below zero, of a recorded document."""
    found = document.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise ReplayError(f"the recorded document has no number `{name}`")
    return found
