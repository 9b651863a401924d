"""The closure by the graph library."""

from __future__ import annotations

import networkx as nx

from tests.benchmarks.trial import Ready, repeatable
from tests.benchmarks.work import closure


def closure_run(work: closure.Work) -> Ready[closure.Answer]:
    """Each pair with the predecessor that a breadth-first search found, which `transitive_closure` does not tell."""

    def run() -> closure.Answer:
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_edges_from((row["owner"], row["owned"], row) for row in work.facts["Owns"])
        edges, found = graph.adj, []
        for owner in graph:
            reached = {owner}
            for owned, through in nx.bfs_predecessors(graph, owner):
                reached.add(owned)
                by = edges[through][owned]["id"]
                found.append((owner, owned, "" if through == owner else through, by))
            # A search never comes back to where it began; a cross-holding does.
            back = next((each for each in graph.pred[owner] if each in reached), None)
            if back is not None:
                found.append((owner, owner, "" if back == owner else back, edges[back][owner]["id"]))
        return found

    return repeatable(run)
