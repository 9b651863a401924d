"""Answers in PROV-JSON: what a tier responded or persons said, how it came to be, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from neurosym.audit.entry import CLAIMED, Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.decision.export.contents import Contents
from neurosym.decision.export.prov_json import ProvDocument, decision_name, local_name, moment_text, whole_value
from neurosym.decision.past import moment
from neurosym.decision.recorded import read_object, text_at
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt
from neurosym.text.failure import ReplayError
from neurosym.values.canonical import Json

PERSONS = (Kind.PERSON, Kind.SUPPLIED)


def add_answer(made: ProvDocument, contents: Contents, entry: Entry) -> str:
    """The name of an answer, which the document has now, with who gave it and when.

    An answer that was used again is derived from the earlier one: nobody was asked. Nor was anybody where the asking
    itself was refused.
    """
    attempt = contents.attempt(entry)
    answer = _answer(made, entry, attempt)
    if attempt is not None and attempt.reused_from is not None:
        made.relate("wasDerivedFrom", answer, made.entity(_name(attempt.reused_from), ["neurosym:Answer"], {}))
    elif attempt is None or not attempt.is_refusal:
        asking = _asking(made, entry, attempt)
        made.relate("wasGeneratedBy", answer, asking, {"prov:time": _time(entry)})
        for agent in _agents(made, entry, attempt):
            made.relate("wasAssociatedWith", asking, agent)
    return answer


def add_override(made: ProvDocument, entry: Entry, decision: str) -> None:
    """Have the document say that a person set a decision aside, and what holds instead."""
    shown: dict[str, Json] = {"neurosym:entry": whole_value(entry.seq), "neurosym:outcome": entry.outcome}
    instead = made.entity(_name(entry.seq), ["neurosym:Override"], shown)
    name = f"log:{local_name('overriding', str(entry.seq))}"
    overriding = made.activity(name, ["neurosym:Overriding"], {"prov:endTime": _time(entry)})
    made.relate("wasInvalidatedBy", decision, overriding, {"prov:time": _time(entry)})
    made.relate("wasGeneratedBy", instead, overriding, {"prov:time": _time(entry)})
    made.relate("wasDerivedFrom", instead, decision, {"prov:activity": overriding})
    made.relate("wasAssociatedWith", overriding, _person(made, (entry.actor or "").removesuffix(CLAIMED)))


def _answer(made: ProvDocument, entry: Entry, attempt: Attempt | None) -> str:
    shown: dict[str, Json] = {"neurosym:entry": whole_value(entry.seq), "neurosym:outcome": entry.outcome}
    if attempt is not None:
        shown |= {
            "neurosym:tier": attempt.tier,
            "neurosym:kind": attempt.kind.value,
            "neurosym:modelReturned": attempt.model_returned,
        }
    return made.entity(_name(entry.seq), ["neurosym:Answer"], shown)


def _asking(made: ProvDocument, entry: Entry, attempt: Attempt | None) -> str:
    lasted = None if attempt is None else attempt.duration_ms
    shown: dict[str, Json] = {"prov:endTime": _time(entry)}
    if lasted is not None:
        shown["prov:startTime"] = moment_text(moment(entry.stamp.time) - timedelta(milliseconds=lasted))
    kind = "neurosym:Reviewing" if entry.kind is EntryKind.REVIEW else "neurosym:Asking"
    asking = made.activity(f"log:{local_name('asking', str(entry.seq))}", [kind], shown)
    if entry.kind is EntryKind.REVIEW and entry.decision is not None:
        looked_at = made.entity(decision_name(entry.decision), ["neurosym:Decision"], {"prov:label": entry.decision})
        made.relate("used", asking, looked_at)
    return asking


def _agents(made: ProvDocument, entry: Entry, attempt: Attempt | None) -> Iterator[str]:
    if entry.kind is EntryKind.REVIEW:
        yield _person(made, (entry.actor or "").removesuffix(CLAIMED))
    elif attempt is not None and attempt.kind in PERSONS and attempt.response is not None:
        yield from (_person(made, name) for name in _speakers(attempt.response))
    else:
        yield _tier(made, entry.actor or "", attempt)


def _speakers(response: bytes) -> Iterator[str]:
    """The names that came with answers of persons."""
    reviews = read_object(response, "answer").get("reviews")
    if not isinstance(reviews, list):
        raise ReplayError("the recorded answer has no list `reviews`")
    yield from (text_at(each, "by") for each in reviews if isinstance(each, dict))


def _person(made: ProvDocument, name: str) -> str:
    shown: dict[str, Json] = {"prov:label": name, "neurosym:identity": "as claimed"}
    return made.agent(f"log:{local_name('person', name)}", ["prov:Person"], shown)


def _tier(made: ProvDocument, tier: str, attempt: Attempt | None) -> str:
    """A tier; of a model, together with the model that was asked for."""
    model = None if attempt is None else attempt.model
    steps = [tier] if model is None else [tier, model]
    types = ["prov:SoftwareAgent"] if model is None else ["prov:SoftwareAgent", "neurosym:Model"]
    return made.agent(f"log:{local_name('tier', *steps)}", types, {"prov:label": tier, "neurosym:model": model})


def _name(seq: int) -> str:
    return f"log:{local_name('entry', str(seq))}"


def _time(entry: Entry) -> str:
    return moment_text(moment(entry.stamp.time))
