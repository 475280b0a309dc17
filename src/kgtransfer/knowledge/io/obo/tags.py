"""Tags of OBO 1.4 and what they are in RDF, for writing."""

from __future__ import annotations

from kgtransfer.knowledge.io.obo.names import OBO
from kgtransfer.knowledge.vocabulary import OBO_IN_OWL, OWL, RDFS, SUBCLASS_OF

__all__ = [
    "CHARACTERISTICS",
    "IDENTIFIERS",
    "KINDS",
    "LIMITS",
    "LINKS",
    "ORDER",
    "QUOTED",
    "SCOPES",
    "TEXTS",
]

KINDS = {
    OWL + "Class": "Term",
    OWL + "ObjectProperty": "Typedef",
    OWL + "AnnotationProperty": "Typedef",
    OWL + "NamedIndividual": "Instance",
}
"""Type of a subject -> its frame."""
TEXTS = {
    RDFS + "label": "name",
    RDFS + "comment": "comment",
    OWL + "deprecated": "is_obsolete",
    OBO_IN_OWL + "created_by": "created_by",
    OBO_IN_OWL + "creation_date": "creation_date",
    OBO + "IAO_0000427": "is_anti_symmetric",
}
"""Predicate -> tag of a text without quotes."""
IDENTIFIERS = {
    OBO_IN_OWL + "hasOBONamespace": "namespace",
    OBO_IN_OWL + "hasAlternativeId": "alt_id",
}
"""Predicate -> tag of an identifier as text."""
QUOTED = {
    OBO + "IAO_0000115": "def",
    OBO + "IAO_0000424": "expand_expression_to",
    OBO + "IAO_0000425": "expand_assertion_to",
}
"""Predicate -> tag of a text in quotes, with cross-references."""
LINKS = {
    SUBCLASS_OF.value: "is_a",
    RDFS + "subPropertyOf": "is_a",
    RDFS + "domain": "domain",
    RDFS + "range": "range",
    OWL + "inverseOf": "inverse_of",
    OWL + "equivalentClass": "equivalent_to",
    OWL + "equivalentProperty": "equivalent_to",
    OWL + "disjointWith": "disjoint_from",
    OWL + "propertyDisjointWith": "disjoint_from",
    OBO_IN_OWL + "inSubset": "subset",
    OBO + "IAO_0100001": "replaced_by",
    OBO_IN_OWL + "consider": "consider",
}
"""Predicate -> tag of a link to a term."""
CHARACTERISTICS = {
    OWL + f"{kind}Property": f"is_{tag}"
    for kind, tag in (
        ("Transitive", "transitive"),
        ("Reflexive", "reflexive"),
        ("Symmetric", "symmetric"),
        ("Asymmetric", "asymmetric"),
        ("Functional", "functional"),
        ("InverseFunctional", "inverse_functional"),
    )
}
"""Type of a property -> tag."""
LIMITS = {
    "qualifiedCardinality": "cardinality",
    "minQualifiedCardinality": "minCardinality",
    "maxQualifiedCardinality": "maxCardinality",
}
"""Cardinality -> qualifier."""
SCOPES = {
    f"{OBO_IN_OWL}has{s.capitalize()}Synonym": s for s in ("EXACT", "NARROW", "BROAD", "RELATED")
}
"""Predicate -> scope of a synonym."""

ORDER = [
    *("id", "name", "namespace", "alt_id", "def", "comment", "subset", "synonym", "xref"),
    *("property_value", "is_a", "intersection_of", "union_of", "equivalent_to", "disjoint_from"),
    *("relationship", "created_by", "creation_date", "is_obsolete", "replaced_by", "consider"),
]
"""Tags in the order of a frame; others come last."""
