"""A decision in lines for people: what to do, why, what is owed by when, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from neurosym.decision.decision import Decision
from neurosym.decision.duty import Duty
from neurosym.decision.second_opinion import opinion_line
from neurosym.decision.wording import STANDINGS, key_text, reason_text, value_text
from neurosym.engine.verdict import Status
from neurosym.program.program import Program
from neurosym.values.canonical import Json
from neurosym.values.unknown import Standing
from neurosym.values.value import Value


def headline(decision: Decision) -> str:
    """What was decided, in a line."""
    subject = ", ".join(f"{name} {key_text(reference.key)}" for name, reference in decision.subject.items())
    about = f"`{decision.decision}` of {subject} as of {decision.on.isoformat()}"
    match decision.status:
        case Status.DECIDED:
            return f"{decision.outcome}: {about}"
        case Status.UNDECIDED:
            return f"undecided, act on {decision.act_on}: {about}"
        case Status.CONFLICT:
            return f"in conflict, act on {decision.act_on}: {about}"


def decision_lines(decision: Decision, program: Program) -> Iterator[str]:
    """Everything else about the decision, section by section; a section without content is left out."""
    if decision.status is not Status.DECIDED:
        yield from _section("still possible", [", ".join(decision.possible)])
    yield from _section("reasons", list(_reasons(decision)))
    yield from _section("either way", list(_either_way(decision, program)))
    yield from _section("duties", [line for duty in decision.duties for line in _duty(duty)])
    yield from _section("not proven", list(decision.not_proven))
    yield from _section("missing", [reason_text(program, reason) for reason in decision.missing])
    yield from _section("open questions", [line for each in decision.questions for line in _question(each)])
    yield from _section("answered", [line for each in decision.answers for line in _answer(each)])
    yield from _section("second opinion", [opinion_line(decision.second_opinion)] if decision.second_opinion else [])
    yield ""
    yield f"decision {decision.id} ({'logged' if decision.logged else 'not logged'})"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
        yield from (f"  {line}" for line in lines)


def _reasons(decision: Decision) -> Iterator[str]:
    for reason in decision.reasons:
        yield f"{reason.outcome} by `{reason.rule}`" + (f": {reason.text}" if reason.text else "")
        yield from _cites(reason.citations)


def _either_way(decision: Decision, program: Program) -> Iterator[str]:
    found = decision.deliberation.either_way if decision.deliberation else None
    if found is not None:
        yield f"all {found.combinations} combinations of these lead to {found.outcome}"
        yield from (reason_text(program, reason) for reason in found.over)


def _duty(duty: Duty) -> Iterator[str]:
    doubt = "" if duty.is_certain else " (possible)"
    due = f", due {duty.due_text}" if duty.due_text else ""
    yield f"{duty.name}({_members(duty.fields)}) owed by {value_text(duty.owed_by)}{due}{doubt}"
    yield from _cites(duty.cites)
    for each in duty.conflict:
        yield f"  in conflict: {_members(each.fields)} by `{each.rule}`"


def _members(fields: tuple[tuple[str, Value], ...]) -> str:
    return ", ".join(f"{name}: {value_text(value)}" for name, value in fields)


def _cites(cites: tuple[str, ...]) -> Iterator[str]:
    if cites:
        yield f"  cites {'; '.join(cites)}"


def _question(document: Json) -> Iterator[str]:
    """A question as decisions write it: which, how far its asking has come, and who did not settle it."""
    assert isinstance(document, dict)
    yield f"{_asked(document)}: {STANDINGS[Standing(document['standing'])]}"
    yield f"  {document['id']}"
    tried = document["tried"]
    assert isinstance(tried, list)
    for each in tried:
        assert isinstance(each, dict)
        yield f"  {each['tier']}: {each['reason']}"


def _answer(document: Json) -> Iterator[str]:
    """An answer as decisions write it: what was said, by whom, on which words."""
    assert isinstance(document, dict)
    by = document["by"]
    quotes = document["quotes"]
    assert isinstance(by, list)
    assert isinstance(quotes, list)
    persons = f" ({', '.join(map(str, by))})" if by else ""
    doubt = ", uncalibrated" if document["uncalibrated"] is True else ""
    yield f"{_asked(document)} is {_value(document['answer'])}: {document['tier']}{persons}{doubt}"
    for quote in quotes:
        assert isinstance(quote, dict)
        yield f'  "{quote["text"]}" in {quote["field"]}'


def _asked(document: Mapping[str, Json]) -> str:
    args = document["args"]
    assert isinstance(args, dict)
    return f"{document['judgment']}({', '.join(f'{name}: {_value(key)}' for name, key in args.items())})"


def _value(value: Json) -> str:
    match value:
        case str():
            return f'"{value}"'
        case dict():
            return ", ".join(_value(each) for each in value.values())
        case list():
            return ", ".join(_value(each) for each in value)
        case _:
            return str(value).lower()
