"""Tables of a schema in PostgreSQL: how they are made, and what in the schema is not as it was made.

Both come from one description. The server itself says what is there, in its catalogs, in the words that it prints
definitions in (https://www.postgresql.org/docs/current/catalogs.html), so that a table altered and altered back is the
table that was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from neurosym.audit.stores.postgres_session import Connection

MAY_BE_NULL = "?"
TEXT = 'text COLLATE "C"'  # compared byte by byte, whatever the language of the database
PLAIN = "plain"
RELATIONS = frozenset({"table", "view", "sequence", "relation"})
SchemaObject: TypeAlias = tuple[str, str, str]  # kind, name, definition

# Not plain is a table that a crash of the server empties (UNLOGGED), that hides rows, or that has rows of others.
# A constraint of another table may forbid what we do to ours. NOT NULL is told with its column.
CATALOG = """WITH relation AS (
  SELECT c.* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %(schema)s
)
SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'relation' END, relname,
    CASE WHEN relpersistence <> 'p' OR relrowsecurity OR relforcerowsecurity OR relkind <> 'r'
      OR EXISTS (SELECT 1 FROM pg_inherits WHERE oid IN (inhrelid, inhparent)) THEN 'otherwise' ELSE 'plain' END
  FROM relation WHERE relkind NOT IN ('i', 'I')
UNION ALL SELECT 'column', relname || '.' || attname, format_type(atttypid, atttypmod)
    || CASE collname WHEN 'default' THEN '' ELSE coalesce(' COLLATE ' || quote_ident(collname), '') END
    || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
    || CASE WHEN atthasdef OR attidentity <> '' OR attgenerated <> '' THEN ' DEFAULT' ELSE '' END
  FROM pg_attribute JOIN relation ON attrelid = relation.oid LEFT JOIN pg_collation co ON co.oid = attcollation
  WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped
UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(co.oid)
  FROM pg_constraint co WHERE contype <> 'n' AND (conrelid IN (SELECT oid FROM relation)
    OR confrelid IN (SELECT oid FROM relation))
UNION ALL SELECT 'index', relname, pg_get_indexdef(indexrelid) || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END
  FROM pg_index JOIN relation ON indexrelid = relation.oid
UNION ALL SELECT 'trigger', tgname, '' FROM pg_trigger JOIN relation ON tgrelid = relation.oid WHERE NOT tgisinternal
UNION ALL SELECT 'rule', rulename, '' FROM pg_rewrite JOIN relation ON ev_class = relation.oid WHERE relkind = 'r'
UNION ALL SELECT 'policy', polname, '' FROM pg_policy JOIN relation ON polrelid = relation.oid
UNION ALL SELECT 'function', proname, '' FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
  WHERE nspname = %(schema)s
UNION ALL SELECT 'type', typname, '' FROM pg_type JOIN pg_namespace n ON n.oid = typnamespace
  WHERE nspname = %(schema)s AND typrelid = 0 AND typcategory <> 'A'
"""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: columns as `NAME TYPE` (with `?` where there may be nothing), those of its primary key, a check as
    PostgreSQL prints it, and columns that have an index each.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    check: str | None = None
    unique: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()

    def statements(self, schema: str) -> Iterator[str]:
        """What makes it."""
        lines = [f"{name} {kind}" for name, kind in self._columns()]
        lines += [f"CONSTRAINT {name} {definition}" for name, definition in self._constraints()]
        yield f"CREATE TABLE {schema}.{self.name} ({', '.join(lines)})"
        for column in self.indexed:
            yield f"CREATE INDEX {self.name}_{column} ON {schema}.{self.name} ({column})"

    def objects(self, schema: str) -> Iterator[SchemaObject]:
        """What the catalogs say of it."""
        yield "table", self.name, PLAIN
        for name, kind in self._columns():
            yield "column", f"{self.name}.{name}", kind
        for name, definition in self._constraints():
            yield "constraint", name, definition
        place = f"ON {schema}.{self.name} USING btree"
        yield "index", f"{self.name}_pkey", f"CREATE UNIQUE INDEX {self.name}_pkey {place} ({', '.join(self.key)})"
        for column in self.unique:
            yield "index", f"{self.name}_{column}", f"CREATE UNIQUE INDEX {self.name}_{column} {place} ({column})"
        for column in self.indexed:
            yield "index", f"{self.name}_{column}", f"CREATE INDEX {self.name}_{column} {place} ({column})"

    def _columns(self) -> Iterator[tuple[str, str]]:
        for column in self.columns:
            name, kind = column.split(" ", 1)
            null = "" if kind.endswith(MAY_BE_NULL) else " NOT NULL"
            yield name, f"{TEXT if kind.startswith('text') else kind.removesuffix(MAY_BE_NULL)}{null}"

    def _constraints(self) -> Iterator[tuple[str, str]]:
        yield f"{self.name}_pkey", f"PRIMARY KEY ({', '.join(self.key)})"
        for column in self.unique:
            yield f"{self.name}_{column}", f"UNIQUE ({column})"
        if self.check is not None:
            yield f"{self.name}_check", f"CHECK ({self.check})"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something in a schema that is not as it was made, or that nobody made."""

    kind: str
    name: str
    is_stranger: bool

    def __str__(self) -> str:
        return (
            f"the {self.kind} `{self.name}` {'does not belong there' if self.is_stranger else 'is not as it was made'}"
        )


def found_objects(connection: Connection, schema: str) -> frozenset[SchemaObject]:
    """What the schema holds; nothing where there is no such schema."""
    rows = connection.execute(CATALOG.encode(), {"schema": schema}).fetchall()
    return frozenset((kind, name, definition) for kind, name, definition in rows)


def differences(found: frozenset[SchemaObject], schema: str, tables: Sequence[Table]) -> list[Difference]:
    """What is not as it was made, and then what does not belong there."""
    made = frozenset(each for table in tables for each in table.objects(schema))
    names = {(kind, name) for kind, name, _ in made}
    changed = {(kind, name) for kind, name, _ in made - found}
    strange = {(kind, name) for kind, name, _ in found - made} - names
    return [
        *(Difference(kind, name, is_stranger=False) for kind, name in sorted(changed, key=_place)),
        *(Difference(kind, name, is_stranger=True) for kind, name in sorted(strange, key=_place)),
    ]


def _place(of: tuple[str, str]) -> tuple[bool, tuple[str, str]]:
    """Where an object stands among others: a table comes before its columns."""
    return of[0] not in RELATIONS, of
