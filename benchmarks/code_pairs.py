"""The figures of code search on queries that people wrote: sets of pairs, each with its graph.

    KGTRANSFER_DATA=PATH python benchmarks/code_pairs.py [NAME ...] [--seeds 3]

NAMEs: sql nl2bash conala cosqa rust java. The sets lie in `$KGTRANSFER_DATA/code`; their README
says where they are from. Pools are unique texts of code, no query of a person is learned from but
in the arms `labels_*`. Results go to `benchmarks/results/code_pairs.json`, and in MTEB's form, an
arm a file, to `benchmarks/results/mteb/`.
"""

from __future__ import annotations

import argparse
import ast
import gzip
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kgtransfer.experiments.results import RunResult
from kgtransfer.retrieval.mteb import mteb_result

RESULTS = Path(__file__).parent / "results"
RUNS = Path("runs/bench/pairs")
SCRIPT = "pipelines/code_search.py"
ARMS = "bm25,none,baseline,kg,shuffled,labels_100"
PYTHON = "builtins,stdlib,numpy,pandas,matplotlib,requests"


@dataclass(frozen=True)
class PairSet:
    """A set: its file, what is known of its code, its column of queries, how MTEB calls it."""

    file: str
    graph: str = ""
    query: str = "query"
    languages: tuple[str, ...] = ("eng-Latn",)
    arms: str = ARMS
    more: tuple[str, ...] = field(default=())


SETS = {
    "sql": PairSet("sql_spider_geo", "spider_schemas", languages=("eng-Latn", "sql-Code")),
    "nl2bash": PairSet("nl2bash", "tldr_commands", languages=("eng-Latn", "shell-Code")),
    "conala": PairSet("conala", PYTHON, "intent", ("eng-Latn", "python-Code")),
    "cosqa": PairSet(
        "cosqa", PYTHON, languages=("eng-Latn", "python-Code"), arms=ARMS.replace(",labels_100", "")
    ),
    "rust": PairSet(
        "rust_1000", languages=("eng-Latn", "rust-Code"), arms=ARMS.replace(",labels_100", "")
    ),
    "java": PairSet(
        *("concode_java", "", "query", ("eng-Latn", "java-Code")),
        arms=ARMS.replace(",labels_100", ""),
        more=("--set", "data.scored=dev"),  # its file has this split alone
    ),
}


def main() -> None:
    """Run the sets of the given names, all by default."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *SETS])
    parser.add_argument("--seeds", type=int, default=3)
    wanted = parser.parse_args()
    for name in wanted.names or SETS:
        _record(name, *_run(name, SETS[name], wanted.seeds))


def _run(name: str, chosen: PairSet, seeds: int) -> tuple[str, RunResult]:
    path = f"{chosen.file}.jsonl.gz"
    if name == "cosqa":
        path = str(_cosqa(RUNS / path))
    graph = f"{chosen.graph}.jsonl.gz" if name in ("sql", "nl2bash") else chosen.graph
    out = RUNS / name
    command = ["python", SCRIPT, "--data", path, "--out", str(out), "--seeds", str(seeds)]
    command += ["--arms", chosen.arms, "--set", "embedding.model=", "--set", f"data.graph={graph}"]
    command += ["--set", f"data.query={chosen.query}", *chosen.more]
    print(" ".join(command), flush=True)
    subprocess.run([sys.executable, *command[1:]], check=True)
    return " ".join(command), RunResult.load(out)


def _record(name: str, command: str, result: RunResult) -> None:
    file = RESULTS / "code_pairs.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    known[name] = {"command": command, "machine": _machine(), **result.to_json()}
    file.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    folder = RESULTS / "mteb"
    folder.mkdir(exist_ok=True)
    for arm in result.main.arms.values():
        scores = mteb_result(arm.per_sample, name, languages=SETS[name].languages)
        target = folder / f"{name}_{arm.name}.json"
        target.write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")


def _machine() -> dict[str, Any]:
    return {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count()}


def _cosqa(file: Path) -> Path:
    """Codes and queries, which lie in two files -> one file of pairs, the docstrings taken out."""
    asked: dict[str, list[dict[str, Any]]] = {}
    for row in _rows("cosqa_queries"):
        asked.setdefault(row["code_id"], []).append(row)
    file.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(file, "wt", encoding="utf-8") as written:
        for row in _rows("cosqa_codebase"):
            code = _without_docstring(row["code"])
            pairs = [q for q in asked.get(row["id"], []) if q["split"] == "test"]
            for query in pairs or [{"id": row["id"], "query": ""}]:
                pair = {"id": query["id"], "query": query["query"], "code": code, "split": "test"}
                written.write(json.dumps(pair) + "\n")
    return file


def _without_docstring(code: str) -> str:
    """The code as it is where it is no Python of today."""
    try:
        (function,) = ast.parse(code).body
    except (SyntaxError, ValueError):
        return code
    if not isinstance(function, ast.FunctionDef) or ast.get_docstring(function) is None:
        return code
    lines, said = code.splitlines(), function.body[0]
    if said.lineno == function.lineno or len(function.body) == 1:
        return code
    return "\n".join([*lines[: said.lineno - 1], *lines[said.end_lineno or said.lineno :]])


def _rows(name: str) -> list[dict[str, Any]]:
    file = Path(os.environ["KGTRANSFER_DATA"], "code", f"{name}.jsonl.gz")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


if __name__ == "__main__":
    main()
