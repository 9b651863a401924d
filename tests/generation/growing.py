"""What may stand inside recursion: totals that more facts can only raise, or lower (language §5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.generation.scope import Scope, Want
from tests.generation.totals import declared

if TYPE_CHECKING:
    from tests.generation.expression import Writer

REACHES = (">=", ">")


def growing_total(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    """A comparison that can only become true; empty where nothing grows."""
    del want
    if not scope.growing or scope.joins >= 2:
        return ""
    if writer.below(3) == 2 and (found := _extreme(writer, scope, depth)):
        return found
    total = _rising(writer, scope, depth)
    match writer.below(6):
        case 4:
            total = f"(2 * {total})"
        case 5:
            total = f"({total} + {_rising(writer, scope, depth)})"
    bound = _bound(writer, scope)
    if writer.below(3) == 2:
        return f"({bound} {writer.one_of(('<=', '<'))} {total})"
    return f"({total} {writer.one_of(REACHES)} {bound})"


def _rising(writer: Writer, scope: Scope, depth: int) -> str:
    """A count or a sum that more facts can only raise."""
    names, inner = _joined(writer, scope)
    where = f" where {writer.condition(inner, depth)}" if writer.below(4) else ""
    own = Scope(names, inner.strict)
    paths = writer.paths(own, lambda of: of.kind == "number" and not of.is_nullable)
    if paths and writer.below(3):
        return f"sum({_never_negative(writer, paths)} for {declared(names)}{where})"
    return f"count({writer.one_of([*names])} for {declared(names)}{where})"


def _never_negative(writer: Writer, paths: list[str]) -> str:
    one = writer.one_of(paths)
    match writer.below(6):
        case 3:
            return f"2 * {one}"
        case 4:
            return f"{one} + {writer.one_of(paths)}"
        case 5:
            return f"{one} * {writer.one_of(paths)}"
        case _:
            return one


def _extreme(writer: Writer, scope: Scope, depth: int) -> str:
    """The greatest that must reach a bound, the least that must fall to one; empty where there is no number."""
    names, inner = _joined(writer, scope)
    item = writer.paths_to(Want("number"), Scope(names, inner.strict))
    if not item:
        return ""
    where = f" where {writer.condition(inner, depth)}" if writer.below(4) else ""
    function, op = writer.one_of((("max", ">="), ("max", ">"), ("min", "<="), ("min", "<")))
    return f"({function}({writer.one_of(item)} for {declared(names)}{where}) {op} {_bound(writer, scope)})"


def _joined(writer: Writer, scope: Scope) -> tuple[Mapping[str, str], Scope]:
    names = {writer.fresh(): writer.one_of(scope.growing)}
    if writer.below(2):
        names[writer.fresh()] = writer.one_of((*scope.growing, *scope.strict))
    return names, scope.joined(names)


def _bound(writer: Writer, scope: Scope) -> str:
    """A number that no further fact moves."""
    if writer.below(3):
        return str(writer.below(4))
    paths = writer.paths_to(Want("number"), scope.finished)
    return writer.one_of([*paths, *(name for name, kind in writer.parameters if kind == "number"), "2"])
