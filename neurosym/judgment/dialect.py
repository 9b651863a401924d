"""Dialects: the ways in which a model is asked. Each is a wire, and a constraint that the endpoint is asked to keep."""

from __future__ import annotations

from enum import Enum


class Wire(Enum):
    """The three interfaces of the OpenAI API that an answer can come over."""

    DECISIONS = "decisions"
    RESPONSES = "responses"
    CHAT = "chat"


class Constraint(Enum):
    """What holds the answer in its form while it is generated."""

    QUESTIONS = ""  # closed questions, answered with probabilities
    LARK = "lark"  # the input of a tool that has to be called, in a Lark grammar
    STRUCTURED_OUTPUTS = "structured_outputs"  # the extension of vLLM: a Lark grammar or a schema
    GBNF = "gbnf"  # the extension of llama.cpp
    SCHEMA = "schema"  # a JSON schema, strict
    NONE = "none"  # nothing: the schema stands in the prompt


class Dialect(Enum):
    """How a model is asked, in the order in which one is looked for: what holds an answer closest comes first."""

    DECISIONS = "decisions"
    RESPONSES_LARK = "responses+lark"
    CHAT_LARK = "chat+lark"
    CHAT_STRUCTURED_OUTPUTS = "chat+structured_outputs"
    CHAT_GBNF = "chat+gbnf"
    RESPONSES_SCHEMA = "responses+schema"
    CHAT_SCHEMA = "chat+schema"
    RESPONSES = "responses"
    CHAT = "chat"

    @property
    def wire(self) -> Wire:
        """The interface that is called."""
        return Wire(self.value.partition("+")[0])

    @property
    def constraint(self) -> Constraint:
        """What holds the answer in its form."""
        if self is Dialect.DECISIONS:
            return Constraint.QUESTIONS
        return Constraint(self.value.partition("+")[2] or "none")

    @property
    def speaks_grammar(self) -> bool:
        """True when a grammar of the author's is itself the constraint, so that the answer is its text."""
        return self.constraint in (Constraint.LARK, Constraint.STRUCTURED_OUTPUTS, Constraint.GBNF)


DEFAULT_DIALECT = Dialect.CHAT_SCHEMA
AUTO = "auto"  # in judges.toml: whichever a probe finds first
