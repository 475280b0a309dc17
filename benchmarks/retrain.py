"""What an edit of the ontology costs, and what it is worth.

    KGTRANSFER_DATA=... python benchmarks/retrain.py edits unseen noop graphs code [--work FOLDER]

On blood cells `edits`: ten edits of `ontology/wbc.ttl`, one after the other, each retrained from
the run before; after the first and the last a run from scratch with the same settings, caches
equally warm. CPU seconds are those of the whole commands: imports, reading, report. Differences are
paired over images and seeds. `unseen`: each of the five types has no class and no label at first;
then its class is added as Turtle, and found by its axioms; three placebos add it with the values of
each attribute exchanged at random. `noop`: an edit of comments, order and prefixes, by the clock.

`graphs`: ten edits of what is known of fields of computer science, on authors (Coauthor CS), as
`edits`; texts are encoded beforehand. `code`: a synonym in Turtle beside the graph that is read
from the standard library, with the settings of `make demo`.
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
FIELD_PREFIXES = """@prefix att: <https://w3id.org/kgtransfer/attributes#> .
@prefix cs: <http://example.org/cs#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

"""
FIELDS = {
    "bioinformatics": "Sequences, genes, proteins and their alignment.",
    "machine_learning": "Learning from data: kernels, neural networks, reinforcement.",
    "computer_vision": "Images and video: recognition, segmentation, tracking.",
    "NLP": "Language: parsing, translation, corpora.",
    "graphics": "Rendering, meshes, animation.",
    "networks": "Routing, wireless and sensor networks, protocols.",
    "security": "Cryptography, attacks, privacy.",
    "databases": "Queries, transactions, indexes.",
    "data_mining": "Clustering, frequent patterns, large data.",
    "game_theory": "Equilibria, auctions, mechanisms.",
    "HCI": "People and computers: interfaces, interaction, studies of users.",
    "information_theory": "Codes, channels, capacity.",
    "medical_informatics": "Records of patients, clinical systems.",
    "robotics": "Robots: motion, planning, control.",
    "theoretical_cs": "Algorithms, complexity, approximation.",
}
SVM = """cs:SupportVectorMachine a att:NodeAttribute ; rdfs:label "support vector machine" ;
    rdfs:comment "Learns with kernels."@en .
"""
SENSORS = """cs:WirelessSensorNetworks a att:NodeAttribute ; rdfs:label "wireless sensor networks" ;
    rdfs:comment "Many small senders."@en .
"""
FIELD_EDITS = (
    ("a field says more", ("Robots: motion, planning, control.",
                           "Robots: motion, planning, control, manipulators, localisation.")),
    ("a synonym of a field", ('rdfs:label "HCI" ;',
                              'rdfs:label "HCI" ; skos:altLabel "human computer interaction" ;')),
    ("a keyword is described", ("cs:NLP a", SVM + "cs:NLP a")),
    ("a field says less", ("Records of patients, clinical systems.", "Clinical systems.")),
    ("a comment is reworded", ("Codes, channels, capacity.", "Channels and their codes.")),
    ("a field is renamed", ("cs:databases", "cs:DataBases")),
    ("a synonym of another", ('rdfs:label "security" ;',
                              'rdfs:label "security" ; skos:altLabel "cryptology" ;')),
    ("a field says what is wrong", ("Rendering, meshes, animation.", "Auctions and crypto.")),
    ("and is put right", ("Auctions and crypto.", "Rendering, shading, meshes, animation.")),
    ("another keyword is described", ("cs:graphics a", SENSORS + "cs:graphics a")),
)  # fmt: skip
FIELD_RENAMED = "\ncs:DataBases owl:sameAs cs:databases .\n"
GRAPH_SETTINGS = (
    'ontology.files=["{ontology}/attributes.ttl", "{ontology}/cs.ttl"]',
    "data.path=coauthor_cs.npz", "few_labels=[1]", f"seeds={SEEDS}", 'arms=["kg"]',
)  # fmt: skip
CODE_SETTINGS = (
    "ontology.vocabulary={ontology}", "training.adaptation=256", "encoder.max_tokens=64",
    'settings=["named"]', "embedding.model=",
)  # fmt: skip
SYNONYM = """@prefix py: <https://w3id.org/kgtransfer/python/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

