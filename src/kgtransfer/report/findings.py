"""What runs of every kind found beyond their scores: sizes of the graph, learned gates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kgtransfer.experiments.task import FitResult
from kgtransfer.knowledge.vocabulary import OWL, RDF
from kgtransfer.report.class_colours import stated_colours

if TYPE_CHECKING:
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["graph_summary", "learned_gates", "ontology_title"]

Runs = Mapping[str, Sequence[FitResult]]


def graph_summary(graph: KnowledgeGraph) -> dict[str, Any]:
    """Title, sizes and colours of a graph.

    Sizes: triples, concepts, links by relation, concepts by class. Colours: those that it gives
    its classes, by their labels.
    """
    links = Counter(graph.relations[row] for row in graph.edges[:, 1].tolist())
    classes = Counter(kind for iri in graph.concepts for kind in graph.types(iri))
    return {
        "ontology": ontology_title(graph),
        "triples": len(graph),
        "concepts": len(graph.concepts),
        "relations": {graph.compact(iri): count for iri, count in links.most_common()},
        "classes": {graph.compact(iri): count for iri, count in classes.most_common()},
        "colours": {graph.label(iri): colour for iri, colour in stated_colours(graph).items()},
        "hash": graph.hash,
    }


def ontology_title(graph: KnowledgeGraph) -> str:
    """What the ontology is called; of several files what those are that no other imports."""
    ontologies = graph.subjects(RDF + "type", OWL + "Ontology")
    imported = {
        other for iri in ontologies for other in graph.named(iri, OWL + "imports") if other != iri
    }
    return ", ".join(graph.label(iri) for iri in ontologies if iri not in imported)


def learned_gates(runs: Runs) -> dict[str, dict[str, list[float]]]:
    """Arm -> relation -> gate of each seed, for the arms that learned any."""
    return {
        arm: {name: [fit.gates[name] for fit in fits] for name in fits[0].gates}
        for arm, fits in runs.items()
        if any(any(fit.gates.values()) for fit in fits)
    }
