"""White blood cells from few labels, in the lab that was learned from and in others.

    python pipelines/wbc.py --data wbc_pbc --test wbc_jtsc,wbc_bccd --out runs/wbc
    python pipelines/wbc.py --data my/cells --out runs/mine --labels-per-class 10 --seeds 5

Cells are segmented and measured; the ontology says which measure stands for which concept, and its
axioms which class shows what. Axioms come first, a regression on what was measured fits what they
leave open, and a pre-trained network, conditioned by the concepts, what is left then. In a lab that
looks different, told without labels, what was learned is believed less, and the axioms carry over.
Knowledge-infused classification of blood cells: Jeneessha, Balasubramanian, Sci Rep 15:15608, 2025.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import kgtransfer as kgt
from kgtransfer.images.config import VisionConfig as Config

NUMBERS, AXIOMS = ("numbers",), ("axioms",)
RULES = 300.0  # weight of the rule loss; chosen on validation images
KG = kgt.ClassArm("kg", experts=AXIOMS + NUMBERS, by="film")
ARMS = (
    kgt.ClassArm("none"),
    kgt.ClassArm("baseline", experts=NUMBERS),
    KG,
    replace(KG, name="shuffled", shuffled=True),
)
CONTROLS = (  # in the settings of the first number of labels
    kgt.ClassArm("probe", trained="head"),
    kgt.ClassArm("numbers", experts=NUMBERS, trained="nothing"),
    kgt.ClassArm("axioms", experts=AXIOMS, trained="nothing", labels=0),
    replace(KG, name="kg_experts", by="", trained="nothing"),
    kgt.ClassArm("table", experts=("table", "numbers"), trained="nothing"),
    replace(KG, name="kg_axioms", by=""),
    replace(KG, name="kg_attention", by="attention"),
    replace(KG, name="kg_film", experts=()),
    kgt.ClassArm("kg_rules", rules=RULES),
    replace(KG, name="kg_trusting", trusting=True),
)
WORDS = {
    "none": "the network fine-tuned, same hygiene, no knowledge",
    "baseline": "a regression on the measured numbers, and the network; no graph",
    "kg": "axioms on measured concepts, the regression, and the network conditioned by FiLM",
    "shuffled": "as kg, axioms shuffled among the classes and vectors among the concepts: placebo",
    "probe": "the network's head alone is trained",
    "numbers": "the regression on measured numbers alone",
    "axioms": "axioms on measured concepts alone: no label at all",
    "kg_experts": "as kg, without a network",
    "table": "as kg_experts, the table of the axioms learned from the same labels: no ontology",
    "kg_axioms": "as kg, the network not conditioned",
    "kg_attention": "as kg, the network conditioned by attention over the concepts",
    "kg_film": "the network conditioned by FiLM; no axioms, no regression",
    "kg_rules": "the network, and what axioms forbid of its predictions costs; nothing else",
    "kg_trusting": "as kg, what was learned believed as much in other labs as at home",
}
PAIRS = (
    *(("kg", other) for other in ("none", "baseline", "shuffled", *(a.name for a in CONTROLS))),
    ("shuffled", "baseline"),
    ("shuffled", "none"),
    ("baseline", "none"),
    ("kg_film", "none"),
    ("kg_rules", "none"),
    ("kg_experts", "numbers"),
    ("kg_experts", "table"),
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

    # images -> measures, at colours that tell no lab from another -> measured concepts
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
        out, config, graph, embedded, study, outcomes, pipeline="wbc", kg=KG,
        details={"arms": WORDS},
    )  # fmt: skip


if __name__ == "__main__":
    kgt.run_pipeline(run, Config, __file__)
