"""Scenes from above: fine-tuning beside what an ontology of land cover says of how they look.

    python pipelines/remote_sensing.py --data rs_rsscn7 --out runs/remote_sensing
    python pipelines/remote_sensing.py --data my/scenes --test other/sensor --labels-per-class 10

Colour, texture, lines, patterns and covers of a scene are measured; the ontology says which measure
stands for which concept, and its axioms how each class looks. Full fine-tuning and fine-tuning of
the last layers are the arms of Akhtar et al., Appl. Sci. 13:7882, 2023.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import kgtransfer as kgt
from kgtransfer.images.config import VisionConfig as Config

NUMBERS, AXIOMS = ("numbers",), ("axioms",)
KG = kgt.ClassArm("kg", experts=AXIOMS + NUMBERS, by="film")
ARMS = (
    kgt.ClassArm("none"),
    kgt.ClassArm("last_layers", trained="last"),
    kgt.ClassArm("baseline", experts=NUMBERS),
    KG,
    replace(KG, name="shuffled", shuffled=True),
)
CONTROLS = (  # in the setting of the first number of labels
    kgt.ClassArm("probe", trained="head"),
    kgt.ClassArm("numbers", experts=NUMBERS, trained="nothing"),
    kgt.ClassArm("axioms", experts=AXIOMS, trained="nothing", labels=0),
)
WORDS = {
    "none": "the network fine-tuned, all of it; no knowledge",
    "last_layers": "the network's last layers fine-tuned",
    "baseline": "a regression on the measured numbers, and the network; no graph",
    "kg": "axioms on measured concepts, the regression, and the network conditioned by FiLM",
    "shuffled": "as kg, axioms shuffled among the classes and vectors among the concepts: placebo",
    "probe": "the network's head alone is trained",
    "numbers": "the regression on measured numbers alone",
    "axioms": "axioms on measured concepts alone: no label at all",
}
PAIRS = (
    *(("kg", other) for other in WORDS if other != "kg"),
    ("shuffled", "none"),
    ("baseline", "none"),
    ("last_layers", "none"),
)


def curve(labels: int) -> kgt.ClassArm:
    """A point of the learning curve of fine-tuning alone."""
    return replace(ARMS[0], name=f"labels_{labels}", labels=labels)


def run(config: Config, out: Path) -> kgt.RunResult:
    """From images and Turtle to a report, in one straight line."""
    arms = kgt.choose_arms([*ARMS, *CONTROLS], config.arms, always=[KG])
    cache = out.parent / ".cache"  # what was read and measured serves all runs beside this one

    # Turtle -> a checked knowledge graph; Cypher selects the concepts that may condition
    graph = kgt.read_ontology(kgt.resource(config.ontology.vocabulary))
    kgt.require_valid(graph, [kgt.resource(config.ontology.shapes)])
    with kgt.connect(out / "store.kglite") as store:
        kgt.say(store.sync(graph))
        chosen = store.select(config.select.cypher)

    # concepts -> vectors
    text = kgt.TextEncoder.from_pretrained(config.embedding.text)
    embedded = kgt.embedded(
        graph, text=text, cache=cache, model=config.embedding.model, dim=config.embedding.dim,
        seed=config.embedding.seed, quick=True,
    )  # fmt: skip
    concepts = embedded.concepts.select(chosen)

    # images -> measures, their colours as they are: they tell of the cover -> concepts
    readings = kgt.measured_domains(config, graph, cache)
    study = kgt.image_study(
        config, graph, concepts, readings, fits=out / "fits", cache=cache, kept=KG
    )

    # every arm, fitted on few labels, scored at home and elsewhere
    with kgt.bar("fitting") as advance:
        outcomes = kgt.over_labels(
            study.task, study.task.tests, arms, labels_per_class=config.labels_per_class,
            controls=CONTROLS, curve=curve if ARMS[0] in arms else None, seeds=range(config.seeds),
            folder=out / "fits", key=study.key, pairs=PAIRS,
            progress=lambda what: advance(1, what),
        )  # fmt: skip

    # scores -> a run folder with a report
    return kgt.save_images(
        out, config, graph, embedded, study, outcomes, pipeline="remote_sensing", kg=KG,
        details={"arms": WORDS},
    )  # fmt: skip


if __name__ == "__main__":
    kgt.run_pipeline(run, Config, __file__)
