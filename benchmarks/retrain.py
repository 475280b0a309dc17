"""What an edit of the ontology costs, and what it is worth, on blood cells.

    KGTRANSFER_DATA=... python benchmarks/retrain.py edits unseen noop [--work FOLDER]

`edits`: ten edits of `ontology/wbc.ttl`, one after the other, each retrained from the run before;
after the first and the last a run from scratch with the same settings, caches equally warm. CPU
seconds are those of the whole commands: imports, reading, report. Differences are paired over
images and seeds. `unseen`: each of the five types has no class and no label at first; then its
class is added as Turtle, and found by its axioms; three placebos add it with the values of each
attribute exchanged at random. `noop`: an edit of comments, order and prefixes, by the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import kgtransfer as kgt
from kgtransfer.experiments.comparison import Comparison
from kgtransfer.knowledge.axioms.facts import attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "retrain.json"
LABELS, SEEDS = (5, 20), 5
SECTIONS = {
    "basophil": "Basophils",
    "eosinophil": "Eosinophils",
    "lymphocyte": "Lymphocytes",
    "monocyte": "Monocytes",
    "neutrophil": "Neutrophils",
}
EDITS = (  # what is edited -> old and new text
    ("red granules set in later", (
        "wbc:eosinophilia ; kgt:threshold 0.28 ; kgt:softness 0.03 .\n\nwbc:Purple",
        "wbc:eosinophilia ; kgt:threshold 0.30 ; kgt:softness 0.03 .\n\nwbc:Purple")),
    ("a lobed nucleus needs more of a third lobe", (
        "kgt:measuredBy wbc:lobeCount ; kgt:threshold 2.5 ; kgt:softness 0.2",
        "kgt:measuredBy wbc:lobeCount ; kgt:threshold 2.6 ; kgt:softness 0.2")),
    ("a synonym of eosinophil", (
        'skos:altLabel "eosinophil leukocyte"@en ,',
        'skos:altLabel "acidophil"@en , "eosinophil leukocyte"@en ,')),
    ("vacuoles are softer", (
        "kgt:measuredBy wbc:vacuoleShare ; kgt:threshold 0.02 ; kgt:softness 0.005",
        "kgt:measuredBy wbc:vacuoleShare ; kgt:threshold 0.02 ; kgt:softness 0.006")),
    ("neutrophils are sometimes bilobed: no longer said", (
        "kgt:sometimes wbc:SmallCell , wbc:IrregularCell , wbc:BandNucleus , wbc:BilobedNucleus ,",
        "kgt:sometimes wbc:SmallCell , wbc:IrregularCell , wbc:BandNucleus ,")),
    ("a definition is reworded", (
        "A leukocyte with abundant granules", "Any leukocyte with plenty of granules")),
    ("a concept is renamed", ("wbc:DenseChromatin", "wbc:CondensedChromatin")),
    ("the smallest big cell is bigger", (
        "kgt:measuredBy wbc:cellDiameter ; kgt:threshold 12 ; kgt:softness 1 .",
        "kgt:measuredBy wbc:cellDiameter ; kgt:threshold 12.3 ; kgt:softness 1 .")),
    ("chromatin is dense from less on", (
        "kgt:measuredBy wbc:chromatinDensity ; kgt:threshold 0.44 ; kgt:softness 0.02",
        "kgt:measuredBy wbc:chromatinDensity ; kgt:threshold 0.43 ; kgt:softness 0.02")),
    ("coarse granules from less contrast on", (
        "kgt:measuredBy wbc:granuleContrast ; kgt:threshold 0.25 ; kgt:softness 0.04 .",
        "kgt:measuredBy wbc:granuleContrast ; kgt:threshold 0.24 ; kgt:softness 0.04 .")),
)  # fmt: skip
RENAMED = "\nwbc:CondensedChromatin owl:sameAs wbc:DenseChromatin .\n"


class Desk:
    """A copy of the ontology to edit, and the commands on it, timed in CPU seconds."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.ontology = work / "ontology" / "wbc.ttl"
        if not self.ontology.is_file():
            shutil.copytree(ROOT / "ontology", work / "ontology")

    def write(self, text: str) -> None:
        """What the ontology says from now on."""
        self.ontology.write_text(text, encoding="utf-8")

    def train(self, name: str, *settings: str) -> float:
        """From scratch; a run that is finished is left alone."""
        labels = json.dumps(list(LABELS))
        given = (f"labels_per_class={labels}", f"seeds={SEEDS}", 'arms=["kg"]', *settings)
        vocabulary = f"ontology.vocabulary={self.ontology}"
        sets = [part for setting in (vocabulary, *given) for part in ("--set", setting)]
        return self._timed("train", str(ROOT / "pipelines" / "wbc.toml"), "--out", name, *sets)

    def retrain(self, old: str, name: str) -> float:
        """From the run before; a run that is finished is left alone."""
        return self._timed("retrain", str(self.work / old), "--ontology", str(self.ontology),
                           "--out", name)  # fmt: skip

    def result(self, name: str) -> kgt.RunResult:
        """Of a finished run."""
        return kgt.RunResult.load(self.work / name)

    def _timed(self, verb: str, *arguments: str) -> float:
        """CPU seconds, kept with the run: a repeated benchmark measures nothing twice."""
        place = arguments.index("--out") + 1
        out = self.work / arguments[place]
        kept = out.with_suffix(".seconds")
        if not (kept.is_file() and (out / "result.json").is_file()):
            shutil.rmtree(out, ignore_errors=True)
            given = [*arguments[:place], str(out), *arguments[place + 1 :]]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-m", "kgtransfer", verb, *given], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            kept.write_text(str(spent))
        return float(kept.read_text())


