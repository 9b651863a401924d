"""The lexer: one regular expression, and words that are keywords only where the parser can go on with them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lark.lexer import Lexer, LexerState
from lark.parsers.lalr_parser_state import ParserState

from neurosym.feel.lexeme import DAMAGE, LABEL, SIGN, WORD, Lexeme, Reading
from neurosym.feel.slip import MEANT, character_problem, slip_problem
from neurosym.feel.syntax import RefusedError, nested_too_deeply, too_large

# The parser's stack at this height means more than a hundred brackets or prefixes within one another.
STACK_MAX = 1000

# Words and signs of one text; more of them than any rule file has, few enough for memory.
LEXEMES_MAX = 1_000_000

# FEEL's built-ins with names of several words (OMG DMN 1.5 §10.3.4), and the words that would begin a clause elsewhere.
FUNCTION_NAMES = (
    "date and time",
    "years and months duration",
    "string length",
    "upper case",
    "lower case",
    "substring before",
    "substring after",
    "starts with",
    "ends with",
    "string join",
    "list contains",
    "list replace",
    "insert before",
    "index of",
    "distinct values",
    "get value",
    "get entries",
    "context put",
    "context merge",
    "round up",
    "round down",
    "round half up",
    "round half down",
    "met by",
    "overlaps before",
    "overlaps after",
    "finished by",
    "started by",
    "day of year",
    "day of week",
    "month of year",
    "week of year",
)
# These begin an expression or stand for one, so they are never names, however the lexeme after them looks.
EXPRESSION_WORDS = frozenset({"if", "some", "every", "for", "function", "not", "true", "false", "null"})

TOKEN = re.compile(
    r"""
      (?P<BLANK>[\s\ufeff]++)
    | (?P<COMMENT>//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/)
    | (?P<DATE>[0-9]{4}-[0-9]{2}-[0-9]{2}(?!\w))
    | (?P<BAD_DATE>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:T[\w:.]*+(?:[+-][0-9:]++)?+)?(?!\w))
    | (?P<NUMBER>(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?!\w))
    | (?P<BAD_NUMBER>\.?[0-9](?:(?<=[eE])[+-][0-9]|\.(?=[0-9])|\w)*+)
    | (?P<FUNCTION_NAME>(?:FUNCTIONS)(?=\s*+\())
    | (?P<WORD>[^\W\d]\w*+)
    | (?P<TEXT>"(?:[^"\\\r\n]++|\\[^\r\n])*+")
    | (?P<AT_LITERAL>@"[^"\\\r\n]*+")
    | (?P<QUOTES>'[^'\r\n]*+'|[“”„‟«»‘’‚‛][^“”„‟«»‘’‚‛"\r\n]*+[“”„‟«»‘’‚‛"])
    | (?P<SLIP>==|=<|=>|<>|&&|\|\||:=|[&≤≥≠×÷−]|!(?!=))
    | (?P<OPEN_TEXT>@?"[^\r\n]*+)
    | (?P<OPEN_COMMENT>/\*)
    | (?P<SIGN>\*\*|!=|<=|>=|\.\.|[-+*/=<>()\[\]{},.|?%:])
    | (?P<UNKNOWN>.)
    """.replace("FUNCTIONS", "|".join(rf"\b{name.replace(' ', chr(92) + 's++')}\b" for name in FUNCTION_NAMES)),
    re.VERBOSE | re.DOTALL,
)
FIRST_WORD = re.compile(r"\w+")
GRAPH_NAME = re.compile(r"[^\W\d][\w-]*+:\w++(?:[.-]++\w++)*+")
SKIPPED = frozenset({"BLANK", "COMMENT"})
PLAIN = frozenset({"WORD", "SIGN", "TEXT", "NUMBER", "DATE", "AT_LITERAL"})


def lexemes(reading: Reading, start: int = 0, end: int | None = None) -> list[Lexeme]:
    """The words and signs of `text[start:end]` without blanks and comments; problems go to the reading.

    Where a lexeme is beyond repair, one of kind DAMAGE takes its place, so that nobody parses across it.
    """
    text = reading.source.text
    stop = len(text) if end is None else end
    found: list[Lexeme] = []
    at = start
    while at < stop and not reading.is_full:
        if len(found) > LEXEMES_MAX:
            reading.add(too_large(reading.source, LEXEMES_MAX, "words and signs"))
            return [Lexeme(DAMAGE, "...", at, stop, reading)]
        match = TOKEN.match(text, at, stop)
        assert match is not None  # UNKNOWN matches any character
        kind = match.lastgroup
        assert kind is not None
        at = match.end()
        if kind in SKIPPED:
            continue
        if kind in PLAIN:
            if match.group() == ":" and found and found[-1].kind == WORD:
                found[-1].kind, found[-1].end = LABEL, at
            else:
                found.append(Lexeme(kind, match.group(), match.start(), at, reading))
            if kind == WORD and (graph_name := _graph_name_at(match.start(), stop, found)):
                found[-1] = graph_name
                at = graph_name.end
        elif kind == "FUNCTION_NAME":
            found.append(_function_name(match, found, reading))
            at = found[-1].end
        elif kind == "OPEN_COMMENT":
            at = stop
            found.append(_repaired(kind, text[match.start() : stop], match.start(), reading))
        else:
            found.append(_repaired(kind, match.group(), match.start(), reading))
    return [lexeme for lexeme in found if lexeme.text]


def _graph_name_at(at: int, stop: int, found: list[Lexeme]) -> Lexeme | None:
    """After the word `from`, `own:holder` is one name; anywhere else its colon makes a label."""
    before = found[-2] if len(found) > 1 else None
    if before is None or before.kind != WORD or before.text != "from" or (len(found) > 2 and found[-3].text == "."):
        return None
    reading = before.reading
    match = GRAPH_NAME.match(reading.source.text, at, stop)
    return Lexeme("QNAME", match.group(), at, match.end(), reading) if match else None


def _function_name(match: re.Match[str], found: list[Lexeme], reading: Reading) -> Lexeme:
    """A built-in's name of several words, with single blanks; after a dot only its first word, which is a member."""
    if found and found[-1].text == ".":
        first = FIRST_WORD.match(match.group())
        assert first is not None
        return Lexeme(WORD, first.group(), match.start(), match.start() + first.end(), reading)
    return Lexeme("FUNCTION_NAME", " ".join(match.group().split()), match.start(), match.end(), reading)


def _repaired(kind: str, text: str, start: int, reading: Reading) -> Lexeme:
    """What the author meant, where that is plain, after reporting what stands there; else DAMAGE."""
    lexeme = Lexeme(kind, text, start, start + len(text), reading)
    if kind == "SLIP":
        reading.add(slip_problem(lexeme))
        lexeme.text = MEANT[text].sign
        lexeme.kind = lexeme.type = WORD if lexeme.text.isalpha() else SIGN
    else:
        reading.add(character_problem(lexeme))
        lexeme.kind = lexeme.type = DAMAGE
    return lexeme


class SoftLexer(Lexer):
    """Hands the parser lexemes that were found before, each as the terminal that fits where the parser stands.

    `lexer_state.text` is the sequence of lexemes. Keywords and signs are the literals of the grammar.
    """

    __future_interface__ = 1

    def __init__(self, lexer_conf: Any) -> None:
        self.terminals: dict[str, str] = {terminal.pattern.value: terminal.name for terminal in lexer_conf.terminals}

    def lex(self, lexer_state: LexerState, parser_state: ParserState[int]) -> Iterator[Any]:
        """The lexemes with their terminals."""
        found: Sequence[Lexeme] = lexer_state.text  # type: ignore[assignment] # Lark hands on what `parse` was given
        states, stack = parser_state.parse_conf.states, parser_state.state_stack
        for at, lexeme in enumerate(found):
            if len(stack) > STACK_MAX:
                raise RefusedError(nested_too_deeply(lexeme.span))
            if lexeme.kind == WORD:
                following = found[at + 1].text if at + 1 < len(found) else ""
                lexeme.type = self._word_terminal(lexeme.text, following, states[stack[-1]])
            elif lexeme.kind == SIGN:
                terminal = self.terminals.get(lexeme.text, "UNKNOWN")
                lexeme.type = "IN_OPEN" if terminal == "LPAR" and "IN_OPEN" in states[stack[-1]] else terminal
            else:
                lexeme.type = lexeme.kind
            yield lexeme

    def _word_terminal(self, word: str, following: str, accepted: dict[str, Any]) -> str:
        keyword = self.terminals.get(word)
        if keyword is None or keyword not in accepted:
            return "NAME"
        if "NAME" in accepted and following == "(" and word not in EXPRESSION_WORDS:
            return "NAME"
        return keyword
