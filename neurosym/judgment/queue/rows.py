"""The rows of a review queue and the SQL that reads and writes them, the same for every database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any, Protocol, TypeAlias

from neurosym.judgment.queue.event import Event, EventKind
from neurosym.judgment.queue.term import NEVER
from neurosym.judgment.review import ItemKind, Review
from neurosym.judgment.review_document import quotes_text, read_review, value_text

Found: TypeAlias = Sequence[tuple[Any, ...]]

COLUMNS = (
    "number, question, round, kind, tier, document, settled, due, "
    "assigned_to, assigned_key, assigned_by, claimed_by, claimed_key, claimed_until"
)
# A question that was settled and is asked again opens a new round; reviews of earlier rounds stay and no longer count.
TABLES = (
    """CREATE TABLE item (
         number {number}, question {text} NOT NULL UNIQUE, round INTEGER NOT NULL, kind {text} NOT NULL,
         tier {text} NOT NULL, document {text} NOT NULL, settled INTEGER NOT NULL, due {text} NOT NULL,
         assigned_to {text}, assigned_key {text}, assigned_by {text},
         claimed_by {text}, claimed_key {text}, claimed_until {text}
       ){ending}""",
    """CREATE TABLE waiting (
         number {number}, question {text} NOT NULL REFERENCES item (question), decision {text} NOT NULL,
         round INTEGER NOT NULL, UNIQUE (question, decision)
       ){ending}""",
    """CREATE TABLE review (
         number {number}, question {text} NOT NULL REFERENCES item (question), round INTEGER NOT NULL,
         name {text} NOT NULL, answer {text} NOT NULL, quotes {text} NOT NULL, reason {text}
       ){ending}""",
    """CREATE TABLE event (
         number {number}, question {text} NOT NULL REFERENCES item (question), round INTEGER NOT NULL,
         time {text} NOT NULL, kind {text} NOT NULL, name {text}, about {text}
       ){ending}""",
    "CREATE INDEX item_by_urgency ON item (due, number) WHERE settled = 0",
    "CREATE INDEX item_by_assignee ON item (assigned_key) WHERE settled = 0",
    "CREATE INDEX item_by_claimant ON item (claimed_key) WHERE settled = 0",
    "CREATE INDEX review_by_question ON review (question, round, number)",
    "CREATE INDEX event_by_question ON event (question, number)",
)


def table_statements(number: str, text: str, ending: str) -> tuple[str, ...]:
    """The statements that make the tables, with what a database calls a row's own number and a text."""
    return tuple(each.format(number=number, text=text, ending=ending) for each in TABLES)


class Execute(Protocol):
    """Runs one statement, with `?` for each value; what it found."""

    def __call__(self, statement: str, values: Sequence[object] = ()) -> Found: ...


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A question with what happened to it, as the table has it. Names are kept as written, and as they are compared."""

    number: int
    question: str
    round: int
    kind: str
    tier: str
    document: str
    settled: int
    due: str = NEVER
    assigned_to: str | None = None
    assigned_key: str | None = None
    assigned_by: str | None = None
    claimed_by: str | None = None
    claimed_key: str | None = None
    claimed_until: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which open questions are wanted: those of one person (claimed or assigned), overdue ones, unclaimed ones."""

    mine: str | None = None  # a name as names are compared
    overdue: bool = False
    unclaimed: bool = False


ALL_OPEN = Selection()