py:tarfile.TarFile skos:altLabel "tape archive" .
"""
RENAMED = "\nwbc:CondensedChromatin owl:sameAs wbc:DenseChromatin .\n"


class Desk:
    """A copy of the ontology to edit, and the commands on it, timed in CPU seconds.

    Args:
        work: folder of ontology and runs.
        edited: name of the file that is edited.
        toml: of the pipeline.
        given: settings of it, `{ontology}` for the folder of the ontology.
        cached: folders of a run that hold what no edit concerns; they are there beforehand.
    """

    def __init__(
        self,
        work: Path,
        edited: str = "wbc.ttl",
        toml: str = "wbc.toml",
        given: tuple[str, ...] = (
            "ontology.vocabulary={ontology}/wbc.ttl",
            f"labels_per_class={json.dumps(list(LABELS))}",
            f"seeds={SEEDS}",
            'arms=["kg"]',
        ),
        cached: tuple[str, ...] = (),
    ) -> None:
        self.work, self.toml, self.cached = work, ROOT / "pipelines" / toml, cached
        self.ontology = work / "ontology" / edited
        if not self.ontology.parent.is_dir():
            shutil.copytree(ROOT / "ontology", work / "ontology")
        self.given = [setting.format(ontology=work / "ontology") for setting in given]

    def write(self, text: str) -> None:
        """What the ontology says from now on."""
        self.ontology.write_text(text, encoding="utf-8")

    def train(self, name: str, *settings: str) -> float:
        """From scratch; a run that is finished is left alone."""
        sets = [part for setting in (*self.given, *settings) for part in ("--set", setting)]
        return self._timed("train", str(self.toml), "--out", name, *sets)

    def retrain(self, old: str, name: str) -> float:
        """From the run before; a run that is finished is left alone."""
        return self._timed("retrain", str(self.work / old), "--out", name)

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
            is_cached = verb == "train" and (self.work / "warm").is_dir()
            for folder in self.cached if is_cached else ():
                shutil.copytree(self.work / "warm" / folder, out / folder)
            given = [*arguments[:place], str(out), *arguments[place + 1 :]]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, "-m", "kgtransfer", verb, *given], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            kept.write_text(str(spent))
        return float(kept.read_text())


def edited(text: str, what: str, old: str, new: str, renamed: str) -> str:
    if old not in text:
        raise SystemExit(f"the ontology no longer says what is edited: {what}")
    return text.replace(old, new) + (renamed if "renamed" in what else "")


def edits(desk: Desk) -> dict[str, Any]:
    text = (ROOT / "ontology" / "wbc.ttl").read_text(encoding="utf-8")
    return {"labels_per_class": LABELS, "seeds": SEEDS, "edits": ten(desk, text, EDITS, RENAMED)}


def ten(
    desk: Desk, text: str, every: tuple[tuple[str, tuple[str, str]], ...], renamed: str
) -> list[dict[str, Any]]:
    """Edits of a text, one after the other, each retrained from the run before."""
    desk.write(text)
    desk.train("warm")  # caches of pixels, measures and texts
    steps: list[dict[str, Any]] = []
    name = "warm"
    for number, (what, (old, new)) in enumerate(every, start=1):
        text = edited(text, what, old, new, renamed)
        desk.write(text)
        seconds = desk.retrain(name, f"edit-{number}")
        name = f"edit-{number}"
        steps.append({"edit": what, "cpu_seconds": round(seconds, 1)})
        if number in (1, len(every)):
            scratch = desk.train(f"scratch-{number}")
            steps[-1] |= {
                "from_scratch_cpu_seconds": round(scratch, 1),
                "times_less": round(scratch / seconds, 1),
                "retrained - from scratch": against(
                    desk.result(name), desk.result(f"scratch-{number}")
                ),
            }
    return steps


def graphs(desk: Desk) -> dict[str, Any]:
    """Ten edits of what is known of the classes and keywords of a graph of authors."""
    fields = "".join(
        f'cs:{name} a att:NodeClass ; rdfs:label "{name}" ; rdfs:comment "{says}"@en .\n'
        for name, says in FIELDS.items()
    )
    place = desk.work / "graphs"
    desk = Desk(place, "cs.ttl", "graph_control.toml", GRAPH_SETTINGS, cached=("cache",))
    steps = ten(desk, FIELD_PREFIXES + fields, FIELD_EDITS, FIELD_RENAMED)
    return {"data": "coauthor_cs", "seeds": SEEDS, "settings": GRAPH_SETTINGS, "edits": steps}


def code(desk: Desk) -> dict[str, Any]:
    """A synonym of a class of the standard library, by the settings of the demo."""
    place = desk.work / "code"
    desk = Desk(place, "mine.ttl", "code_search.toml", CODE_SETTINGS)
    for file in desk.ontology.parent.glob("*.ttl"):
        if file.name not in ("api.ttl", "kgt.ttl", "mine.ttl"):
            file.unlink()
    desk.write(SYNONYM.partition("\n\n")[0] + "\n")
    demo = desk.train("demo")
    desk.write(SYNONYM)
    seconds = desk.retrain("demo", "synonym")
    scratch = desk.train("scratch", 'arms=["kg"]')
    return {
        "settings": CODE_SETTINGS,
        "edit": SYNONYM.partition("\n\n")[2].strip(),
        "cpu_seconds": round(seconds, 1),
        "all_arms_from_scratch_cpu_seconds": round(demo, 1),
        "from_scratch_cpu_seconds": round(scratch, 1),
        "times_less": round(scratch / seconds, 1),
        "retrained - from scratch": against(desk.result("synonym"), desk.result("scratch")),
        "after - before": edit_of(desk.result("synonym")),
    }


def edit_of(result: kgt.RunResult) -> dict[str, Any]:
    """What the edit did to the run, in points, a setting each."""
    compared = {name: s.compare("kg", "before") for name, s in result.settings.items()}
    return {
        name: [round(100 * x, 1) for x in (c.difference, *c.ci95)]
        for name, c in compared.items()
        if c
    }


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


def processor() -> str:
    """Its name, where the system says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if "model name" in line), "unknown")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("parts", nargs="+", choices=("edits", "unseen", "noop", "graphs", "code"))
    parser.add_argument("--work", type=Path, default=ROOT / "runs" / "retrain")
    given = parser.parse_args()
    desk = Desk(given.work.resolve())
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    for part in given.parts:
        parts = {"edits": edits, "unseen": unseen, "noop": noop, "graphs": graphs, "code": code}
        made = parts[part](desk)
        machine = {"machine": f"{processor()}, {os.cpu_count()} cores, {platform.machine()}"}
        found[part] = {"command": f"python benchmarks/retrain.py {part}", **machine, **made}
        found["environment"] = {"cores": os.cpu_count(), "python": platform.python_version()}
        RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
