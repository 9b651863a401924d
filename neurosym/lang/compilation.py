"""Rule files -> checked program."""

from __future__ import annotations

from collections.abc import Sequence

from neurosym.check.compilation import Checked, check_files
from neurosym.lang.parsing import parse
from neurosym.program.vocabulary import EMPTY_VOCABULARY, Vocabulary
from neurosym.text.diagnostic import Report
from neurosym.text.span import Source


def compile_ruleset(sources: Sequence[Source], vocabulary: Vocabulary = EMPTY_VOCABULARY) -> Checked:
    """The checked program of the sources with its scenarios and findings, or RulesetError with every problem of the
    pass that failed.
    """
    report = Report()
    files = parse(sources, report)
    report.stop_on_errors()
    return check_files(files, vocabulary, report)
