"""The dictionary of a bundle has every field, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from neurosym.audit.log import Log
from neurosym.audit.reader import LogReader
from neurosym.decision.bundle.field_dictionary import dictionary, duties, fields_document, fields_page
from neurosym.decision.bundle.field_shape import shapes
from neurosym.decision.recorder import facts_name
from tests.decision.bundle_case import aside, logged

# Members whose own members are not fields of the format: names that rules and callers give.
OPEN = {
    "payload case": ("request",),
    "payload facts": ("[].content",),
    "payload configuration": ("tier", "budget"),
    "payload result": (
        "subject",
        "reasons[].binding",
        "duties[].fields",
        "duties[].owed_by",
        "answers[].args",
        "answers[].answer",
    ),
    "payload attempt": ("parameters",),
    "envelope": ("digests",),
}
OPEN_ENDINGS = (".args", ".of", ".fields", ".due", ".content", ".value", ".answer", ".reasons")
WHOSE = {
    "nobody's",
    "the data subject's",
    "the data subjects'",
    "staff's",
    "the deployer's",
    "the data subject's, and staff's",
}


def paths(document: Any, part: str, prefix: str = "") -> Iterator[str]:
    if prefix and (prefix in OPEN.get(part, ()) or prefix.endswith(OPEN_ENDINGS)):
        return
    if isinstance(document, dict):
        for name, value in document.items():
            at = f"{prefix}.{name}" if prefix else name
            yield at
            yield from paths(value, part, at)
    elif isinstance(document, list):
        for value in document:
            yield from paths(value, part, f"{prefix}[]")


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The fields of everything that a log holds, by part."""
    found: dict[str, set[str]] = {"envelope": set(), "payloads": set()}
    path = logged(tmp_path_factory.mktemp("log"))
    with Log.open(path) as writer:
        aside(writer)
    with LogReader.open(path) as log, log.store.reading() as reading:
        for row in reading.entries(0, 1000):
            found["envelope"] |= set(paths(json.loads(row.envelope), "envelope"))
        for entry in log.entries():
            for link in entry.payloads:
                found["payloads"].add(link.name)
                document = json.loads(log.payload(link))
                if link.name == "proof":
                    document = list(document.values())
                    for step in document:
                        found.setdefault("payload proof", set()).update(proof_paths(step))
                    continue
                found.setdefault(f"payload {link.name}", set()).update(paths(document, f"payload {link.name}"))
    return found


def proof_paths(step: dict[str, Any]) -> Iterator[str]:
    yield from step
    for name in ("parameters", "answers", "exceptions"):
        for each in step.get(name, []):
            yield from (f"{name}[].{member}" for member in each)


def test_every_field_of_the_code_is_in_the_dictionary_and_the_dictionary_has_no_other() -> None:
    assert {part: [each.name for each in fields] for part, fields in dictionary().items()} == {
        part: [*shape] for part, shape in shapes().items()
    }


@pytest.mark.parametrize("part", shapes())
def test_every_field_has_a_type_a_meaning_and_an_owner_and_serves_known_duties(part: str) -> None:
    known = {each.id for each in duties()}
    for field in dictionary()[part]:
        assert field.means, field
        assert field.whose in WHOSE or field.whose.startswith("as "), field
        assert set(field.duties) <= known, field
        assert field.type or part == "kinds of entries", field


def test_every_duty_is_dated_and_says_how_far_it_was_checked() -> None:
    for duty in duties():
        assert duty.since[:4].isdigit() or duty.since.startswith("as "), duty
        assert "read" in duty.checked or "unverified" in duty.checked, duty
        assert any(duty.id in field.duties for fields in dictionary().values() for field in fields), duty


def test_what_a_log_holds_is_in_the_dictionary(observed: dict[str, set[str]]) -> None:
    known = {part: {each.name for each in fields} for part, fields in dictionary().items()}
    unknown = {part: found - known[part] for part, found in observed.items()}
    assert {part: found for part, found in unknown.items() if found} == {}
    assert observed["payloads"] >= {"case", "facts", "result", "proof", "attempt", "sources", "configuration"}


def test_parts_of_facts_are_called_as_the_dictionary_says() -> None:
    assert facts_name(1) == "facts 2"


def test_the_document_and_the_page_hold_the_same() -> None:
    document = fields_document()
    assert isinstance(document, dict)
    text = fields_page().decode()
    for part in document["parts"]:  # type: ignore[union-attr]
        assert f"<caption>{part['part']}</caption>" in text  # type: ignore[index,call-overload]
    assert text.count("<tr>") == sum(map(len, dictionary().values())) + 4 * len(duties()) + len(dictionary())
