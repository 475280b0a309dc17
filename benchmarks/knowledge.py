"""How fast ontologies are read, reasoned over and checked.

    python benchmarks/knowledge.py [DATA]      DATA: a folder with `ontology/`; $KGTRANSFER_DATA

Seconds are CPU time, so that a busy machine does not count: the best of three, of a million triples
the only one. Reading is parsing, canonical blank nodes and the list of concepts; `check` is the
whole program, with the most memory that it had. Results go to
`benchmarks/results/knowledge.json`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.knowledge.io.ontology import read_files, read_ontology
from kgtransfer.knowledge.vocabulary import OWL, RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RESULT = Path(__file__).parent / "results" / "knowledge.json"
FILES = (
    "cl_blood_and_immune_upper_slim.obo.gz",
    "pato.obo.gz",
    "envo.obo.gz",
    "sweet_ttl.tar.gz",
    "silknow_thesaurus.ttl.gz",
)
REASONED = FILES[:3]
MILLION = 1_000_000
PROGRAM = "from kgtransfer.cli import main; main()"


def seconds(task: Callable[[], object]) -> float:
    """CPU time of a task and of the programs it starts, the best of three."""
    times = []
    for _ in range(3):
        started = sum(os.times()[:4])
        task()
        times.append(sum(os.times()[:4]) - started)
    return round(min(times), 2)


def reading(data: Path) -> list[dict[str, Any]]:
    """Every file of the data folder as a graph."""
    rows = []
    for name in FILES:
        path = data / "ontology" / name
        graph, (files, _) = read_ontology(path), read_files(path)
        row = {"name": f"read {name}", "seconds": seconds(lambda p=path: read_ontology(p).rows)}
        sizes = {"triples": len(graph), "concepts": len(graph.concepts), "files": len(files)}
        rows.append(row | sizes)
    return rows


def entailment(data: Path) -> list[dict[str, Any]]:
    """What follows from the ontologies of cells, qualities and environments."""
    rows = []
    for name in REASONED:
        graph = read_ontology(data / "ontology" / name)
        row = {"name": f"entailed {name}", "seconds": seconds(graph.entailed)}
        rows.append(row | {"asserted": len(graph), "entailed": len(graph.entailed())})
    return rows


def checking(_: Path) -> list[dict[str, Any]]:
    """`kgtransfer check` on an ontology of a thousand triples, from a cold start."""
    classes = "".join(
        f':C{n} a owl:Class ; rdfs:subClassOf :C{n // 2} ; rdfs:label "class {n}"@en .\n'
        for n in range(1, 335)
    )
    turtle = (
        "@prefix : <http://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f':C0 a owl:Class ; rdfs:label "class 0"@en .\n{classes}'
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thousand.ttl"
        path.write_text(turtle, encoding="utf-8")
        command = [sys.executable, "-c", PROGRAM, "check", str(path)]
        taken = seconds(lambda: subprocess.run(command, check=True, capture_output=True))
        return [{"name": "check, cold", "seconds": taken, "triples": len(read_ontology(path))}]


def checking_a_million(_: Path) -> list[dict[str, Any]]:
    """`kgtransfer check` on a million triples, sound and with a finding for each class."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, labelled in (("sound", True), ("without labels", False)):
            path = Path(folder) / "million.nt"
            path.write_text("".join(_ntriples(MILLION, labelled)), encoding="utf-8")
            command = [sys.executable, "-c", PROGRAM, "check", str(path)]
            started = sum(os.times()[2:4])
            with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
                _, _, used = os.wait4(process.pid, 0)
                process.returncode = 0
            row = {"name": f"check, {name}", "triples": MILLION}
            taken = round(sum(os.times()[2:4]) - started, 1)
            memory = round(used.ru_maxrss / 2**20, 2)
            rows.append({**row, "seconds": taken, "peak_gib": memory})
    return rows


def _ntriples(count: int, labelled: bool) -> Iterator[str]:
    """A class tree with definitions, restrictions and annotated axioms, `count` triples."""
    left = count
    for n in range(count):
        cls, above = f"<http://example.org/o#C{n}>", f"<http://example.org/o#C{n // 3}>"
        text = f'"The class at place {n}, which stands below the class at place {n // 3}."@en'
        lines = [f"{cls} <{RDF}type> <{OWL}Class>", f"{cls} <{SKOS}definition> {text}"]
        lines += [f'{cls} <{RDFS}label> "class {n}"@en'] if labelled else []
        lines += [f"{cls} <{RDFS}subClassOf> {above}"] if n else []
        if n % 3 == 0:
            lines += [
                f"{cls} <{RDFS}subClassOf> _:r{n}",
                f"_:r{n} <{RDF}type> <{OWL}Restriction>",
                f"_:r{n} <{OWL}onProperty> <http://example.org/o#p>",
                f"_:r{n} <{OWL}someValuesFrom> {above}",
            ]
        if n % 7 == 0:
            lines += [
                f"_:a{n} <{RDF}type> <{OWL}Axiom>",
                f"_:a{n} <{OWL}annotatedSource> {cls}",
                f"_:a{n} <{OWL}annotatedProperty> <{SKOS}definition>",
                f"_:a{n} <{OWL}annotatedTarget> {text}",
                f'_:a{n} <{RDFS}comment> "source {n}"',
            ]
        yield from (f"{line} .\n" for line in lines[:left])
        left -= len(lines)
        if left <= 0:
            return


MEASUREMENTS = (reading, entailment, checking, checking_a_million)


def main(data: Path) -> None:
    rows = []
    for measure in MEASUREMENTS:
        for row in measure(data):
            print(*(f"{key}: {value}" for key, value in row.items()), sep="  ", flush=True)
            rows.append(row)
    machine = {"machine": platform.machine(), "cpus": os.cpu_count()}
    versions = {"python": platform.python_version(), **machine}
    result = {"command": "python benchmarks/knowledge.py", "environment": versions}
    RESULT.parent.mkdir(exist_ok=True)
    written = json.dumps({**result, "measurements": rows}, indent=1)
    RESULT.write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("KGTRANSFER_DATA", "")
    if not given:
        sys.exit("name the data folder, or set KGTRANSFER_DATA")
    main(Path(given))
