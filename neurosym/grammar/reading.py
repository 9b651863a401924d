"""From an author's text to the tree of a grammar. The text is Lark's notation, read by Lark's own grammar of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput

from neurosym.grammar import problems
from neurosym.grammar.automaton import automaton
from neurosym.grammar.pattern import Pattern, PatternError, of_text, read_pattern
from neurosym.grammar.tree import Alternatives, Body, GrammarTree, Literal, Repeated, Rule, Sequence, Terminal, Use
from neurosym.text.diagnostic import Report
from neurosym.text.span import Source, Span

FILE_CHARS_MAX = 64 * 1024
DEPTH_MAX = 40  # groups in one another
REPEATS_MAX = 100
ESCAPED = re.compile(r'\\(?!["\\nrt])')
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
STATEMENTS = {
    "ignore": "`%ignore` is",
    "import": "`%import` is",
    "multi_import": "`%import` is",
    "override_rule": "`%override` is",
    "declare": "`%declare` is",
}
Node: TypeAlias = Any  # a tree or a token of lark


@cache
def _notation() -> Lark:
    return Lark.open_from_package("lark", "lark.lark", ["grammars"], parser="lalr", propagate_positions=True)


def read_tree(source: Source, report: Report) -> GrammarTree | None:
    """The grammar's tree; None when problems were reported: NS630 to NS635, or NS640 for a text that is too long."""
    known = len(report.diagnostics)
    if len(source.text) > FILE_CHARS_MAX:
        message = f"more than {FILE_CHARS_MAX} characters"
        report.add(problems.too_large(message, Span(source, 0, 0), "an answer needs no such grammar"))
        return None
    found = _parsed(source, report)
    if found is None or _depth(found) > 8 * DEPTH_MAX:
        if found is not None:
            message = f"more than {DEPTH_MAX} groups in one another"
            report.add(problems.too_large(message, Span(source, 0, 0), "give the parts rules of their own"))
        return None
    tree = _Reader(source, report).declarations(found)
    return None if any(each.is_error for each in report.diagnostics[known:]) else tree


def _parsed(source: Source, report: Report) -> Tree[Token] | None:
    text = source.text if source.text.endswith("\n") else source.text + "\n"
    try:
        return _notation().parse(text)
    except UnexpectedInput as error:
        at = len(source.text) if isinstance(error, UnexpectedEOF) else min(error.pos_in_stream or 0, len(source.text))
        what = "this character begins nothing" if isinstance(error, UnexpectedCharacters) else "it does not go on so"
        advice = f'{what}; a rule is written `name: "text" other_rule TERMINAL`, a terminal `NAME: /[a-z]{{1,20}}/`'
        report.add(problems.no_grammar_text(Span(source, at, min(at + 1, len(source.text))), advice))
        return None


def _depth(found: Tree[Token]) -> int:
    """How deep the tree is, counted without recursion."""
    deepest, todo = 0, [(found, 1)]
    while todo:
        tree, depth = todo.pop()
        deepest = max(deepest, depth)
        todo += [(child, depth + 1) for child in tree.children if isinstance(child, Tree)]
    return deepest


