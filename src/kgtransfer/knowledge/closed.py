"""The vocabularies whose terms their standards list in full: RDF, RDFS, OWL 2, XSD and SKOS.

What looks like a term of theirs and is none means nothing to any tool: `rdfs:subClasOf` places no
class.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kgtransfer.knowledge.findings import Finding
from kgtransfer.knowledge.vocabulary import OWL, RDF, RDFS, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["TERMS", "meant_term", "unknown_terms"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TERMS: Mapping[tuple[str, str], frozenset[str]] = {
    ("rdf", RDF): _names(
        """Alt Bag CompoundLiteral HTML JSON List PlainLiteral Property Seq Statement
        XMLLiteral dirLangString direction first langString language nil object predicate
        reifies rest subject type value"""
    ),
    ("rdfs", RDFS): _names(
        """Class Container ContainerMembershipProperty Datatype Literal Resource comment
        domain isDefinedBy label member range seeAlso subClassOf subPropertyOf"""
    ),
    ("owl", OWL): _names(
        """AllDifferent AllDisjointClasses AllDisjointProperties Annotation
        AnnotationProperty AsymmetricProperty Axiom Class DataRange DatatypeProperty
        DeprecatedClass DeprecatedProperty FunctionalProperty InverseFunctionalProperty
        IrreflexiveProperty NamedIndividual NegativePropertyAssertion Nothing
        ObjectProperty Ontology OntologyProperty ReflexiveProperty Restriction
        SymmetricProperty Thing TransitiveProperty allValuesFrom annotatedProperty
        annotatedSource annotatedTarget assertionProperty backwardCompatibleWith
        bottomDataProperty bottomObjectProperty cardinality complementOf
        datatypeComplementOf deprecated differentFrom disjointUnionOf disjointWith
        distinctMembers equivalentClass equivalentProperty hasKey hasSelf hasValue imports
        incompatibleWith intersectionOf inverseOf maxCardinality maxQualifiedCardinality
        members minCardinality minQualifiedCardinality onClass onDataRange onDatatype
        onProperties onProperty oneOf priorVersion propertyChainAxiom propertyDisjointWith
        qualifiedCardinality rational real sameAs someValuesFrom sourceIndividual
        targetIndividual targetValue topDataProperty topObjectProperty unionOf versionIRI
        versionInfo withRestrictions"""
    ),
    ("xsd", XSD): _names(
        """ENTITIES ENTITY ID IDREF IDREFS NCName NMTOKEN NMTOKENS NOTATION Name QName
        anyAtomicType anySimpleType anyType anyURI base64Binary boolean byte date dateTime
        dateTimeStamp dayTimeDuration decimal double duration enumeration explicitTimezone
        float fractionDigits gDay gMonth gMonthDay gYear gYearMonth hexBinary int integer
        language length long maxExclusive maxInclusive maxLength minExclusive minInclusive
        minLength negativeInteger nonNegativeInteger nonPositiveInteger normalizedString
        pattern positiveInteger short string time token totalDigits unsignedByte
        unsignedInt unsignedLong unsignedShort whiteSpace yearMonthDuration"""
    ),
    ("skos", SKOS): _names(
        """Collection Concept ConceptScheme OrderedCollection altLabel broadMatch broader
        broaderTransitive changeNote closeMatch definition editorialNote exactMatch
        example hasTopConcept hiddenLabel historyNote inScheme mappingRelation member
        memberList narrowMatch narrower narrowerTransitive notation note prefLabel related
        relatedMatch scopeNote semanticRelation topConceptOf"""
    ),
}
"""Prefix and namespace -> the names in it (RDF 1.2, RDFS 1.1, OWL 2, XSD 1.1, SKOS 2009)."""
SPACES = tuple(space for _, space in TERMS)
LIKENESS = 0.7
"""How alike two names are, between 0 and 1, for one to be the other misspelt."""
NO_DOUBT = 0.85
"""The same, for it to be that one and no other."""


def unknown_terms(graph: KnowledgeGraph) -> Iterator[Finding]:
    """Violations: terms of these vocabularies that they do not have; each is named once."""
    users: dict[str, str] = {}
    for predicate in graph.predicates:
        for subject, obj in graph.statements(predicate):
            term = obj.datatype if isinstance(obj, ox.Literal) else obj
            for iri in (subject, predicate, term.value):
                if iri.startswith(SPACES):
                    users.setdefault(iri, subject)
    for (prefix, space), names in TERMS.items():
        for iri in sorted(iri for iri in users if iri.startswith(space)):
            name = iri.removeprefix(space)
            if name and name not in names and not (space == RDF and name.strip("_").isdecimal()):
                near = get_close_matches(name, names, 1, LIKENESS)
                cure = f"did you mean {prefix}:{near[0]}?" if near else "use a term that it has"
                message = f"{prefix}:{name} is no term of the vocabulary {prefix}"
                yield Finding.of(graph, users[iri], "violation", message, cure)


def meant_term(iri: str) -> str | None:
    """The term that a misspelt one stands for, where no other is likely; None for a right one.

    It is close to one name of its vocabulary only, or is a name of one other vocabulary.
    """
    space = next((space for space in SPACES if iri.startswith(space)), None)
    if space is None:
        return None
    name, names = iri.removeprefix(space), TERMS[next(key for key in TERMS if key[1] == space)]
    if not name or name in names or (space == RDF and name.strip("_").isdecimal()):
        return None
    elsewhere = [other + name for (_, other), others in TERMS.items() if name in others]
    near = get_close_matches(name, names, 3, LIKENESS)
    certain = get_close_matches(name, names, 3, NO_DOUBT)
    likely = elsewhere + [space + other for other in (certain if len(certain) == 1 else near)]
    return likely[0] if len(likely) == 1 else None
