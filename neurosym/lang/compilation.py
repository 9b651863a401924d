"""Rule files -> checked program."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.check.compilation import Checked, check_files
from neurosym.grammar.source import is_grammar
from neurosym.lang.parsing import parse
from neurosym.program.vocabulary import EMPTY_VOCABULARY, Vocabulary
from neurosym.text.diagnostic import Report
from neurosym.text.span import Source


def compile_ruleset(sources: Sequence[Source], vocabulary: Vocabulary = EMPTY_VOCABULARY) -> Checked:
    """The checked program of the sources, rule files and the grammars of answers, with its scenarios and findings.

    RulesetError with every problem of the pass that failed.
    """
    report = Report()
    grammars = [source for source in sources if is_grammar(source)]
    files = parse([source for source in sources if not is_grammar(source)], report)
    report.stop_on_errors()
    return check_files(files, vocabulary, report, grammars)
