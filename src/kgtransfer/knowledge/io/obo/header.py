"""The header of an OBO file -> what it says of the ontology (OBO 1.4, section 5.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyoxigraph as ox

from kgtransfer.knowledge.io.obo.names import OBO, Names, valid_iri
from kgtransfer.knowledge.io.obo.terms import about, literal
from kgtransfer.knowledge.vocabulary import OBO_IN_OWL, OWL, RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["header_positions", "header_triples"]

DIRECTIVES = frozenset(("ontology", "idspace", "namespace-id-rule"))
"""Clauses that say how to read the file, nothing about the world."""
DECLARING = ("ontology", "subsetdef", "synonymtypedef")
"""Clauses that give something a name."""


def header_triples(header: Any, names: Names) -> Iterator[ox.Triple]:
    """Header -> what its clauses say, about the ontology and the properties it declares.

    Raises:
        ValueError: a clause names something that is no valid IRI.
    """
    if not len(header):
        return
    ontology = _ontology_iri(names.ontology)
    yield ox.Triple(ontology, RDF_TYPE, ox.NamedNode(OWL + "Ontology"))
    for clause in header:
        tag = clause.raw_tag()
        if tag == "property_value":
            yield from about(ontology, [clause], names)
        elif tag in ("subsetdef", "synonymtypedef"):
            yield from _declaration(clause, names)
        elif tag not in DIRECTIVES:
            predicate, value = _annotation(tag, clause, names)
            yield ox.Triple(ontology, ox.NamedNode(predicate), value)


def header_positions(header: Any, names: Names, text: str) -> dict[str, int]:
    """IRI -> line (from 1) of the ontology and of the properties that its header declares."""
    if not len(header):
        return {}
    start, _, _ = text.partition("\n[")
    lines = {tag: list[int]() for tag in DECLARING}
    for number, text_line in enumerate(start.split("\n"), start=1):
        if (tag := text_line.partition(":")[0]) in lines:
            lines[tag].append(number)
    positions = {_ontology_iri(names.ontology).value: next(iter(lines["ontology"]), 1)}
    for tag in ("subsetdef", "synonymtypedef"):
        clauses = [clause for clause in header if clause.raw_tag() == tag]
        for clause, line in zip(clauses, lines[tag], strict=False):
            positions.setdefault(names.iri(_declared(clause)).value, line)
    return positions


def _declared(clause: Any) -> Any:
    return clause.subset if clause.raw_tag() == "subsetdef" else clause.typedef


def _ontology_iri(name: str) -> ox.NamedNode:
    return valid_iri(name if ":" in name else f"{OBO}{quote(name)}.owl", name)


def _annotation(tag: str, clause: Any, names: Names) -> tuple[str, ox.NamedNode | ox.Literal]:
    """Predicate and value of a clause about the ontology itself."""
    if tag == "import":
        return OWL + "imports", _ontology_iri(str(clause.reference))
    if tag == "data-version":
        name, version = quote(names.ontology), quote(clause.version)
        iri = valid_iri(f"{OBO}{name}/{version}/{name}.owl", clause.version)
        return OWL + "versionIRI", iri
    if tag == "remark":
        return RDFS + "comment", literal(clause.remark)
    if tag == "format-version":
        return OBO_IN_OWL + "hasOBOFormatVersion", literal(clause.version)
    return OBO_IN_OWL + tag, literal(clause.raw_value())


def _declaration(clause: Any, names: Names) -> Iterator[ox.Triple]:
    """A subset or a type of synonym: an annotation property of its own."""
    is_subset = clause.raw_tag() == "subsetdef"
    iri = names.iri(_declared(clause))
    kind = OBO_IN_OWL + ("SubsetProperty" if is_subset else "SynonymTypeProperty")
    described = RDFS + ("comment" if is_subset else "label")
    yield ox.Triple(iri, RDF_TYPE, ox.NamedNode(OWL + "AnnotationProperty"))
    yield ox.Triple(iri, ox.NamedNode(RDFS + "subPropertyOf"), ox.NamedNode(kind))
    if clause.description:
        yield ox.Triple(iri, ox.NamedNode(described), literal(clause.description))
    scope = getattr(clause, "scope", None)
    if scope:
        synonym = ox.NamedNode(f"{OBO_IN_OWL}has{scope.capitalize()}Synonym")
        yield ox.Triple(iri, ox.NamedNode(OBO_IN_OWL + "hasScope"), synonym)
