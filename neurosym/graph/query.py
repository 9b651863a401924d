"""The SPARQL that finds the members of classes. Every graph of the dataset counts, named or not.

Queries are made of IRIs alone, and of those only of valid ones, so that nothing in a mapping can end an IRI early.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode, QuerySolutions, Store

from neurosym.graph.snapshot import Snapshot


def to_store(snapshot: Snapshot) -> Store:
    """A store to query. It rewrites literals (`25.10` becomes `25.1`), so only IRIs may be taken from its answers."""
    store = Store()
    store.bulk_extend(snapshot.dataset)
    return store


def members(store: Store, graph_class: str) -> tuple[str, ...]:
    """The IRIs of the members of a class, sorted."""
    return _found(store, f"?found a {_quoted(graph_class)}") if _quoted(graph_class) else ()


def classes(store: Store) -> tuple[str, ...]:
    """The IRIs of the classes that have members, sorted."""
    return _found(store, "?member a ?found")


def having_all(store: Store, properties: Sequence[str]) -> tuple[str, ...]:
    """The IRIs of what has a value for every one of the properties, sorted."""
    if not all(map(_quoted, properties)):
        return ()
    # Filters rather than a join: a subject with many values of each property would multiply them.
    tests = "".join(f" FILTER EXISTS {{ ?found {_quoted(iri)} ?other }}" for iri in properties[1:])
    return _found(store, f"?found {_quoted(properties[0])} ?value{tests}")


def _quoted(iri: str) -> str | None:
    """The IRI as queries write it, or None when it is invalid: then no graph can hold it."""
    try:
        return str(NamedNode(iri))
    except ValueError:
        return None


def _found(store: Store, pattern: str) -> tuple[str, ...]:
    answers = store.query(f"SELECT DISTINCT ?found WHERE {{ {pattern} }}", use_default_graph_as_union=True)
    assert isinstance(answers, QuerySolutions)
    found = (answer["found"] for answer in answers)
    return tuple(sorted(node.value for node in found if isinstance(node, NamedNode)))
