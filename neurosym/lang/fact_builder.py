"""Trees of facts, types, parameters, definitions and the ruleset's own declaration, by the name of the production."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from neurosym.check.tree import (
    ChoiceType,
    DatedValue,
    DefineDeclaration,
    FactDeclaration,
    FieldDeclaration,
    GraphName,
    ListType,
    NamedType,
    ParameterDeclaration,
    Period,
    Prefix,
    RecordType,
    RulesetDeclaration,
    TypedName,
    TypeWords,
)
from neurosym.feel.builder import bound_name
from neurosym.feel.lexeme import Lexeme
from neurosym.feel.literal import date_of
from neurosym.feel.nesting import shallow
from neurosym.feel.tree import Expr, Test, Word
from neurosym.lang.clause import Clause, Placed, clause, every, joined, label_in, once, quoted, whole, without_signs
from neurosym.text.span import Span

DATA_CLASSES = ("public", "internal", "personal", "secret")


class SharedBuilder:
    """Clauses that several declarations have."""

    def rules_file(self, *declarations: Any) -> tuple[Any, ...]:
        """The declarations in their order."""
        return declarations

    def texts(self, *parts: Lexeme) -> Placed:
        """Quoted texts, separated by commas."""
        return Placed(tuple(quoted(part) for part in parts[::2]), whole(parts))

    def cite(self, word: Lexeme, texts: Placed) -> Clause:
        """`cite "31 CFR 510.201"`."""
        return clause(word, texts.value, texts)

    def effective(self, word: Lexeme, _from: Lexeme, first: Lexeme, *rest: Lexeme) -> Clause:
        """`effective from 2014-08-13 to 2020-12-31`."""
        last = date_of(rest[-1]) if rest else None
        period = Period(date_of(first), last, word.span.to((rest[-1] if rest else first).span))
        return clause(word, period, period)


class FactBuilder:
    """Facts, derived facts and duties; parameters and definitions; the ruleset."""

    def ruleset(self, word: Lexeme, name: Lexeme, *parts: Any) -> RulesetDeclaration:
        """`ruleset sanctions "Sanctions screening"`."""
        return RulesetDeclaration(
            name.word,
            label_in(parts),
            once(parts, "version"),
            joined(parts, "cite"),
            once(parts, "effective"),
            every(parts, "prefix"),
            whole((word, name, *parts)),
        )

    def version(self, word: Lexeme, text: Lexeme) -> Clause:
        """`version "2026.10"`."""
        return clause(word, quoted(text), text)

    def prefix(self, word: Lexeme, name: Lexeme, iri: Lexeme) -> Clause:
        """`prefix own "IRI"`."""
        return clause(word, Prefix(name.word, quoted(iri)), iri)

    def fact(self, kind: Lexeme, name: Lexeme, *parts: Any) -> FactDeclaration:
        """`fact Owns "A registered shareholding" from own:Shareholding` and its fields."""
        return FactDeclaration(
            kind.text,
            name.word,
            label_in(parts),
            once(parts, "from"),
            tuple(part.value for part in parts if isinstance(part, Placed)),
            joined(parts, "cite"),
            whole((kind, name, *parts)),
        )

    def source(self, word: Lexeme, name: Lexeme) -> Clause:
        """`from own:holder`, or `from iri`."""
        prefix, divider, local = name.text.partition(":")
        start = name.start + len(prefix) + len(divider)
        head = Word(prefix, Span(name.reading.source, name.start, name.start + len(prefix)))
        tail = Word(local, Span(name.reading.source, start, name.end)) if divider else None
        return clause(word, GraphName(head, tail, name.span), name)

    def field(self, label: Lexeme, words: TypeWords, *modifiers: Clause) -> Placed:
        """`share: number [0..100] from own:percentage`."""
        data_class = once(modifiers, *DATA_CLASSES)
        declared = FieldDeclaration(
            label.word,
            words,
            is_key=once(modifiers, "key") is not None,
            is_optional=once(modifiers, "optional") is not None,
            is_subject=once(modifiers, "subject") is not None,
            data_class=data_class,
            source=once(modifiers, "from"),
        )
        return Placed(declared, whole((label, words, *modifiers)))

    def modifier(self, part: Lexeme | Clause) -> Clause:
        """`key`, `personal`, or where a field comes from."""
        return part if isinstance(part, Clause) else clause(part, part.word)

    def parameter(self, word: Lexeme, label: Lexeme, words: TypeWords, *parts: Any) -> ParameterDeclaration:
        """`parameter match_score: number [0..1]` and its dated values."""
        values = tuple(part for part in parts if isinstance(part, DatedValue))
        span = whole((word, words, *parts))
        return ParameterDeclaration(bound_name(label), label_in(parts), words, values, span)

    def dated_value(self, sign: Lexeme, value: Expr, _from: Lexeme, first: Lexeme, *cites: Clause) -> DatedValue:
        """`= 0.85 from 2024-01-01 cite "internal SCR-4"`."""
        return DatedValue(value, date_of(first), joined(cites, "cite"), whole((sign, first, *cites)))

    def define(self, word: Lexeme, name: Lexeme, formals: Placed, _sign: Lexeme, body: Expr) -> DefineDeclaration:
        """`define name(arguments) = body`."""
        return DefineDeclaration(bound_name(name), formals.value, body, whole((word, body)))

    def formals(self, *parts: Any) -> Placed:
        """The arguments that a definition, decision or judgment takes."""
        return Placed(without_signs(parts), whole(parts))

    def formal(self, label: Lexeme, words: TypeWords) -> TypedName:
        """`p: Party`."""
        return TypedName(bound_name(label), shallow(words))


class TypeBuilder:
    """Types; every production gives the type as words, so that each has its place."""

    def value_type(self, words: TypeWords, *constraint: Placed) -> TypeWords:
        """A type with the tests that its values pass, no deeper than later passes can follow."""
        if constraint:
            words = replace(words, constraint=constraint[0].value, span=whole((words, *constraint)))
        return shallow(words)

    def nullable_type(self, words: TypeWords, _or: Lexeme, null: Lexeme) -> TypeWords:
        """`date or null`."""
        return replace(words, nullable=True, span=whole((words, null)))

    def named_type(self, name: Lexeme) -> TypeWords:
        """`number`, or the name of a fact type."""
        return TypeWords(NamedType(name.word), nullable=False, constraint=(), span=name.span)

    def choice(self, *parts: Lexeme) -> TypeWords:
        """`"USD" | "EUR"`."""
        values = tuple(quoted(part) for part in parts[::2])
        return TypeWords(ChoiceType(values), nullable=False, constraint=(), span=whole(parts))

    def list_type(self, word: Lexeme, _of: Lexeme, item: TypeWords) -> TypeWords:
        """`list of text`."""
        return TypeWords(ListType(item), nullable=False, constraint=(), span=whole((word, item)))

    def record_type(self, *parts: Any) -> TypeWords:
        """`record {name: text}`."""
        return TypeWords(RecordType(without_signs(parts)), nullable=False, constraint=(), span=whole(parts))

    def member(self, label: Lexeme, words: TypeWords) -> tuple[Word, TypeWords]:
        """`name: text` of a record."""
        return label.word, words

    def constraint(self, *parts: Test | Lexeme) -> Placed:
        """Tests, separated by commas."""
        return Placed(without_signs(parts), whole(parts))
