"""What the baseline of image classification is chosen from: methods without a knowledge graph."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from kgtransfer.classification.adaptation import PROPAGATES, SELF_TRAINS
from kgtransfer.errors import ConfigError
from kgtransfer.images.arms import ImageMethod
from kgtransfer.images.head_regression import is_linear

if TYPE_CHECKING:
    from kgtransfer.conditioning.axiom_prior import AxiomPrior
    from kgtransfer.images.backbone import Backbone

__all__ = ["CANDIDATES", "named_candidates", "readable_candidates", "require_linear_head"]

_REGRESSION, _MEASURES = "regression", ("measures",)
CANDIDATES: Mapping[str, ImageMethod] = {
    # names of the classes against images, where a source reads texts; and a regression beside them
    "class_names": ImageMethod(("names",), trained="nothing"),
    "class_names_features": ImageMethod(("names",), trained=_REGRESSION),
    # a regression on what the pre-trained network gives; on coarse pixels; on what was measured
    "features": ImageMethod(trained=_REGRESSION),
    "pixels_16": ImageMethod(trained=_REGRESSION, backbone="pixels_16"),
    "pixels_32": ImageMethod(trained=_REGRESSION, backbone="pixels_32"),
    "measures": ImageMethod(_MEASURES, trained="nothing"),
    # two regressions, the second on what the first leaves open
    "measures_features": ImageMethod(_MEASURES, trained=_REGRESSION),
    "measures_pixels_16": ImageMethod(_MEASURES, trained=_REGRESSION, backbone="pixels_16"),
    # labels spread over the images of a test set that features make neighbours
    "features_propagated": ImageMethod(trained=_REGRESSION, adapts=PROPAGATES),
    # regressions on measures, which go on learning from their own surest answers on each test set
    "measures_adapted": ImageMethod(_MEASURES, trained="nothing", adapts=SELF_TRAINS),
    "measures_features_adapted": ImageMethod(_MEASURES, trained=_REGRESSION, adapts=SELF_TRAINS),
    # the network fine-tuned, for the recipe's steps and for four times as many; on what is left
    "fine_tuned": ImageMethod(),
    "fine_tuned_long": ImageMethod(length=4.0),
    "measures_fine_tuned": ImageMethod(_MEASURES),
}
"""By name, the cheap ones first: they say how much others may lose. The first that can be is the
rule where there are too few labels."""


def named_candidates(
    given: str | Collection[str] | Mapping[str, ImageMethod],
) -> dict[str, ImageMethod]:
    """Names or methods -> methods by name; all where none are given.

    Raises:
        ConfigError: a name is that of no candidate.
    """
    if isinstance(given, Mapping) and given:
        return dict(given)
    names = (given,) if isinstance(given, str) else tuple(given)
    if unknown := [name for name in names if name not in CANDIDATES]:
        raise ConfigError(
            f"no candidate {', '.join(unknown)}", cure=f"choose some of: {', '.join(CANDIDATES)}"
        )
    return {name: method for name, method in CANDIDATES.items() if name in names or not names}


def readable_candidates(
    candidates: Mapping[str, ImageMethod], prior: AxiomPrior
) -> dict[str, ImageMethod]:
    """Candidates -> those that the sources of grounding allow: few read names of classes.

    Raises:
        ConfigError: there is none.
    """
    if prior.of_names().tables:
        return dict(candidates)
    if left := {name: m for name, m in candidates.items() if "names" not in m.terms}:
        return left
    raise ConfigError(
        f"candidates {', '.join(candidates)}: no source of grounding reads names of classes",
        cure="name other candidates of the baseline, or a source that reads texts",
    )


def require_linear_head(candidates: Mapping[str, ImageMethod], backbone: Backbone) -> None:
    """Refuse candidates that set the head of the run's backbone, where no regression can.

    Raises:
        ConfigError: there are some, and the head is no linear layer.
    """
    heads = {name for name, m in candidates.items() if m.trained == "regression" and not m.backbone}
    model: Any = backbone.build(2) if heads else None
    if model is None or is_linear(head := model.get_classifier()):
        return
    others = ", ".join(f'"{name}"' for name in candidates if name not in heads)
    raise ConfigError(
        f"the head of the backbone is a {type(head).__name__}, which no regression can set",
        cure=f"name other candidates of the baseline: candidates = [{others}]",
    )
