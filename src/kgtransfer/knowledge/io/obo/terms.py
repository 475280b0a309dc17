"""OBO clauses -> RDF (OBO Flat File Format 1.4, section 5; as the OWL API translates).

A clause becomes a triple about its frame's term; its cross-references and qualifiers annotate
that triple as an `owl:Axiom`.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pyoxigraph as ox

from kgtransfer.knowledge.io.obo.expressions import (
    SHAPING,
    chain,
    collection,
    narrowed,
    qualifiers_of,
    related,
)
from kgtransfer.knowledge.io.obo.names import OBO, Names
from kgtransfer.knowledge.vocabulary import OBO_IN_OWL, OWL, RDF_TYPE, RDFS, SUBCLASS_OF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kgtransfer.knowledge.io.obo.expressions import Node

__all__ = ["Statement", "about", "annotated", "literal"]

Note: TypeAlias = tuple[ox.NamedNode, ox.NamedNode | ox.Literal]
OPERATORS = {"intersection_of": "intersectionOf", "union_of": "unionOf"}
"""Tags of which all the clauses of a frame are one class expression."""
Clause: TypeAlias = Any  # fastobo has a class for every clause, and no type for all of them


class Statement(NamedTuple):
    """One triple without its subject, and what annotates it."""

    predicate: ox.NamedNode
    obj: Node | ox.Literal
    notes: tuple[Note, ...] = ()
    triples: tuple[ox.Triple, ...] = ()
    """What describes `obj` where it is a blank node."""


def annotated(subject: Node, statement: Statement) -> Iterator[ox.Triple]:
    """Subject and statement -> triples, with an `owl:Axiom` where something annotates it."""
    predicate, obj, notes, triples = statement
    yield ox.Triple(subject, predicate, obj)
    yield from triples
    if notes:
        axiom = ox.BlankNode()
        yield ox.Triple(axiom, RDF_TYPE, ox.NamedNode(OWL + "Axiom"))
        yield ox.Triple(axiom, ox.NamedNode(OWL + "annotatedSource"), subject)
        yield ox.Triple(axiom, ox.NamedNode(OWL + "annotatedProperty"), predicate)
        yield ox.Triple(axiom, ox.NamedNode(OWL + "annotatedTarget"), obj)
        for name, value in notes:
            yield ox.Triple(axiom, name, value)


def about(
    subject: ox.NamedNode, clauses: list[Clause], names: Names, *, instance: bool = False
) -> Iterator[ox.Triple]:
    """Clauses of one frame -> what they say of its term.

    Args:
        subject: the term, relation or instance.
        clauses: the frame's clauses.
        names: how the file names things.
        instance: whether the frame describes an individual.

    Raises:
        ValueError: an identifier is no valid IRI, or a cardinality no number.
    """
    makers = dict(INSTANCE_CLAUSES if instance else CLAUSES)
    makers["transitive_over"] = partial(_transitive_over, subject)
    parts: dict[str, list[Clause]] = {}
    for clause in clauses:
        tag = clause.raw_tag()
        if tag in OPERATORS and hasattr(clause, "term"):
            parts.setdefault(tag, []).append(clause)
            continue
        for statement in makers.get(tag, _other)(clause, names):
            part = narrowed(subject, clause, names) if statement.predicate == SUBCLASS_OF else None
            yield from part.triples if part else ()
            yield from annotated(part.node if part else subject, statement)
    for tag, together in parts.items():
        whole = collection(OPERATORS[tag], [related(part, names) for part in together])
        notes = tuple(note for part in together for note in _notes(part))
        equivalent = ox.NamedNode(OWL + "equivalentClass")
        yield from annotated(subject, Statement(equivalent, whole.node, notes, whole.triples))


def literal(value: Any) -> ox.Literal:
    """Value -> a plain literal: a boolean as `xsd:boolean`, a date as a date of XSD."""
    if isinstance(value, bool):
        return ox.Literal(value)
    if hasattr(value, "isoformat"):
        kind = "dateTime" if hasattr(value, "hour") else "date"
        if isinstance(value, datetime):  # fastobo counts milliseconds as if they were microseconds
            value = value.replace(microsecond=min(value.microsecond * 1000, 999_000))
        text = value.isoformat().replace("+00:00", "Z").replace("000Z", "Z")
        return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
    return ox.Literal(str(value))


def _notes(clause: Clause, *, xrefs: Any = ()) -> tuple[Note, ...]:
    """The cross-references and qualifiers of a clause that do not shape its meaning."""
    cited = [
        (ox.NamedNode(OBO_IN_OWL + "hasDbXref"), literal(_plain(xref.id))) for xref in xrefs or ()
    ]
    qualifiers = [
        (ox.NamedNode(OBO_IN_OWL + key), literal(value))
        for key, value in qualifiers_of(clause).items()
        if key not in SHAPING
    ]
    return (*cited, *qualifiers)


def _plain(ident: Any) -> str:
    """An identifier as it is meant, without OBO's escapes."""
    if hasattr(ident, "unescaped"):
        return str(ident.unescaped)
    return f"{ident.prefix}:{ident.local}" if hasattr(ident, "prefix") else str(ident)


