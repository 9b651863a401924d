"""One judgment and one question, as the tests of judgments use them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from neurosym.feel.evaluation import Evaluator
from neurosym.feel.typed import BuiltIn, Compare, Constant, Local, Negated, Or
from neurosym.feel.types import Basic, Choice, ListOf, RecordOf
from neurosym.feel.world import NO_WORLD
from neurosym.judgment.answer import Kind
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.computations import COMPUTATIONS
from neurosym.judgment.configuration import ComputedTier, Configuration, ModelTier, PersonTier
from neurosym.judgment.identity import question_id, request_id
from neurosym.judgment.inquiry import Inquiry
from neurosym.judgment.judge import Judge
from neurosym.judgment.validation import Examination, Holds, examine
from neurosym.program.judgment import Check, Example, Judgment, Step
from neurosym.text.span import NOWHERE
from neurosym.values.unknown import ABSENT, Absent, Question
from neurosym.values.value import Reference, Value

ANSWERS = Choice(("same", "different", "unclear"))
QUOTES = ListOf(RecordOf((("field", Basic.TEXT), ("start", Basic.NUMBER), ("text", Basic.TEXT))))
REMARKS = "DOB 02 Mar 1971; Passport A1234567 (Iran)"


def _answer_is(value: str) -> Compare:
    answer = Local("answer", ANSWERS, NOWHERE)
    return Compare("=", answer, Constant(value, ANSWERS, NOWHERE), Basic.BOOLEAN, NOWHERE)


def _quoted() -> Compare:
    count = BuiltIn("count", (Local("quotes", QUOTES, NOWHERE),), Basic.NUMBER, NOWHERE)
    return Compare(">=", count, Constant(1, Basic.NUMBER, NOWHERE), Basic.BOOLEAN, NOWHERE)


SAME_IS_QUOTED = Check(
    "same needs a quoted identifier",
    Or((Negated(_answer_is("same"), Basic.BOOLEAN, NOWHERE), _quoted()), Basic.BOOLEAN, NOWHERE),
)
JUDGMENT = Judgment(
    name="same_person",
    label="",
    parameters=(("customer", "Party"), ("entry", "Listing")),
    returns=ANSWERS,
    ask="Is the customer the listed person?",
    cites=("OFAC FAQ 5",),
    reads=(("customer", "name"), ("customer", "born"), ("entry", "name"), ("entry", "born")),
    evidence=(("entry", "remarks"),),
    checks=(SAME_IS_QUOTED,),
    examples=(Example("Two people with one name, born forty years apart", "different"),),
    route=(Step("local", is_optional=False), Step("small", is_optional=True), Step("person", is_optional=False)),
)
YES_OR_NO = Judgment(
    name="adverse", label="", parameters=(("customer", "Party"),), returns=Basic.BOOLEAN, ask="Is there bad news?"
)
CLASSES = {
    ("Party", "name"): "internal",
    ("Party", "born"): "internal",
    ("Listing", "name"): "public",
    ("Listing", "born"): "public",
    ("Listing", "remarks"): "public",
}
HOLDS: Holds = Evaluator(NO_WORLD).truth


def question(remarks: Value | Absent = REMARKS, born: Value | Absent = ABSENT) -> Question:
    return Question(
        "same_person",
        (("customer", Reference("Party", ("A",))), ("entry", Reference("Listing", ("L1",)))),
        (
            ("customer.name", "Ali Reza Karimi"),
            ("customer.born", date(1971, 3, 2)),
            ("entry.name", "KARIMI, Ali Reza"),
            ("entry.born", born),
            ("entry.remarks", remarks),
        ),
    )


def adverse_question() -> Question:
    return Question("adverse", (("customer", Reference("Party", ("A",))),), ())


def completion(content: str | None, finish_reason: str = "stop", model: str = "m", **message: Any) -> bytes:
    """A response of a chat endpoint."""
    choice = {
        "index": 0,
        "finish_reason": finish_reason,
        "message": {"role": "assistant", "content": content, **message},
    }
    return json.dumps({"object": "chat.completion", "model": model, "choices": [choice]}).encode()


def model_attempt(
    response: bytes | None, judgment: Judgment = JUDGMENT, asked: Question | None = None, failure: str | None = None
) -> Attempt:
    """An attempt at a model tier with this response."""
    asked = question() if asked is None else asked
    about = question_id(judgment, asked)
    return Attempt(
        question=about,
        request_id=request_id(about, "small", "m", None, ()),
        tier="small",
        kind=Kind.MODEL,
        number=1,
        request=b"{}",
        response=response,
        failure=failure,
        model="m",
    )


def said(answer: object, *quotes: tuple[str, str]) -> str:
    """The content of a model's message."""
    return json.dumps({"answer": answer, "quotes": [{"field": path, "text": text} for path, text in quotes]})


def examined(content: str | None, judgment: Judgment = JUDGMENT, asked: Question | None = None) -> Examination:
    """The examination of a model that answered with this content."""
    asked = question() if asked is None else asked
    return examine(judgment, asked, model_attempt(completion(content), judgment, asked), HOLDS)


def model_tier(base_url: str, attempts: int = 1, timeout_ms: int = 5_000, key_env: str | None = None) -> ModelTier:
    return ModelTier("small", base_url, "m", ("public", "internal"), key_env, timeout_ms, attempts)


def judge(
    *tiers: ComputedTier | ModelTier | PersonTier,
    folder: Path = Path(),
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Judge:
    return Judge(Configuration(tiers, folder), environment, COMPUTATIONS)


def inquiry(judgment: Judgment = JUDGMENT, asked: Question | None = None, decision: str = "D1") -> Inquiry:
    return Inquiry(judgment, question() if asked is None else asked, HOLDS, CLASSES, decision)
