from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgtransfer.errors import OntologyError
from kgtransfer.knowledge.check.validate import Finding, check, check_graph, require_valid
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology

ONTOLOGY = Path(__file__).parents[3] / "ontology"
API_SHAPES = ONTOLOGY / "shapes" / "api.ttl"
PREFIXES = """@prefix e: <http://e/> .
@prefix api: <https://w3id.org/kgtransfer/api#> .
@prefix kgt: <https://w3id.org/kgtransfer/ns#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix py: <https://w3id.org/kgtransfer/python/> .
"""
DATA = """
e:Measured a owl:Class ; rdfs:label "measured thing" .

e:good a e:Measured ; rdfs:label "good" ; e:size 1 .

e:bad a e:Measured ;
    rdfs:label "bad cell" ;
    e:part [ e:length "long" ] .
e:size a owl:DatatypeProperty ; rdfs:label "size" .
e:part a owl:ObjectProperty ; rdfs:label "part" .
e:length a owl:DatatypeProperty ; rdfs:label "length" .
"""
SHAPES = """
e:SizeShape a sh:NodeShape ; sh:targetClass e:Measured ;
    sh:property [ sh:path e:size ; sh:minCount 1 ;
        sh:message "has no size" ; kgt:cure "write e:size with a number" ] .
e:LengthShape a sh:NodeShape ; sh:targetObjectsOf e:part ;
    sh:property [ sh:path e:length ; sh:nodeKind sh:IRI ; sh:severity sh:Warning ;
        sh:message "has a length that is no IRI" ] .
"""
API = """
py:json a api:Module ; rdfs:label "json" .
py:json.dumps a api:Function ; rdfs:label "dumps" ; api:partOf py:json ;
    api:hasParameter py:parameter%2Fobj ; api:calls py:json.Encoder ; api:raises py:TypeError .
py:parameter%2Fobj a api:Parameter ; rdfs:label "obj" .
py:json.Encoder a api:Class ; rdfs:label "Encoder" ; api:partOf py:json ;
    api:extends py:object ; rdfs:comment "Encodes." .
py:json.Encoder.encode a api:Method ; rdfs:label "encode" ; api:partOf py:json.Encoder .
py:object a api:External ; rdfs:label "object" .
py:TypeError a api:External ; rdfs:label "TypeError" .
"""