class QueueRows:
    """The rows inside of one transaction.

    INVARIANT: whoever changes what belongs to a question has locked its item in the same transaction, so that what was
    read since then is still true when it is written. `lock` is what makes a SELECT lock the row; a database that has
    one writer at a time needs nothing.
    """

    def __init__(self, execute: Execute, lock: str) -> None:
        self._execute = execute
        self._lock = lock

    # --- items

    def item(self, question: str) -> ItemRow | None:
        """The item as it is, for reading."""
        found = self._execute(f"SELECT {COLUMNS} FROM item WHERE question = ?", (question,))  # noqa: S608 - constants
        return ItemRow(*found[0]) if found else None

    def locked_item(self, question: str) -> ItemRow | None:
        """The item, locked until the transaction ends."""
        statement = f"SELECT {COLUMNS} FROM item WHERE question = ?{self._lock}"  # noqa: S608 - constants
        found = self._execute(statement, (question,))
        return ItemRow(*found[0]) if found else None

    def add_item(self, question: str, kind: ItemKind, tier: str, document: str) -> bool:
        """True when the item was not there and is now, locked."""
        statement = (
            "INSERT INTO item (question, round, kind, tier, document, settled, due) VALUES (?, 1, ?, ?, ?, 0, ?) "
            "ON CONFLICT (question) DO NOTHING RETURNING number"
        )
        return bool(self._execute(statement, (question, kind.value, tier, document, NEVER)))

    def put_item(self, row: ItemRow) -> None:
        """Write the item, which is locked."""
        names = COLUMNS.split(", ")[2:]
        statement = f"UPDATE item SET {', '.join(f'{name} = ?' for name in names)} WHERE question = ?"  # noqa: S608
        self._execute(statement, (*astuple(row)[2:], row.question))

    def open_items(self, selection: Selection, now: str, after: tuple[str, int], count: int) -> list[ItemRow]:
        """At most so many open items behind a place (due time, number), the most urgent first."""
        condition, values = _condition(selection, now)
        statement = (
            f"SELECT {COLUMNS} FROM item WHERE settled = 0{condition} AND (due, number) > (?, ?) "  # noqa: S608
            "ORDER BY due, number LIMIT ?"
        )
        return [ItemRow(*row) for row in self._execute(statement, (*values, *after, count))]

    def count_open(self, selection: Selection, now: str) -> int:
        """How many items are open."""
        condition, values = _condition(selection, now)
        found = self._execute(f"SELECT count(*) FROM item WHERE settled = 0{condition}", values)  # noqa: S608
        return int(found[0][0])

    def settled_items(self, after: int, count: int) -> list[ItemRow]:
        """At most so many settled items behind a number, in the order of their asking."""
        statement = f"SELECT {COLUMNS} FROM item WHERE settled = 1 AND number > ? ORDER BY number LIMIT ?"  # noqa: S608
        return [ItemRow(*row) for row in self._execute(statement, (after, count))]

    def beginning(self, prefix: str, count: int) -> list[tuple[str, bool]]:
        """At most so many questions whose ids begin like this, open ones first, and whether each is settled."""
        statement = (
            "SELECT question, settled FROM item WHERE question >= ? AND question < ? ORDER BY settled, question LIMIT ?"
        )
        return [(row[0], bool(row[1])) for row in self._execute(statement, (prefix, prefix + "g", count))]

    # --- what belongs to an item

    def waiting(self, question: str, round_: int) -> tuple[str, ...]:
        """The decisions of a round, in the order in which they asked."""
        statement = "SELECT decision FROM waiting WHERE question = ? AND round = ? ORDER BY number"
        return tuple(row[0] for row in self._execute(statement, (question, round_)))

    def is_waiting(self, question: str, decision: str) -> bool:
        """True when the decision asked the question in whatever round."""
        statement = "SELECT 1 FROM waiting WHERE question = ? AND decision = ?"
        return bool(self._execute(statement, (question, decision)))

    def add_waiting(self, question: str, decision: str, round_: int) -> None:
        """Note that the decision asks the question."""
        statement = "INSERT INTO waiting (question, decision, round) VALUES (?, ?, ?)"
        self._execute(statement, (question, decision, round_))

    def reviews(self, question: str, round_: int) -> tuple[Review, ...]:
        """What persons said in a round, in its order."""
        statement = "SELECT name, answer, quotes, reason FROM review WHERE question = ? AND round = ? ORDER BY number"
        return tuple(read_review(*row) for row in self._execute(statement, (question, round_)))

    def add_review(self, question: str, round_: int, review: Review) -> None:
        """Note what a person says."""
        statement = "INSERT INTO review (question, round, name, answer, quotes, reason) VALUES (?, ?, ?, ?, ?, ?)"
        said = (review.by, value_text(review.value), quotes_text(review.quotes), review.reason)
        self._execute(statement, (question, round_, *said))

    def events(self, question: str) -> tuple[Event, ...]:
        """Everything that happened to the question, in its order."""
        statement = "SELECT time, kind, name, about FROM event WHERE question = ? ORDER BY number"
        return tuple(
            Event(time, EventKind(kind), name, about)
            for time, kind, name, about in self._execute(statement, (question,))
        )

    def add_event(self, question: str, round_: int, event: Event) -> None:
        """Note what happened."""
        statement = "INSERT INTO event (question, round, time, kind, name, about) VALUES (?, ?, ?, ?, ?, ?)"
        self._execute(statement, (question, round_, event.time, event.kind.value, event.name, event.about))


def _condition(selection: Selection, now: str) -> tuple[str, tuple[str, ...]]:
    """What a WHERE says more, and its values."""
    conditions: list[str] = []
    values: list[str] = []
    if selection.mine is not None:
        conditions.append("(assigned_key = ? OR (claimed_key = ? AND claimed_until > ?))")
        values += [selection.mine, selection.mine, now]
    if selection.overdue:
        conditions.append("due < ?")
        values.append(now)
    if selection.unclaimed:
        conditions.append("(claimed_until IS NULL OR claimed_until <= ?)")
        values.append(now)
    return "".join(f" AND {each}" for each in conditions), tuple(values)
