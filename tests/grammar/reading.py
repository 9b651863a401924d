"""Grammars for tests: read from a text, or from those that are shipped."""

from functools import cache

from neurosym.grammar.answer_grammar import AnswerGrammar, read_grammar
from neurosym.text.diagnostic import Report
from neurosym.text.shipped import shipped_path
from neurosym.text.span import Source

SHIPPED = ("adverse_media.lark", "citations.lark")


def grammar_of(text: str, name: str = "trial.lark") -> AnswerGrammar:
    """The grammar of a text that is one."""
    report = Report()
    found = read_grammar(Source(name, text), report)
    assert found is not None, report.diagnostics
    return found


@cache
def shipped_grammar(name: str) -> AnswerGrammar:
    """A grammar that is shipped."""
    return grammar_of(shipped_path("grammars", name).read_text(encoding="utf-8"), name)
