"""The Python source of one module: functions, constants and what they need, each line with the author's span."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from keyword import iskeyword
from threading import Lock
from types import CodeType
from typing import Any, TypeAlias

from neurosym.engine.index import Columns
from neurosym.text.span import NOWHERE, Span

INDENT = "    "
BLOCKS_MAX = 18  # inside one another; Python allows twenty
WIDTH = 88  # of the code before the place it comes from
CASE_PARAMETERS = ("rows", "number", "whys", "new", "doubts")  # what every function of a case takes
WATCHING = ("pause", "watch")  # what every module is bound to first
# Used without asking for them.
OWN_NAMES = (
    *CASE_PARAMETERS,
    *WATCHING,
    *("looked", "look", "loose", "found", "is_undefeated", "bind"),
    *("held", "items", "binding"),
)
RESERVED = frozenset(dir(builtins))
# CPython up to 3.12 counts how deep it is in a tree for all threads together, and fails when two build trees at once.
PARSING = Lock()


class NotCompiledError(Exception):
    """What is to be written has parts that only the general evaluator knows. Never leaves the engine."""


@dataclass(frozen=True, slots=True)
class IndexOf:
    """The rows of a type by some of their columns."""

    type: str
    columns: Columns


@dataclass(frozen=True, slots=True)
class SoleOf:
    """The rows of a type by their keys, where a key has one content."""

    type: str


@dataclass(frozen=True, slots=True)
class RowsOf:
    """The rows of a type."""

    type: str


@dataclass(frozen=True, slots=True)
class DoubtsOf:
    """The doubtful facts of a type."""

    type: str


@dataclass(frozen=True, slots=True)
class ParameterOf:
    """A parameter's value on the day."""

    name: str


@dataclass(frozen=True, slots=True)
class GrownOf:
    """What is kept of a total of a case, by the case's binding, while the facts that it goes over are found."""

    case: int
    total: int


@dataclass(frozen=True, slots=True)
class WhysOf:
    """Why each certain fact of a derived type is."""

    type: str


@dataclass(frozen=True, slots=True)
class Horizon:
    """The round, in a list of its own, from which on facts are not seen by what reads the stratum inside."""


Resource: TypeAlias = IndexOf | SoleOf | RowsOf | DoubtsOf | ParameterOf | GrownOf | WhysOf | Horizon


class Given(Enum):
    """What a function is called with."""

    ROWS = "rows"


Width: TypeAlias = IndexOf | RowsOf | Given | int  # how often a loop goes round: as the widest key of an index has rows


@dataclass(frozen=True, slots=True)
class Line:
    """A line of Python and the author's text it comes from."""

    depth: int
    text: str
    span: Span = NOWHERE
    counts: bool = False  # it is there for counting what is looked at
    width: Width | None = None  # of a loop

    def __str__(self) -> str:
        return INDENT * self.depth + self.text

    def inside(self, depth: int, span: Span | None = None) -> Line:
        """The line so much deeper, and of another text where one is given."""
        return replace(self, depth=self.depth + depth, span=self.span if span is None else span)


def looking(depth: int, rows: str, kept: str, span: Span = NOWHERE) -> Line:
    """The line that counts the rows a loop is about to look at, and pauses now and then to see whether that, or what
    has been kept so far, is too much.
    """
    text = f"if (looked := looked + len({rows})) > pause: pause = watch(looked, {kept})"
    return Line(depth, text, span, counts=True)


