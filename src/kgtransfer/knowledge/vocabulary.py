"""The IRIs that mean something to us: RDF, RDFS, OWL, SKOS, OBO and our own vocabulary."""

from __future__ import annotations

import pyoxigraph as ox

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
SH = "http://www.w3.org/ns/shacl#"
OBO_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"
OUR_VOCABULARIES = "https://w3id.org/kgtransfer/"
KGT = f"{OUR_VOCABULARIES}ns#"

RDF_TYPE = ox.NamedNode(RDF + "type")
SUBCLASS_OF = ox.NamedNode(RDFS + "subClassOf")

# In the order of preference.
LABELS = (SKOS + "prefLabel", RDFS + "label")
COMMENTS = (
    SKOS + "definition",
    "http://purl.obolibrary.org/obo/IAO_0000115",  # the definition of OBO ontologies
    RDFS + "comment",
)
SYNONYMS = (
    SKOS + "altLabel",
    *(f"{OBO_IN_OWL}has{kind}Synonym" for kind in ("Exact", "Narrow", "Broad", "Related")),
)
COLOURS = ("https://schema.org/color", "http://schema.org/color")

WELL_KNOWN = {
    "rdf": RDF,
    "rdfs": RDFS,
    "owl": OWL,
    "skos": SKOS,
    "xsd": XSD,
    "sh": SH,
    "dc": DC,
    "dct": DCTERMS,
    "dcterms": DCTERMS,
    "oboInOwl": OBO_IN_OWL,
    "obo": "http://purl.obolibrary.org/obo/",
    "prov": "http://www.w3.org/ns/prov#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "http://schema.org/",
    "kgt": KGT,
    "api": "https://w3id.org/kgtransfer/api#",
    "wbc": "https://w3id.org/kgtransfer/wbc#",
}
"""Prefix -> the namespace that everyone binds it to."""
