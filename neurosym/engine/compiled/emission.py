"""The Python that a program compiles to, for people to read."""

from __future__ import annotations

from collections.abc import Iterator

from neurosym.engine.compiled.case import Case
from neurosym.engine.compiled.compiled_case import CompiledCase
from neurosym.engine.compiled.program import CompiledProgram
from neurosym.engine.compiled.source import IndexOf, Resource
from neurosym.program.program import Program
from neurosym.program.rule import Provision
from neurosym.values.temporal import Date

HEADING = """\
# Each `bind` takes the tables its functions read and gives the functions. A row is a tuple of a fact's fields in their
# declared order, with keys in the place of references. `every` looks at all rows of its first variable, `from_NAME`
# only at those given of one variable. What is not exactly known goes to `doubts`: the general evaluator decides it.
"""


def emitted(program: Program) -> str:
    """The source of every rule and exception as it is in force after the last change of the law."""
    provisions = CompiledProgram(program).on(_last_change(program))
    parts = [HEADING]
    for case in provisions.cases:
        compiled = provisions.compiled(case)
        parts.append("\n".join([*_title(case, compiled), compiled.module.text() if compiled.code else "", ""]))
    return "\n".join(parts)


def _last_change(program: Program) -> Date:
    """The day from which on nothing changes any more, but for what ends later."""
    provisions: tuple[Provision, ...] = (*program.rules, *program.exceptions)
    return max([each.period.first or Date.min for each in provisions], default=Date.min)


def _title(case: Case, compiled: CompiledCase) -> Iterator[str]:
    yield f"# {case.provision.id}: {case.conclusion.target} ({case.span})"
    for line in case.span.text.splitlines():
        yield f"#   {line}".rstrip()
    if compiled.code is None:
        yield "# only the general evaluator knows it"
    for resource, name in compiled.module.resources.items():
        if isinstance(resource, IndexOf):
            yield f"# {name}: {_index(resource, compiled)}"


def _index(of: Resource, compiled: CompiledCase) -> str:
    assert isinstance(of, IndexOf)
    fields = [field.name for field in compiled.layouts[of.type].of.fields]
    return f"{of.type} by {', '.join(fields[at] for at in of.columns)}"
