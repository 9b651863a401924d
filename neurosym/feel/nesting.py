"""How deep a tree is, measured without recursion."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Protocol, TypeVar

from neurosym.feel.syntax import DEPTH_MAX, RefusedError, nested_too_deeply
from neurosym.text.span import Span


class Spanned(Protocol):
    """A node of a tree."""

    @property
    def span(self) -> Span: ...


NodeT = TypeVar("NodeT", bound=Spanned)


def shallow(node: NodeT) -> NodeT:
    """The node itself; RefusedError (NS112) when it is deeper than later passes can follow."""
    # Each level takes at least one character, so a short text needs no measuring.
    if node.span.end - node.span.start > DEPTH_MAX and is_deeper_than(DEPTH_MAX, node):
        raise RefusedError(nested_too_deeply(node.span))
    return node


def is_deeper_than(levels: int, root: object) -> bool:
    """True when some way down from `root`, itself included, has more nodes than `levels`."""
    pending: list[tuple[object, int]] = [(root, 1)]
    while pending:
        node, level = pending.pop()
        if isinstance(node, tuple):
            pending.extend((item, level) for item in node)
        elif is_dataclass(node):
            if level > levels:
                return True
            pending.extend((getattr(node, member.name), level + 1) for member in fields(node) if member.name != "span")
    return False
