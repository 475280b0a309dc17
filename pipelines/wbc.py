"""White blood cells from few labels, in the laboratory that was learned from and in others.

    python pipelines/wbc.py --data wbc_pbc --test wbc_jtsc,wbc_bccd --out runs/wbc
    python pipelines/wbc.py --data my/cells --out runs/mine --labels-per-class 10 --seeds 5

Cells are segmented and measured; the ontology says which measure stands for which concept, and its
axioms which class shows what. Axioms come first, a regression on what was measured fits what they
leave open, and a pre-trained network, conditioned by the concepts, what is left then. In a domain
that looks different, told without labels, what was learned counts less, and the axioms carry over.
Knowledge-infused classification of blood cells: Jeneessha, Balasubramanian, Sci Rep 15:15608, 2025.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import kgtransfer as kgt
from kgtransfer.cli import run_pipeline
from kgtransfer.images.arms import ARMS, KG, NONE, ImageMethod
from kgtransfer.images.config import VisionConfig as Config
from kgtransfer.images.configured import configured_data, configured_task
from kgtransfer.utils.progress import say
from kgtransfer.utils.resources import resource

METHOD = KG.method or ImageMethod()
RULES = 300.0  # weight of the rule loss; chosen on validation images
CONTROLS = (  # in the settings of the first number of labels
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
    kgt.Arm(
        "kg_terms",
        "knowledge",
        says="as kg, without a network",
        compare_to=("measures", "table"),
        method=replace(METHOD, by="", trained="nothing"),
    ),
    kgt.Arm(
        "table",
        "knowledge",  # no axiom is read, but the ontology says what is measured
        says="as kg_terms, the table of the axioms learned from the same labels: no ontology",
        method=ImageMethod(terms=("table", "measures"), trained="nothing"),
    ),
    kgt.Arm(
        "kg_axioms",
        "knowledge",
        says="as kg, the network not conditioned",
        method=replace(METHOD, by=""),
    ),
    kgt.Arm(
        "kg_attention",
        "knowledge",
        says="as kg, the network conditioned by attention over the concepts",
        method=replace(METHOD, by="attention"),
    ),
    kgt.Arm(
        "kg_film",
        "knowledge",
        says="the network conditioned by FiLM; no axioms, no regression",
        compare_to=("none",),
        method=replace(METHOD, terms=()),
    ),
    kgt.Arm(
        "kg_rules",
        "knowledge",
        says="the network, and what axioms forbid of its predictions costs; nothing else",
        compare_to=("none",),
        method=ImageMethod(rules=RULES),
    ),
    kgt.Arm(
        "kg_ignores_shift",
        "knowledge",
        says="as kg, what was learned counts as much in other domains as in the source",
        method=replace(METHOD, ignores_domain_shift=True),
    ),
)
NAMES = tuple(control.name for control in CONTROLS)
EVERY = (
    *(replace(arm, compare_to=(*arm.compare_to, *NAMES)) if arm == KG else arm for arm in ARMS),
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

    # images -> measures, at colours that tell no laboratory from another -> measured concepts
    task = configured_task(
        config, data, graph, concepts, arms=EVERY, controls=NAMES, curve=NONE.name,
        embedded=embedded,
    )  # fmt: skip

    # every arm, fitted on few labels, scored in the source and elsewhere -> a run with a report
    return kgt.experiment(
        task, config.arms or None, seeds=config.seeds, out=out, config=config, pipeline="wbc"
    )


if __name__ == "__main__":
    run_pipeline(run, Config, __file__)
