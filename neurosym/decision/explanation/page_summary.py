"""The beginning of a page about a decision: what became of it, which one it is, and how much of it was judged."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.decision.duty import Duty
from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.markup import Markup, element, joined, linked, text_of, texted, worded
from neurosym.decision.explanation.missing import Wanted
from neurosym.decision.explanation.page_judgment import Questions
from neurosym.decision.explanation.structure import Reliance
from neurosym.decision.explanation.text import reliance_line
from neurosym.decision.explanation.value import written, written_call
from neurosym.engine.verdict import Status

BAR_WIDTH, BAR_HEIGHT = 320, 12
STATUSES = {Status.DECIDED: "Decided", Status.UNDECIDED: "Not decided yet", Status.CONFLICT: "In conflict"}


def header(account: Account, note: str | None) -> Markup:
    """The outcome, why in a sentence, and which decision of which log it is."""
    decision = account.decision
    reasons = dict.fromkeys(each.text for each in decision.reasons if each.outcome == decision.outcome)
    return element(
        "header",
        element("p", text_of("Explanation of the decision "), texted("code", decision.decision), class_="kicker"),
        element("div", _verdict(account), class_=f"verdict {decision.status.value}"),
        texted("p", f"This decision was {account.override.text}.", class_="override") if account.override else joined(),
        element("ul", (texted("li", each) for each in reasons)) if reasons else joined(),
        element("p", worded(note[:1].upper() + note[1:] + "."), class_="note") if note else joined(),
        element("dl", _identity(account), class_="identity"),
        texted("p", _agreement(account), class_="agreement"),
    )


def _verdict(account: Account) -> Iterator[Markup]:
    decision = account.decision
    several = " or ".join(decision.possible)
    is_decided = decision.status is Status.DECIDED
    yield texted("p", STATUSES[decision.status], class_="status")
    yield texted("h1", str(decision.outcome) if is_decided else several)
    if not is_decided:
        yield element("p", text_of("Until that is settled: "), texted("strong", decision.act_on))


def _identity(account: Account) -> Iterator[Markup]:
    decision, program = account.decision, account.deliberation.case.program
    declared = account.deliberation.case.decision
    label = f": {declared.label}" if declared.label else ""
    version = f", version {program.version}" if program.version else ""
    ruleset = f"{program.label} ({program.name}{version})" if program.label else f"{program.name}{version}"
    about = ", ".join(f"{name} {written(reference)}" for name, reference in decision.subject.items())
    yield _pair("About", text_of(about))
    yield _pair("As of", element("time", text_of(str(decision.on)), datetime=str(decision.on)))
    yield _pair("Question", joined(texted("code", decision.decision), text_of(label)))
    yield _pair("Rules", joined(text_of(ruleset), linked("".join(f"; {each}" for each in declared.cites))))
    yield _pair("Decision", texted("code", decision.id))
    yield _pair("Log", text_of(f"entry {account.seq}"))
    yield _pair("Fingerprint of the rules", texted("code", str(decision.digests["program"])))


def _pair(name: str, shown: Markup) -> Markup:
    return element("div", texted("dt", name), element("dd", shown))


def _agreement(account: Account) -> str:
    same = f"Executed again for this page from entry {account.seq} of the log: decision and proof have the same bytes."
    other = " The log was written by another version of the engine; the bytes agree all the same."
    return same + ("" if account.is_same_engine else other)


def reliance_shown(of: Reliance) -> Iterator[Markup]:
    """How much of the proof rests on judged answers, in words and as a bar."""
    line = reliance_line(of)
    yield texted("p", line[:1].upper() + line[1:] + ".")
    if of.conclusions:
        part = BAR_WIDTH * of.judged // of.conclusions
        bars = [element("rect", width=BAR_WIDTH, height=BAR_HEIGHT, rx=3, class_="whole")]
        if of.judged:
            bars.append(element("rect", width=part, height=BAR_HEIGHT, rx=3, class_="part"))
        view = f"0 0 {BAR_WIDTH} {BAR_HEIGHT}"
        yield element("svg", bars, viewBox=view, width=BAR_WIDTH, height=BAR_HEIGHT, class_="bar", aria_hidden="true")


def missing_shown(missing: tuple[Wanted, ...], questions: Questions) -> Markup:
    """The unknowns, the most useful first."""
    return element("ol", (element("li", _wanted(each, questions)) for each in missing), class_="missing")


def _wanted(of: Wanted, questions: Questions) -> Iterator[Markup]:
    if of.judgment is None:
        yield element("p", texted("strong", of.text))
    else:
        yield questions.shown(of.judgment)
    outcomes = " and ".join(written(each) for each in of.outcomes)
    verb = "conclusion rests" if of.conclusions == 1 else "conclusions rest"
    yield texted("p", f"{of.conclusions} possible {verb} on it, of {outcomes}.")
    if of.advice:
        yield element("p", worded(f"To settle it: {of.advice}."), class_="advice")


def duties_shown(duties: tuple[Duty, ...]) -> Markup:
    """What somebody now has to do, by when, and where that is written."""
    return element("ul", (element("li", _duty(each)) for each in duties), class_="duties")


def _duty(of: Duty) -> Iterator[Markup]:
    owed = "" if of.owed_by is None else f" owed by {written(of.owed_by)}"
    due = "" if of.due_text is None else f", due {of.due_text}"
    tag = joined() if of.is_certain else element("span", text_of("possible"), class_="tag possible")
    yield joined(texted("code", written_call(of.name, of.fields)), text_of(f"{owed}{due} "), tag)
    if of.cites:
        yield element("div", text_of("Source: "), linked("; ".join(of.cites)), class_="cite")
    for each in of.conflict:
        says = f"In conflict: {written_call(of.name, each.fields)} by {each.rule}"
        yield element("div", text_of(says + " "), linked("; ".join(each.cites)), class_="conflicting")
