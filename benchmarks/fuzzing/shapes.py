"""Shapes and ontologies that reach for a server on this machine: nothing may knock at its door.

Each input is checked while a listener waits on the loopback interface and a file with a secret
lies in the folder. What counts as a failure: a connection, the secret in what `check` says, any
exception but a `KgTransferError` that names a file of the input, more than 30 seconds.
"""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from fuzzing.base import Tally
from kgtransfer.errors import KgTransferError

__all__ = ["CASES", "Doors", "battery", "doors", "outcome"]

LIMIT = 30.0  # seconds
SECRET = "the-secret-of-the-loopback-battery"
PREFIXES = """@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
DATA = (
    PREFIXES + ':thing a :Kind ; rdfs:label "thing" ; :p "aaa" . :Kind a owl:Class ; '
    'rdfs:label "kind" .\n:p a owl:DatatypeProperty ; rdfs:label "p" .\n'
)
SELECT = ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:sparql [ sh:select '''%s''' ] ."
ASK = (
    ":C a sh:ConstraintComponent ; sh:parameter [ sh:path :par ] ;"
    " sh:validator [ a sh:SPARQLAskValidator ; sh:ask '''%s''' ] .\n"
    ":S a sh:NodeShape ; sh:targetClass :Kind ; :par 1 ."
)
QUERIES: Mapping[str, str] = {
    "plain": "SELECT $this WHERE { SERVICE <{url}> { $this ?p ?o } }",
    "lower case": "select $this where { service <{url}> { $this ?p ?o } }",
    "silent": "SELECT $this WHERE { SERVICE SILENT <{url}> { $this ?p ?o } }",
    "escaped once": r"SELECT $this WHERE { SE\\u0052VICE <{url}> { $this ?p ?o } }",
    "escaped by eight": r"SELECT $this WHERE { SE\\U00000052VICE <{url}> { $this ?p ?o } }",
    "escaped throughout": r"SELECT $this WHERE { \\u0053\\u0045\\u0052\\u0056\\u0049\\u0043\\u0045 "
    "<{url}> { $this ?p ?o } }",
    "escaped twice": r"SELECT $this WHERE { SE\\u005cu0052VICE <{url}> { $this ?p ?o } }",
    "in a comment's tail": "SELECT $this WHERE { # x\\n SERVICE<{url}>{ $this ?p ?o } }",
    "after a hash": "SELECT $this WHERE { <http://e/#> ?p ?o . SERVICE <{url}> { $this ?p ?o } }",
    "by a variable": "SELECT $this WHERE { VALUES ?s { <{url}> } SERVICE ?s { $this ?p ?o } }",
    "in a subquery": "SELECT $this WHERE { { SELECT $this WHERE { SERVICE <{url}> "
    "{ $this ?p ?o } } } }",
    "in EXISTS": "SELECT $this WHERE { $this a :Kind FILTER EXISTS { SERVICE <{url}> "
    "{ $this ?p ?o } } }",
    "in OPTIONAL": "SELECT $this WHERE { $this a ?k OPTIONAL { SERVICE <{url}> { ?a ?b ?c } } }",
    "from": "SELECT $this FROM <{url}> WHERE { $this ?p ?o }",
    "from escaped": r"SELECT $this FR\\u004FM <{url}> WHERE { $this ?p ?o }",
    "from named": "SELECT $this FROM NAMED <{url}> WHERE { GRAPH ?g { $this ?p ?o } }",
    "from a file": "SELECT $this ?value FROM <{file}> WHERE { ?value ?p ?o }",
    "graph": "SELECT $this WHERE { GRAPH <{url}> { $this ?p ?o } }",
    "service of a file": "SELECT $this WHERE { SERVICE <{file}> { $this ?p ?o } }",
    "describe": "DESCRIBE <{url}>",
    "load": "LOAD <{url}>",
    "load after a query": "SELECT $this WHERE { $this ?p ?o } ; LOAD <{url}>",
    "function": "SELECT $this WHERE { $this ?p ?o FILTER (<{url}>(?o)) }",
}
INJECTED = "x:> <http://e/> SELECT $this WHERE { SERVICE <{url}> { $this ?p ?o } } #"
OTHERS: Mapping[str, str] = {
    "namespace that closes its bracket": SELECT
    % "SELECT $this WHERE { $this ?p x:o }"
    + ' :S sh:prefixes :o . :o a owl:Ontology ; sh:declare [ sh:prefix "x" ; sh:namespace '
    '"http://e/> SELECT $this WHERE { SERVICE <{url}> { $this ?p ?o } } #"^^xsd:anyURI ] .',
    "prefix that goes on": (SELECT % "SELECT $this WHERE { $this ?p ?o }").replace(
        "sh:sparql [", "sh:sparql [ sh:prefixes :o ;"
    )
    + f' :o a owl:Ontology ; sh:declare [ sh:prefix "{INJECTED}" ; '
    'sh:namespace "http://e/"^^xsd:anyURI ] .',
    "namespace injected into the constraint": (
        SELECT % "SELECT $this WHERE { $this ?p ?o }"
    ).replace("sh:sparql [", "sh:sparql [ sh:prefixes :o ;")
    + ' :o a owl:Ontology ; sh:declare [ sh:prefix "x" ; sh:namespace "http://e/> SELECT $this'
    ' WHERE { SE\\\\u0052VICE <{url}> { $this ?p ?o } } #"^^xsd:anyURI ] .',
    "path that holds a query": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:property [ sh:path "
    "<{url}> ; sh:sparql [ sh:select '''SELECT $this WHERE { $this $PATH ?v }''' ] ] .",
    "imports of shapes": "<> a owl:Ontology ; owl:imports <{url}> ."
    + SELECT % "SELECT $this WHERE { $this :none ?o }",
    "imports of a file": "<> a owl:Ontology ; owl:imports <{file}> .",
    "shapes graph": ":thing sh:shapesGraph <{url}> . <> sh:shapesGraph <{url}> .",
    "entailment": "<> sh:entailment <{url}> . :S a sh:NodeShape ; sh:targetClass :Kind .",
    "sparql target": ":S a sh:NodeShape ; sh:target [ a sh:SPARQLTarget ; sh:select "
    "'''SELECT ?this WHERE { SERVICE <{url}> { ?this ?p ?o } }''' ] ; sh:nodeKind sh:IRI .",
    "sparql function": ":f a sh:SPARQLFunction ; sh:parameter [ sh:path :a ] ; sh:select "
    "'''SELECT ?x WHERE { SERVICE <{url}> { ?x ?p ?o } }''' .\n"
    + SELECT
    % "SELECT $this WHERE { $this ?p ?o FILTER (<http://e/f>(?o)) }",
    "rule that constructs": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:rule [ a sh:SPARQLRule ;"
    " sh:construct '''CONSTRUCT { $this ?p 1 } WHERE { SERVICE <{url}> { $this ?p ?o } }''' ] .",
    "rule that updates": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:rule [ a sh:SPARQLRule ;"
    " sh:update '''INSERT { $this ?p 1 } WHERE { SERVICE <{url}> { $this ?p ?o } }''' ] .",
    "update that loads": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:rule [ sh:update "
    "'''L\\\\u004FAD <{url}>''' ] .",
    "javascript": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:js [ a sh:JSConstraint ; "
    "sh:jsFunctionName 'f' ; sh:jsLibrary [ a sh:JSLibrary ; "
    "sh:jsLibraryURL '{url}'^^xsd:anyURI ] ] .",
    "javascript of a file": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:js [ "
    "sh:jsFunctionName 'f' ; sh:jsLibrary [ sh:jsLibraryURL '{file}'^^xsd:anyURI ] ] .",
    "expression": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:expression [ <{url}> ( sh:this ) "
    "] .",
    "xml literal": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:hasValue "
    '\'<!DOCTYPE a SYSTEM "{url}" [<!ENTITY x SYSTEM "{file}">]><a>&x;</a>\'^^rdf:XMLLiteral .',
    "html literal": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:hasValue "
    '\'<img src="{url}"><iframe src="{file}">\'^^rdf:HTML .',
    "message": ":S a sh:NodeShape ; sh:targetClass :Kind ; sh:message '{$this} <{url}>' ; "
    "sh:property [ sh:path :none ; sh:minCount 1 ; sh:message '{?file}' ] .",
}
CONTEXT = '{"@context": "{url}", "@id": "http://e/a", "http://e/p": 1}'
DOCTYPE = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "{url}"><!ENTITY y SYSTEM "{file}">]>\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<rdf:Description rdf:about="http://e/a"><e:p>&x;&y;</e:p></rdf:Description></rdf:RDF>'
)
CATALOGUE = (
    '<?xml version="1.0"?><catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">'
    '<uri name="http://e/o" uri="{0}"/><nextCatalog catalog="{0}"/></catalog>'
)
IMPORTING = PREFIXES + "<http://e/> a owl:Ontology ; owl:imports <http://e/o> ."
FILES: Mapping[str, dict[str, str]] = {
    "imports of the ontology": {
        "a.ttl": PREFIXES + "<http://e/> a owl:Ontology ; owl:imports <{url}> , <{file}> ."
    },
    "context": {"a.jsonld": CONTEXT},
    "context imported": {"a.jsonld": '{"@context": {"@import": "{url}"}, "@id": "http://e/a"}'},
    "context of a file": {"a.jsonld": CONTEXT.replace("{url}", "{file}")},
    "context by a catalogue": {
        "a.jsonld": CONTEXT.replace("{url}", "http://e/o"),
        "catalog-v001.xml": CATALOGUE.replace("{0}", "{url}"),
    },
    "entities": {"a.owl": DOCTYPE},
    "entities of a catalogue": {"a.ttl": IMPORTING, "catalog-v001.xml": DOCTYPE},
    "catalogue": {"a.ttl": IMPORTING, "catalog-v001.xml": CATALOGUE.replace("{0}", "{url}")},
    "catalogue of a file": {
        "a.ttl": IMPORTING,
        "catalog-v001.xml": CATALOGUE.replace("{0}", "{file}"),
    },
    "obo import": {"a.obo": "format-version: 1.4\nontology: a\nimport: {url}\n\n[Term]\nid: A:1\n"},
    "xinclude": {
        "a.owl": DOCTYPE[: DOCTYPE.index("<!DOCTYPE")]
        + '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{url}"/></rdf:RDF>'
    },
}


def _cases() -> Iterator[tuple[str, dict[str, str]]]:
    for name, query in QUERIES.items():
        for kind, shape in (("select", SELECT), ("ask", ASK)):
            text = query.replace("SELECT $this", "ASK", 1) if kind == "ask" else query
            yield f"{kind}: {name}", {"a.ttl": DATA, "shapes/s.ttl": PREFIXES + shape % text}
    for name, turtle in OTHERS.items():
        yield f"shape: {name}", {"a.ttl": DATA, "shapes/s.ttl": PREFIXES + turtle}
    for name, files in FILES.items():
        yield f"file: {name}", files


CASES: Mapping[str, Mapping[str, str]] = dict(_cases())
"""Name -> files of the input; `{url}` stands for the listener, `{file}` for the secret file."""


class Doors:
    """A listener on the loopback interface that counts who knocks.

    Attributes:
        url: its address.
        knocks: how many connections it has had.
    """

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x"
        self.knocks = 0
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed
                return
            self.knocks += 1
            connection.close()

    def close(self) -> None:
        """Stop to listen."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@contextmanager
