"""A total order of values by their content, for everything that must not depend on the order of input."""

from __future__ import annotations

from neurosym.values.canonical import canonical_bytes
from neurosym.values.encoding import tagged
from neurosym.values.value import Fact, Value


def sort_key(value: Value) -> str:
    """A text that orders values; a fact goes by its key, an unnamed one last."""
    if isinstance(value, Fact):
        return f"~{value.type}" if value.unnamed else sort_key(value.key)
    return canonical_bytes(tagged(value)).decode()
