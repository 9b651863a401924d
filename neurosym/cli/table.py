"""Tables: ruled on a terminal, plain columns in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import StringIO
from shutil import get_terminal_size

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from neurosym.cli.output import has_colour, is_terminal
from neurosym.text.escape import printable

GAP = "  "
WIDTH_MIN = 60  # of a terminal that says it is narrower than any


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str | int]]) -> None:
    """Write a table to standard output; numbers stand at the right of their column."""
    if is_terminal(sys.stdout):
        click.echo(_ruled(columns, rows), nl=False)
    else:
        click.echo("\n".join(table_lines(columns, rows)))


def table_lines(columns: Sequence[str], rows: Sequence[Sequence[str | int]]) -> list[str]:
    """The lines of a plain table."""
    cells = [list(columns), *([printable(str(cell)) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    right = [_is_number(rows, place) for place in range(len(columns))]
    return [
        GAP.join(
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in cells
    ]


def _ruled(columns: Sequence[str], rows: Sequence[Sequence[str | int]]) -> str:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if _is_number(rows, place) else "left")
    for row in rows:
        table.add_row(*(Text(printable(str(cell))) for cell in row))
    written = StringIO()
    width = max(WIDTH_MIN, get_terminal_size().columns)
    Console(file=written, force_terminal=True, no_color=not has_colour(sys.stdout), width=width).print(table)
    return written.getvalue()


def _is_number(rows: Sequence[Sequence[str | int]], place: int) -> bool:
    return all(isinstance(row[place], int) for row in rows)
