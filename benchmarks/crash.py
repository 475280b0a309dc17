"""Killed at random moments: train, retrain and sync come to the same end.

    python benchmarks/crash.py [--kills 24] [--work FOLDER]

A small run over drawn cells is made once without interruption. Then each command is started again
and again, and killed (SIGKILL) at a random moment of its usual time; the next call must end as the
uninterrupted one did: the same scores, models and rows of the store to the bit. After every kill
`kgtransfer runs` may list no run that is not whole.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "crash.json"
SMALL = (
    *("seeds=2", "labels_per_class=[3]", 'arms=["none"]', "embedding.dim=8", "data.test=[]"),
    *("backbone.weights=random", "backbone.size=32", "training.steps=0.5"),
)


def kgtransfer(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "kgtransfer", *arguments]


def draw(folder: Path) -> Path:
    """Round nuclei and three-lobed ones."""
    numbers = np.random.default_rng(0)
    rows, columns = np.ogrid[:96, :96]

    def disk(row: float, column: float, radius: float) -> np.ndarray:
        return np.asarray((rows - row) ** 2 + (columns - column) ** 2 <= radius**2)

    for label in ("lymphocyte", "neutrophil"):
        (folder / label).mkdir(parents=True, exist_ok=True)
        for number in range(36):
            size = numbers.uniform(0.92, 1.08)
            lobes = (
                [(48, 47, 14.5)]
                if label == "lymphocyte"
                else [(40, 40, 9), (40, 56, 8), (57, 49, 9)]
            )
            cell = disk(48, 48, (17 if label == "lymphocyte" else 27) * size)
            nucleus = np.logical_or.reduce([disk(r, c, radius * size) for r, c, radius in lobes])
            image = np.full((96, 96, 3), (240, 228, 210), dtype=np.float64)
            image[cell], image[nucleus & cell] = (215, 190, 215), (90, 50, 130)
            image += numbers.normal(0, 2, image.shape)
            Image.fromarray(image.clip(0, 255).astype(np.uint8)).save(
                folder / label / f"{number}.png"
            )
    return folder


def end_of(run: Path) -> dict[str, str]:
    """Digests of what a run is worth: its scores and models."""
    files = [run / "scores.safetensors", *sorted((run / "models").iterdir())]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


class Bench:
    """A command that is killed, and what it must come to."""

    def __init__(
        self, name: str, command: list[str], end: Callable[[], Any], reset: Callable[[], None]
    ) -> None:
        self.name, self.command, self.end, self.reset = name, command, end, reset
        reset()
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        self.usual = time.perf_counter() - start
        self.wanted = end()

    def kill(self, moment: float) -> None:
        """Start, kill at a share of the usual time, and go on to the end."""
        self.reset()
        process = subprocess.Popen(
            self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(timeout=moment * self.usual)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def goes_on(self) -> bool:
        """Whether the next call comes to the end that was wanted."""
        done = subprocess.run(self.command, check=False, capture_output=True, text=True)
        if done.returncode:
            print(f"{self.name}: {done.stderr[-2000:]}", file=sys.stderr)
        return done.returncode == 0 and self.end() == self.wanted


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=24)
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "crash")
    given = parser.parse_args()
    work = given.work.resolve()
    shutil.rmtree(work, ignore_errors=True)
    data, runs = draw(work / "cells"), work / "runs"
    shutil.copytree(ROOT / "ontology", work / "ontology")
    edited = work / "ontology" / "wbc.ttl"
    text = edited.read_text(encoding="utf-8")
    ends = "kgt:measuredBy wbc:lobeCount ; kgt:threshold 2.5"
    edited.write_text(text.replace(ends, ends.replace("2.5", "2.4")), encoding="utf-8")
    sets = [part for setting in (f"data.path={data}", *SMALL) for part in ("--set", setting)]
    toml = str(ROOT / "pipelines" / "wbc.toml")
    store = work / "store.kglite"
    first, second = runs / "run", runs / "edited"

    def rows() -> str:
        asked = kgtransfer("query", "counts_by_label", "--store", str(store), "--json")
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout

    def unsynced() -> None:
        for file in work.glob("store.kglite*"):
            file.unlink()

    benches = [
        Bench("train", kgtransfer("train", toml, "--out", str(first), *sets),
              lambda: end_of(first), lambda: shutil.rmtree(first, ignore_errors=True)),
        Bench("retrain",
              kgtransfer("retrain", str(first), "--ontology", str(edited), "--out", str(second)),
              lambda: end_of(second), lambda: shutil.rmtree(second, ignore_errors=True)),
        Bench("sync", kgtransfer("sync", str(edited), "--store", str(store)), rows, unsynced),
    ]  # fmt: skip
    moments = random.Random(0)
    found: dict[str, Any] = {bench.name: {"kills": 0, "same end": 0} for bench in benches}
    listed_broken = 0
    for number in range(given.kills):
        bench = benches[number % len(benches)]
        if bench.name == "train":
            shutil.rmtree(second, ignore_errors=True)
        bench.kill(moments.uniform(0.1, 1.0))
        told = subprocess.run(
            kgtransfer("runs", str(runs), "--json"), capture_output=True, text=True, check=False
        )
        listed = json.loads(told.stdout) if told.returncode == 0 else []
        listed_broken += sum(bool(entry["damage"]) for entry in listed)
        found[bench.name]["kills"] += 1
        found[bench.name]["same end"] += bench.goes_on()
        print(number + 1, bench.name, found[bench.name], flush=True)
    command = f"python benchmarks/crash.py --kills {given.kills}"
    made = {"command": command, **found, "broken runs listed": listed_broken}
    made |= {"python": platform.python_version()}
    RESULTS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
