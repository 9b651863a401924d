"""Calls of models as spans of OpenTelemetry, with the attributes of its conventions for generative AI.

One document for each call, which is one line of an OTLP file. What was asked and answered is left out unless the caller
wants it: whoever reads traces is seldom whom a file of a customer is meant for. Digests of questions and prompts are
left out with it, since what they stand for could be guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from neurosym.audit.entry import Entry
from neurosym.audit.entry_kind import EntryKind
from neurosym.audit.reader import LogReader
from neurosym.decision.export.contents import Contents
from neurosym.decision.export.correlation import span_id, trace_id
from neurosym.decision.export.genai_attributes import call_attributes, operation
from neurosym.decision.export.genai_content import content_attributes
from neurosym.decision.export.otlp import STATUS_ERROR, SpanKind, attribute, nanoseconds, traces_document
from neurosym.decision.past import moment
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.local.local_answer import DIALECT as LOCAL
from neurosym.values.canonical import Json

# https://github.com/open-telemetry/semantic-conventions-genai, model/manifest.yaml; all of them are in development.
CONVENTIONS = "1.42.0-dev"
SCHEMA_URL = f"https://opentelemetry.io/schemas/gen-ai-dev/{CONVENTIONS}"
SERVICE = SCOPE = "neurosym"


def model_calls(log: LogReader, answers: Iterable[Entry], *, content: bool = False) -> Iterator[dict[str, Json]]:
    """A document for each entry of an answer that a model was called for, one in memory at a time.

    Several questions that went out in one request are one call: that of the first. What was used again, and what was
    refused before anybody was asked, is none. LogError where the log cannot give what it recorded.
    """
    contents, origin = Contents(log), log.identity.origin
    resource = [attribute("service.name", SERVICE), attribute("neurosym.log.origin", origin)]
    for entry in answers:
        attempt = contents.attempt(entry)
        if attempt is not None and _is_call(attempt):
            span = _Call(entry, attempt, origin).span(content=content)
            yield traces_document(resource, SCOPE, SCHEMA_URL, [span])


def answer_entries(log: LogReader, decisions: Iterable[Entry] | None = None) -> Iterator[Entry]:
    """The entries of what tiers answered: of the whole log, or of these decisions, each once."""
    if decisions is None:
        yield from (entry for entry in log.entries() if entry.kind is EntryKind.ANSWER)
        return
    seen: set[int] = set()
    for decision in decisions:
        for seq in decision.effects:
            entry = log.entry(seq)
            if seq not in seen and entry.kind is EntryKind.ANSWER:
                yield entry
            seen.add(seq)


def _is_call(attempt: Attempt) -> bool:
    is_asked = not attempt.is_refusal and attempt.reused_from is None
    return attempt.kind is Kind.MODEL and is_asked and attempt.part == 0


@dataclass(frozen=True, slots=True)
class _Call:
    entry: Entry
    attempt: Attempt
    origin: str

    def span(self, *, content: bool) -> dict[str, Json]:
        ended = moment(self.entry.stamp.time)
        began = ended - timedelta(milliseconds=self.attempt.duration_ms or 0)
        is_local = self.attempt.dialect == LOCAL
        span: dict[str, Json] = {
            "traceId": trace_id(self.origin, self.entry),
            "spanId": span_id(self.origin, self.entry),
            "name": f"{operation(self.attempt)} {self.attempt.model or ''}".rstrip(),
            "kind": int(SpanKind.INTERNAL if is_local else SpanKind.CLIENT),
            "startTimeUnixNano": nanoseconds(began),
            "endTimeUnixNano": nanoseconds(ended),
            "attributes": [*self._attributes(content=content)],
        }
        if self.attempt.failure is not None:
            span["status"] = {"code": STATUS_ERROR, "message": self.attempt.failure}
        return span

    def _attributes(self, *, content: bool) -> Iterator[dict[str, Json]]:
        told = {**call_attributes(self.attempt), **(content_attributes(self.attempt) if content else {})}
        own: dict[str, Json] = {"neurosym.decision.id": self.entry.decision, "neurosym.entry": self.entry.seq}
        for name, value in {**told, **own}.items():
            if value is not None:
                yield attribute(name, value)
