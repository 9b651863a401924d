"""What somebody who asks about a decision is told, in lines."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.decision.duty import Duty
from neurosym.decision.explanation.account import Account
from neurosym.decision.explanation.judgment_text import Judged
from neurosym.decision.explanation.missing import Wanted
from neurosym.decision.explanation.text import FULL, INDENT, Extent, Told, citations, explanation_lines, reliance_line
from neurosym.decision.explanation.value import written, written_call
from neurosym.decision.explanation.why import Why
from neurosym.engine.verdict import Status

LINE_LENGTH_MAX = 1_000  # a foreign text may be a book; JSON has all of it


def why_lines(why: Why, extent: Extent = FULL) -> list[str]:
    """The explanation, headline first."""
    lines = [*account_lines(why.account, why.headline)]
    if why.note:
        lines.append(why.note)
    told = Told()
    lines += _section("what keeps it open", missing_lines(why.missing, told.judged))
    lines += _section("why", explanation_lines(why.explanation, extent, told))
    lines += _section("taken away by exceptions", explanation_lines(why.defeated, extent, told))
    lines += _section("asked on the way", [line for each in why.asked for line in told.judged.lines(each)])
    lines += _section("duties", [line for duty in why.duties for line in duty_lines(duty)])
    lines += _section("not proven", list(why.not_proven))
    lines += ["", reliance_line(why.explanation.reliance)]
    return clipped(lines)


def missing_report(account: Account, headline: str, missing: tuple[Wanted, ...]) -> list[str]:
    """What keeps the outcome open, headline first."""
    lines = [*account_lines(account, headline), ""]
    if account.decision.status is Status.DECIDED:
        lines.append("nothing is missing: the outcome is decided")
    elif not missing:
        lines.append("nothing that anybody could answer or supply would change it")
    return clipped([*lines, *missing_lines(missing, Judged())])


def account_lines(account: Account, headline: str) -> Iterator[str]:
    """Which decision it is, and that the log and this execution agree."""
    decision = account.decision
    yield headline if decision.status is Status.DECIDED else f"{headline}; meanwhile {written(decision.act_on)}"
    program = account.deliberation.case.program
    yield f"decision {decision.id} on {decision.on}, by ruleset {program.name} {program.version}".rstrip()
    yield f"entry {account.seq}: the log's bytes and this execution agree"
    if not account.is_same_engine:
        yield "the log was written by another version of the engine; the bytes agree all the same"
    if account.override is not None:
        yield account.override.text


def missing_lines(missing: tuple[Wanted, ...], judged: Judged) -> list[str]:
    """The unknowns, the most useful first."""
    return [line for each in missing for line in _wanted_lines(each, judged)]


def _wanted_lines(wanted: Wanted, judged: Judged) -> Iterator[str]:
    if wanted.judgment is None:
        yield wanted.text
    else:
        yield from judged.lines(wanted.judgment)
    outcomes = " and ".join(written(each) for each in wanted.outcomes)
    verb = "conclusion rests" if wanted.conclusions == 1 else "conclusions rest"
    yield f"  {wanted.conclusions} possible {verb} on it, of {outcomes}"
    if wanted.advice:
        yield f"  to settle it: {wanted.advice}"


def duty_lines(duty: Duty) -> Iterator[str]:
    """A duty by its name, debtor and day, and the contents of it that contradict one another."""
    standing = "" if duty.is_certain else "possible: "
    owed = "" if duty.owed_by is None else f" owed by {written(duty.owed_by)}"
    due = "" if duty.due_text is None else f", due {duty.due_text}"
    yield f"{standing}{written_call(duty.name, duty.fields)}{owed}{due}{citations(duty.cites)}"
    for each in duty.conflict:
        yield f"{INDENT}in conflict: {written_call(duty.name, each.fields)} by {each.rule}{citations(each.cites)}"


def clipped(lines: list[str]) -> list[str]:
    """The lines, each of a length that a terminal can show."""
    return [line if len(line) <= LINE_LENGTH_MAX else line[:LINE_LENGTH_MAX] + " ..." for line in lines]


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"{INDENT}{line}" for line in lines)] if lines else []