@dataclass
class Module:
    """What is generated for one provision. `bind`, its only function outside, takes the resources in their order; where
    functions count, `WATCHING` before them: after how many facts and items to pause, and what to call then, which gives
    the same again.
    """

    constants: dict[str, Any]
    span: Span = NOWHERE
    counts: bool = False  # whether functions count what they look at
    has_lists: bool = False  # whether lists are looked at, whose lengths nobody knows beforehand
    resources: dict[Resource, str] = field(default_factory=dict)
    functions: dict[str, list[Line]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=lambda: set(OWN_NAMES))

    def name(self, wish: str) -> str:
        """A name that nothing else has: the one wished for, or one like it."""
        plain = wish if wish.isascii() and wish.isidentifier() and not iskeyword(wish) else "name"
        found, count = plain, 1
        while found in self._used or found in self.constants or found in RESERVED:
            count += 1
            found = f"{plain}_{count}"
        self._used.add(found)
        return found

    def resource(self, of: Resource) -> str:
        """The name under which generated code has the resource."""
        if of not in self.resources:
            self.resources[of] = self.name(_prefix(of))
        return self.resources[of]

    def constant(self, value: Any) -> str:
        """The name of a constant."""
        for name, held in self.constants.items():
            if held is value:
                return name
        name = self.name("constant")
        self.constants[name] = value
        return name

    def function(self, name: str, parameters: Iterable[str], body: Iterable[Line], span: Span) -> None:
        """Take a function in; its body starts at depth 0. NotCompiledError when it is deeper than Python allows."""
        lines = [line for line in body if self.counts or not line.counts]
        if any(line.depth > BLOCKS_MAX for line in lines):
            raise NotCompiledError
        if any(line.counts for line in lines):
            lines.insert(0, Line(0, "nonlocal looked, pause", span))
        head = Line(1, f"def {name}({', '.join(parameters)}):", span)
        self.functions[name] = [head, *(line.inside(2) for line in lines)]

    def looked_at(self, items: str) -> str:
        """Python source of a list that is counted when it is looked at."""
        self.has_lists = True
        if not self.counts:
            return items
        if "look" not in self.functions:
            lines = [looking(0, "items", "()", self.span), Line(0, "return items", self.span)]
            self.function("look", ["items"], lines, self.span)
        return f"look({items})"

    def lines(self) -> Iterator[Line]:
        """All of it."""
        parameters = (*(WATCHING if self.counts else ()), *self.resources.values())
        yield Line(0, f"def bind({', '.join(parameters)}):", self.span)
        if self.counts:
            yield Line(1, "looked = 0", self.span)
        for function in self.functions.values():
            yield from function
        yield Line(1, f"return {{{', '.join(f'{name!r}: {name}' for name in self.functions)}}}", self.span)

    def text(self) -> str:
        """All of it for people: each line with the place of the author's text it comes from."""
        shown, last = [], ""
        for line in self.lines():
            place = _place(line.span, self.span)
            shown.append(f"{line!s:<{WIDTH}}  # {place}".rstrip() if place != last else str(line))
            last = place
        return "\n".join(shown)

    def compiled(self) -> CodeType:
        """The code; its lines are those of the author's text, so that a profile or a failure points at the rule."""
        lines = list(self.lines())
        with PARSING:
            tree = ast.parse("\n".join(map(str, lines)))
        for node in ast.walk(tree):
            if isinstance(node, (ast.stmt, ast.expr, ast.excepthandler, ast.arg, ast.keyword)):
                node.lineno = node.end_lineno = _line_number(lines[node.lineno - 1].span, self.span)
                node.col_offset = node.end_col_offset = 0
        return self._placed(compile(tree, self.span.source.name, "exec"))

    def _placed(self, code: CodeType) -> CodeType:
        """The code with each function in the file it comes from: a definition may stand in another one."""
        inner = tuple(self._placed(each) if isinstance(each, CodeType) else each for each in code.co_consts)
        if code.co_name not in self.functions:
            return code.replace(co_consts=inner)
        name = self.functions[code.co_name][0].span.source.name
        inner = tuple(_within(each, name) if isinstance(each, CodeType) else each for each in inner)
        return code.replace(co_consts=inner, co_filename=name)


def _within(code: CodeType, name: str) -> CodeType:
    """The code as part of a file."""
    inner = tuple(_within(each, name) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_consts=inner, co_filename=name)


def _place(span: Span, default: Span) -> str:
    at = default if span is NOWHERE else span
    return f"{at.source.name}:{at.source.line_column(at.start)[0]}"


def _line_number(span: Span, default: Span) -> int:
    at = default if span is NOWHERE else span
    return at.source.line_column(at.start)[0]


def _prefix(of: Resource) -> str:
    match of:
        case IndexOf():
            return f"{of.type}_by"
        case SoleOf():
            return f"{of.type}_at"
        case RowsOf():
            return f"every_{of.type}"
        case DoubtsOf():
            return f"doubtful_{of.type}"
        case ParameterOf():
            return f"parameter_{of.name}"
        case GrownOf():
            return "grown"
        case WhysOf():
            return f"whys_of_{of.type}"
        case Horizon():
            return "horizon"