def doors() -> Iterator[Doors]:
    """A listener for the time of a `with` block."""
    opened = Doors()
    try:
        yield opened
    finally:
        opened.close()


def outcome(files: Mapping[str, str], folder: Path, listener: Doors) -> str:
    """What becomes of one input: `harmless`, `refused`, or a complaint."""
    from kgtransfer.knowledge.check.validate import check

    outside = folder / "outside" / "secret.ttl"
    inside = folder / "inside"
    outside.parent.mkdir()
    outside.write_text(f'<http://e/x> <http://e/p> "{SECRET}" .')
    for name, text in files.items():
        path = inside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{url}", listener.url).replace("{file}", outside.as_uri()))
    before, started = listener.knocks, time.monotonic()
    try:
        said, result = "\n".join(map(str, check(inside / next(iter(files))))), "harmless"
    except KgTransferError as error:
        said, result = str(error), "refused"
        if not str(getattr(error, "file", "")).startswith(str(inside)):
            return f"an error that names no file: {error!r}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if listener.knocks > before:
        return "connected to the listener"
    if SECRET in said:
        return "read a file outside of the ontology"
    return result if time.monotonic() - started < LIMIT else f"took more than {LIMIT:g} seconds"


def battery(inputs: int) -> Tally:
    """Check every case against one listener."""
    tally = Tally()
    with doors() as listener:
        for name, files in list(CASES.items())[:inputs]:
            with tempfile.TemporaryDirectory() as folder:
                result = outcome(files, Path(folder), listener)
            known = result in ("harmless", "refused")
            tally.outcomes[f"{name.partition(':')[0]}: {result if known else 'failed'}"] += 1
            if not known:
                tally.complaints.append(f"{name}: {result[:300]}")
    return tally
