"""How sure a model was of its answer, told from the tokens at which the allowed answers part.

The answer stands in a text such as `{"answer": "same", ...}`. Where its value begins, every allowed answer could still
be written: all are alive. At each token, those stay alive whose spelling goes on as the token does. For the answer
counts the token that was chosen, and any other that keeps the answer alone alive; against it, all that keep others
alive, and whatever is on no list. Listed tokens that keep none alive do not count. The confidence is the product of
these shares until the answer is alone. It is never more than the probability with which the model gives the answer when
it is held to the allowed ones token by token, however it divides them into tokens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from neurosym.judgment.answer import AnswerValue
from neurosym.judgment.completions.envelope import Alternative, Token
from neurosym.judgment.completions.probability import DIGITS
from neurosym.values.number import Number, normal

OPENING = re.compile(rb'\s*\{\s*"answer"\s*:\s*')
AFTER = b",} \t\r\n"  # what may follow a value
EXP = Context(prec=40, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999, traps=[])
LOGPROB_MIN = Decimal(-1000)  # nothing is less probable than this, as far as anybody can tell


@dataclass(frozen=True, slots=True)
class _Place:
    """A token within the value: what stood before it in the same token, and how much of the value stood before it."""

    token: Token
    lead: bytes
    at: int


def token_confidence(
    content: str, tokens: Sequence[Token], answer: AnswerValue | None, allowed: Sequence[AnswerValue]
) -> Number | None:
    """The confidence in an answer of a closed kind, in [0..1]; None where the tokens do not tell."""
    written = content.encode("utf-8")
    opening = OPENING.match(written)
    spellings = [json.dumps(value, ensure_ascii=False).encode("utf-8") for value in (*allowed, None)]
    spelt = json.dumps(answer, ensure_ascii=False).encode("utf-8")
    is_told = b"".join(token.chosen.content for token in tokens) == written and all(map(_is_measured, tokens))
    if opening is None or not is_told or not _follows(written[opening.end() :], spelt):
        return None
    alive, confidence = frozenset(spellings), Decimal(1)
    for place in _places(tokens, opening.end()):
        kept = _kept(place, place.token.chosen.content, alive)
        if spelt not in kept:
            return None
        confidence = EXP.multiply(confidence, _share(place, alive, spelt))
        alive = kept
        if len(alive) == 1:
            return normal(min(confidence, Decimal(1)).quantize(Decimal(1).scaleb(-DIGITS), ROUND_FLOOR))
    return None


def _is_measured(token: Token) -> bool:
    return all(each.logprob <= 0 for each in (token.chosen, *token.others))


def _places(tokens: Sequence[Token], start: int) -> Iterator[_Place]:
    """The tokens from the one in which the value begins."""
    offset = 0
    for token in tokens:
        end = offset + len(token.chosen.content)
        if end > start:
            lead = token.chosen.content[: max(start - offset, 0)]
            yield _Place(token, lead, max(offset - start, 0))
        offset = end


def _kept(place: _Place, content: bytes, alive: frozenset[bytes]) -> frozenset[bytes]:
    """The spellings that the token keeps alive: none when it does not begin as the value was led in."""
    if not content.startswith(place.lead):
        return frozenset()
    rest = content[len(place.lead) :]
    return frozenset(spelling for spelling in alive if _follows(rest, spelling[place.at :]))


def _follows(written: bytes, spelling: bytes) -> bool:
    """True when what is written is, or begins, or goes beyond the spelling."""
    if len(written) <= len(spelling):
        return bool(written) and spelling.startswith(written)
    return written.startswith(spelling) and written[len(spelling)] in AFTER


def _share(place: _Place, alive: frozenset[bytes], spelt: bytes) -> Decimal:
    """How much of the probability of the answers alive the way to the answer has at a token.

    A token on another way to several answers counts against each of them: nobody knows how it would have gone on.
    """
    chosen = place.token.chosen
    options = {each.content: each for each in (*place.token.others, chosen)}
    ours, theirs, listed = Decimal(0), Decimal(0), Decimal(0)
    for option in options.values():
        weight, lives = _weight(option), _kept(place, option.content, alive)
        listed = EXP.add(listed, weight)
        if option is chosen or lives == {spelt}:
            ours = EXP.add(ours, weight)
        elif lives:
            theirs = EXP.add(theirs, weight)
    unlisted = max(EXP.subtract(Decimal(1), listed), Decimal(0))
    whole = EXP.add(ours, EXP.add(theirs, unlisted))
    return EXP.divide(ours, whole) if whole else Decimal(0)


def _weight(option: Alternative) -> Decimal:
    return EXP.exp(option.logprob) if option.logprob > LOGPROB_MIN else Decimal(0)
