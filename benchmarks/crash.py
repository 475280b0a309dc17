"""Killed at random moments: train, retrain and sync come to the same end.

    python benchmarks/crash.py [--kills 8] [--kinds images rows code links] [--work FOLDER]

A small run of each kind is made once without interruption: over drawn cells, over rows of a table,
over two modules of the standard library, over the links of an ontology. Then each command is
started again and again, and killed (SIGKILL) at a random moment of its usual time; the next call
must end as the uninterrupted one did: the same scores, models and rows of the store to the bit.
After every kill `kgtransfer runs` may list no run that is not whole.
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
import safetensors.torch
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "crash.json"
SMALL = (
    *("seeds=2", "labels_per_class=[3]", 'arms=["none"]', "embedding.dim=8", "data.test=[]"),
    *("backbone.weights=random", "backbone.size=32", "training.steps=0.5"),
)


SMALL_SEARCH = (
    *('arms=["baseline"]', "seeds=2", 'settings=["named"]', "embedding.dim=8"),
    *("embedding.epochs=1", "encoder.trained_layers=1", "encoder.max_tokens=48"),
    *("training.adaptation=32", "training.batch_size=16"),
)
SHELLS = """@prefix att: <https://w3id.org/kgtransfer/attributes#> .
@prefix e: <http://example.org/shells#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

e:Snail a att:NodeClass ; rdfs:label "snail" .
e:Mussel a att:NodeClass ; rdfs:label "mussel" .
e:Turns a att:NodeAttribute ; rdfs:label "turns" ; att:highIn e:Snail ; att:lowIn e:Mussel .
"""
WEIGHT = 'e:Weight a att:NodeAttribute ; rdfs:label "weight" ; att:highIn e:Snail .\n'
PYTHON = """@prefix py: <https://w3id.org/kgtransfer/python/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

"""
DEFINITION = 'py:configparser.RawConfigParser skos:definition "Files of settings in sections." .\n'
FAMILY = "@prefix e: <http://example.org/family#> .\n" + "".join(
    f"e:a{n} e:marriedTo e:b{n} ; e:friendOf e:a{(n + 1) % 200} .\n"
    f"e:b{n} e:marriedTo e:a{n} ; e:friendOf e:b{(n + 1) % 200} .\n"
    for n in range(200)
)
TRAIN = """import sys

import kgtransfer as kgt
from kgtransfer.link_prediction import LinkTask, graph_links

links = graph_links(kgt.read_ontology(sys.argv[1]), text=None)
task = LinkTask(links, models=["complex"], dim=16, epochs=20, budget=0)
kgt.experiment(task, ["none", "baseline"], seeds=2, out=sys.argv[2])
"""


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
    """Digests of what a run is worth: its scores and models.

    Vectors of texts that models keep beside their weights are left out: they spare a retraining
    time, and which of them are encoded together is another matter after a kill.
    """
    models = [file for place in run.glob("model*") for file in (place, *place.rglob("*"))]
    files = [run / "scores.safetensors", *sorted(file for file in models if file.is_file())]
    return {str(file.relative_to(run)): digest_of(file) for file in files}


def digest_of(file: Path) -> str:
    """Of a file; of one of tensors, that of all but kept vectors of texts."""
    content = file.read_bytes()
    if file.suffix == ".safetensors":
        tensors = safetensors.torch.load(content)
        kept = {name: part for name, part in tensors.items() if not name.startswith("texts.")}
        content = safetensors.torch.save(kept)
    return hashlib.sha256(content).hexdigest()


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


def run_of(work: Path, train: list[str], edited: Path, text: str) -> list[Bench]:
    """A kind's train, and its retrain after an edit.

    Args:
        work: folder of the runs.
        train: a command that ends in the folder of the run.
        edited: file of the ontology.
        text: what it says after the edit.
    """
    first, second = Path(train[-1]), work / "runs" / "edited"
    before = edited.read_text(encoding="utf-8")
    retrain = kgtransfer(
        "retrain", str(first), "--ontology", str(edited.parent), "--out", str(second)
    )

    def reset_train() -> None:
        edited.write_text(before, encoding="utf-8")
        for run in (first, second):
            shutil.rmtree(run, ignore_errors=True)

    whole = work / "whole"  # what was never killed: a retraining goes on from that

    def reset_retrain() -> None:
        if not whole.is_dir():
            shutil.copytree(first, whole)
        shutil.rmtree(first)
        shutil.copytree(whole, first)
        edited.write_text(text, encoding="utf-8")
        shutil.rmtree(second, ignore_errors=True)

    return [
        Bench("train", train, lambda: end_of(first), reset_train),
        Bench("retrain", retrain, lambda: end_of(second), reset_retrain),
    ]


def trained(work: Path, toml: str, *settings: str) -> list[str]:
    """Settings of a pipeline -> the command; the ontology's folder is that of the work."""
    sets = [part for setting in settings for part in ("--set", setting)]
    out = str(work / "runs" / "run")
    return kgtransfer("train", str(ROOT / "pipelines" / toml), *sets, "--out", out)


