"""What stands beside the rules: parameters, definitions, judgments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.generation.expression import Writer
from tests.generation.naming import CONSTANTS
from tests.generation.schema import DAYS, INPUT, SUBJECT, WORDS
from tests.generation.scope import Definition, Judgment, Scope, Want

PARAMETERS = (*("number", "number", "date", "boolean", "duration", "months", "text") * 2, "time", "datetime")
RETURNS = (
    *("number", "number", "boolean", "boolean", "text", "date", "list of number", "duration", "months", "A", "B") * 2,
    *("time", "datetime", "record", "list of record"),
)
ARGUMENTS = (
    *("number", "number", "B", "boolean", "text", "date", "list of number", "duration", "months", SUBJECT) * 2,
    *("time", "datetime", "record"),
)


@dataclass
class Environment:
    """Draws declarations, and tells the writer of them. `readable` gives the types up to a level."""

    writer: Writer
    readable: Callable[[int], tuple[str, ...]]

    def declarations(self) -> list[str]:
        """The declarations as text."""
        return [*self._parameters(), *self._judgments(), *self._definitions()]

    def _parameters(self) -> Iterator[str]:
        writer = self.writer
        for place in range((0, 0, 1, 2)[writer.below(4)]):
            name, kind = f"limit{place}", writer.one_of(PARAMETERS)
            first, second = (writer.one_of(CONSTANTS[kind]) for _ in range(2))
            start = writer.one_of((DAYS[0], DAYS[0], DAYS[1]))
            writer.parameters = (*writer.parameters, (name, kind))
            yield f"parameter {name}: {WORDS[kind]} = {first} from {start} = {second} from {DAYS[2]}"

    def _definitions(self) -> Iterator[str]:
        writer = self.writer
        for place in range(writer.below(4)):
            reads, kind = self.readable(INPUT if writer.below(2) else 0), writer.one_of(RETURNS)
            kinds = (SUBJECT, writer.one_of(ARGUMENTS))
            parameters = {f"x{place}{at}": each for at, each in enumerate(kinds[: 1 + writer.below(2)])}
            solid = writer.below(3) > 0
            text = writer.expression(Want(kind, solid), Scope(parameters, reads, joins=1), 2)
            if text:
                formals = ", ".join(f"{name}: {_argument_type(of)}" for name, of in parameters.items())
                definition = Definition(f"score{place}", tuple(parameters.values()), kind, reads, solid)
                writer.definitions = (*writer.definitions, definition)
                yield f"define {definition.name}({formals}) = {text}"

    # --- judgments

    def _judgments(self) -> list[str]:
        judgments = [self._judgment(number) for number in range((1, 2, 0)[self.writer.below(3)])]
        self.writer.judgments = [judgment for judgment, _ in judgments]
        return [text for _, text in judgments]

    def _judgment(self, number: int) -> tuple[Judgment, str]:
        writer = self.writer
        types = ("A", "B") if writer.below(3) == 2 else (writer.one_of(("A", "B")),)
        parameters = tuple((f"p{place}", of) for place, of in enumerate(types))
        is_boolean = writer.below(3) == 2
        judgment = Judgment(f"asked{number}", parameters, None if is_boolean else '"yes"')
        returns = "yes or no" if is_boolean else '"yes" | "no"'
        formals = ", ".join(f"{name}: {of}" for name, of in parameters)
        clauses = [f"judgment {judgment.name}({formals}) returns {returns}", 'ask "Is it so?"']
        clauses += [*self._shown(parameters), *self._check(judgment), "route local"]
        return judgment, "\n  ".join(clauses)

    def _shown(self, parameters: tuple[tuple[str, str], ...]) -> Iterator[str]:
        """What is read, and what can be quoted."""
        fields = {name: self.writer.schema[of].fields for name, of in parameters}
        if self.writer.below(2):
            name = self.writer.one_of([name for name, _ in parameters])
            yield f"reads {name}.{self.writer.one_of([each.name for each in fields[name]])}"
        texts = [
            f"{name}.{each.name}"
            for name, of in fields.items()
            for each in of
            if each.kind == "text" and not each.is_key
        ]
        if texts and self.writer.below(2):
            yield f"evidence {self.writer.one_of(texts)}"

    def _check(self, judgment: Judgment) -> Iterator[str]:
        """A check over the answer and the arguments, now and then."""
        if self.writer.below(4) < 3:
            return
        quiet = replace(self.writer, judgments=())
        scope = Scope(dict(judgment.parameters), (), joins=3)
        condition = quiet.condition(scope, 1)
        self.writer.names = quiet.names
        answer = "answer" if judgment.answer is None else f"answer = {judgment.answer}"
        known = f"known({self.writer.one_of(quiet.paths(scope, lambda _: True))})"
        choices = (condition, f"not({known})", f"({known} and {condition})", "count(quotes) >= 0")
        yield f'check "as it must be" {answer} implies {self.writer.one_of(choices)}'


def _argument_type(kind: str) -> str:
    return WORDS[kind].partition(" [")[0] if kind in WORDS else kind
