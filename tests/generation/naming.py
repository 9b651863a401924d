"""Values that have a name or are written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.generation.schema import DAYS, MEMBERS, MOMENTS, TIMES
from tests.generation.scope import Scope, Want

if TYPE_CHECKING:
    from tests.generation.expression import Writer

CONSTANTS = {
    "boolean": ("true", "false"),
    "number": ("0", "1", "2", "3"),
    "text": ('"x"', '"y"'),
    "choice": ('"x"', '"y"'),
    "date": DAYS,
    "duration": ('duration("P1D")', 'duration("PT36H")', 'duration("PT48H")', '@"P2D"', '@"-P1D"'),
    "months": ('duration("P1M")', '@"P1Y"', '@"-P1M"'),
    "time": tuple(f'@"{time}"' for time in TIMES),
    "datetime": tuple(f'@"{moment}"' for moment in MOMENTS),
    "list": ("[0, 3]", "[1]", "[2, 2]"),
    "list of number": ("[0, 3]", "[1]", "[2, 2]"),
}


def field_of(writer: Writer, want: Want, scope: Scope, _depth: int) -> str:
    """A field of a fact in sight, or of one that it refers to."""
    paths = writer.paths_to(want, scope)
    return writer.one_of(paths) if paths else ""


def field_behind(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    """A field of a fact that an expression chooses."""
    types = [of for of in scope.strict if any(each.value == want.kind for each in writer.schema[of].fields)]
    if not types:
        return ""
    of = writer.one_of(types)
    base = writer.expression(Want(of), scope, depth)
    fields = [each.name for each in writer.schema[of].fields if each.value == want.kind]
    return f"{base}.{writer.one_of(fields)}" if base else ""


def member_behind(writer: Writer, want: Want, scope: Scope, depth: int) -> str:
    """A member of a record that an expression chooses."""
    members = [each.name for each in MEMBERS if each.value == want.kind]
    base = writer.expression(Want("record"), scope, depth) if members and writer.records(scope) else ""
    return f"{base}.{writer.one_of(members)}" if base else ""


def named_value(writer: Writer, want: Want, scope: Scope, _depth: int) -> str:
    """A variable."""
    names = writer.variables(want.kind, scope)
    return writer.one_of(names) if names else ""


def constant_of(writer: Writer, want: Want, scope: Scope, _depth: int) -> str:
    """A literal; one only now and then where something else may stand, as it says little."""
    if scope.variables and writer.below(6 if want.kind == "boolean" else 3):
        return ""
    return writer.one_of(CONSTANTS[want.kind]) if want.kind in CONSTANTS else ""


def parameter_value(writer: Writer, want: Want, _scope: Scope, _depth: int) -> str:
    """A parameter."""
    names = [name for name, kind in writer.parameters if kind == want.kind]
    return writer.one_of(names) if names else ""


def made_of_fields(writer: Writer, want: Want, scope: Scope, _depth: int) -> str:
    """A list, a duration or a moment made of fields, so that one is found nearly everywhere."""
    paths = writer.paths_to(Want("number" if want.kind == "list of number" else "date", solid=True), scope)
    if not paths:
        return ""
    match want.kind:
        case "list of number":
            return f"[{writer.one_of(paths)}]"
        case "duration":
            return f"({writer.one_of(paths)} - {writer.one_of(DAYS)})"
        case "time":
            times = [writer.one_of(CONSTANTS["time"]) for _ in range(2)]
            return f"(if {writer.one_of(paths)} = {writer.one_of(DAYS)} then {times[0]} else {times[1]})"
        case "datetime":
            return f"({writer.one_of(CONSTANTS['datetime'])} + ({writer.one_of(paths)} - {writer.one_of(DAYS)}))"
        case _:
            return f"years and months duration({writer.one_of(paths)}, {writer.one_of(DAYS)})"
