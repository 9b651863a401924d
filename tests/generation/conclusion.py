"""What rules and exceptions conclude, as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.generation.case import DECISION
from tests.generation.expression import Writer
from tests.generation.schema import LISTS, SUBJECT, FieldSpec, TypeSpec
from tests.generation.scope import Scope, Want

DUTY = "report"
DEPTH = 2


@dataclass
class Concluder:
    """Draws conclusions about the subjects of one decision."""

    writer: Writer
    subjects: tuple[str, ...]
    outcomes: Sequence[str]
    has_amount: bool = False
    has_part: bool = False

    def fact(self, of: TypeSpec, scope: Scope) -> tuple[str, Scope]:
        """A conclusion of the type, and the scope with the variables that it needs."""
        (conclusion,), scope = self.facts(of, scope, 1)
        return conclusion, scope

    def facts(self, of: TypeSpec, scope: Scope, count: int) -> tuple[list[str], Scope]:
        """So many conclusions with the same keys, and the scope with the variables that they need."""
        keys, found = [], []
        for each in of.keys:
            value, scope = self._value(each, scope, is_computable=not of.is_recursive)
            keys.append(f"{each.name}: {value}")
        for _ in range(count):
            parts = [*keys]
            for each in of.fields:
                if not each.is_key:
                    value, scope = self._value(each, scope, is_computable=True)
                    parts.append(f"{each.name}: {value}")
            found.append(f"{of.name}({', '.join(parts)})")
        return found, scope

    def _value(self, of: FieldSpec, scope: Scope, *, is_computable: bool) -> tuple[str, Scope]:
        writer, inner = self.writer, scope.finished
        want = Want("word" if of.value == "text" else of.value, solid=not of.is_nullable or of.kind in LISTS)
        if of.kind == "record":
            return self._record(want, scope)
        if of.kind not in writer.schema:
            paths = [] if want.kind == "word" else writer.paths_to(want, inner)
            if paths and writer.below(2):
                return writer.one_of(paths), scope
            if text := writer.expression(want, inner, DEPTH):
                return text, scope
            name = writer.fresh()  # of a list of facts none of which is at hand
            return f"[{name}]", scope.with_variables({name: of.value.removeprefix("list of ")})
        if is_computable and writer.below(4) == 3 and (text := writer.expression(want, inner, DEPTH)):
            return text, scope
        options = writer.references(inner, of.kind, allow_null=of.is_nullable)
        if not options or writer.below(4) == 3:
            name = writer.fresh()
            return name, scope.with_variables({name: of.kind})
        return writer.one_of(options), scope

    def _record(self, want: Want, scope: Scope) -> tuple[str, Scope]:
        """A record, of another fact where none is in sight; nothing writes one out."""
        writer, name = self.writer, self.writer.fresh()
        if writer.records(scope.finished) and (text := writer.expression(want, scope.finished, DEPTH)):
            return text, scope
        fields = [
            (type_, each.name)
            for type_ in scope.strict
            for each in writer.schema[type_].fields
            if each.kind == "record" and not each.is_nullable
        ]
        type_, field = writer.one_of(fields or [(SUBJECT, "id")])  # an exception that finds none concludes nothing
        return f"{name}.{field}", scope.with_variables({name: type_})

    def outcome(self, scope: Scope) -> tuple[str, Scope]:
        """An outcome of the decision, and the scope with the variables that it needs."""
        writer, parts = self.writer, []
        for place, of in enumerate(self.subjects):
            options = writer.references(scope, of, allow_null=False)
            if options and writer.below(8) == 7:
                options = [writer.expression(Want(of, solid=True), scope, DEPTH)]
            if not options or writer.below(5) == 0:
                options = [writer.fresh()]
                scope = scope.with_variables({options[0]: of})
            parts.append(f"s{place}: {writer.one_of(options)}")
        return f'{DECISION}({", ".join(parts)}) is "{writer.one_of(self.outcomes)}"{self._because(scope)}', scope

    def _because(self, scope: Scope) -> str:
        """The reason shown to people, now and then; it may ask what is known."""
        if self.writer.below(2):
            return ""
        texts = [self.writer.expression(Want(self.writer.kind_of_something(scope)), scope, DEPTH) for _ in range(4)]
        text = next((each for each in texts if each and '"' not in each), "")
        if not text:
            return ' because "so it is"'
        return f' because "so it is: {{{f"known({text})" if self.writer.below(3) == 2 else text}}}"'

    # --- duties

    def duty_type(self) -> str:
        """The declaration of the duty, now and then with a second key or a value besides."""
        self.has_amount, self.has_part = self.writer.below(2) == 1, self.writer.below(3) == 2
        part, amount = "\n  part: number key" * self.has_part, "\n  amount: number" * self.has_amount
        return f"duty {DUTY}\n  about: {SUBJECT} key{part}{amount}"

    def duty(self, scope: Scope) -> str:
        """A duty about some fact in sight, owed by somebody until some day, or until none."""
        writer = self.writer
        options = writer.references(scope, SUBJECT, allow_null=False)
        if writer.below(6) == 5:
            options = [writer.expression(Want(SUBJECT, solid=True), scope, DEPTH)]
        about = writer.one_of(options) if options and options[0] else ""
        fields = [f"about: {about or self._some_subject(scope)}"]
        if self.has_part:
            fields.append(f"part: {writer.expression(Want('number', solid=True), scope, 1)}")
        if self.has_amount:
            fields.append(f"amount: {writer.expression(Want('number', solid=True), scope, DEPTH)}")
        debtor = writer.expression(Want("word"), scope, DEPTH) if writer.below(3) == 2 else '"bank"'
        owed = f" owed by {debtor}" if writer.below(8) else ""
        due = f" due {writer.expression(Want('date'), scope, DEPTH)}" if writer.below(6) else ""
        return f"duty {DUTY}({', '.join(fields)}){owed}{due}"

    def _some_subject(self, scope: Scope) -> str:
        """A subject that a list of them holds, where none is in sight."""
        name = self.writer.fresh()
        first = next(iter(scope.variables))
        return f"(if ({first} = {first}) then collect({name} for {name}: {SUBJECT})[1] else null)"
