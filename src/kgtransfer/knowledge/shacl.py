"""SHACL validation of a `KnowledgeGraph` by pySHACL (W3C SHACL, 2017).

rdflib and pySHACL are imported only here and only when there are shapes: they take a third of a
second to load.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.annotations import annotated_statements
from kgtransfer.knowledge.findings import Finding, Severity
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.ontology import read_ontology
from kgtransfer.knowledge.owners import owners
from kgtransfer.knowledge.quiet import without_complaints
from kgtransfer.knowledge.wording import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import rdflib
    from rdflib.term import Node

__all__ = ["violations"]

SH = "http://www.w3.org/ns/shacl#"
CURE = "https://w3id.org/kgtransfer/ns#cure"
QUERIES = frozenset(SH + name for name in ("select", "ask", "construct", "update"))
REACHES_OUT = re.compile(r"(?<![?$\w:])(SERVICE|FROM|LOAD)\b", re.IGNORECASE)

SEVERITIES: Mapping[str, Severity] = {SH + "Violation": "violation", SH + "Info": "hint"}

# Constraint -> what to do, for shapes that do not say it themselves.
DEFAULT_CURES = {
    "MinCountConstraintComponent": "add {path}",
    "MaxCountConstraintComponent": "leave out what is too much of {path}",
    "ClassConstraintComponent": "declare its type, or point to something else",
    "DatatypeConstraintComponent": "write the value with the right datatype",
    "InConstraintComponent": "use one of the values that the shape allows",
    "PatternConstraintComponent": "write the value in the form that the shape asks for",
    "NodeKindConstraintComponent": "use an IRI, a literal or a blank node as the shape asks",
}


def violations(graph: KnowledgeGraph, shapes: Sequence[str | Path]) -> Iterator[Finding]:
    """What the shapes object to, about the concept that it concerns.

    Args:
        graph: the graph to check.
        shapes: SHACL files, or folders of them.

    Raises:
        OntologyError: a shapes file cannot be read, is no valid SHACL, or queries other sources.
    """
    rules = read_ontology(*shapes)
    _refuse_remote_queries(rules)
    with without_complaints():
        return iter(list(_violations(graph, rules, shapes)))


def _violations(
    graph: KnowledgeGraph, rules: KnowledgeGraph, shapes: Sequence[str | Path]
) -> Iterator[Finding]:
    import pyshacl
    import rdflib

    rules_rdf = _to_rdflib(rules)
    try:
        conforms, report, text = pyshacl.validate(
            _to_rdflib(graph), shacl_graph=rules_rdf, inplace=True, do_owl_imports=False
        )
    except RuntimeError as error:  # the base of all that pySHACL says of shapes
        raise _unusable(str(error), shapes) from error
    if not isinstance(report, rdflib.Graph):
        raise _unusable(text, shapes)
    if conforms:
        return
    owner, words = owners(graph), Wording(graph)
    annotated = {statement.node: statement for statement in annotated_statements(graph)}
    names = KnowledgeGraph((), {**rules.prefixes, **graph.prefixes})
    for result in report.subjects(rdflib.RDF.type, rdflib.URIRef(SH + "ValidationResult")):
        severity, message, cure = _said(result, report, rules_rdf, names)
        focus = report.value(result, rdflib.URIRef(SH + "focusNode"))
        node = f"_:{focus}" if isinstance(focus, rdflib.BNode) else str(focus)
        if node in annotated:
            statement = annotated[node]
            message += f", on the annotation of: {words.phrase(statement.predicate, statement.obj)}"
        yield Finding.of(graph, owner(node), severity, message, cure)


def _unusable(reason: str, shapes: Sequence[str | Path]) -> OntologyError:
    files = ", ".join(map(str, shapes))
    return OntologyError(
        f"the shapes cannot be used: {reason.strip()}", file=files, cure="mend the shapes"
    )


def _refuse_remote_queries(rules: KnowledgeGraph) -> None:
    for triple in rules.triples:
        if triple.predicate.value in QUERIES and REACHES_OUT.search(str(triple.object)):
            raise OntologyError(
                f"a shape's query reaches outside the graph: {triple.object}",
                cure="remove SERVICE, FROM and LOAD from the shape's query",
            )


def _to_rdflib(graph: KnowledgeGraph) -> rdflib.Graph:
    """A copy in rdflib's in-memory store, under which pySHACL is five times as fast as oxrdflib."""
    import rdflib

    terms: dict[str, Node] = {}

    def converted(term: object) -> Node:
        key = str(term)
        if key not in terms:
            terms[key] = _rdflib_term(term)
        return terms[key]

    copy = rdflib.Graph(bind_namespaces="none")
    for prefix, space in graph.prefixes.items():
        copy.bind(prefix, space)
    for triple in graph.triples:
        nodes = (converted(triple.subject), converted(triple.predicate), converted(triple.object))
        copy.store.add(nodes, copy)
    return copy


def _rdflib_term(term: object) -> Node:
    import rdflib

    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.Literal):
        # rdflib wants plain strings without a datatype, to match what shapes say of them.
        plain = term.language or term.datatype.value.endswith("XMLSchema#string")
        datatype = None if plain else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
    return rdflib.BNode(str(term)[2:])


def _said(
    result: Node, report: rdflib.Graph, rules: rdflib.Graph, names: KnowledgeGraph
) -> tuple[Severity, str, str]:
    """Severity, message and cure of a result."""
    import rdflib

    def said(name: str) -> Node | None:
        return report.value(result, rdflib.URIRef(SH + name))

    def shown(node: Node | None) -> str:
        return names.compact(str(node)) if isinstance(node, rdflib.URIRef) else f'"{node}"'

    path, value, shape = said("resultPath"), said("value"), said("sourceShape")
    message = str(said("resultMessage") or "violates a shape")
    path_name = shown(path) if isinstance(path, rdflib.URIRef) else "the property"
    if path is not None and value is not None:
        message += f" ({path_name}: {shown(value)})"
    component = str(said("sourceConstraintComponent")).removeprefix(SH)
    default = DEFAULT_CURES.get(component, "see the shape {shape}")
    cure = _annotation(shape, report, rules)
    severity = SEVERITIES.get(str(said("resultSeverity")), "warning")
    return severity, message, cure or default.format(path=path_name, shape=shown(shape))


def _annotation(shape: Node | None, report: rdflib.Graph, rules: rdflib.Graph) -> str:
    """The shape's `kgt:cure`; pySHACL copies anonymous shapes into its report."""
    import rdflib

    found = (g.value(shape, rdflib.URIRef(CURE)) for g in (rules, report) if shape is not None)
    return next((str(cure) for cure in found if cure is not None), "")