def write(path: Path, turtle: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(PREFIXES + turtle)
    return path


def api_graph(turtle: str) -> KnowledgeGraph:
    parser = ox.parse(input=PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    vocabulary = read_ontology(ONTOLOGY / "api.ttl")
    return KnowledgeGraph((quad.triple for quad in parser), parser.prefixes) | vocabulary


def test_the_projects_own_ontology_is_clean() -> None:
    assert check([ONTOLOGY]) == []


def test_a_violation_names_label_file_line_and_cure(tmp_path: Path) -> None:
    write(tmp_path / "shapes" / "e.ttl", SHAPES)
    data = write(tmp_path / "e.ttl", DATA)
    bad = {"file": str(data), "line": 13, "concept": "http://e/bad", "label": "bad cell"}
    violation = Finding(
        severity="violation", message="has no size", cure="write e:size with a number", **bad
    )
    warning = Finding(
        severity="warning",
        message='has a length that is no IRI (e:length: "long")',
        cure="use an IRI, a literal or a blank node as the shape asks",
        **bad,
    )
    assert check(data) == check([tmp_path]) == [violation, warning]
    assert str(violation) == (
        f"{data}:13: violation: bad cell <http://e/bad>: has no size\n"
        "  what to do: write e:size with a number"
    )


def test_what_is_wrong_with_an_annotation_is_said_of_its_concept(tmp_path: Path) -> None:
    data = write(
        tmp_path / "e.ttl",
        """
e:cell a owl:Class ; rdfs:label "cell" ; rdfs:subClassOf e:thing ; kgt:source "me" ;
    kgt:usual e:size .
e:thing a owl:Class ; rdfs:label "thing" .
e:size a kgt:Measure ; rdfs:label "size" ; rdfs:comment "In all." ; kgt:unit "um" .
[] a owl:Axiom ; owl:annotatedSource e:cell ; owl:annotatedProperty kgt:usual ;
    owl:annotatedTarget e:size ; kgt:minimum 5 ; kgt:maximum 3 .
""",
    )
    shapes = write(
        tmp_path / "shapes.ttl",
        """
e:Small a sh:PropertyShape ; sh:targetSubjectsOf kgt:minimum ; sh:path kgt:minimum ;
    sh:maxInclusive 4 ; sh:message "too large" .""",
    )
    findings = [f for f in check(data, shapes) if f.severity == "violation"]
    assert [(f.line, f.label, f.message) for f in findings] == [
        (9, "cell", "a minimum is not below its maximum: 5, 3"),
        (9, "cell", 'too large (kgt:minimum: "5"), on the annotation of: usual size'),
    ]


def test_a_literal_without_a_value_is_a_finding_and_nothing_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = write(
        tmp_path / "e.ttl",
        """
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
e:size a kgt:Measure ; rdfs:label "size" ; rdfs:comment "In all." ; kgt:unit "um" ;
    kgt:minimum "abc"^^xsd:integer .""",
    )
    findings = check(data, ONTOLOGY / "shapes" / "kgt.ttl")
    assert [(f.line, f.message) for f in findings if f.severity == "violation"] == [
        (10, '"abc" is no xsd:integer (kgt:minimum)'),
        (10, 'kgt:minimum is not a number: "abc"'),
    ]
    assert caplog.records == []


def test_findings_in_obo_have_a_line_and_its_own_names(tmp_path: Path) -> None:
    path = tmp_path / "a.obo"
    path.write_text(
        'format-version: 1.4\nsubsetdef: slim "Slim"\nsynonymtypedef: plural ""\nontology: a\n'
        "\n[Term]\nid: CL:1\nname: cell\nis_a: CL:20\nis_a: RO:0002160\nsubset: slim\n"
    )
    findings = [str(finding).partition("\n")[0] for finding in check(path)]
    cell = "cell <http://purl.obolibrary.org/obo/CL_1>"
    plural = "plural <http://purl.obolibrary.org/obo/a#plural>"
    assert findings == [
        f"{path}:3: warning: {plural}: has no label",
        f"{path}:7: warning: {cell}: the term CL:20, used by cell, is described nowhere",
    ]


def test_what_is_wrong_with_a_node_of_no_concept_is_said_of_its_kind(tmp_path: Path) -> None:
    data = write(tmp_path / "e.ttl", '[] a api:Module ; rdfs:label "?" . [] a api:Method .')
    findings = [f for f in check(data, API_SHAPES) if "no IRI" in f.message]
    assert [(f.concept, f.label) for f in findings] == [("", "?"), ("", "unnamed Method")]
    assert str(findings[1]).startswith(f"{data}: violation: unnamed Method: ")


def test_what_is_described_nowhere_has_the_line_of_its_first_mention(tmp_path: Path) -> None:
    data = write(
        tmp_path / "e.ttl",
        """e:cell a owl:Class ; rdfs:label "cell" ; rdfs:subClassOf e:cell2 .
e:cell2 a owl:Class ; rdfs:label "a cell" .
[] a owl:Axiom ; owl:annotatedSource e:gone ; owl:annotatedProperty rdfs:label ;
    owl:annotatedTarget "gone" .""",
    )
    findings = check(data)
    assert {(f.file, f.line, f.label) for f in findings} == {(str(data), 10, "gone")}
    assert "an annotation is left of a statement that is gone" in findings[0].message


def test_shapes_can_lie_elsewhere(tmp_path: Path) -> None:
    shapes = write(tmp_path / "elsewhere" / "rules.ttl", SHAPES)
    data = write(tmp_path / "e.ttl", DATA)
    assert check(data) == []
    assert {f.message for f in check(data, shapes=shapes)} >= {"has no size"}
    with pytest.raises(OntologyError, match="no such file or folder"):
        check(data, shapes=tmp_path / "missing")


def test_every_syntax_error_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path / "fine.ttl", DATA)
    for name in ("one.ttl", "two.ttl"):
        write(tmp_path / name, "e:a e:b\ne:c e:d .")
    findings = check(tmp_path)
    assert [(f.severity, Path(f.file).name, f.line, f.column) for f in findings] == [
        ("violation", "one.ttl", 9, 5),
        ("violation", "two.ttl", 9, 5),
    ]
    assert findings[0].message.startswith(
        "A dot is expected at the end of statements\n    e:c e:d ."
    )
    assert "end the statement" in findings[0].cure


def test_a_file_that_says_nothing_is_a_warning(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.ttl", "# to come")
    (finding,) = check([empty, write(tmp_path / "e.ttl", DATA)])
    assert (finding.severity, finding.file) == ("warning", str(empty))
    assert finding.message == "the file says nothing"


def test_a_missing_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match="no such file"):
        check(tmp_path / "missing.ttl")


def test_findings_of_several_files_come_in_order(tmp_path: Path) -> None:
    write(tmp_path / "a.ttl", "e:a a owl:Class ; rdfs:subClassOf e:b .")
    write(tmp_path / "b.ttl", "\ne:b a owl:Class .")
    places = [(Path(f.file).name, f.line, f.message) for f in check(tmp_path)]
    assert places == [("a.ttl", 8, "has no label"), ("b.ttl", 9, "has no label")]


@pytest.mark.parametrize(
    "query", ["SERVICE <http://127.0.0.1:9/> { $this ?p ?o }", "FROM <file:///etc/passwd> {}"]
)
def test_queries_in_shapes_stay_inside_the_graph(tmp_path: Path, query: str) -> None:
    rule = f'e:S a sh:NodeShape ; sh:targetClass e:Measured ; sh:sparql [ sh:select "{query}" ] .'
    shapes = write(tmp_path / "rules.ttl", rule)
    with pytest.raises(OntologyError, match="reaches outside the graph"):
        check(write(tmp_path / "e.ttl", DATA), shapes=shapes)


def test_invalid_shapes_are_an_error_that_names_them(tmp_path: Path) -> None:
    rule = "e:S a sh:NodeShape ; sh:targetClass e:Measured ; sh:property 7 ."
    shapes = write(tmp_path / "rules.ttl", rule)
    with pytest.raises(OntologyError, match=r"rules\.ttl:8: the shapes cannot be used"):
        check(write(tmp_path / "e.ttl", DATA), shapes=shapes)


def test_a_sound_api_graph_passes() -> None:
    assert check_graph(api_graph(API), [API_SHAPES]) == []


def test_an_api_graph_can_be_checked_without_its_vocabulary(tmp_path: Path) -> None:
    assert check(write(tmp_path / "json.ttl", API), shapes=API_SHAPES) == []


@pytest.mark.parametrize(
    ("extra", "label", "message"),
    [
        ('py:json.dumps rdfs:comment "Serialize." .', "dumps", "must have no comment"),
        ('py:json.Encoder.encode rdfs:comment "Go." .', "encode", "must have no comment"),
        ('py:json.dumps rdfs:label "dump" .', "dump", "exactly one label"),
        ("py:json.dumps api:partOf py:json.Encoder .", "dumps", "part of exactly one class"),
        ('py:lost a api:Function ; rdfs:label "lost" .', "lost", "part of exactly one class"),
        ('py:Lost a api:Class ; rdfs:label "Lost" .', "Lost", "part of exactly one module"),
        ("py:json api:partOf py:json.Encoder .", "json", "part of one package"),
        ("py:json.dumps api:hasParameter py:object .", "object", "not a parameter"),
        ("py:json.Encoder api:hasParameter py:parameter%2Fobj .", "Encoder", "only a function"),
        ("py:json.dumps api:calls py:json .", "json", "neither a function, a class nor"),
        ("py:json.dumps api:raises py:json.dumps .", "dumps", "neither a class nor external"),
        ("py:json.Encoder api:extends py:json.dumps .", "dumps", "neither a class nor external"),
        ("py:json.dumps api:extends py:object .", "dumps", "not a class"),
        ("py:json api:imports py:object .", "object", "joins modules"),
        ("py:json.dumps api:partOf py:object .", "object", "neither a module nor a class"),
        ('[] a api:Module ; rdfs:label "?" .', "", "no IRI"),
    ],
)
def test_what_the_api_shapes_refuse(extra: str, label: str, message: str) -> None:
    findings = [
        f for f in check_graph(api_graph(API + extra), [API_SHAPES]) if message in f.message
    ]
    assert len(findings) == 1
    assert findings[0].severity == "violation"
    assert findings[0].cure
    assert findings[0].label == label or not label


def test_checking_without_shapes_loads_no_rdflib(tmp_path: Path) -> None:
    data = write(tmp_path / "e.ttl", DATA)
    code = (
        "import sys; from kgtransfer.knowledge.check.validate import check; "
        f"assert check({str(data)!r}) == []; "
        "heavy = {'rdflib', 'pyshacl', 'networkx', 'torch'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_long_list_takes_time_in_proportion_to_its_length(tmp_path: Path) -> None:
    def spent(items: int) -> float:
        numbers = " ".join(map(str, range(items)))
        text = f'e:L a owl:NamedIndividual ; rdfs:label "list" ; rdfs:seeAlso ( {numbers} ) .'
        (tmp_path / "list.ttl").write_text(PREFIXES + text)
        start = time.process_time()
        assert check(tmp_path / "list.ttl") == []
        return time.process_time() - start

    spent(10)  # loads and compiles what is needed
    assert spent(12_000) < 14 * spent(2_000)  # quadratic: 36 times


def test_numbers_that_cannot_be_read_stop_a_pipeline() -> None:
    prefix = "@prefix : <http://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> ."
    parser = ox.parse(f"{prefix} :a kgt:threshold 0,97 .", format=ox.RdfFormat.TURTLE)
    with pytest.raises(OntologyError, match=r"write 0\.97: Turtle's decimal mark is the point"):
        require_valid(KnowledgeGraph(quad.triple for quad in parser))


def test_axioms_that_cannot_be_read_are_one_violation() -> None:
    prefix = "@prefix : <http://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> ."
    rdfs = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."
    text = f"""{prefix}{rdfs} @prefix owl: <http://www.w3.org/2002/07/owl#> .
        :Shape rdfs:subClassOf kgt:Attribute . :Round rdfs:subClassOf :Shape .
        :Round kgt:measuredBy :m . :Cell rdfs:subClassOf _:r .
        _:r a owl:Restriction ; owl:onProperty :has ; owl:someValuesFrom :Round .
        [] a owl:Axiom ; owl:annotatedSource :Cell ; owl:annotatedProperty rdfs:subClassOf ;
            owl:annotatedTarget _:r ; kgt:frequency :mostly ."""
    parser = ox.parse(text, format=ox.RdfFormat.TURTLE)
    findings = check_graph(KnowledgeGraph(quad.triple for quad in parser))
    (violation,) = [finding for finding in findings if finding.severity == "violation"]
    assert "is no frequency" in violation.message


def test_the_text_tells_which_number_came_first(tmp_path: Path) -> None:
    prefix = "@prefix : <http://example.org/> . @prefix kgt: <https://w3id.org/kgtransfer/ns#> ."
    (tmp_path / "a.ttl").write_text(f"{prefix}\n:a kgt:minimum 5,1 .", encoding="utf-8")
    (violation,) = [f for f in check(tmp_path) if f.severity == "violation"]
    assert violation.cure == "write 5.1: Turtle's decimal mark is the point"
    assert violation.line == 2
