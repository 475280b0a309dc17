"""How fast source code of any language becomes an API graph, and how much of it is resolved.

    python benchmarks/code_graph.py stdlib commons-lang3=path/to/sources ...

Each argument is a code base, as `kgtransfer graph code` takes it, with a name for it before `=`.
Each is read in a process of its own, by one thread: functions a minute of processor time (other
work on the machine does not count) for reading, resolving names and making the graph, the median of
three runs; the time that passed, with the machine's load; how many calls, as written, became
links; files passed over. They go to `results/code_graph.json`. Sources: the standard library of the
interpreter; Maven's `-sources.jar`; crates, npm packages and Go modules as their registries have
them, unpacked.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from statistics import median

RESULTS = Path(__file__).parent / "results" / "code_graph.json"
RUNS = 3

# Prints what one code base gives, as JSON.
READ = """
import json, resource, sys, time
from kgtransfer.code.graphs.api import CodeLinks, build_code_graph
from kgtransfer.code.languages.python import find_source
from kgtransfer.code.languages.reading import stream_modules
left = []
start, began = time.process_time(), time.perf_counter()
modules = list(stream_modules(find_source(sys.argv[1]), passed_over=left.append))
read = time.process_time()
graph = build_code_graph(modules)
done, ended = time.process_time(), time.perf_counter()
definitions = [d for m in modules for d in m.definitions]
functions = [d for d in definitions if d.kind != "class"]
links = CodeLinks(modules)
calls = [link for d in links.definitions.values() for link in links.links(d)]
calls = [link for link in calls if link.relation == "calls"]
print(json.dumps({
    "languages": sorted({m.language for m in modules}),
    "files": len(modules),
    "functions": len(functions),
    "documented": sum(bool(d.docstring) for d in functions),
    "triples": len(graph),
    "calls_written": sum(len(d.calls) for d in links.definitions.values()),
    "calls_inside": sum(not link.external for link in calls),
    "calls_external": sum(link.external for link in calls),
    "passed_over": len(left),
    "seconds_reading": read - start,
    "seconds_graph": done - read,
    "seconds_passed": ended - began,
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
}))
"""


def measured(path: str) -> dict[str, object]:
    """A code base -> its counts, and the median of times."""
    command = [sys.executable, "-c", READ, path]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    runs = [
        json.loads(subprocess.check_output(command, text=True, env=environment))
        for _ in range(RUNS)
    ]
    times = ("seconds_reading", "seconds_graph", "seconds_passed", "peak_mb")
    found = runs[0] | {name: round(median(run[name] for run in runs), 2) for name in times}
    seconds = found["seconds_reading"] + found["seconds_graph"]
    return found | {"functions_a_minute": round(found["functions"] / seconds * 60)}


def main() -> None:
    named = [argument.rpartition("=")[::2] for argument in sys.argv[1:] or ["stdlib"]]
    results: dict[str, object] = {}
    for name, path in named:
        results[name or Path(path).name] = measured(path)
        print(name or Path(path).name, json.dumps(results[name or Path(path).name]), flush=True)
    environment = {
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }
    said = {
        "command": "python benchmarks/code_graph.py NAME=PATH ...",
        "code": results,
        "environment": environment,
    }
    RESULTS.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