def _text(predicate: str, attribute: str, clause: Clause, _: Names) -> Iterator[Statement]:
    notes = _notes(clause, xrefs=getattr(clause, "xrefs", ()))
    yield Statement(ox.NamedNode(predicate), literal(getattr(clause, attribute)), notes)


def _ident(predicate: str, attribute: str, clause: Clause, _: Names) -> Iterator[Statement]:
    value = literal(_plain(getattr(clause, attribute)))
    yield Statement(ox.NamedNode(predicate), value, _notes(clause))


def _link(predicate: str, clause: Clause, names: Names) -> Iterator[Statement]:
    yield Statement(ox.NamedNode(predicate), names.iri(_target(clause)), _notes(clause))


def _target(clause: Clause) -> Any:
    """The one term or relation that a clause points to."""
    attributes = ("term", "typedef", "domain", "range", "subset")
    return next(getattr(clause, name) for name in attributes if hasattr(clause, name))


def _is_a(clause: Clause, names: Names) -> Iterator[Statement]:
    predicate = SUBCLASS_OF if hasattr(clause, "term") else ox.NamedNode(RDFS + "subPropertyOf")
    yield Statement(predicate, names.iri(_target(clause)), _notes(clause))


def _same(words: tuple[str, str], clause: Clause, names: Names) -> Iterator[Statement]:
    """A relation between two classes or between two properties, which OWL words differently."""
    return _link(OWL + words[not hasattr(clause, "term")], clause, names)


def _synonym(clause: Clause, names: Names) -> Iterator[Statement]:
    synonym = clause.synonym
    notes = _notes(clause, xrefs=synonym.xrefs)
    if synonym.type is not None:
        notes = ((ox.NamedNode(OBO_IN_OWL + "hasSynonymType"), names.iri(synonym.type)), *notes)
    predicate = ox.NamedNode(f"{OBO_IN_OWL}has{synonym.scope.capitalize()}Synonym")
    yield Statement(predicate, literal(synonym.desc), notes)


def _xref(clause: Clause, _: Names) -> Iterator[Statement]:
    notes = _notes(clause)
    if clause.xref.desc:
        notes = ((ox.NamedNode(RDFS + "label"), literal(clause.xref.desc)), *notes)
    yield Statement(ox.NamedNode(OBO_IN_OWL + "hasDbXref"), literal(_plain(clause.xref.id)), notes)


def _property_value(clause: Clause, names: Names) -> Iterator[Statement]:
    annotation = clause.property_value
    if hasattr(annotation, "datatype"):
        value: ox.NamedNode | ox.Literal = ox.Literal(
            annotation.value, datatype=names.iri(annotation.datatype)
        )
    else:
        value = names.iri(annotation.value)
    yield Statement(names.iri(annotation.relation), value, _notes(clause))


def _relationship(clause: Clause, names: Names) -> Iterator[Statement]:
    relation, notes = names.iri(clause.typedef), _notes(clause)
    if not hasattr(clause, "term"):  # between two relations there is no class axiom
        yield Statement(relation, names.iri(clause.target), notes)
    elif relation.value in names.metadata:
        yield Statement(relation, names.iri(clause.term), notes)
    else:
        node, triples = related(clause, names)
        yield Statement(SUBCLASS_OF, node, notes, triples)


