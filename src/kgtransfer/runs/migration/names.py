"""What runs of protocol 1 called things, and what protocol 2 calls them: data, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kgtransfer.experiments.arms import Arm

__all__ = ["PIPELINES", "Names", "labels_arm"]

Arms: TypeAlias = Mapping[str, Arm[Any]]


@dataclass(frozen=True)
class Names:
    """The names of one pipeline's runs.

    Attributes:
        kind: of their samples.
        arms: name in protocol 1 -> the arm as protocol 2 has it.
        curve: name of the arm whose learning curve the arms `labels_N` are points of.
        unit: what N is the number of.
        tests: test set -> its name now; settings begin with it.
        gates: gate -> its name now.
        settings: setting of a section of run.toml -> its name now.
        tensors: how names of tensors in models begin -> how they do now.
        details: key of details.json -> its name now; empty for one that is gone.
    """

    kind: str
    arms: Arms
    curve: str = "none"
    unit: str = "labels per class"
    tests: Mapping[str, str] = field(default_factory=dict)
    gates: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    tensors: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)


def labels_arm(names: Names, labels: int) -> Arm[Any]:
    """A point of the learning curve, which protocol 1 called `labels_N`."""
    return Arm(
        f"labels_{labels}",
        "labels",
        says=f"as {names.curve}, from {labels} {names.unit}",
        compare_to=(names.curve,),
        labels=labels,
    )


def _knowledge(name: str, says: str, *compare_to: str, panel: str = "") -> Arm[Any]:
    return Arm(name, "knowledge", says, compare_to, panel=panel)


def _plain(name: str, says: str, *compare_to: str) -> Arm[Any]:
    return Arm(name, "plain", says, compare_to)


def _placebo(says: str, *compare_to: str) -> Arm[Any]:
    return Arm("shuffled", "placebo", says, compare_to)


_BEFORE = _knowledge("before", "the run's model before the edit of the ontology")
_WITHOUT_TERMS = ("probe", "measures", "axioms", "kg_terms", "table", "last_layers")
_IMAGE_CONTROLS = ("kg_axioms", "kg_attention", "kg_film", "kg_rules", "kg_ignores_shift")

IMAGE_ARMS: Arms = {
    "none": _plain("none", "the network fine-tuned, the same preprocessing, no knowledge"),
    "last_layers": _plain("last_layers", "the network's last layers fine-tuned", "none"),
    "baseline": _plain(
        "baseline", "a regression on what was measured, and the network; no graph", "none"
    ),
    "kg": _knowledge(
        "kg",
        "axioms on measured concepts, the regression, and the network conditioned by FiLM",
        *("baseline", "none", "shuffled", *_WITHOUT_TERMS, *_IMAGE_CONTROLS),
    ),
    "shuffled": _placebo(
        "as kg, axioms shuffled among the classes and vectors among the concepts",
        *("baseline", "none"),
    ),
    "before": _BEFORE,
    "probe": _plain("probe", "the network's head alone is trained"),
    "numbers": _plain("measures", "the regression on what was measured alone"),
    "axioms": _knowledge("axioms", "axioms on measured concepts alone: no label at all"),
    "kg_experts": _knowledge("kg_terms", "as kg, without a network", "measures", "table"),
    "table": _plain(
        "table", "as kg_terms, the table of the axioms learned from the same labels: no ontology"
    ),
    "kg_axioms": _knowledge("kg_axioms", "as kg, the network not conditioned"),
    "kg_attention": _knowledge(
        "kg_attention", "as kg, the network conditioned by attention over the concepts"
    ),
    "kg_film": _knowledge(
        "kg_film", "the network conditioned by FiLM; no axioms, no regression", "none"
    ),
    "kg_rules": _knowledge(
        "kg_rules", "the network, and what axioms forbid of its predictions costs", "none"
    ),
    "kg_trusting": _knowledge(
        "kg_ignores_shift", "as kg, what was learned counts as much in every domain"
    ),
}

VECTOR_SOURCES = "Where the concept vectors come from"
CODE_ARMS: Arms = {
    "bm25": _plain("bm25", "lexical search, no model"),
    "none": _plain("none", "the same backbone, no knowledge"),
    "baseline": _plain(
        "baseline", "the encoder fine-tuned on queries worded from the code, no knowledge", "none"
    ),
    "kg": _knowledge(
        "kg",
        "with the knowledge graph",
        *("baseline", "none", "shuffled", "baseline_smoothed", "baseline_read", "kg_vectors"),
        *("queries", "labels_100"),
    ),
    "kg_vectors": _knowledge(
        "kg_vectors", "with the graph; concept vectors alone, code without its context"
    ),
    "baseline_smoothed": _knowledge(
        "baseline_smoothed", "the baseline with fixed, unlearned smoothing over the graph"
    ),
    "baseline_read": _knowledge(
        "baseline_read", "the baseline with a fixed, unlearned share of the code in its context"
    ),
    "queries": _knowledge(
        "queries", "trained on queries worded from the graph, gates frozen at 0", "baseline"
    ),
    "shuffled": _placebo(
        "the graph shuffled within its types, in training and test", "baseline", "queries"
    ),
    "kg_structure": _knowledge(
        "kg_structure",
        "with the graph; concept vectors from its structure only",
        panel=VECTOR_SOURCES,
    ),
    "kg_both": _knowledge(
        "kg_both",
        "with the graph; concept vectors from text and structure",
        panel=VECTOR_SOURCES,
    ),
    "kg_random": _knowledge(
        "kg_random", "with the graph; random concept vectors", panel=VECTOR_SOURCES
    ),
}

NODE_ARMS: Arms = {
    "none": _plain("none", "the pre-trained encoder fine-tuned on structure alone (`gcc`)"),
    "gcc": _plain("gcc", "the pre-trained encoder fine-tuned on structure alone, no attributes"),
    "gnn": _plain("gnn", "a graph convolutional network on raw attributes"),
    "baseline": _plain(
        "baseline",
        "linear: factors of the attributes smoothed over the graph, logistic regression",
        "none",
    ),
    "control_random": _plain("control_random", "as `control`, the encoder's weights random"),
    "control": _plain(
        "control",
        "the frozen encoder and gated conditions, propagated over the graph",
        *("baseline", "none", "control_random", "gnn"),
    ),
    "kg": _knowledge(
        "kg",
        "as `control`, with what is known of attributes and classes",
        *("control", "none", "shuffled", "baseline", "gnn"),
    ),
    "shuffled": _placebo("as `kg`, every attribute with the knowledge of another", "control"),
}

IMAGES = Names(
    "images",
    IMAGE_ARMS,
    tests={"home": "source"},
    gates={"numbers": "measures"},
    settings={"beside_experts": "rate_beside_terms"},
    tensors={"numbers.": "measures.", "activations.home": "activations.source"},
    details={"trust": "domain_shift", "lab": "source", "arm": "method", "arms": ""},
)
CODE = Names(
    "code",
    CODE_ARMS,
    unit="labelled pairs",
    gates={"reading": "context"},
    settings={"reading_lr": "context_lr", "gate_lr_beside_reading": "gate_lr_beside_context"},
)
NODES = Names("nodes", NODE_ARMS, curve="control", unit="labels a class", details={"arms": ""})

#: Pipeline of protocol 1 -> the names of its runs.
PIPELINES: Mapping[str, Names] = {
    "wbc": IMAGES,
    "remote_sensing": IMAGES,
    "code_search": CODE,
    "graph_control": NODES,
}
