"""Hostile inputs: each gives a result or an error that names it, and nothing worse.

    python benchmarks/fuzz.py [BATTERY ...] [--inputs 14000]

The batteries are modules of `benchmarks/fuzzing/`, each of which says what it takes for a failure;
without a name, all are run. What a battery found replaces its own key of
`benchmarks/results/fuzz.json`. Exit status 1 if an input failed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from fuzzing import BATTERIES

RESULT = Path(__file__).parent / "results" / "fuzz.json"


def run(name: str, inputs: int) -> int:
    """Run a battery and record what it found; how many of its inputs failed."""
    started = time.perf_counter()
    tally = BATTERIES[name](inputs)
    for complaint in tally.complaints:
        print(f"{name}: {complaint}")
    print(f"{name}: {tally.outcomes.total()} inputs, {len(tally.complaints)} failures", flush=True)
    record(
        name,
        {
            "command": f"python benchmarks/fuzz.py {name} --inputs {inputs}",
            **tally.to_json(),
            "seconds": round(time.perf_counter() - started, 1),
        },
    )
    return len(tally.complaints)


def record(name: str, found: dict[str, object]) -> None:
    results = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.exists() else {}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({**results, name: found}, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("batteries", nargs="*", metavar="BATTERY", help=", ".join(BATTERIES))
    parser.add_argument("--inputs", type=int, default=14_000, help="at most so many a battery")
    given = parser.parse_args()
    if unknown := set(given.batteries) - set(BATTERIES):
        parser.error(f"no battery {', '.join(sorted(unknown))}; there are {', '.join(BATTERIES)}")
    failures = [run(name, given.inputs) for name in given.batteries or BATTERIES]
    return int(any(failures))


if __name__ == "__main__":
    sys.exit(main())
