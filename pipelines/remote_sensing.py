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
from kgtransfer.cli import run_pipeline
from kgtransfer.images.arms import BASELINE, KG, NONE, SHUFFLED, ImageMethod
from kgtransfer.images.config import VisionConfig as Config
from kgtransfer.images.configured import configured_data, configured_task
from kgtransfer.utils.progress import say
from kgtransfer.utils.resources import resource

LAST_LAYERS = kgt.Arm(
    "last_layers",
    says="the network's last layers fine-tuned",
    compare_to=("none",),
    method=ImageMethod(trained="last"),
)
CONTROLS = (  # in the setting of the first number of labels
    kgt.Arm(
        "probe",
        says="the network's head alone is trained",
        method=ImageMethod(trained="head"),
    ),
    kgt.Arm(
        "measures",
        says="the regression on what was measured, alone",
        method=ImageMethod(terms=("measures",), trained="nothing"),
    ),
    kgt.Arm(
        "axioms",
        "knowledge",
        says="axioms on measured concepts alone: no label at all",
        method=ImageMethod(terms=("axioms",), trained="nothing", unlabelled=True),
    ),
)
NAMES = tuple(control.name for control in CONTROLS)
ARMS = (
    NONE,
    LAST_LAYERS,
    BASELINE,
    replace(KG, compare_to=(*KG.compare_to, LAST_LAYERS.name, *NAMES)),
    replace(SHUFFLED, compare_to=("none",)),
    *CONTROLS,
)


def run(config: Config, out: Path) -> kgt.RunResult:
    """From images and Turtle to a report, in one straight line."""
    cache = out.parent / ".cache"  # what was read and measured serves all runs beside this one
    data = configured_data(config, cache)

    # Turtle -> a checked knowledge graph; Cypher selects the concepts that may condition
    graph = kgt.read_ontology(resource(config.ontology.vocabulary))
    kgt.knowledge.require_valid(graph, [resource(config.ontology.shapes)])
    with kgt.connect(out / "store.kglite") as store:
        say(store.sync(graph))
        chosen = store.select(config.select.cypher)

    # concepts -> vectors
    embedded = kgt.embedding.embedded(
        graph, text=kgt.TextEncoder.from_pretrained(config.embedding.text), cache=cache,
        model=config.embedding.model, dim=config.embedding.dim, seed=config.embedding.seed,
        quick=True,
    )  # fmt: skip
    concepts = embedded.concepts.select(chosen)

    # images -> measures, their colours as they are: they tell of the cover -> concepts
    task = configured_task(
        config, data, graph, concepts, arms=ARMS, controls=NAMES, curve=NONE.name,
        embedded=embedded,
    )  # fmt: skip

    # every arm, fitted on few labels, scored in the source and elsewhere -> a run with a report
    return kgt.experiment(
        task, config.arms or None, seeds=config.seeds, out=out, config=config,
        pipeline="remote_sensing",
    )  # fmt: skip


if __name__ == "__main__":
    run_pipeline(run, Config, __file__)
