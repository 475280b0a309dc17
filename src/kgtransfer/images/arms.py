"""The arms of image classification, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kgtransfer.experiments.arms import Arm

__all__ = [
    "ARMS",
    "BASELINE",
    "KG",
    "KNOWN_ARMS",
    "NONE",
    "SHUFFLED",
    "ImageMethod",
    "learning_curve",
]


@dataclass(frozen=True)
class ImageMethod:
    """One way to classify images from few labels.

    Attributes:
        terms: logit terms that come before the network, keys of `LOGIT_TERMS`: "axioms" on
            measured concepts, "names" of the classes by a source that reads texts, "measures" (a
            regression on what was measured, no graph), or nothing.
        by: the conditioner, a key of `CONDITIONERS`; empty where no concept conditions.
        trained: what of the network is trained: "all" of it, the "last" stages, its "head", or
            "nothing": then the terms alone decide; or its head to convergence, by a "regression" on
            what the pre-trained layers give.
        chosen: beside what the method says stands the strongest candidate without knowledge, see
            `with_candidate`.
        backbone: what the network is built on: "" for the run's own, or a key of `GRIDS`.
        length: of the training, times that of the recipe.
        adapts: how what was learned goes on learning on each test set, no label looked at: by
            "self_training" of regressions from their own surest answers, see `self_trained`; by
            "label_propagation" over neighbours, see `propagated`; empty for not at all.
        shuffled: axiom rows permuted among the classes and vectors among the concepts, attribute
            by attribute: the placebo.
        rules: weight of the axioms as rules while the network is trained: what they forbid of its
            prediction beside what was measured costs.
        ignores_domain_shift: what was learned counts as much in another domain as in the source.
        unlabelled: nothing is learned from any label, so that seeds make no difference.
    """

    terms: tuple[str, ...] = ()
    by: str = ""
    trained: str = "all"
    shuffled: bool = False
    rules: float = 0.0
    ignores_domain_shift: bool = False
    unlabelled: bool = False
    chosen: bool = False
    backbone: str = ""
    length: float = 1.0
    adapts: str = ""

    def with_candidate(self, candidate: ImageMethod) -> ImageMethod:
        """A method whose `chosen` is a candidate: with its terms, network and training.

        Concepts condition a network that is trained; a regression to convergence has no use for
        them beside the axioms.
        """
        return replace(
            self,
            terms=(*self.terms, *candidate.terms),
            by="" if candidate.is_quick else self.by,
            trained=candidate.trained,
            backbone=candidate.backbone,
            length=candidate.length,
            adapts=candidate.adapts,
            chosen=False,
        )

    def sites(self, of_backbone: tuple[str, ...]) -> tuple[str, ...]:
        """Submodules where knowledge enters the run's backbone -> where it enters this network."""
        return ("global_pool",) if self.backbone else of_backbone

    @property
    def has_network(self) -> bool:
        """Whether a network is trained; else the logit terms alone decide."""
        return self.trained != "nothing"

    @property
    def is_quick(self) -> bool:
        """Whether a fit takes no gradient step through a network."""
        return self.trained in ("nothing", "regression")

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference: where labels are drawn, or rows shuffled."""
        return not self.unlabelled or self.shuffled


_KG = ImageMethod(terms=("axioms",), by="film", chosen=True)
_MEASURED = ImageMethod(terms=("axioms", "measures"), by="film")

NONE = Arm(
    "none",
    says="the network fine-tuned, the same preprocessing, no knowledge",
    method=ImageMethod(),
)
BASELINE = Arm(
    "baseline",
    says="the strongest of the candidates without a graph, by held-out labels",
    compare_to=("none", "baseline_measured"),
    method=ImageMethod(chosen=True),
)
KG = Arm(
    "kg",
    "knowledge",
    says="axioms on measured concepts, and the baseline; a network in it is conditioned by FiLM",
    compare_to=("baseline", "none", "shuffled"),
    method=_KG,
)
SHUFFLED = Arm(
    "shuffled",
    "placebo",
    says="as kg, axioms shuffled among the classes and vectors among the concepts",
    compare_to=("baseline", "none"),
    method=replace(_KG, shuffled=True),
)
ARMS: tuple[Arm[ImageMethod], ...] = (NONE, BASELINE, KG, SHUFFLED)
"""What an experiment over images runs by default."""

RULES = 300.0  # weight of the rule loss; chosen on validation images
_FURTHER: tuple[Arm[ImageMethod], ...] = (
    Arm(
        "baseline_measured",
        says="a regression on what was measured, and the network; no graph",
        compare_to=("none",),
        method=ImageMethod(terms=("measures",)),
    ),
    Arm(
        "kg_measured",
        "knowledge",
        says="axioms on measured concepts, the regression, and the network conditioned by FiLM",
        compare_to=("baseline_measured", "baseline"),
        method=_MEASURED,
    ),
    Arm(
        "last_layers",
        says="the network's last layers fine-tuned",
        compare_to=("none",),
        method=ImageMethod(trained="last"),
    ),
    Arm(
        "probe",
        says="the network's head alone is trained",
        method=ImageMethod(trained="head"),
    ),
    Arm(
        "measures",
        says="the regression on what was measured, alone",
        method=ImageMethod(terms=("measures",), trained="nothing"),
    ),
    Arm(
        "axioms",
        "knowledge",
        says="axioms on measured concepts alone: no label at all",
        method=ImageMethod(terms=("axioms",), trained="nothing", unlabelled=True),
    ),
    Arm(
        "class_names",
        says="names of the classes against images, by a source that reads texts: no label at all",
        method=ImageMethod(terms=("names",), trained="nothing", unlabelled=True),
    ),
    Arm(
        "kg_unlabelled",
        "knowledge",
        says="axioms and names of the classes: no label at all",
        compare_to=("class_names", "axioms"),
        method=ImageMethod(terms=("axioms", "names"), trained="nothing", unlabelled=True),
    ),
    Arm(
        "kg_terms",
        "knowledge",
        says="axioms on measured concepts and the regression, without a network",
        compare_to=("measures", "table"),
        method=replace(_MEASURED, by="", trained="nothing"),
    ),
    Arm(
        "table",
        "knowledge",  # no axiom is read, but the ontology says what is measured
        says="as kg_terms, the table of the axioms learned from the same labels: no ontology",
        method=ImageMethod(terms=("table", "measures"), trained="nothing"),
    ),
    Arm(
        "kg_axioms",
        "knowledge",
        says="as kg_measured, the network not conditioned",
        method=replace(_MEASURED, by=""),
    ),
    Arm(
        "kg_attention",
        "knowledge",
        says="as kg_measured, the network conditioned by attention over the concepts",
        method=replace(_MEASURED, by="attention"),
    ),
    Arm(
        "kg_film",
        "knowledge",
        says="the network conditioned by FiLM; no axioms, no regression",
        compare_to=("none",),
        method=ImageMethod(by="film"),
    ),
    Arm(
        "kg_rules",
        "knowledge",
        says="the network, and what axioms forbid of its predictions costs; nothing else",
        compare_to=("none",),
        method=ImageMethod(rules=RULES),
    ),
    Arm(
        "kg_ignores_shift",
        "knowledge",
        says="as kg, what was learned counts as much in other domains as in the source",
        method=replace(_KG, ignores_domain_shift=True),
    ),
)
_FURTHER_NAMES = tuple(arm.name for arm in _FURTHER)
KNOWN_ARMS: dict[str, Arm[ImageMethod]] = {
    arm.name: replace(arm, compare_to=(*arm.compare_to, *_FURTHER_NAMES)) if arm is KG else arm
    for arm in (*ARMS, *_FURTHER)
}
"""Every arm that the settings of a run can name, the default ones first."""


def learning_curve(
    arm: Arm[ImageMethod], labels: int, unit: str = "labels per class"
) -> Arm[ImageMethod]:
    """An arm -> the point of its learning curve that learns from so many labels.

    Args:
        arm: whose curve it is.
        labels: how many.
        unit: of them, in the plural.
    """
    return replace(
        arm,
        name=f"labels_{labels}",
        role="labels",
        says=f"as {arm.name}, from {labels} {unit}",
        compare_to=(arm.name,),
        labels=labels,
    )
