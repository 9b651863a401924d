"""What a model claims: its answer, with the quotes, the confidence and the probabilities that came with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from neurosym.judgment.answer import AnswerValue, Claim
from neurosym.judgment.attempt import Attempt
from neurosym.judgment.completion import dialect_of
from neurosym.judgment.completions.envelope import Completion, Decided
from neurosym.judgment.completions.probability import most_probable, renormalised
from neurosym.judgment.completions.token_confidence import token_confidence
from neurosym.judgment.document import DocumentError, read_model_answer, read_text_answer, strict_document
from neurosym.judgment.prompt import is_text_of_grammar
from neurosym.program.judgment import Judgment, Score
from neurosym.values.canonical import Json
from neurosym.values.number import Number

DISORDER = "the answers stand in another order than the questions"


def read_model_claim(judgment: Judgment, attempt: Attempt, completion: Completion) -> Claim:
    """What a complete response claims; DocumentError, in our words, when it is no answer to the judgment."""
    if completion.answers:
        return _decided(completion.answers[attempt.part], judgment)
    content = completion.content or ""
    if is_text_of_grammar(judgment, dialect_of(attempt)):
        return read_text_answer(content, judgment)
    claim = read_model_answer(_part(content, judgment, attempt), judgment)
    if not completion.tokens or attempt.parts != 1:
        return claim
    return replace(claim, confidence=_confidence(completion, claim, judgment))


def _confidence(completion: Completion, claim: Claim, judgment: Judgment) -> Number | None:
    if not isinstance(claim.value, str | int) or not judgment.answers:
        return None
    return token_confidence(completion.content or "", completion.tokens, claim.value, judgment.answers)


def _part(content: str, judgment: Judgment, attempt: Attempt) -> bytes:
    """The document of the answer to the question at the attempt's place among those of one request."""
    if attempt.parts == 1:
        return content.encode("utf-8")
    document = strict_document(content.encode("utf-8"))
    answers = document.get("answers") if isinstance(document, Mapping) and set(document) == {"answers"} else None
    if not isinstance(answers, list):
        raise DocumentError("the answer is malformed: not one list of answers")
    if len(answers) != attempt.parts:
        raise DocumentError(f"{len(answers)} answers where {attempt.parts} were asked for")
    numbers = [answer.get("number") if isinstance(answer, Mapping) else None for answer in answers]
    if [*map(repr, numbers)] != [*map(repr, range(1, attempt.parts + 1))]:
        raise DocumentError(DISORDER)
    return _own_members(answers[attempt.part], judgment)


def _own_members(answer: Json, judgment: Judgment) -> bytes:
    assert isinstance(answer, Mapping)
    own = {name: value for name, value in answer.items() if name not in ("number", "judgment")}
    if answer.get("judgment") != judgment.name:
        raise DocumentError(DISORDER)
    return json.dumps(own, ensure_ascii=False).encode("utf-8")


def _decided(found: Decided, judgment: Judgment) -> Claim:
    """The answer to a closed question: what is most probable, or none when several answers are."""
    if found.name not in (None, judgment.name):
        raise DocumentError(DISORDER)
    labels: dict[str, AnswerValue] = {str(value): value for value in judgment.answers}
    if found.is_score is not isinstance(judgment.returns, Score):
        raise DocumentError("the answer is to another kind of question")
    weighed = found.probabilities
    if found.is_score:
        weighed = tuple((labels.get(str(value), value), probability) for value, probability in weighed)
    probabilities = renormalised(weighed, judgment.answers)
    answer = most_probable(probabilities)
    if found.value is not None and answer is not None and (type(answer), answer) != (type(found.value), found.value):
        raise DocumentError("the answer is not the most probable one")
    confidence = max(probability for _, probability in probabilities)
    return Claim(answer, confidence=confidence, probabilities=probabilities)
