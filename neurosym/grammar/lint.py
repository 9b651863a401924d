"""Whether everybody who reads a grammar reads it alike: Lark's two parsers, and the engine that constrains models.

Texts are written by walking through the grammar, and under the masks of the engine; texts with a slip are tried, too.
Which they are depends on the grammar alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from lark import Lark
from lark.exceptions import LarkError, UnexpectedInput

from neurosym.grammar import problems
from neurosym.grammar.answer_grammar import AnswerGrammar, GrammarMismatchError, LarkTree, read_grammar
from neurosym.grammar.chance import Chance
from neurosym.grammar.mask import Mask, MaskError
from neurosym.grammar.notation import lark_text
from neurosym.grammar.tree import START
from neurosym.grammar.walk import slip, walk
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.span import Source

WALKS = 40  # of each kind
BYTES_PER_CHAR = 4
WALK = "the grammar as it is written"
LALR, EARLEY, ENGINE = "Lark's LALR parser", "Lark's Earley parser", "llguidance"


def check_grammar(source: Source, report: Report) -> None:
    """Report everything that keeps a text from being a grammar that all engines read alike: NS630 to NS642."""
    grammar = read_grammar(source, report)
    if grammar is not None:
        check_engines(grammar, report)


def check_engines(grammar: AnswerGrammar, report: Report) -> None:
    """Report an engine that does not take the grammar (NS641), or the first text that one takes and another does not
    (NS642).
    """
    at = grammar.tree.rules[START].span
    try:
        earley = Lark(lark_text(grammar.tree), start=START, parser="earley", lexer="dynamic", keep_all_tokens=True)
    except LarkError as error:
        report.add(problems.refused(EARLEY, str(error), at))
        return
    mask = Mask(grammar.text)
    for complaint in mask.complaints:
        report.add(problems.refused(ENGINE, complaint, at))
    if mask.complaints:
        return
    try:
        report.extend(_first_disagreement(grammar, earley, mask))
    except MaskError as error:
        report.add(problems.refused(ENGINE, str(error), at))


def _first_disagreement(grammar: AnswerGrammar, earley: Lark, mask: Mask) -> list[Diagnostic]:
    at = grammar.tree.rules[START].span
    for trial in trials(grammar, mask):
        text = trial.text
        if isinstance(text, bytes):
            return [problems.disagreement(ENGINE, "UTF-8", text.decode("utf-8", "backslashreplace"), at)]
        lalr, other = derivation(grammar.lalr, text), derivation(earley, text)
        takes = {LALR: lalr is not None, EARLEY: other is not None, ENGINE: mask.accepts(text)}
        if trial.is_walk:
            takes = {WALK: True, **takes}
        if len({*takes.values()}) > 1:
            yes, no = (next(name for name, does in takes.items() if does is taken) for taken in (True, False))
            return [problems.disagreement(yes, no, text, at)]
        if lalr is not None and other is not None and _meaning(grammar, lalr) != _meaning(grammar, other):
            return [problems.disagreement(LALR, f"{EARLEY}, with the same meaning,", text, at)]
    return []


@dataclass(frozen=True, slots=True)
class Trial:
    """A text that is tried; bytes where the engine wrote what is no UTF-8. `is_walk` where the grammar accepts it."""

    text: str | bytes
    is_walk: bool = False


def trials(grammar: AnswerGrammar, mask: Mask) -> Iterator[Trial]:
    """Texts of the grammar, texts that are nearly such, and texts that the engine writes."""
    seed = sha256(grammar.text.encode("utf-8")).hexdigest()
    for number in range(WALKS):
        chance = Chance(f"{seed} {number}")
        text = walk(grammar.tree, chance)
        yield Trial(text, is_walk=True)
        yield Trial(slip(text, chance))
        written = mask.walk(chance, BYTES_PER_CHAR * grammar.length_max)
        if written is None:
            continue
        try:
            yield Trial(written.decode("utf-8"))
        except UnicodeDecodeError:
            yield Trial(written)


def derivation(parser: Lark, text: str) -> LarkTree | None:
    """How the parser derives the text; None when it does not accept it."""
    try:
        return parser.parse(text)
    except UnexpectedInput:
        return None


def _meaning(grammar: AnswerGrammar, found: LarkTree) -> object:
    """The value of a derivation; None where a number or a date is none, whoever reads it."""
    try:
        return grammar.read(found)
    except GrammarMismatchError:
        return None
