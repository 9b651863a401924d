"""Where decisions come from, in PROV-JSON: read by the library of those who wrote the submission."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from prov.model import ProvDocument as Reading

from neurosym.audit.draft import Draft
from neurosym.audit.entry import CLAIMED
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.export.contents import EVERYTHING, NOTHING
from neurosym.decision.export.prov import prov_documents, united
from neurosym.decision.export.prov_json import ProvDocument, decision_name, local_name, whole_value
from neurosym.decision.recorder import ATTEMPT, CASE, FACTS, GRAPH, PROOF, facts_name
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt, attempt_json, read_attempt
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import Json, digest_bytes
from tests.audit.world import open_log
from tests.decision.case import DAY, REMARKS
from tests.decision.exported import CLERK, CUSTOMER, MODEL, REVIEWER, SUBJECT, has_float, write_reviewed_log

XSD_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
# PROV-N §3.7.1, production PN_LOCAL, without letters beyond ASCII and without escapes by a backslash.
PN_LOCAL = re.compile(
    r"(?:[A-Za-z0-9_/@~&+*?#$!]|%[0-9A-Fa-f]{2})"
    r"(?:(?:[A-Za-z0-9_/@~&+*?#$!.-]|%[0-9A-Fa-f]{2})*(?:[A-Za-z0-9_/@~&+*?#$!-]|%[0-9A-Fa-f]{2}))?"
)
ASKED = digest_bytes(b"question")


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogReader]:
    write_reviewed_log(tmp_path)
    with LogReader.open(tmp_path / "decisions.db") as opened:
        yield opened


def documents(log: LogReader, withheld: frozenset[str] = NOTHING) -> list[dict[str, Any]]:
    return [*prov_documents(log, log.decisions(), withheld=withheld)]


def reading(document: object) -> Reading:
    return Reading.deserialize(content=json.dumps(document), format="json")


def assert_legal(document: object) -> None:
    """The library reads it without a warning, and writes the same again; so it does in PROV-N, which has a grammar."""
    read = reading(document)
    assert json.loads(str(read.serialize(format="json"))) == document
    assert Reading.deserialize(content=str(read.serialize(format="provn")), format="provn") == read


def pairs(document: dict[str, Any], relation: str, left: str, right: str) -> set[tuple[str, str]]:
    return {(each[left], each[right]) for each in document.get(relation, {}).values()}


def used(document: dict[str, Any]) -> set[tuple[str, str]]:
    return pairs(document, "used", "prov:activity", "prov:entity")


def associated(document: dict[str, Any]) -> set[tuple[str, str]]:
    return pairs(document, "wasAssociatedWith", "prov:activity", "prov:agent")


def typed(document: dict[str, Any], section: str, name: str) -> list[str]:
    """The names of the things of a type."""
    records = document.get(section, {}).items()
    return [each for each, record in records if f'"{name}"' in json.dumps(record["prov:type"])]


def deciding(decision: str | None) -> str:
    return f"log:deciding/{decision}"


# --- the form


def test_every_document_is_read_and_written_again_unchanged(log: LogReader) -> None:
    found = documents(log)
    assert len(found) == 3
    for document in found:
        assert_legal(document)
        assert not has_float(document)


def test_documents_of_one_log_unite_to_one(log: LogReader) -> None:
    found = documents(log)
    whole: dict[str, Any] = united(found)
    assert_legal(whole)
    assert len(typed(whole, "entity", "neurosym:Decision")) == 3
    for document in found:
        for section, records in document.items():
            assert records.keys() <= whole[section].keys()
            for name, record in records.items():
                assert section == "prefix" or record.items() <= whole[section][name].items()


def test_documents_unite_in_any_order(log: LogReader) -> None:
    found = documents(log)
    assert united(found) == united(reversed(found))


def test_times_are_moments_of_xml_schema(log: LogReader) -> None:
    for document in documents(log):
        times = re.findall(r'"prov:(?:startTime|endTime|time)": "([^"]*)"', json.dumps(document))
        assert times
        assert all(XSD_DATETIME.fullmatch(time) for time in times)


@given(st.text(), st.text())
@example("a.", "a")
@example("a/b", "a")
@example("~", "%7E")
@example("", "-")
def test_any_text_is_a_legal_name_and_other_texts_are_other_names(left: str, right: str) -> None:
    made = ProvDocument(f"log {left}")
    for text in (left, right):
        made.agent(f"log:{local_name('person', text)}", ["prov:Person"], {})
    assert_legal(made.json)
    assert len(made.sections["agent"]) == len({left, right})
    assert all(PN_LOCAL.fullmatch(name.partition(":")[2]) for name in made.sections["agent"])


def test_the_steps_of_a_name_stay_apart() -> None:
    names = [local_name("tier", *steps) for steps in (["a", "b"], ["a/b"], ["a", "b."], ["a%2Fb"])]
    assert len({*names}) == len(names)


@pytest.mark.parametrize("number", [0, 2**31 - 1, 2**31, 2**53 - 1])
def test_whole_numbers_of_any_size_are_legal(number: int) -> None:
    made = ProvDocument("log")
    made.entity("log:a", ["neurosym:Answer"], {"neurosym:entry": whole_value(number)})
    assert_legal(made.json)


# --- what is said


def test_a_decision_was_made_by_the_engine_by_the_ruleset_from_what_it_used(log: LogReader) -> None:
    entry, document = next(log.decisions()), documents(log)[0]
    (ruleset,) = typed(document, "entity", "neurosym:Ruleset")
    (engine,) = typed(document, "agent", "neurosym:Engine")
    made = deciding(entry.decision)
    assert ruleset == "program:" + entry.digests["program"].removeprefix("sha256:")
    payloads = {f"log:payload/{entry.payload_digest(name).removeprefix('sha256:')}" for name in (CASE, FACTS)}
    assert used(document) == {(made, each) for each in (ruleset, *payloads, "log:entry/3", "log:entry/4")}
    assert (made, engine) in associated(document)
    (plan,) = [each["prov:plan"] for each in document["wasAssociatedWith"].values() if "prov:plan" in each]
    assert plan == ruleset
    decision = decision_name(str(entry.decision))
    assert (decision, made) in pairs(document, "wasGeneratedBy", "prov:entity", "prov:activity")
    assert document["entity"][decision]["neurosym:outcome"] == "undecided"
    assert document["entity"][decision]["neurosym:on"] == {"$": DAY, "type": "xsd:date"}
    sources = {source for made_, source in used(document) if made_ == made} - {ruleset}
    derived = pairs(document, "wasDerivedFrom", "prov:generatedEntity", "prov:usedEntity")
    assert derived == {(decision, source) for source in sources}


def test_a_model_is_an_agent_with_the_name_that_was_asked_for(log: LogReader) -> None:
    document = documents(log)[0]
    (model,) = typed(document, "agent", "neurosym:Model")
    assert (document["agent"][model]["prov:label"], document["agent"][model]["neurosym:model"]) == ("small", MODEL)
    assert {asking for asking, agent in associated(document) if agent == model} == {"log:asking/3", "log:asking/4"}
    began, ended = (
        datetime.fromisoformat(document["activity"]["log:asking/3"][f"prov:{end}Time"]) for end in ("start", "end")
    )
    assert (ended - began) // timedelta(milliseconds=1) == read_attempt(log.content(log.entry(3), ATTEMPT)).duration_ms


def test_a_decision_made_again_is_a_revision_after_a_review_of_the_first(log: LogReader) -> None:
    first, second, _ = log.decisions()
    document = documents(log)[1]
    revision = {"$": "prov:Revision", "type": "xsd:QName"}
    revised = [each for each in document["wasDerivedFrom"].values() if each.get("prov:type") == revision]
    assert revised == [
        {
            "prov:generatedEntity": decision_name(str(second.decision)),
            "prov:usedEntity": decision_name(str(first.decision)),
            "prov:activity": deciding(second.decision),
            "prov:type": revision,
        }
    ]
    assert typed(document, "activity", "neurosym:Reviewing") == ["log:asking/6"]
    assert ("log:asking/6", decision_name(str(first.decision))) in used(document)
    (person,) = typed(document, "agent", "prov:Person")
    assert document["agent"][person]["prov:label"] == REVIEWER
    assert document["agent"][person]["neurosym:identity"] == "as claimed"
    assert ("log:asking/6", person) in associated(document)


def test_whoever_handed_an_answer_in_is_a_person(log: LogReader) -> None:
    document = documents(log)[2]
    (person,) = typed(document, "agent", "prov:Person")
    assert document["agent"][person]["prov:label"] == CLERK
    assert associated(document) >= {("log:asking/8", person)}


def test_no_content_is_told(log: LogReader) -> None:
    told = json.dumps(documents(log), ensure_ascii=False)
    assert not [private for private in (CUSTOMER, SUBJECT, "CUST-7", "LISTED", REMARKS) if private in told]


def test_what_is_withheld_is_left_out_and_the_rest_stands(log: LogReader) -> None:
    whole, less = documents(log), documents(log, EVERYTHING)
    for document in less:
        assert_legal(document)
    told = json.dumps(less, ensure_ascii=False)
    assert MODEL not in told
    assert CLERK not in told
    assert REVIEWER in told  # the envelope names who reviewed
    assert [used(document) for document in less] == [used(document) for document in whole]


# --- what logs may hold beside


def attempt(**more: Any) -> bytes:
    plain = Attempt(
        question=ASKED,
        request_id=ASKED,
        tier="small",
        kind=Kind.MODEL,
        number=1,
        request=b"{}",
        response=b"{}",
        model=MODEL,
    )
    return attempt_json(replace(plain, **more))


def document_of(
    tmp_path: Path, answers: Sequence[bytes], payloads: Sequence[tuple[str, bytes]] = (), actor: str = "small"
) -> dict[str, Any]:
    """The document of a decision with these answers, which stand in the log from entry 1 on."""
    with open_log(tmp_path / "decisions.db") as log:
        effects = [
            log.record(Draft(kind=EntryKind.ANSWER, actor=actor, outcome="response", payloads=((ATTEMPT, each),))).seq
            for each in answers
        ]
        draft = Draft(kind=EntryKind.DECISION, decision="D", effects=tuple(effects), payloads=tuple(payloads))
        log.record(draft)
        (document,) = prov_documents(log, log.decisions())
    assert_legal(document)
    return document


def test_an_answer_that_was_used_again_comes_from_the_earlier_one(tmp_path: Path) -> None:
    document = document_of(tmp_path, [attempt(), attempt(reused_from=1)])
    assert ("log:entry/2", "log:entry/1") in pairs(
        document, "wasDerivedFrom", "prov:generatedEntity", "prov:usedEntity"
    )
    assert typed(document, "activity", "neurosym:Asking") == ["log:asking/1"]
    assert document["entity"]["log:entry/1"]["neurosym:tier"] == "small"


def test_where_the_asking_was_refused_nobody_was_asked(tmp_path: Path) -> None:
    refused = attempt(response=None, failure="not asked: the budget is spent", is_refusal=True)
    document = document_of(tmp_path, [refused])
    assert typed(document, "activity", "neurosym:Asking") == []
    assert "agent" not in document
    assert (deciding("D"), "log:entry/1") in used(document)


def test_a_tier_without_a_model_is_software_all_the_same(tmp_path: Path) -> None:
    document = document_of(tmp_path, [attempt(kind=Kind.COMPUTED, model=None)], actor="local")
    assert typed(document, "agent", "prov:SoftwareAgent") == ["log:tier/local"]
    assert typed(document, "agent", "neurosym:Model") == []


def test_every_part_of_the_facts_is_used_and_the_graph_and_no_proof(tmp_path: Path) -> None:
    names = (CASE, facts_name(0), facts_name(1), GRAPH, PROOF)
    document = document_of(tmp_path, [], [(name, name.encode()) for name in names])
    assert [len(typed(document, "entity", f"neurosym:{kind}")) for kind in ("Request", "Facts", "Graph")] == [1, 2, 1]
    assert len(used(document)) == 4


def test_an_answer_of_persons_without_names_ends_the_export(tmp_path: Path) -> None:
    with pytest.raises(ReplayError, match="reviews"):
        document_of(tmp_path, [attempt(kind=Kind.SUPPLIED, model=None)], actor="supplied")


def test_a_name_that_ends_like_a_claim_is_cut_once(tmp_path: Path) -> None:
    name = f"Kim{CLAIMED}"
    with open_log(tmp_path / "decisions.db") as log:
        payloads = ((ATTEMPT, attempt(kind=Kind.PERSON, model=None)),)
        review = log.record(Draft(kind=EntryKind.REVIEW, actor=f"{name}{CLAIMED}", payloads=payloads))
        log.record(Draft(kind=EntryKind.DECISION, decision="D", effects=(review.seq,)))
        (document,) = prov_documents(log, log.decisions())
    found: Json = document["agent"]
    assert isinstance(found, dict)
    assert name in json.dumps(found)
