"""What the endpoint can do to a request."""

from __future__ import annotations

from enum import Enum

from neurosym.judgment.dialect import Constraint, Dialect, Wire


class Misbehaviour(Enum):
    """A way to answer badly, or not at all."""

    NONE = "none"
    TRUNCATE = "truncate"  # an answer cut off by the length limit
    UNFINISHED = "unfinished"  # an answer that ends for no reason given
    REFUSE = "refuse"
    FILTER = "filter"  # an answer that a filter took away
    SCHEMA = "schema"  # an answer with other members
    ANSWER = "answer"  # a value that is not allowed
    QUOTE = "quote"  # an allowed answer with an invented quote
    DUPLICATE = "duplicate"  # an answer with the same key twice
    FENCE = "fence"  # an answer in a fence of Markdown
    TWICE = "twice"  # two answers to one question
    MISSING = "missing"  # an answer too few
    ORDER = "order"  # answers in another order than the questions
    UNCALLED = "uncalled"  # text in place of the call of the tool
    STRANGER = "stranger"  # the call of another tool
    SUM = "sum"  # probabilities that do not add up
    BEYOND = "beyond"  # a probability above 1
    FOREIGN = "foreign"  # the probability of a value that is not allowed
    CONTRARY = "contrary"  # a choice that is not the most probable one
    MODEL = "model"  # the answer of another model
    GARBAGE = "garbage"  # bytes that are no JSON
    NAN = "nan"  # a number that is none
    DEEP = "deep"  # nested a thousand times
    HALF = "half"  # half of a character at the end
    HUGE = "huge"  # ten megabytes
    PAGE = "page"  # a page for people, with status 200
    COMPRESSED = "compressed"
    ECHO = "echo"  # an error that repeats the key
    STATUS_400 = "400"
    STATUS_404 = "404"
    STATUS_422 = "422"
    STATUS_429 = "429"
    STATUS_500 = "500"
    REDIRECT = "redirect"  # to somewhere else
    STALL = "stall"  # no response before the endpoint closes
    TRICKLE = "trickle"  # a response byte by byte, far too slow
    DROP = "drop"  # a connection that closes without a response

    @property
    def status(self) -> int | None:
        """The status of an error, for those that are nothing more."""
        return int(self.value) if self.value.isdecimal() else None


OF_DECISIONS = frozenset({Misbehaviour.SUM, Misbehaviour.BEYOND, Misbehaviour.FOREIGN, Misbehaviour.CONTRARY})
OF_TOOLS = frozenset({Misbehaviour.UNCALLED, Misbehaviour.STRANGER})
OF_TEXTS = frozenset(
    {
        Misbehaviour.TRUNCATE,
        Misbehaviour.UNFINISHED,
        Misbehaviour.FILTER,
        Misbehaviour.SCHEMA,
        Misbehaviour.ANSWER,
        Misbehaviour.QUOTE,
        Misbehaviour.DUPLICATE,
        Misbehaviour.FENCE,
    }
)


def misbehaviours(dialect: Dialect, parts: int = 1) -> tuple[Misbehaviour, ...]:
    """What can be done to a request of this dialect with so many questions."""
    return tuple(each for each in Misbehaviour if each is not Misbehaviour.NONE and _can(each, dialect, parts))


def _can(misbehaviour: Misbehaviour, dialect: Dialect, parts: int) -> bool:
    if misbehaviour is Misbehaviour.ORDER:
        return parts > 1
    if misbehaviour in OF_TEXTS:
        return dialect.wire is not Wire.DECISIONS
    if misbehaviour in OF_DECISIONS:
        return dialect.wire is Wire.DECISIONS
    return misbehaviour not in OF_TOOLS or dialect.constraint is Constraint.LARK