def ontology_of(work: Path, *names: str) -> Path:
    """A folder with some of the project's ontologies."""
    folder = work / "ontology"
    folder.mkdir(parents=True)
    for name in names:
        shutil.copy(ROOT / "ontology" / name, folder)
    return folder


def images(work: Path) -> list[Bench]:
    data = draw(work / "cells")
    names = ("wbc.ttl", "kgt.ttl", "image_measures.ttl", "catalog-v001.xml")
    edited = ontology_of(work, *names) / "wbc.ttl"
    text = edited.read_text(encoding="utf-8")
    ends = "kgt:measuredBy wbc:lobeCount ; kgt:threshold 2.5"
    store = work / "store.kglite"

    def rows() -> str:
        asked = kgtransfer("query", "counts_by_label", "--store", str(store), "--json")
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout

    def unsynced() -> None:
        for file in work.glob("store.kglite*"):
            file.unlink()

    train = trained(
        work, "wbc.toml", f"data.path={data}", f"ontology.vocabulary={edited.parent}", *SMALL
    )
    return [
        *run_of(work, train, edited, text.replace(ends, ends.replace("2.5", "2.4"))),
        Bench("sync", kgtransfer("sync", str(edited), "--store", str(store)), rows, unsynced),
    ]


def rows(work: Path) -> list[Bench]:
    numbers = np.random.default_rng(0)
    lines = ["id,class,turns,weight"]
    for row in range(300):
        turns, weight = np.array([1.5, 0.7]) * (row % 2) + numbers.normal(size=2)
        lines.append(f"s{row},{['mussel', 'snail'][row % 2]},{turns:.3f},{weight:.3f}")
    folder = ontology_of(work, "attributes.ttl")
    (work / "shells.csv").write_text("\n".join(lines), encoding="utf-8")
    edited = folder / "shells.ttl"
    edited.write_text(SHELLS, encoding="utf-8")
    train = trained(
        work, "graph_control.toml", f"data.path={work / 'shells.csv'}", "data.train=0.4",
        "few_labels=[1]", "seeds=2", 'arms=["kg", "control"]', f'ontology.files=["{folder}"]',
    )  # fmt: skip
    return run_of(work, train, edited, SHELLS + WEIGHT)


def code(work: Path) -> list[Bench]:
    edited = ontology_of(work, "api.ttl", "kgt.ttl") / "mine.ttl"
    edited.write_text(PYTHON, encoding="utf-8")
    source = Path(json.__file__).parent
    shutil.copytree(source, work / "source" / "json")
    shutil.copy(source.parent / "configparser.py", work / "source")
    train = trained(
        work, "code_search.toml", f"data.path={work / 'source'}", "data.packages=[]",
        f"ontology.vocabulary={edited.parent}", *SMALL_SEARCH,
    )  # fmt: skip
    return run_of(work, train, edited, PYTHON + DEFINITION)


def links(work: Path) -> list[Bench]:
    edited = work / "ontology" / "family.ttl"
    edited.parent.mkdir(parents=True)
    edited.write_text(FAMILY, encoding="utf-8")
    script = work / "train.py"
    script.write_text(TRAIN, encoding="utf-8")
    train = [sys.executable, str(script), str(edited.parent), str(work / "runs" / "run")]
    return run_of(work, train, edited, FAMILY + "e:c1 e:childOf e:a1 , e:b1 .\n")


KINDS = {"images": images, "rows": rows, "code": code, "links": links}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=8, help="of each command")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "crash")
    given = parser.parse_args()
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    for kind in given.kinds:
        work = given.work.resolve() / kind
        shutil.rmtree(work, ignore_errors=True)
        command = f"python benchmarks/crash.py --kills {given.kills} --kinds {kind}"
        made = killed(KINDS[kind](work), given.kills, work / "runs")
        found[kind] = {"command": command, **made, "python": platform.python_version()}
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


def killed(benches: list[Bench], kills: int, runs: Path) -> dict[str, Any]:
    """Each command killed so often -> how often it came to the same end, and broken runs listed."""
    moments = random.Random(0)
    found: dict[str, Any] = {bench.name: {"kills": 0, "same end": 0} for bench in benches}
    listed_broken = 0
    for bench in benches:
        for number in range(kills):
            bench.kill(moments.uniform(0.1, 1.0))
            told = subprocess.run(
                kgtransfer("runs", str(runs), "--json"), capture_output=True, text=True, check=False
            )
            listed = json.loads(told.stdout) if told.returncode == 0 else []
            listed_broken += sum(bool(entry["damage"]) for entry in listed)
            found[bench.name]["kills"] += 1
            found[bench.name]["same end"] += bench.goes_on()
            print(number + 1, bench.name, found[bench.name], flush=True)
    return {**found, "broken runs listed": listed_broken}


if __name__ == "__main__":
    main()
