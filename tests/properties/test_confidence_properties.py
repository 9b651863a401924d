"""Confidence from tokens, held against models small enough to know exactly what they would have answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from neurosym.judgment.completions.envelope import Alternative, Token
from neurosym.judgment.completions.token_confidence import token_confidence

LEAD = '{"answer": '
END = "}"
JUNK = "?"
ROUNDING = Fraction(1, 10**6)


@dataclass(frozen=True)
class Model:
    """What a model would write next after each beginning of a value: tokens with weights, some of them no way on."""

    allowed: tuple[str, ...]
    weights: Mapping[tuple[str, str], int]

    @property
    def spellings(self) -> list[str]:
        return [*(json.dumps(value) + END for value in self.allowed), "null" + END]

    def options(self, written: str) -> dict[str, Fraction]:
        """The next tokens with their probabilities; junk is a token that leads to no allowed answer."""
        ways = {
            spelling[len(written) : end]
            for spelling in self.spellings
            if spelling.startswith(written)
            for end in range(len(written) + 1, len(spelling) + 1)
        }
        weighed = {way: self.weights.get((written, way), 1) for way in [*sorted(ways), JUNK]}
        total = sum(weighed.values())
        return {way: Fraction(weight, total) for way, weight in weighed.items() if weight}

    def probability(self, spelling: str, written: str = "") -> Fraction:
        """How probable the spelling is, by whatever tokens, when junk is held back each time."""
        if written == spelling:
            return Fraction(1)
        ways = {way: weight for way, weight in self.options(written).items() if way != JUNK}
        total = sum(ways.values())
        leading = [way for way in ways if leads(spelling, written + way)]
        return sum((ways[way] / total * self.probability(spelling, written + way) for way in leading), Fraction())


def leads(spelling: str, written: str) -> bool:
    return spelling.startswith(written)


@st.composite
def models(draw: st.DrawFn) -> Model:
    words = draw(st.lists(st.text("ab", min_size=1, max_size=3), min_size=2, max_size=3, unique=True))
    bare = Model(tuple(words), {})
    places = {spelling[:at] for spelling in bare.spellings for at in range(len(spelling))}
    keys = [(place, way) for place in sorted(places) for way in sorted(bare.options(place))]
    seed = draw(st.randoms(use_true_random=False))
    return Model(tuple(words), {key: seed.randint(0 if key[1] == JUNK else 1, 9) for key in keys})


def spoken(model: Model, spelling: str, draw: st.DataObject) -> Sequence[Token]:
    """The tokens of one way to write the spelling, each with the others that are listed beside it."""
    written, found = "", [Token(Alternative(LEAD.encode(), Decimal(0)), ())]
    while written != spelling:
        options = model.options(written)
        ways = [way for way in options if leads(spelling, written + way)]
        chosen = draw.draw(st.sampled_from(ways))
        listed = draw.draw(st.lists(st.sampled_from(sorted(options)), unique=True))
        others = tuple(alternative(way, options[way]) for way in listed)
        found.append(Token(alternative(chosen, options[chosen]), others))
        written += chosen
    return found


def alternative(text: str, probability: Fraction) -> Alternative:
    exact = Decimal(probability.numerator) / Decimal(probability.denominator)
    return Alternative(text.encode(), min(exact.ln(), Decimal(0)))


@given(models(), st.data())
def test_the_confidence_is_never_more_than_the_probability_of_the_answer_when_held_to_the_allowed_ones(
    model: Model, draw: st.DataObject
) -> None:
    answer = draw.draw(st.sampled_from(model.allowed))
    spelling = json.dumps(answer) + END
    tokens = spoken(model, spelling, draw)
    content = b"".join(token.chosen.content for token in tokens).decode()
    found = token_confidence(content, tokens, answer, model.allowed)
    assert found is not None
    assert Fraction(found) <= model.probability(spelling) + ROUNDING
