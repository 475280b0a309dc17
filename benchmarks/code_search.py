"""The figures of code search: five seeds on the standard library, then packages never tuned on.

    python benchmarks/code_search.py [NAME ...]      NAMEs: stdlib networkx rdflib rich sources

Settings were chosen on development code bases (other packages of the standard library, see
docs/experiments.md). Results go to `benchmarks/results/code_search_NAME.json` with the command
that makes each again; finished fits are kept under `runs/bench/` and not made again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
SCRIPT = "pipelines/code_search.py"
FRESH = "bm25,none,baseline,adapted,kg_fixed,queries,kg,shuffled"
ARMS = f"{FRESH},kg_vectors,labels_100"
SOURCES = "baseline,kg_vectors,kg_structure,kg_both,kg_random"
RUNS = {
    "stdlib": ["--data", "stdlib", "--seeds", "5", "--arms", ARMS],
    "networkx": ["--data", "networkx", "--seeds", "2", "--arms", FRESH],
    "rdflib": ["--data", "rdflib", "--seeds", "2", "--arms", FRESH],
    "rich": ["--data", "rich", "--seeds", "2", "--arms", FRESH],
    "sources": ["--data", "stdlib", "--seeds", "2", "--arms", SOURCES],
}


def main(names: list[str]) -> None:
    """Run the benchmarks of the given names, all by default."""
    for name in names or RUNS:
        out = Path("runs/bench") / name
        command = ["python", SCRIPT, *RUNS[name], "--out", str(out)]
        print(" ".join(command), flush=True)
        subprocess.run([sys.executable, *command[1:]], check=True)
        result = json.loads((out / "result.json").read_text(encoding="utf-8"))
        RESULTS.mkdir(exist_ok=True)
        written = json.dumps({"command": " ".join(command), **result}, indent=1)
        (RESULTS / f"code_search_{name}.json").write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
