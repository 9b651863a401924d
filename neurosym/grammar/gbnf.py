"""Grammars in GBNF, the notation of llama.cpp.

```
root ::= "verdict: " verdict
verdict ::= "adverse" | "clear"
```
Names have letters, digits and hyphens; the rule of the whole is `root`; terminals are rules like any other.
"""

from __future__ import annotations

from neurosym.grammar.pattern import ASCII, Chars, Choice, Concatenation, Pattern, Times
from neurosym.grammar.regex import grouped, runs, times
from neurosym.grammar.tree import START, Alternatives, Body, GrammarTree, Literal, Repeated, Sequence, Use

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def gbnf(tree: GrammarTree) -> str:
    """The grammar in GBNF: it accepts the same texts."""
    rules = [f"{_name(rule.name)} ::= {_body(rule.body)}" for rule in tree.rules.values()]
    terminals = [f"{_name(each.name)} ::= {_pattern(each.pattern)}" for each in tree.terminals.values()]
    return "\n".join([*rules, *terminals]) + "\n"


def _name(name: str) -> str:
    """`start` is `root`; rules and terminals get different prefixes, so that no two names become one."""
    if name == START:
        return "root"
    prefix = "t-" if name.isupper() else "r-"
    return prefix + name.lower().replace("_", "-")


def _body(body: Body, *, is_whole: bool = True) -> str:
    match body:
        case Literal(text):
            return _literal(text)
        case Use(name):
            return _name(name)
        case Repeated(item, low, high):
            return _body(item, is_whole=False) + times(low, high)
        case Sequence(items):
            return grouped(" ".join(_body(item, is_whole=False) for item in items), is_group=not is_whole)
        case Alternatives(options):
            return grouped(" | ".join(map(_body, options)), is_group=not is_whole)


def _pattern(pattern: Pattern, *, is_whole: bool = True) -> str:
    match pattern:
        case Chars():
            return _class(pattern)
        case Concatenation(parts):
            return grouped(" ".join(_pattern(part, is_whole=False) for part in parts), is_group=not is_whole)
        case Choice(options):
            return grouped(" | ".join(map(_pattern, options)), is_group=not is_whole)
        case Times(of, low, high):
            return grouped(_pattern(of, is_whole=False), is_group=isinstance(of, Times)) + times(low, high)


def _class(chars: Chars) -> str:
    shown = ASCII - chars.ascii if chars.others else chars.ascii
    written = "".join(_run(first, last) for first, last in runs(shown))
    return f"[^{written}]" if chars.others else f"[{written}]"


def _run(first: str, last: str) -> str:
    return _member(first) if first == last else f"{_member(first)}-{_member(last)}"


def _member(char: str) -> str:
    if char in ESCAPES and char != '"':
        return ESCAPES[char]
    return char if char.isalnum() or char == " " else f"\\x{ord(char):02X}"


def _literal(text: str) -> str:
    return '"' + "".join(ESCAPES.get(char, char) for char in text) + '"'
