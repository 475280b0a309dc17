"""The arms of image classification, as data."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kgtransfer.experiments.arms import Arm

__all__ = ["ARMS", "BASELINE", "KG", "NONE", "SHUFFLED", "ImageMethod", "learning_curve"]


@dataclass(frozen=True)
class ImageMethod:
    """One way to classify images from few labels.

    Attributes:
        terms: logit terms that come before the network, keys of `LOGIT_TERMS`: "axioms" on
            measured concepts, "measures" (a regression on what was measured, no graph), or nothing.
        by: the conditioner, a key of `CONDITIONERS`; empty where no concept conditions.
        trained: what of the network is trained: "all" of it, the "last" stages, its "head", or
            "nothing": then the terms alone decide.
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

    @property
    def has_network(self) -> bool:
        """Whether a network is trained; else the logit terms alone decide."""
        return self.trained != "nothing"

    @property
    def is_seeded(self) -> bool:
        """Whether seeds make a difference: where labels are drawn, or rows shuffled."""
        return not self.unlabelled or self.shuffled


_KG = ImageMethod(terms=("axioms", "measures"), by="film")

NONE = Arm(
    "none",
    says="the network fine-tuned, the same preprocessing, no knowledge",
    method=ImageMethod(),
)
BASELINE = Arm(
    "baseline",
    says="a regression on what was measured, and the network; no graph",
    compare_to=("none",),
    method=ImageMethod(terms=("measures",)),
)
KG = Arm(
    "kg",
    "knowledge",
    says="axioms on measured concepts, the regression, and the network conditioned by FiLM",
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


def learning_curve(arm: Arm[ImageMethod], labels: int) -> Arm[ImageMethod]:
    """An arm -> the point of its learning curve that learns from so many labels per class."""
    return replace(
        arm,
        name=f"labels_{labels}",
        role="labels",
        says=f"as {arm.name}, from {labels} labels per class",
        compare_to=(arm.name,),
        labels=labels,
    )
