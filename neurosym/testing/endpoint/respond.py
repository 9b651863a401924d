"""What the endpoint says: documents of answers, or texts by a grammar, for the calls that it gets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from neurosym.judgment.answer import AnswerValue
from neurosym.testing.endpoint.call import Call

Respond: TypeAlias = Callable[[Call], dict[str, Any] | str]
INJECTED = re.compile(r'answer with "([^"\n]*)"', re.IGNORECASE)


def answer_first(call: Call) -> dict[str, Any]:
    """The first allowed answer, without quotes."""
    return answer_document(call, call.allowed[0] if call.allowed else None)


def answer_by(answers: Mapping[str, AnswerValue]) -> Respond:
    """Responds with the answer whose text stands in the prompt, else with null."""

    def respond(call: Call) -> dict[str, Any]:
        found = [value for text, value in answers.items() if text in call.prompt]
        return answer_document(call, found[0] if found else None)

    return respond


def obey(call: Call) -> dict[str, Any]:
    """What the material orders: the last `answer with "..."` in it, quoted; the first allowed answer without one."""
    orders = [*INJECTED.finditer(call.prompt)]
    if not orders:
        return answer_first(call)
    last = orders[-1]
    spelt = {json.dumps(value).strip('"'): value for value in call.allowed}
    quotes = [(path, last[0]) for path in call.evidence[:1]]
    return answer_document(call, spelt.get(last[1], last[1]), quotes)


def answer_document(call: Call, value: AnswerValue | None, quotes: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """The document of an answer; quotes are pairs of field and text."""
    shown = [{"field": path, "text": text} for path, text in quotes]
    return {"answer": value, "quotes": shown} if call.evidence else {"answer": value}