class _Reader:
    def __init__(self, source: Source, report: Report) -> None:
        self.source, self.report = source, report
        self.near = Span(source, 0, 0)  # what has no text of its own stands at the name of its rule

    def declarations(self, found: Tree[Token]) -> GrammarTree:
        rules: dict[str, Rule] = {}
        terminals: dict[str, Terminal] = {}
        for declaration in _declared(found):
            if declaration.data == "rule":
                rule = self.rule(declaration)
                self.keep(rules, rule.name, rule)
            elif declaration.data == "token":
                terminal = self.terminal(declaration)
                if terminal is not None:
                    self.keep(terminals, terminal.name, terminal)
            else:
                advice = "write the characters where they stand, and the terminals in this file"
                self.outside(STATEMENTS[declaration.data], self.span(declaration), advice)
        return GrammarTree(rules, terminals)

    def keep(self, into: dict[str, Any], name: str, declared: Rule | Terminal) -> None:
        if name in into:
            self.report.add(problems.declared_twice(name, declared.span, into[name].span))
        else:
            into[name] = declared

    def rule(self, found: Tree[Token]) -> Rule:
        name, parameters, *priority, body = found.children
        self.near = at = self.span(name)
        if not str(name)[0].isalpha():
            self.outside(f"`{str(name)[0]}` before the name of a rule is", at, "write the name alone")
        self.plain(parameters, priority, "rule")
        return Rule(str(name).lstrip("!?_"), self.body(body), at)

    def terminal(self, found: Tree[Token]) -> Terminal | None:
        name, parameters, *priority, body = found.children
        self.near = at = self.span(name)
        if not str(name)[0].isalpha():
            self.outside("`_` before the name of a terminal is", at, "write the name alone")
        self.plain(parameters, priority, "terminal")
        pattern = self.terminal_pattern(body)
        return None if pattern is None else Terminal(str(name), pattern, at)

    def plain(self, parameters: Node, priority: list[Node], kind: str) -> None:
        """Neither parameters nor a priority."""
        for part in _present(parameters):
            self.outside("templates are", self.span(part), f"write a {kind} for each use")
        for part in priority:
            advice = "let the parts begin with different characters; then none needs to come first"
            self.outside("priorities are", self.span(part), advice)

    def terminal_pattern(self, found: Node) -> Pattern | None:
        """The pattern of a terminal: one regular expression or one text."""
        while found.data in ("alias", "expansion", "expr") and len(_present(found)) == 1:
            found = _present(found)[0]
        token = _present(found)[0]
        if found.data != "literal":
            advice = "write it as one regular expression: `/-?[0-9]{1,9}/`"
            self.outside("a terminal of several parts is", self.span(found), advice)
            return None
        if token.type == "STRING":
            literal = self.literal(token)
            return None if literal is None else of_text(literal.text)
        text, _, flags = str(token)[1:].rpartition("/")
        if flags:
            at = self.within(token, len(text) + 2, len(token))
            self.outside(f"the flag `{flags}` is", at, "write the characters out: `[Aa]`")
        return self.pattern(token, text)

    def pattern(self, token: Token, text: str) -> Pattern | None:
        try:
            found = read_pattern(text)
        except PatternError as error:
            at = self.within(token, error.at + 1, min(error.at + 2, len(text) + 1))
            self.report.add(problems.unfit_pattern(error.message, at, error.advice))
            return None
        if not automaton(found).is_deterministic:
            message = "parts between which the next character does not decide"
            self.report.add(problems.unfit_pattern(message, self.span(token), "write what they share once: `a(b|c)`"))
        return found

    def body(self, found: Node) -> Body:
        match found.data:
            case "expansions":
                return Alternatives(tuple(self.body(option) for option in _present(found)), self.span(found))
            case "alias":
                return self.alias(found)
            case "expansion":
                items = tuple(self.body(item) for item in _present(found))
                return items[0] if len(items) == 1 else Sequence(items, self.span(found))
            case "expr":
                return self.expression(found)
            case "maybe":
                return Repeated(self.body(_present(found)[0]), 0, 1, self.span(found))
            case "name":
                return self.use(_present(found)[0])
            case "literal":
                return self.inline(_present(found)[0])
            case _:
                advice = "write the characters as a terminal: `LETTER: /[a-z]/`"
                what = "ranges of texts are" if found.data == "literal_range" else "templates are"
                self.outside(what, self.span(found), advice)
                return Sequence((), self.span(found))

    def alias(self, found: Tree[Token]) -> Body:
        inner, name = found.children
        if name is not None:
            self.outside("names of alternatives are", self.span(name), "give each alternative a rule of its own")
        if isinstance(inner, Tree) and inner.data == "expansion" and not inner.children:
            at = self.span(found)
            self.outside("empty alternatives are", at, "write `?` after what may be left out")
        return self.body(inner)

    def expression(self, found: Tree[Token]) -> Body:
        inner, *counts = found.children
        item, at = self.body(inner), self.span(found)
        signs = [token for token in counts if isinstance(token, Token)]
        if not signs:
            return item
        if str(signs[0]) in ("*", "+"):
            self.report.add(problems.endless(str(signs[0]), self.span(signs[0]), REPEATS_MAX))
            return item
        if str(signs[0]) == "?":
            return Repeated(item, 0, 1, at)
        low, high = int(signs[0]), int(signs[-1])
        if not 0 <= low <= high or not 0 < high <= REPEATS_MAX:
            counted = self.span(signs[0]).to(self.span(signs[-1]))
            self.report.add(problems.endless(f"~{counted.text}", counted, REPEATS_MAX))
        return item if (low, high) == (1, 1) else Repeated(item, low, high, at)

    def use(self, name: Token) -> Body:
        return Use(str(name).lstrip("!?_"), self.span(name))

    def inline(self, token: Token) -> Body:
        if token.type == "REGEXP":
            self.outside("a regular expression in a rule is", self.span(token), "give it a name: `NAME: /[a-z]{1,20}/`")
            return Sequence((), self.span(token))
        return self.literal(token) or Sequence((), self.span(token))

    def literal(self, token: Token) -> Literal | None:
        """The text of a literal; None when it is reported."""
        written, at = str(token), self.span(token)
        if written.endswith("i"):
            self.outside("`i` after a text is", at, "write the text as it has to stand")
            return None
        inside = written[1:-1]
        if ESCAPED.search(inside) or CONTROL.search(inside) or not inside:
            advice = 'write one character or more; the escapes are `\\"`, `\\\\`, `\\n`, `\\r` and `\\t`'
            self.outside("this text is", at, advice)
            return None
        return Literal(json.loads(f'"{inside}"', strict=False), at)

    def outside(self, what: str, at: Span, advice: str) -> None:
        self.report.add(problems.outside(what, at, advice))

    def span(self, found: Node) -> Span:
        if isinstance(found, Token):
            return Span(self.source, found.start_pos or 0, found.end_pos or 0)
        meta = found.meta
        return self.near if meta.empty else Span(self.source, meta.start_pos, meta.end_pos)

    def within(self, token: Token, start: int, end: int) -> Span:
        """A part of a token."""
        first = token.start_pos or 0
        return Span(self.source, first + start, first + end)


def _declared(found: Tree[Token]) -> Iterator[Tree[Token]]:
    for child in found.children:
        if isinstance(child, Tree):
            yield child


def _present(found: Node) -> list[Any]:
    """The children that are there: lark puts None where something optional is left out."""
    return [] if found is None else [child for child in found.children if child is not None]
