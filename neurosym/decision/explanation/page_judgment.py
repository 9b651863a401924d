"""Judged questions on a page: what was asked, the answer, who gave it, the words it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from neurosym.decision.explanation.markup import Markup, element, joined, linked, text_of, texted
from neurosym.decision.explanation.structure import JudgmentShown
from neurosym.decision.explanation.value import written
from neurosym.judgment.answer import Answer, Form, Kind, Quote
from neurosym.values.unknown import Absent, Question
from neurosym.values.value import Value

BY = {
    Kind.COMPUTED: "a computation",
    Kind.MODEL: "a model",
    Kind.PERSON: "a person",
    Kind.SUPPLIED: "whoever asked for the decision",
}
LINES = "\n\t"  # what a text of several lines keeps when it is shown as it is


@dataclass(slots=True)
class Questions:
    """The questions of one page; each is shown in full the first time and linked to after that."""

    numbers: dict[Question, int] = field(default_factory=dict)

    def shown(self, of: JudgmentShown) -> Markup:
        """The question with its answer, or with why there is none."""
        if of.question in self.numbers:
            return self.again(of, self.numbers[of.question])
        marks: dict[str, str] = {}
        if of.question is not None:
            self.numbers[of.question] = len(self.numbers) + 1
            marks["id"] = f"question-{self.numbers[of.question]}"
        parts = (_asked(of), _answered(of), _tried(of), _read(of))
        return element("section", *parts, class_="judgment" + ("" if of.answer else " open"), **marks)

    def again(self, of: JudgmentShown, number: int) -> Markup:
        """A question that the page has shown already."""
        link = texted("a", f"question {number}", href=f"#question-{number}")
        return element("p", text_of(f"Judged: {_outcome(of)}, see "), link, text_of("."), class_="judgment again")


def _asked(of: JudgmentShown) -> Iterator[Markup]:
    yield texted("p", of.ask, class_="ask")
    cites = element("span", text_of(" "), linked("; ".join(of.cites)), class_="cite") if of.cites else joined()
    yield element("p", texted("code", of.says), cites, class_="soft")


def _outcome(of: JudgmentShown) -> str:
    return f"no answer ({of.standing})" if of.answer is None else written(of.answer.value)


def _answered(of: JudgmentShown) -> Iterator[Markup]:
    if of.answer is None:
        yield element("p", texted("strong", "No answer"), text_of(f": {of.standing}."))
        return
    yield element("p", text_of("Answer: "), texted("strong", written(of.answer.value)))
    yield texted("p", f"Given by {answerer(of.answer)}.")
    yield from map(_quote, of.answer.quotes)


def answerer(of: Answer) -> str:
    """Who gave the answer, for a reader who does not know what a tier is."""
    names = f", {', '.join(map(written, of.by))}" if of.by else ""
    tier = f" (tier {of.tier})"
    calibration = ""
    if of.kind is Kind.MODEL:
        known = "its error rate was measured before" if of.calibrated else "nobody has measured its error rate"
        calibration = f"; {'calibrated' if of.calibrated else 'uncalibrated'}: {known}"
    reused = "" if of.reused_from is None else f"; first given in entry {of.reused_from} of the log"
    return f"{BY[of.kind]}{names}{tier}{calibration}{reused}"


def _quote(of: Quote) -> Markup:
    form = "" if of.form is Form.WRITTEN else f", in {of.form.value}"
    place = texted("cite", f"{of.field}, from character {of.start + 1}{form}")
    return element("figure", texted("blockquote", of.text, keep=LINES), element("figcaption", place))


def _tried(of: JudgmentShown) -> Iterator[Markup]:
    """What each tier made of the question, where that is more than the answer."""
    if not of.tried:
        return
    head = element("tr", (texted("th", name, scope="col") for name in ("Asked", "Verdict", "Reason")))
    rows = [element("tr", (texted("td", cell) for cell in (each.tier, each.what, each.reason))) for each in of.tried]
    table = element("table", element("thead", head), element("tbody", rows), class_="tried")
    yield element("details", texted("summary", "Who was asked, and what became of it"), table, class_="more")


def _read(of: JudgmentShown) -> Iterator[Markup]:
    if of.question is None:
        return
    pairs = [joined(texted("dt", path), texted("dd", _plain(value), keep=LINES)) for path, value in of.question.content]
    summary = texted("summary", "What was read to answer it" if of.answer else "What there is to read")
    yield element("details", summary, element("dl", pairs), class_="more")


def _plain(value: Value | Absent) -> str:
    """A text as it is, so that its lines stay; anything else as an author would write it."""
    return value if isinstance(value, str) else written(value)