def edited(text: str, what: str, old: str, new: str) -> str:
    if old not in text:
        raise SystemExit(f"the ontology no longer says what is edited: {what}")
    return text.replace(old, new) + (RENAMED if "renamed" in what else "")


def edits(desk: Desk) -> dict[str, Any]:
    text = (ROOT / "ontology" / "wbc.ttl").read_text(encoding="utf-8")
    desk.write(text)
    desk.train("warm")  # caches of pixels, measures and texts
    steps: list[dict[str, Any]] = []
    name = "warm"
    for number, (what, (old, new)) in enumerate(EDITS, start=1):
        text = edited(text, what, old, new)
        desk.write(text)
        seconds = desk.retrain(name, f"edit-{number}")
        name = f"edit-{number}"
        steps.append({"edit": what, "cpu_seconds": round(seconds, 1)})
        if number in (1, len(EDITS)):
            scratch = desk.train(f"scratch-{number}")
            steps[-1] |= {
                "from_scratch_cpu_seconds": round(scratch, 1),
                "times_less": round(scratch / seconds, 1),
                "retrained - from scratch": against(
                    desk.result(name), desk.result(f"scratch-{number}")
                ),
            }
    return {"labels_per_class": LABELS, "seeds": SEEDS, "edits": steps}


def against(ours: kgt.RunResult, theirs: kgt.RunResult) -> dict[str, Any]:
    """Balanced accuracy of either in percent, and their paired difference in points."""
    found = {}
    for name, setting in theirs.settings.items():
        a, b = ours.settings[name].arms["kg"], setting.arms["kg"]
        compared = Comparison.of(a, b)
        ends = [round(100 * x, 1) for x in (compared.difference, *compared.ci95)]
        means = [round(100 * of.mean, 1) for of in (a, b)]
        found[name] = {"retrained, from scratch": means, "difference": ends}
    return found


def unseen(desk: Desk) -> dict[str, Any]:
    """Recall of each type after its class was added without a label, and what others lose."""
    whole = (ROOT / "ontology" / "wbc.ttl").read_text(encoding="utf-8")
    found: dict[str, Any] = {}
    for kind, section in SECTIONS.items():
        placebos = {f"placebo-{seed}": exchanged(whole, section, seed) for seed in range(3)}
        desk.write(lacking(whole, section))
        desk.train(f"without-{kind}", f'data.ignored=["{kind}"]', f'data.unlabelled=["{kind}"]',
                   "labels_per_class=[20]")  # fmt: skip
        figures: dict[str, Any] = {}
        for name, text in {"axioms": whole, **placebos}.items():
            desk.write(text)
            seconds = desk.retrain(f"without-{kind}", f"{name}-{kind}")
            figures[name] = recalls(desk.result(f"{name}-{kind}"), kind)
            figures[name]["cpu_seconds"] = round(seconds, 1)
        found[kind] = figures
    means = {
        f"{what}, {test}": averaged(
            [found[kind][name] for kind in SECTIONS for name in names], test
        )
        for test in ("source", "wbc_jtsc", "wbc_bccd")
        for what, names in (("axioms", ["axioms"]), ("placebo", sorted(placebos)))
    }
    return {"labels_per_class": 20, "seeds": SEEDS, "means": means, **found}


