"""The record of one row of a batch: a leaf of the tree whose root the batch's entry has.

```
{"row": NUMBER, "decision": ID, "input": LINK, "result": LINK, "status", "outcome": TEXT or null, "act_on",
 "codes": [TEXT], "citations": [TEXT]}                    LINK is {"digest", "key": ID, "commitment": TAG}
```
A row is written as one line of canonical JSON, and the leaf is that line as it is stored. Nothing personal is in it:
input and result are told by the digests of their ciphertexts and by HMACs, as envelopes tell of payloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from neurosym.audit.envelope import EnvelopeFields, envelope_fields
from neurosym.audit.payload import PayloadLink
from neurosym.text.failure import LogCorruptError
from neurosym.values.canonical import Json, canonical_bytes

INPUT, RESULT = "input", "result"


@dataclass(frozen=True, slots=True)
class RowRecord:
    """One row. `row` counts from 0 over all of the input; `outcome` is None unless decided; `codes` are the rules that
    the outcome rests on.
    """

    row: int
    decision: str
    input: PayloadLink
    result: PayloadLink
    status: str
    outcome: str | None
    act_on: str
    codes: tuple[str, ...]
    citations: tuple[str, ...]

    @property
    def line(self) -> bytes:
        """The bytes that are stored and hashed."""
        return canonical_bytes(
            {
                "row": self.row,
                "decision": self.decision,
                "input": _link_json(self.input),
                "result": _link_json(self.result),
                "status": self.status,
                "outcome": self.outcome,
                "act_on": self.act_on,
                "codes": [*self.codes],
                "citations": [*self.citations],
            }
        )

    @property
    def result_json(self) -> dict[str, Json]:
        """What whoever asked is given of the row: `reasons` are the rules that the outcome rests on."""
        return {
            "row": self.row,
            "decision": self.decision,
            "status": self.status,
            "outcome": self.outcome,
            "act_on": self.act_on,
            "reasons": [*self.codes],
            "citations": [*self.citations],
        }

    @property
    def shown(self) -> str:
        """The outcome, else the status: what envelopes say of a decision."""
        return self.outcome or self.status


def read_row_record(line: bytes) -> RowRecord:
    """The record of a stored line; LogCorruptError naming the first member that is not as it should be."""
    try:
        fields = envelope_fields(line)
        found = RowRecord(
            row=fields.whole("row"),
            decision=fields.text("decision"),
            input=_link(fields, INPUT),
            result=_link(fields, RESULT),
            status=fields.text("status"),
            outcome=fields.text_or_null("outcome"),
            act_on=fields.text("act_on"),
            codes=fields.texts("codes"),
            citations=fields.texts("citations"),
        )
        fields.stop_on_others()
    except LogCorruptError as error:
        raise LogCorruptError(f"a row of a batch: {error}") from error
    return found


def _link_json(of: PayloadLink) -> Json:
    return {"digest": of.digest, "key": of.key, "commitment": of.commitment}


def _link(fields: EnvelopeFields, name: str) -> PayloadLink:
    found = fields.document.get(name)
    fields.read.add(name)
    if not isinstance(found, Mapping) or found.keys() != {"digest", "key", "commitment"}:
        raise LogCorruptError(f"`{name}` is no object with `digest`, `key`, `commitment`")
    members = EnvelopeFields(found)
    tag = members.tag_or_null("commitment")
    if tag is None:
        raise LogCorruptError(f"`{name}` is not encrypted")
    digest = members.digest_or_null("digest")
    if digest is None:
        raise LogCorruptError(f"`{name}` has no digest")
    return PayloadLink(name, digest, members.text("key"), tag)
