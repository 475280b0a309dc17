"""Seconds of reading and measuring whole data sets of images, on one core and on all.

    KGTRANSFER_DATA=... python benchmarks/images.py [--repeats 1] [--sets NAME ...]

Each is a process of its own with an empty cache; the two are run one after the other, by turns.
CPU seconds are those of the process and of all that it starts. Results are the same to the bit.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from joblib import cpu_count

import kgtransfer as kgt
from kgtransfer.images.cells.measurer import CellMeasurer
from kgtransfer.images.domains import measure_domains
from kgtransfer.images.scenes.measurer import SceneMeasurer
from kgtransfer.utils.resources import child_environment
from kgtransfer.utils.resources import resource as ours

RESULTS = Path(__file__).parent / "results" / "speed.json"
SETS = {
    "wbc_pbc": ("ontology/wbc.ttl", CellMeasurer, "reinhard"),
    "rs_rsscn7": ("ontology/land_cover.ttl", SceneMeasurer, ""),
}


def read(name: str, cache: Path) -> dict[str, Any]:
    """Decode, bring to 96 pixels and measure a data set: seconds, and digest of what was read."""
    ontology, measurer, colours = SETS[name]
    graph = kgt.read_ontology(ours(ontology))
    source = kgt.MeasuredGrounder(graph, measurer(cache / "measures.jsonl"))
    started, before = time.perf_counter(), _cpu()
    data = kgt.read_images(name, size=96, colours=colours, cache=cache, leakage="drop")
    measured = measure_domains(data, source)
    seconds = time.perf_counter() - started
    _end_workers()
    images = len(measured.train) + sum(len(test) for test in measured.tests.values())
    return {
        "images": images,
        "wall": round(seconds, 1),
        "cpu": round(_cpu() - before, 1),
        "hash": measured.hash,
    }


def _cpu() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _end_workers() -> None:
    """Wait for the processes that idle: only what has ended is counted."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor(reuse=True).shutdown(wait=True)


def _child(name: str, cores: int) -> dict[str, Any]:
    with TemporaryDirectory() as cache:
        done = subprocess.run(
            [sys.executable, __file__, "--one", name, "--cache", cache],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={**child_environment(), "LOKY_MAX_CPU_COUNT": str(cores), "OMP_NUM_THREADS": "1"},
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare(name: str, repeats: int) -> dict[str, Any]:
    """One core against all, by turns."""
    cores = (1, cpu_count())
    runs = {number: [] for number in cores}
    for _ in range(repeats):
        for number in cores:
            runs[number].append(_child(name, number))
    every = [run for of in runs.values() for run in of]
    assert len({run["hash"] for run in every}) == 1
    found = {
        f"{number} cores" if number > 1 else "1 core": {
            figure: statistics.median(run[figure] for run in of) for figure in ("wall", "cpu")
        }
        for number, of in runs.items()
    }
    return {"images": every[0]["images"], "repeats": repeats, "same_to_the_bit": True, **found}


def main() -> None:
    """Run, and put the figures beside the others of speed.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--sets", nargs="*", choices=SETS, default=[*SETS])
    parser.add_argument("--one")
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(read(given.one, given.cache)))
        return
    load = os.getloadavg()[0]
    found: dict[str, Any] = {name: compare(name, given.repeats) for name in given.sets}
    command = f"python benchmarks/images.py --repeats {given.repeats} --sets {' '.join(given.sets)}"
    machine = {"cores": cpu_count(), "machine": platform.machine(), "load": round(load, 1)}
    machine["python"] = platform.python_version()
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    results["images"] = {"command": command, **found, "environment": machine}
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(results["images"], indent=1))


if __name__ == "__main__":
    main()
