"""How long `kgtransfer diff` and `kgtransfer check` take, on real graphs.

    python benchmarks/knowledge_diff.py

The diff: the API graph of eleven packages of the standard library (about 42,000 triples) before
and after an edit of fifty concepts. The check: the API graph of `json` and `calendar` with its
vocabulary's SHACL shapes, and the ontology of white blood cells with its own; both in a fresh
process. Each figure is the median of five runs; they go to `results/knowledge_diff.json`.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import pyoxigraph as ox

import kgtransfer as kgt
from kgtransfer.code.graphs.api import build_code_graph
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.languages.reading import read_modules

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "knowledge_diff.json"
PACKAGES = (
    *("asyncio", "concurrent", "email", "http", "importlib", "json"),
    *("logging", "multiprocessing", "unittest", "urllib", "xml"),
)
API = "https://w3id.org/kgtransfer/api#"
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
CALLS = ox.NamedNode(API + "calls")
RUNS = 5


def edited(graph: kgt.KnowledgeGraph) -> kgt.KnowledgeGraph:
    """The graph with 50 functions edited: 20 renamed, 20 no longer calling, 10 removed."""
    calling = sorted({subject for subject, _ in graph.statements(CALLS.value)})
    calling = calling[:: len(calling) // 50][:50]
    renamed, silent, gone = (set(part) for part in (calling[:20], calling[20:40], calling[40:]))

    def kept(triple: ox.Triple) -> bool:
        said_of = getattr(triple.subject, "value", "")
        return said_of not in gone and not (said_of in silent and triple.predicate == CALLS)

    triples = [triple for triple in graph.triples if kept(triple)]
    triples += [ox.Triple(ox.NamedNode(i), LABEL, ox.Literal("renamed")) for i in renamed]
    return kgt.KnowledgeGraph(triples, graph.prefixes)


# Prints how long both files take to read, and how long their diff takes then.
READ_AND_DIFF = """
import sys, time
from kgtransfer import diff, read_ontology
start = time.perf_counter()
old, new = map(read_ontology, sys.argv[1:])
read = time.perf_counter()
diff(old, new)
print(read - start, time.perf_counter() - read)
"""


def read_and_diff(old: Path, new: Path) -> dict[str, float]:
    program = [sys.executable, "-c", READ_AND_DIFF, str(old), str(new)]
    runs = [
        [float(part) for part in subprocess.check_output(program, text=True).split()]
        for _ in range(RUNS)
    ]
    in_memory = median(diffing for _, diffing in runs)
    return {
        "seconds_in_memory": round(in_memory, 3),
        "seconds_with_parsing": round(median(map(sum, runs)), 3),
    }


def seconds(action: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return round(median(times), 3)


def command(*arguments: str | Path) -> Callable[[], object]:
    program = [sys.executable, "-c", "from kgtransfer.cli import main; main()"]
    return lambda: subprocess.run(
        [*program, *map(str, arguments)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL
    )


def api_graph(packages: tuple[str, ...]) -> kgt.KnowledgeGraph:
    return build_code_graph(read_modules(find_source("stdlib", list(packages))))


def measure(folder: Path) -> dict[str, Any]:
    old, new, small = folder / "old.ttl", folder / "new.ttl", folder / "json.ttl"
    before = api_graph(PACKAGES)
    after = edited(before)
    package = api_graph(("json", "calendar"))
    for file, graph in ((old, before), (new, after), (small, package)):
        file.write_text(graph.to_turtle(), encoding="utf-8")
    found = kgt.diff(before, after)
    wbc = ROOT / "ontology" / "wbc.ttl"
    return {
        "diff": {
            "triples": [len(before), len(after)],
            "concepts": [len(before.concepts), len(after.concepts)],
            "added": len(found.added),
            "removed": len(found.removed),
            "changed": len(found.changed),
            **read_and_diff(old, new),
            "seconds_of_the_command": seconds(command("diff", old, new)),
        },
        "check": {
            "api of json and calendar": {
                "triples": len(package),
                "seconds_of_the_command": seconds(
                    command("check", small, "--shapes", ROOT / "ontology" / "shapes" / "api.ttl")
                ),
            },
            "wbc.ttl": {
                "triples": len(kgt.read_ontology(wbc)),
                "seconds_of_the_command": seconds(command("check", wbc)),
            },
        },
    }


def main() -> None:
    """Measure and write the result."""
    with TemporaryDirectory() as folder:
        found = measure(Path(folder))
    machine = {"cores": os.cpu_count(), "machine": platform.machine()}
    machine |= {"python": platform.python_version(), "load": round(os.getloadavg()[0], 2)}
    result = {"command": "python benchmarks/knowledge_diff.py", **found, "environment": machine}
    RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
