"""Members that were perhaps meant: the graph closes a mapped type, so what is overlooked counts as not existing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyoxigraph import NamedNode, Quad, Store

from neurosym.graph.literal import TYPE
from neurosym.graph.place import local_name
from neurosym.graph.problem import Problem
from neurosym.graph.query import classes, having_all, members
from neurosym.graph.snapshot import Snapshot
from neurosym.program.schema import FactType
from neurosym.text.diagnostic import Severity
from neurosym.text.suggestion import closest

Members = Mapping[str, tuple[str, ...]]


def absences(store: Store, snapshot: Snapshot, fact_types: Mapping[str, FactType], found: Members) -> Iterator[Problem]:
    """What the mapping may have overlooked.

    NS556: nodes with all properties of a type but no class that is mapped. NS557: a type without members, while the
    graph uses a class of a similar name.
    """
    known = {subject for subjects in found.values() for subject in subjects}
    mapped = {fact_types[name].graph_class for name in found}
    others = [used for used in classes(store) if used not in mapped]
    for name, subjects in found.items():
        of = fact_types[name]
        yield from _without_class(store, snapshot, of, known)
        if not subjects:
            yield from _similar_class(store, snapshot, of, others)


def _without_class(store: Store, snapshot: Snapshot, of: FactType, known: set[str]) -> Iterator[Problem]:
    needed = [
        field.source.property
        for field in of.fields
        if field.source is not None and field.source.property is not None and not field.is_optional
    ]
    if not needed:
        return
    left_out = [node for node in having_all(store, needed) if node not in known]
    if left_out:
        reason = f"{_count(len(left_out))} all its properties, but not the class `{of.graph_class}`"
        advice = "say `a` with the class itself: classes are not inferred from subclasses or properties"
        first = min(_statements(snapshot, left_out[0]), key=str)
        yield Problem("NS556", f"`{of.name}`", reason, advice, (first,), None, Severity.WARNING)


def _similar_class(store: Store, snapshot: Snapshot, of: FactType, others: list[str]) -> Iterator[Problem]:
    assert of.graph_class is not None
    by_local = {local_name(used): used for used in reversed(others)}
    similar = by_local.get(closest(local_name(of.graph_class), by_local) or "")
    if similar is None:
        return
    used_by = members(store, similar)
    first = [
        quad
        for quad in _statements(snapshot, used_by[0])
        if quad.predicate.value == TYPE and quad.object == NamedNode(similar)
    ]
    reason = f"no member of `{of.graph_class}`, while {_count(len(used_by))} the class `{similar}`"
    yield Problem("NS557", f"`{of.name}`", reason, None, (min(first, key=str),), None, Severity.WARNING)


def _statements(snapshot: Snapshot, node: str) -> Iterator[Quad]:
    return iter(snapshot.dataset.quads_for_subject(NamedNode(node)))


def _count(number: int) -> str:
    return "1 node of the graph has" if number == 1 else f"{number} nodes of the graph have"
