"""Measures that concepts name and nothing computes: misspelt ones, and ones without code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.check.findings import Finding
from kgtransfer.knowledge.check.spelling import misspelt, namespaces
from kgtransfer.knowledge.io.catalogue import read_catalogue
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.knowledge.vocabulary import KGT, OUR_VOCABULARIES, RDF_TYPE
from kgtransfer.utils.resources import bundled

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["uncomputed"]

KIND = "nothing computes a measure"
SHOWN = 3  # concepts that a message names


def uncomputed(
    graph: KnowledgeGraph, own: Collection[str] = (), code: str = ""
) -> Iterator[Finding]:
    """Graph -> warnings about measures at `kgt:measuredBy` that nothing computes.

    What kgtransfer computes is what the ontologies that come with it describe as measures. A term
    that misses in a namespace which the graph itself describes is left to `undescribed`.

    Args:
        graph: the graph.
        own: IRIs of the measures that the user's code computes.
        code: what that code is called; empty where none was named.
    """
    concepts = _concepts_by_measure(graph)
    computed = {*own, *_shipped(concepts)}
    missing = sorted(concepts.keys() - computed)
    if not missing:
        return
    namespace = namespaces(graph)
    described = {namespace(iri) for iri in graph.rows}
    for measure in missing:
        space = namespace(measure)
        if measure in graph.rows or space not in described:
            alike = (iri for iri in computed if iri.startswith(space))
            meant = misspelt(measure, alike, len(space))
            yield _finding(graph, measure, concepts[measure], meant, code)


def _concepts_by_measure(graph: KnowledgeGraph) -> Mapping[str, Sequence[str]]:
    concepts: dict[str, list[str]] = {}
    for concept, measure in graph.statements(KGT + "measuredBy"):
        if isinstance(measure, ox.NamedNode):
            concepts.setdefault(measure.value, []).append(concept)
    return {measure: sorted(named) for measure, named in concepts.items()}


def _shipped(measures: Iterable[str]) -> Sequence[str]:
    """All measures that come with kgtransfer, of the vocabularies that some of these belong to."""
    ontologies = {iri.partition("#")[0] for iri in measures if iri.startswith(OUR_VOCABULARIES)}
    if not ontologies:
        return ()
    files = read_catalogue(bundled("ontology"))
    shipped = [files[iri] for iri in sorted(ontologies) if iri in files]
    if not shipped:
        return ()
    return read_ontology(*shipped).subjects(RDF_TYPE.value, KGT + "Measure")


def _finding(
    graph: KnowledgeGraph, measure: str, concepts: Sequence[str], meant: str, code: str
) -> Finding:
    more = f" and {len(concepts) - SHOWN} more" if len(concepts) > SHOWN else ""
    labels = ", ".join(map(graph.label, concepts[:SHOWN])) + more
    message = f"nothing computes {graph.compact(measure)}: no sample will show {labels}"
    cure = (
        f"add a function of it to {code}, under its IRI written out"
        if code
        else "write a function of it, and name the file: --measures my_measures.py"
    )
    cure += "; or take a measure of ontology/image_measures.ttl"
    if meant:
        cure = f"did you mean {graph.compact(meant)}? else {cure}"
    return Finding.of(graph, concepts[0], "warning", message, cure, KIND)
