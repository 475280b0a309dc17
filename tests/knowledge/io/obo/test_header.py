from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.obo.reader import read_obo

HEADER = """format-version: 1.4
data-version: releases/2025
date: 01:02:2025 10:11
subsetdef: slim "A slim"
synonymtypedef: plural "plural form" EXACT
import: http://e/other.owl
import: ro
idspace: dc http://purl.org/dc/elements/1.1/
default-namespace: cell
remark: hello
ontology: cl
property_value: dc:title "Cells" xsd:string
"""
TURTLE = """
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix o: <http://www.geneontology.org/formats/oboInOwl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://purl.obolibrary.org/obo/cl.owl> a owl:Ontology ;
    owl:versionIRI <http://purl.obolibrary.org/obo/cl/releases/2025/cl.owl> ;
    owl:imports <http://e/other.owl> , <http://purl.obolibrary.org/obo/ro.owl> ;
    o:hasOBOFormatVersion "1.4" ; o:date "01:02:2025 10:11" ; o:default-namespace "cell" ;
    rdfs:comment "hello" ; <http://purl.org/dc/elements/1.1/title> "Cells" .
<http://purl.obolibrary.org/obo/cl#slim> a owl:AnnotationProperty ;
    rdfs:subPropertyOf o:SubsetProperty ; rdfs:comment "A slim" .
<http://purl.obolibrary.org/obo/cl#plural> a owl:AnnotationProperty ;
    rdfs:subPropertyOf o:SynonymTypeProperty ; rdfs:label "plural form" ;
    o:hasScope o:hasExactSynonym .
"""


def test_the_header_describes_the_ontology() -> None:
    file = read_obo(HEADER, Path("a.obo"))
    parser = ox.parse(input=TURTLE, format=ox.RdfFormat.TURTLE)
    assert KnowledgeGraph(file.triples) == KnowledgeGraph(quad.triple for quad in parser)
    assert file.positions == {
        "http://purl.obolibrary.org/obo/cl.owl": 11,
        "http://purl.obolibrary.org/obo/cl#slim": 4,
        "http://purl.obolibrary.org/obo/cl#plural": 5,
    }
    assert file.prefixes["dc"] == "http://purl.org/dc/elements/1.1/"
