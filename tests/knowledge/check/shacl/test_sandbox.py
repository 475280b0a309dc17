"""The walls stand in a process of their own, which tries everything and tells what was refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fuzzing.shapes import CASES, QUERIES, doors, outcome

SOURCES = str(Path(__file__).parents[4] / "src")
HEAD = """
import json, socket, subprocess, sys, urllib.request
import rdflib
from kgtransfer.knowledge.check.shacl.sandbox import ReachesOut, close_off, limit_resources
def tried(attempt):
    try:
        return attempt() and "done"
    except ReachesOut as error:
        return "refused: " + str(error).partition(":")[0]
    except MemoryError:
        return "no memory"
    except Exception as error:
        return type(error).__name__
"""
ESCAPES = """
close_off()
url, file = sys.argv[1:3]
print(json.dumps({
    "url": tried(lambda: urllib.request.urlopen(url)),
    "socket": tried(lambda: socket.create_connection(("127.0.0.1", 1))),
    "name": tried(lambda: socket.getaddrinfo("localhost", 80)),
    "read": tried(lambda: open(file)),
    "write": tried(lambda: open(file + ".py", "w")),
    "program": tried(lambda: subprocess.run(["true"])),
    "delete": tried(lambda: __import__("os").remove(file)),
    "parse": tried(lambda: rdflib.Graph().parse(url)),
    "import": tried(lambda: __import__("colorsys")),
}))
"""
EVALUATED = """
close_off()
graph = rdflib.Dataset()
graph.add((rdflib.URIRef("http://e/thing"), rdflib.RDF.type, rdflib.URIRef("http://e/Kind")))
print(json.dumps([tried(lambda: len(graph.query(query)) + 1) for query in json.load(sys.stdin)]))
"""
MEMORY = """
limit_resources(0, 5)
print(json.dumps(tried(lambda: bytearray(3 * 2**30))))
"""


def run(program: str, *arguments: str, request: str = "") -> object:
    process = subprocess.run(
        [sys.executable, "-c", HEAD + program, *arguments],
        input=request,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": SOURCES},
    )
    return json.loads(process.stdout)


def test_what_leaves_the_process_is_refused_and_code_is_still_found(tmp_path: Path) -> None:
    (tmp_path / "file.ttl").touch()
    with doors() as listener:
        tried = run(ESCAPES, listener.url, str(tmp_path / "file.ttl"))
        assert listener.knocks == 0
    assert tried == {
        "url": "refused: the process is left by urllib.Request",
        "socket": "refused: the process is left by socket.getaddrinfo",
        "name": "refused: the process is left by socket.getaddrinfo",
        "read": "refused: a file is opened",
        "write": "refused: a file is opened",
        "program": "refused: the process is left by subprocess.Popen",
        "delete": "refused: the process is left by os.remove",
        "parse": "refused: the process is left by urllib.Request",
        "import": "done",
    }
    assert (tmp_path / "file.ttl").exists()


def test_the_evaluator_itself_refuses_what_no_look_at_the_text_has_found() -> None:
    with doors() as listener:
        queries = {
            name: query.replace(r"\\", "\\")
            .replace("$this", "?this")
            .replace("{file}", "file:///a")
            for name, query in QUERIES.items()
        }
        request = json.dumps([query.replace("{url}", listener.url) for query in queries.values()])
        outcomes = run(EVALUATED, request=request)
        assert listener.knocks == 0
    assert isinstance(outcomes, list)
    tried = dict(zip(queries, outcomes, strict=True))
    for name in ("plain", "silent", "escaped once", "escaped throughout", "in a subquery"):
        assert tried[name] == "refused: a query asks another server (SERVICE)"
    for name in ("from", "from named", "from escaped", "from a file"):
        assert tried[name] == "refused: a query loads another graph (FROM or LOAD)"


def test_memory_is_limited() -> None:
    assert run(MEMORY) == "no memory"


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_nothing_in_shapes_or_ontologies_knocks_at_a_door(tmp_path: Path, name: str) -> None:
    with doors() as listener:
        assert outcome(CASES[name], tmp_path, listener) in ("refused", "harmless")
