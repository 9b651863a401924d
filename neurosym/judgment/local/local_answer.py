"""What a local model answered, as the log holds it: all probabilities, and what they rest on.

```
{"v": 1, "model": "minilm/0a1b...", "encoder": "sha256:...", "head": null,
 "probabilities": [["same", "0.912345"], ["different", "0.087655"]],
 "features": [["names", "0.93"], ["born", null]],
 "texts": [{"name": "all", "tokens": 42, "is_cut": false}], "reason": null}
```
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from neurosym.judgment.answer import AnswerValue, Claim, answer_key
from neurosym.judgment.completions.probability import most_probable
from neurosym.judgment.document import MISFIT, DocumentError, strict_document
from neurosym.judgment.local.probability import PARTS
from neurosym.program.judgment import Judgment
from neurosym.values.canonical import Digest, Json, canonical_bytes
from neurosym.values.encoding import wire
from neurosym.values.number import Number, NumberError, normal, number_text, parse_number

VERSION = 1
DIALECT = "local"  # how an attempt says that its response is this document
CONFIDENCE_DIGITS = Decimal("0.01")
ROUNDED: Decimal = Decimal(1) / PARTS  # what rounding to parts may give one of equal shares
UNDECIDED = "several answers are equally probable"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Text(_Strict):
    name: str
    tokens: Annotated[int, Field(ge=0)]
    is_cut: bool


class _Document(_Strict):
    v: Literal[1]
    model: str
    encoder: str | None
    head: str | None
    probabilities: list[tuple[str | bool | int, str]]
    features: list[tuple[str, str | bool | None]]
    texts: list[_Text]
    reason: str | None


@dataclass(frozen=True, slots=True)
class LocalAnswer:
    """What a model answered: `probabilities` of all allowed answers, or none and a `reason`."""

    model: str
    probabilities: tuple[tuple[AnswerValue, Number], ...] = ()
    features: tuple[tuple[str, str | bool | None], ...] = ()
    texts: tuple[tuple[str, int, bool], ...] = ()  # name, tokens, whether it was cut
    encoder: Digest | None = None
    head: Digest | None = None
    reason: str | None = None

    @property
    def content(self) -> bytes:
        """The canonical bytes of the document."""
        probabilities: list[Json] = [[wire(answer), number_text(share)] for answer, share in self.probabilities]
        features: list[Json] = [[name, value] for name, value in self.features]
        texts: list[Json] = [{"name": name, "tokens": tokens, "is_cut": cut} for name, tokens, cut in self.texts]
        return canonical_bytes(
            {
                "v": VERSION,
                "model": self.model,
                "encoder": self.encoder,
                "head": self.head,
                "probabilities": probabilities,
                "features": features,
                "texts": texts,
                "reason": self.reason,
            }
        )


def read_local_answer(content: bytes) -> LocalAnswer:
    """The answer in a response; DocumentError when it is none."""
    document = strict_document(content)
    try:
        read = _Document.model_validate_json(canonical_bytes(document))
        probabilities = tuple((answer, parse_number(share)) for answer, share in read.probabilities)
    except (ValidationError, NumberError) as error:
        raise DocumentError(f"the answer is malformed: {MISFIT}") from error
    return LocalAnswer(
        read.model,
        probabilities,
        tuple(read.features),
        tuple((text.name, text.tokens, text.is_cut) for text in read.texts),
        None if read.encoder is None else Digest(read.encoder),
        None if read.head is None else Digest(read.head),
        read.reason,
    )


def local_claim(found: LocalAnswer, judgment: Judgment) -> Claim:
    """What a local model claims: the most probable answer, with its probability as confidence, rounded down at two
    digits. DocumentError unless the probabilities are those of the allowed answers and add up to exactly one.
    """
    if not found.probabilities:
        return Claim(None, reason=found.reason or "says that it cannot tell")
    answers = [answer_key(answer) for answer, _ in found.probabilities]
    if answers != [answer_key(answer) for answer in judgment.answers]:
        raise DocumentError("the probabilities are not those of exactly the allowed answers")
    shares = [share for _, share in found.probabilities]
    if not all(0 <= share <= 1 for share in shares) or sum(map(Decimal, shares)) != 1:
        raise DocumentError("the probabilities do not add up to 1")
    answer = None if _is_even(shares) else most_probable(found.probabilities)
    reason = UNDECIDED if answer is None else None
    return Claim(answer, reason=reason, confidence=_confidence(shares), probabilities=found.probabilities)


def _is_even(shares: Sequence[Number]) -> bool:
    """True when the two greatest are as near as rounding could have made equal ones."""
    first, second = sorted((Decimal(share) for share in (0, *shares)), reverse=True)[:2]
    return first - second <= ROUNDED


def _confidence(shares: Sequence[Number]) -> Number:
    return normal(Decimal(max(shares)).quantize(CONFIDENCE_DIGITS, ROUND_FLOOR))
