"""Each file in cases/ is a grammar; what is wrong with it stands in a comment on the line where it is."""

import re
from pathlib import Path

import pytest

from neurosym.grammar.lint import check_grammar
from neurosym.text.diagnostic import Diagnostic, Report
from neurosym.text.span import Source, Span

CASES = sorted((Path(__file__).parent / "cases").glob("*.lark"))
MARK = re.compile(r"(NS\d{3}): ((?:(?!, NS\d{3}: ).)*)")


def found_in(source: Source) -> list[Diagnostic]:
    report = Report()
    check_grammar(source, report)
    return report.diagnostics


def line_of(found: Diagnostic) -> int:
    assert found.primary is not None
    place = found.primary.place
    assert isinstance(place, Span)
    return place.source.line_column(place.start)[0]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_marked_is_said_and_nothing_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wanted = [
        (number, code, words.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        for code, words in MARK.findall(line.partition("//")[2])
    ]
    said = found_in(Source(path.name, text))
    assert sorted((line_of(each), each.code) for each in said) == sorted((line, code) for line, code, _ in wanted), said
    for line, code, words in wanted:
        assert any((line_of(each), each.code) == (line, code) and words in each.message for each in said), words
    assert all(each.help for each in said)