def _assertion(clause: Clause, names: Names) -> Iterator[Statement]:
    yield Statement(names.iri(clause.typedef), names.iri(clause.term), _notes(clause))


def _chain(clause: Clause, names: Names) -> Iterator[Statement]:
    node, triples = chain(names.iri(clause.first), names.iri(clause.last))
    yield Statement(ox.NamedNode(OWL + "propertyChainAxiom"), node, _notes(clause), triples)


def _transitive_over(subject: ox.NamedNode, clause: Clause, names: Names) -> Iterator[Statement]:
    node, triples = chain(subject, names.iri(clause.typedef))
    yield Statement(ox.NamedNode(OWL + "propertyChainAxiom"), node, _notes(clause), triples)


def _characteristic(kind: str, clause: Clause, _: Names) -> Iterator[Statement]:
    if clause.raw_value() == "true":
        yield Statement(RDF_TYPE, ox.NamedNode(OWL + kind), _notes(clause))


def _other(clause: Clause, _: Names) -> Iterator[Statement]:
    """What OWL has no word for, as an annotation in OBO's own."""
    raw = clause.raw_value()
    value = raw == "true" if raw in ("true", "false") else raw
    yield Statement(ox.NamedNode(OBO_IN_OWL + clause.raw_tag()), literal(value), _notes(clause))


CLAUSES: Mapping[str, Callable[[Clause, Names], Iterator[Statement]]] = {
    "name": partial(_text, RDFS + "label", "name"),
    "def": partial(_text, OBO + "IAO_0000115", "definition"),
    "comment": partial(_text, RDFS + "comment", "comment"),
    "created_by": partial(_text, OBO_IN_OWL + "created_by", "creator"),
    "creation_date": partial(_text, OBO_IN_OWL + "creation_date", "date"),
    "is_obsolete": partial(_text, OWL + "deprecated", "obsolete"),
    "is_anti_symmetric": partial(_text, OBO + "IAO_0000427", "anti_symmetric"),
    "expand_expression_to": partial(_text, OBO + "IAO_0000424", "definition"),
    "expand_assertion_to": partial(_text, OBO + "IAO_0000425", "definition"),
    "namespace": partial(_ident, OBO_IN_OWL + "hasOBONamespace", "namespace"),
    "alt_id": partial(_ident, OBO_IN_OWL + "hasAlternativeId", "alt_id"),
    "subset": partial(_link, OBO_IN_OWL + "inSubset"),
    "replaced_by": partial(_link, OBO + "IAO_0100001"),
    "consider": partial(_link, OBO_IN_OWL + "consider"),
    "domain": partial(_link, RDFS + "domain"),
    "range": partial(_link, RDFS + "range"),
    "inverse_of": partial(_link, OWL + "inverseOf"),
    "is_a": _is_a,
    "equivalent_to": partial(_same, ("equivalentClass", "equivalentProperty")),
    "disjoint_from": partial(_same, ("disjointWith", "propertyDisjointWith")),
    "synonym": _synonym,
    "xref": _xref,
    "property_value": _property_value,
    "relationship": _relationship,
    "holds_over_chain": _chain,
    "equivalent_to_chain": _chain,
    "is_transitive": partial(_characteristic, "TransitiveProperty"),
    "is_reflexive": partial(_characteristic, "ReflexiveProperty"),
    "is_symmetric": partial(_characteristic, "SymmetricProperty"),
    "is_asymmetric": partial(_characteristic, "AsymmetricProperty"),
    "is_functional": partial(_characteristic, "FunctionalProperty"),
    "is_inverse_functional": partial(_characteristic, "InverseFunctionalProperty"),
}
INSTANCE_CLAUSES: Mapping[str, Callable[[Clause, Names], Iterator[Statement]]] = {
    **CLAUSES,
    "is_a": partial(_link, RDF_TYPE.value),
    "relationship": _assertion,
}
