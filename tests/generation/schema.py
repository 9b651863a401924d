"""Fact types as the generator draws them: small ranges everywhere, so that every unknown has few completions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.generation.dice import Dice

INPUT = -1  # the level of what callers give; derived types start at 0, and those of one level may rest on each other
SUBJECT = "A"
DAYS = ("2026-01-01", "2026-01-02", "2026-01-03")
# Those without an offset from UTC have no order with the others; of those with one, some are one instant.
MOMENTS = (
    "2026-01-01T12:00:00",
    "2026-01-01T12:00:00+01:00",
    "2026-01-01T11:00:00Z",
    "2026-01-01T18:00:00+01:00",
    "2026-01-02T06:00:00-05:00",
    "2026-01-02T12:00:00+01:00",
    "2026-01-02T00:00:00",
)
TIMES = ("09:00:00", "12:00:00", "12:00:00+01:00", "11:00:00Z", "00:30:00+01:00")
RECORD = 'record {n: number, c: "x" | "y" or null, a: A}'
WORDS = {
    "number": "number [0..3]",
    "signed": "number [-2..2]",
    "boolean": "boolean",
    "choice": '"x" | "y"',
    "text": "text",
    "date": "date",
    "list": "list of number",
    "facts": "list of A",
    "record": RECORD,
    "records": f"list of {RECORD}",
    "duration": "duration",
    "months": "months",
    "time": "time",
    "datetime": "datetime",
    "moment": f'datetime [@"{MOMENTS[1]}"..@"{MOMENTS[5]}"]',
}
# No records: what is written for such a key cannot be read back where somebody asks why a fact holds.
COMPUTED_KEYS = ("choice", "number", "date", "text", "time", "datetime")
CONCLUDED = (
    *("number", "number", "choice", "boolean", "signed", "A"),
    *("text", "date", "list", "facts", "duration", "months"),
    *("number", "choice", "boolean", "time", "datetime", "moment"),
)
# Kinds of fields whose values are of a kind with another name.
LISTS = ("list", "facts", "records")
KINDS = {
    "signed": "number",
    "moment": "datetime",
    "list": "list of number",
    "facts": "list of A",
    "records": "list of record",
}


@dataclass(frozen=True)
class FieldSpec:
    """A field. `kind` is a key of WORDS, or the name of the type whose facts it refers to."""

    name: str
    kind: str
    is_key: bool = False
    is_optional: bool = False
    is_nullable: bool = False

    @property
    def value(self) -> str:
        """The kind of its values."""
        return KINDS.get(self.kind, self.kind)

    @property
    def text(self) -> str:
        base = WORDS.get(self.kind, self.kind)
        if self.is_nullable:
            name, _, constraint = base.partition(" [")
            base = f"{name} or null" + (f" [{constraint}" if constraint else "")
        return f"  {self.name}: {base}{' key' if self.is_key else ''}{' optional' if self.is_optional else ''}"


@dataclass(frozen=True)
class TypeSpec:
    """A fact type; a recursive one may rest on the types of its own level."""

    name: str
    fields: tuple[FieldSpec, ...]
    level: int = INPUT
    is_recursive: bool = False

    @property
    def text(self) -> str:
        kind = "fact" if self.level == INPUT else "derived"
        return "\n".join([f"{kind} {self.name}", *(field.text for field in self.fields)])

    @property
    def keys(self) -> tuple[FieldSpec, ...]:
        return tuple(field for field in self.fields if field.is_key)


Schema = Mapping[str, TypeSpec]
MEMBERS = (FieldSpec("n", "signed"), FieldSpec("c", "choice", is_nullable=True), FieldSpec("a", "A"))  # of a record


def schema(dice: Dice) -> dict[str, TypeSpec]:
    """Three input types and one to four derived ones."""
    types = [_subject_type(dice), _input_type(dice, "B", ("A", "B")), _link_type(dice)]
    for level in range(1 + dice.below(3)):
        is_recursive = dice.is_one_in(2)
        count = 1 + (is_recursive and dice.is_one_in(4))
        below = [of.name for of in types if of.level < level and of.name != "C"]
        for _ in range(count):
            types.append(_derived_type(dice, f"D{len(types) - 2}", below, level, is_recursive=is_recursive))
            if not is_recursive and dice.is_one_in(2):
                types[-1] = _with_record(types[-1], [of for of in types if of.name in below])
    return {of.name: of for of in types}


def _subject_type(dice: Dice) -> TypeSpec:
    fields = _values(dice, ("A", "B"), 1 + dice.below(2))
    return TypeSpec(SUBJECT, (FieldSpec("id", "text", is_key=True), FieldSpec("day", "date"), *fields))


def _input_type(dice: Dice, name: str, targets: tuple[str, ...]) -> TypeSpec:
    return TypeSpec(name, (FieldSpec("id", "text", is_key=True), *_values(dice, targets, 1 + dice.below(2))))


def _link_type(dice: Dice) -> TypeSpec:
    """A type that links two facts: by a key of two references, or by references beside its own key."""
    values = _values(dice, ("A", "B"), dice.below(2))
    if dice.is_one_in(2):
        return TypeSpec("C", (FieldSpec("from", "A", is_key=True), FieldSpec("to", "B", is_key=True), *values))
    links = (FieldSpec("from", "A"), FieldSpec("to", dice.one_of(("A", "B"))))
    return TypeSpec("C", (FieldSpec("id", "text", is_key=True), *links, *values))


def _values(dice: Dice, targets: tuple[str, ...], count: int) -> list[FieldSpec]:
    kinds = ("number", "boolean", "choice", "signed", "text", "list", "facts", *targets)
    rare = ("duration", "months", "date", "time", "datetime", "moment", "record", "record", "records")
    found = []
    for place in range(count):
        kind = dice.one_of(rare if dice.below(7) < 2 else kinds)
        is_optional = dice.is_one_in(2)
        is_nullable = dice.is_one_in(5)
        found.append(FieldSpec(f"f{place}", kind, is_optional=is_optional, is_nullable=is_nullable))
    return found


def _with_record(of: TypeSpec, below: list[TypeSpec]) -> TypeSpec:
    """The type with a record of its own where some fact below has one that it can be."""
    found = [each for lower in below for each in lower.fields if each.kind == "record" and not each.is_nullable]
    return replace(of, fields=(*of.fields, FieldSpec("r", "record"))) if found else of


def _derived_type(dice: Dice, name: str, below: list[str], level: int, *, is_recursive: bool) -> TypeSpec:
    keys = [FieldSpec("k0", dice.one_of(below), is_key=True)]
    if dice.is_one_in(3):
        computed = () if is_recursive else COMPUTED_KEYS  # a cycle computes no keys
        keys.append(FieldSpec("k1", dice.one_of((*below, *computed)), is_key=True))
    if not is_recursive and not dice.is_one_in(3):
        keys.append(FieldSpec("v", dice.one_of(CONCLUDED), is_nullable=dice.is_one_in(4)))
    return TypeSpec(name, tuple(keys), level, is_recursive)
