"""A generated family: small, regular, and every held-out link follows from the others."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph

FAMILY = "https://example.org/family/"
RDFS_LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def _links(couples: int, children: int) -> Iterator[tuple[str, str, str]]:
    for c in range(couples):
        parents = [f"mother{c}", f"father{c}"]
        kids = [f"child{c}-{k}" for k in range(children)]
        yield parents[0], "marriedTo", parents[1]
        yield parents[1], "marriedTo", parents[0]
        for kid in kids:
            for parent in parents:
                yield parent, "parentOf", kid
                yield kid, "childOf", parent
            yield from ((kid, "siblingOf", other) for other in kids if other != kid)


@pytest.fixture(scope="session")
def family() -> KnowledgeGraph:
    """Eight couples with four children each, and a hermit without any link."""
    triples = [ox.Triple(*(ox.NamedNode(FAMILY + name) for name in link)) for link in _links(8, 4)]
    people = {t.subject for t in triples} | {ox.NamedNode(FAMILY + "hermit")}
    labels = [ox.Triple(p, RDFS_LABEL, ox.Literal(p.value[len(FAMILY) :])) for p in people]
    return KnowledgeGraph(triples + labels, {"f": FAMILY})
