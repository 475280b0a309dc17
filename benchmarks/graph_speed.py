"""What `pipelines/graph_control.py` costs, beside the same at an earlier revision.

    KGTRANSFER_DATA=... python benchmarks/graph_speed.py --before 5fdba1e [--seeds 2] [--only NAME]

Whole commands in one process tree, one thread each, before and after by turns, in CPU-seconds:
imports, reading, every arm and seed, comparisons and report. `again` repeats each on its finished
folder, which fits nothing. Scores of every arm, seed and node are compared. The data are a graph of
7,650 nodes, drawn at random from Amazon Computers with the edges among them (as large as Amazon
Photo), the same without its edges, as rows, and Cora_ML.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "speed.json"
NODES = 7650


def drawn(file: Path, *, edges: bool) -> Path:
    """A graph of `NODES` random nodes of Amazon Computers, or its rows alone."""
    with np.load(Path(os.environ["KGTRANSFER_DATA"]) / "graph" / "amazon_computers.npz") as data:
        count = int(data["num_nodes"])
        kept = np.sort(np.random.default_rng(0).permutation(count)[:NODES])
        place = np.full(count, -1)
        place[kept] = np.arange(NODES)
        moved = place[data["edge_index"]]
        parts = tuple(data[f"x_{name}"] for name in ("data", "indices", "indptr"))
        rows = sp.csr_array(parts, shape=tuple(data["x_shape"]))[kept]
        np.savez_compressed(
            file,
            edge_index=moved[:, (moved >= 0).all(axis=0)] if edges else moved[:, :0],
            num_nodes=NODES,
            y=data["y"][kept],
            class_names=data["class_names"],
            x_indptr=rows.indptr,
            x_indices=rows.indices,
            x_data=rows.data,
            x_shape=np.array(rows.shape),
        )
    return file


def run(checkout: Path, data: str, out: Path, seeds: int) -> float:
    """CPU-seconds of the whole command by a checkout's code."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src"), "OMP_NUM_THREADS": "1"}
    command = ("pipelines/graph_control.py", "--data", data, "--out", str(out))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, *command, "--seeds", str(seeds)],
        cwd=checkout,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def scores(out: Path) -> dict[str, np.ndarray]:
    """Arm -> `[seeds, test nodes]` of a run's folder."""
    fits: dict[str, dict[str, list[float]]] = {}
    for file in sorted(out.rglob("*.json")):
        content = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(content, dict) and "per_sample" in content.get("fit", {}):
            arm, seed, _ = file.stem.rsplit("-", 2)
            fits.setdefault(arm, {})[seed] = content["fit"]["per_sample"]
    return {arm: np.array([rows[seed] for seed in sorted(rows)]) for arm, rows in fits.items()}


def compared(data: str, checkouts: dict[str, Path], work: Path, seeds: int) -> dict[str, Any]:
    """A data set's CPU-seconds before and after, and how many scores differ."""
    cpu: dict[str, float] = {}
    for turn in ("", ", again"):
        for when, checkout in checkouts.items():
            cpu[when + turn] = run(checkout, data, work / f"{Path(data).stem}-{when}", seeds)
            print(f"{Path(data).stem}: {when}{turn}: {cpu[when + turn]:.1f} CPU-s", flush=True)
    before, after = (scores(work / f"{Path(data).stem}-{when}") for when in checkouts)
    assert before.keys() == after.keys()
    assert before
    return {
        "seeds": seeds,
        "cpu_seconds": {when: round(seconds, 1) for when, seconds in cpu.items()},
        "times_less": round(cpu["before"] / cpu["after"], 2),
        "scores": sum(table.size for table in before.values()),
        "scores_that_differ": {arm: int((before[arm] != after[arm]).sum()) for arm in before},
    }


def machine() -> dict[str, Any]:
    """Processor and cores, as `lscpu` says them."""
    told = subprocess.run(["lscpu"], capture_output=True, text=True, check=True).stdout
    lines = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    return {"lscpu": lines["Model name"].strip(), "cores": os.cpu_count()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", required=True, help="revision to compare with")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=["photo_like", "photo_like_rows", "cora_ml"])
    options = parser.parse_args()
    git = ("git", "-C", str(ROOT))
    revisions = [
        subprocess.run(
            [*git, "rev-parse", "--short=7", name], capture_output=True, text=True, check=True
        ).stdout.strip()
        for name in (options.before, "HEAD")
    ]
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        checkouts = {"before": work / "checkout", "after": ROOT}
        add = ("worktree", "add", "--detach", str(work / "checkout"), options.before)
        subprocess.run([*git, *add], check=True, capture_output=True)
        try:
            data = {
                "photo_like": str(drawn(work / "photo_like.npz", edges=True)),
                "photo_like_rows": str(drawn(work / "photo_like_rows.npz", edges=False)),
                "cora_ml": "cora_ml",
            }
            runs = {
                name: compared(data[name], checkouts, work, options.seeds) for name in options.only
            }
        finally:
            remove = ("worktree", "remove", "--force", str(work / "checkout"))
            subprocess.run([*git, *remove], check=True)
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    known = results.get("graphs", {}).get("data", {})
    results["graphs"] = {
        "command": f"python benchmarks/graph_speed.py --before {revisions[0]}",
        "after": revisions[1],
        "machine": machine(),
        "data": {**known, **runs},
    }
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