def averaged(figures: list[dict[str, Any]], test: str) -> dict[str, float]:
    rows = [of[test] for of in figures if test in of]
    return {key: round(float(np.mean([row[key] for row in rows])), 1) for key in rows[0]}


def recalls(result: kgt.RunResult, kind: str) -> dict[str, Any]:
    """Test set -> recall of the type, balanced accuracy of all, and points that the others lose."""
    row = result.details["targets"]["labels"].index(kind)
    found: dict[str, Any] = {}
    for name, setting in result.settings.items():
        test, _, rest = name.partition(", ")
        if "both" in rest or test == "validation":
            continue
        kg = setting.arms["kg"]
        members = np.array(kg.strata) == row
        if not members.any():
            continue
        both = result.settings.get(f"{name}, classes of both", setting).arms
        found[test] = {
            "recall": round(100 * float((kg.per_sample[:, members] > 0).mean()), 1),
            "balanced accuracy": round(100 * kg.mean, 1),
            "others lose": round(100 * (both["before"].mean - both["kg"].mean), 1),
        }
    return found


def lacking(text: str, section: str) -> str:
    """The ontology without a type: its section, and its name wherever it stands."""
    start = text.index(f"# ---- {section}")
    rest = text[:start] + text[text.index("# ----", start + 10) :]
    gone = re.findall(
        r"^wbc:(\w+) a owl:Class", text[start : text.index("# ----", start + 10)], re.MULTILINE
    )
    for name in gone:
        rest = re.sub(rf"wbc:{name}\b ?", "", rest)
    return rest


def exchanged(text: str, section: str, seed: int) -> str:
    """The placebo: in a type's section the values of each attribute are exchanged at random."""
    graph = kgt.read_ontology(ROOT / "ontology" / "wbc.ttl")
    random = np.random.default_rng(seed)
    table = {}
    for values in attributes(graph).values():
        names = [value.rpartition("#")[2] for value in values]
        table |= dict(zip(names, random.permutation(names).tolist(), strict=True))
    start = text.index(f"# ---- {section}")
    end = text.index("# ----", start + 10)
    swapped = re.sub(r"wbc:(\w+)", lambda m: "wbc:" + table.get(m[1], m[1]), text[start:end])
    return text[:start] + swapped + text[end:]


def noop(desk: Desk) -> dict[str, Any]:
    """Wall seconds until it is known that an edit says nothing new, of five tries."""
    text = (ROOT / "ontology" / "wbc.ttl").read_text(encoding="utf-8")
    desk.write(text)
    desk.train("warm")
    head, *blocks = text.split("\n\n")
    desk.write("# reordered\n\n".join([head, "\n\n".join(reversed(blocks))]))
    tries = list(_clocked(desk))
    return {"wall_seconds": [round(seconds, 2) for seconds in tries]}


def _clocked(desk: Desk) -> Iterator[float]:
    command = [sys.executable, "-m", "kgtransfer", "retrain", str(desk.work / "warm"),
               "--ontology", str(desk.ontology)]  # fmt: skip
    for _ in range(5):
        start = time.perf_counter()
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if "nothing to do" not in told:
            raise SystemExit(f"the edit was taken for one: {told}")
        yield time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="+", choices=("edits", "unseen", "noop"))
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "retrain")
    given = parser.parse_args()
    desk = Desk(given.work.resolve())
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    for part in given.parts:
        made = {"edits": edits, "unseen": unseen, "noop": noop}[part](desk)
        found[part] = {"command": f"python benchmarks/retrain.py {part}", **made}
        found["environment"] = {"cores": os.cpu_count(), "python": platform.python_version()}
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
