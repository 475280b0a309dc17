"""Vocabularies whose terms their standards list in full: RDF, RDFS, OWL, XSD, SKOS, DC, SHACL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kgtransfer.knowledge.vocabulary import DC, DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TERMS"]


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
    ("dcterms", DCTERMS): _names(
        """Agent AgentClass BibliographicResource Box DCMIType DDC FileFormat
        Frequency IMT ISO3166 Jurisdiction LCC LCSH LicenseDocument LinguisticSystem
        Location LocationPeriodOrJurisdiction MESH MediaType MediaTypeOrExtent
        MethodOfAccrual MethodOfInstruction NLM Period PeriodOfTime PhysicalMedium
        PhysicalResource Point Policy ProvenanceStatement RFC1766 RFC3066 RFC4646
        RFC5646 RightsStatement SizeOrDuration Standard TGN UDC URI W3CDTF abstract
        accessRights accrualMethod accrualPeriodicity accrualPolicy alternative
        audience available bibliographicCitation conformsTo contributor coverage
        created creator date dateAccepted dateCopyrighted dateSubmitted description
        educationLevel extent format hasFormat hasPart hasVersion identifier
        instructionalMethod isFormatOf isPartOf isReferencedBy isReplacedBy
        isRequiredBy isVersionOf issued language license mediator medium modified
        provenance publisher references relation replaces requires rights
        rightsHolder source spatial subject tableOfContents temporal title type
        valid"""
    ),
    ("dc", DC): _names(
        """contributor coverage creator date description format identifier language
        publisher relation rights source subject title type"""
    ),
    ("sh", SH): _names(
        """AbstractResult AndConstraintComponent BlankNode BlankNodeOrIRI
        BlankNodeOrLiteral ClassConstraintComponent ClosedConstraintComponent
        ConstraintComponent DatatypeConstraintComponent DisjointConstraintComponent
        EqualsConstraintComponent ExpressionConstraintComponent Function
        HasValueConstraintComponent IRI IRIOrLiteral InConstraintComponent Info
        JSConstraint JSConstraintComponent JSExecutable JSFunction JSLibrary JSRule
        JSTarget JSTargetType JSValidator LanguageInConstraintComponent
        LessThanConstraintComponent LessThanOrEqualsConstraintComponent Literal
        MaxCountConstraintComponent MaxExclusiveConstraintComponent
        MaxInclusiveConstraintComponent MaxLengthConstraintComponent
        MinCountConstraintComponent MinExclusiveConstraintComponent
        MinInclusiveConstraintComponent MinLengthConstraintComponent
        NodeConstraintComponent NodeKind NodeKindConstraintComponent NodeShape
        NotConstraintComponent OrConstraintComponent Parameter Parameterizable
        PatternConstraintComponent PrefixDeclaration PropertyConstraintComponent
        PropertyGroup PropertyShape QualifiedMaxCountConstraintComponent
        QualifiedMinCountConstraintComponent ResultAnnotation Rule
        SPARQLAskExecutable SPARQLAskValidator SPARQLConstraint
        SPARQLConstraintComponent SPARQLConstructExecutable SPARQLExecutable
        SPARQLFunction SPARQLRule SPARQLSelectExecutable SPARQLSelectValidator
        SPARQLTarget SPARQLTargetType SPARQLUpdateExecutable Severity Shape Target
        TargetType TripleRule UniqueLangConstraintComponent ValidationReport
        ValidationResult Validator Violation Warning XoneConstraintComponent
        alternativePath and annotationProperty annotationValue annotationVarName ask
        class closed condition conforms construct count datatype deactivated declare
        defaultValue desc description detail disjoint distinct else entailment
        equals exists expression filterShape flags focusNode group groupConcat
        hasValue if ignoredProperties in intersection inversePath js jsFunctionName
        jsLibrary jsLibraryURL labelTemplate languageIn lessThan lessThanOrEquals
        limit max maxCount maxExclusive maxInclusive maxLength message min minCount
        minExclusive minInclusive minLength minus name namespace node nodeKind
        nodeValidator nodes not object offset oneOrMorePath optional or order
        orderBy parameter path pattern predicate prefix prefixes property
        propertyValidator qualifiedMaxCount qualifiedMinCount qualifiedValueShape
        qualifiedValueShapesDisjoint result resultAnnotation resultMessage
        resultPath resultSeverity returnType rule select separator severity
        shapesGraph shapesGraphWellFormed sourceConstraint sourceConstraintComponent
        sourceShape sparql subject suggestedShapesGraph sum target targetClass
        targetNode targetObjectsOf targetSubjectsOf then this union uniqueLang update
        validator value values xone zeroOrMorePath zeroOrOnePath"""
    ),
}
"""Prefix and namespace -> the names in it (RDF 1.2, RDFS 1.1, OWL 2, XSD 1.1, SKOS 2009, DCMI
Metadata Terms 2020, SHACL 2017 with its Advanced Features and JavaScript Extensions)."""
