"""A saved run over images -> one of its models as an `ImageModule`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from kgtransfer.classification.logit_terms import AxiomTerm, MeasureTerm
from kgtransfer.classification.outcomes.any_of import AnyOf
from kgtransfer.classification.outcomes.number import Number
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.conditioning.axiom_module import AxiomScores, ExpectedNumber
from kgtransfer.errors import ConfigError, RunError
from kgtransfer.experiments.result_form import made_of_details
from kgtransfer.grounding.measured import MeasuredGrounder
from kgtransfer.grounding.measured_module import MeasuredValues
from kgtransfer.images.data.colour_transfer import colours_to_json
from kgtransfer.images.exported.module import ImageModule, ModuleParts
from kgtransfer.images.exported.network import PixelNetwork
from kgtransfer.images.exported.settings import ModuleSettings
from kgtransfer.images.predict import ImageClassifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.classification.logit_terms import LogitTerm
    from kgtransfer.classification.model import Classifier
    from kgtransfer.grounding.source import Source
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.exported.settings import Link
    from kgtransfer.images.run import SavedImages

__all__ = ["axiom_module", "measuring", "module_of"]

LINKS: Mapping[str, Link] = {
    OneOf.name: "softmax",
    AnyOf.name: "sigmoid",
    Number.name: "identity",
}


def module_of(saved: SavedImages, labels: int | None = None, seed: int = 0) -> ImageModule:
    """One of a run's models as a plain module, in the domain that it learned in.

    Args:
        saved: the run.
        labels: per class, that the model learned from; the run's first number by default.
        seed: of the model.

    Raises:
        ConfigError: the run has no such model.
        RunError: a file is damaged; or images are grounded by more than measures.
    """
    _require_fit(saved, labels, seed)
    with made_of_details(saved.folder):
        classifier = ImageClassifier(saved, labels, seed)
    source, grounder = classifier.source, measuring(classifier.grounder)
    fitted = grounder.in_domain(source.usual)
    attributes = fitted.attributes
    model = classifier.model()
    reads_values = any(isinstance(term, AxiomTerm) for term in model.terms.values())
    method = saved.method(labels or saved.config.labels_per_class[0], seed)
    by = method.by if model.network else ""
    settings = ModuleSettings(
        labels=model.outcome.targets.labels,
        link=LINKS[model.outcome.name],
        measures=tuple(grounder.measurer.measures) if model.terms or by else (),
        attributes=dict(attributes) if reads_values or by else {},
        concepts=classifier.concepts.iris if by else (),
        architecture=(method.backbone or saved.config.backbone.name) if model.network else "",
        gone=tuple(saved.result.details.get("gone", ())) if model.network else (),
        expected=saved.config.backbone.expected if model.network else None,
        by=by,
        at=saved.config.training.at if by else (),
        size=classifier.size,
        views=saved.config.training.views,
        colours=colours_to_json(classifier.colours),
    )
    parts = ModuleParts(
        MeasuredValues.of(fitted, attributes) if settings.attributes else None,
        axiom_module(model, attributes),
        _regression(model.terms),
        PixelNetwork(model.network, settings.attributes) if model.network else None,
    )
    module = ImageModule(settings, parts)
    module.measurer = grounder.measurer
    if isinstance(model.outcome, Number):
        module.answer_mean.fill_(model.outcome.mean)
        module.answer_deviation.fill_(model.outcome.deviation)
    if settings.measures:
        module.mean.copy_(torch.from_numpy(source.mean))
        module.deviation.copy_(torch.from_numpy(source.deviation))
    return module


def measuring(source: Source[Picture]) -> MeasuredGrounder[Picture]:
    """What grounds a run's images, by measures alone.

    Raises:
        RunError: other sources take part, whose models do not leave with the run's.
    """
    if not isinstance(source, MeasuredGrounder):
        raise RunError(
            "images are grounded by more than measures here, and that cannot leave yet",
            cure="export a run whose only source of grounding is measures",
        )
    return source


def _require_fit(saved: SavedImages, labels: int | None, seed: int) -> None:
    """Refuse a number of labels or a seed that the run does not have."""
    if (labels or saved.config.labels_per_class[0], seed) not in saved.fits:
        numbers = ", ".join(map(str, saved.config.labels_per_class))
        raise ConfigError(
            f"{saved.folder} keeps no model of {labels} labels and seed {seed}",
            cure=f"labels are: {numbers}; seeds are: 0 to {saved.config.seeds - 1}",
        )


def axiom_module(
    model: Classifier[Any], attributes: Mapping[str, tuple[str, ...]]
) -> AxiomScores | ExpectedNumber | None:
    """The axioms' term as a module, also where its gate is closed; None where there is none.

    Args:
        model: of a run.
        attributes: attribute -> IRIs of its values, in the order of what is grounded.
    """
    outcome = model.outcome
    for term in model.terms.values():
        if not isinstance(term, AxiomTerm):
            continue
        if isinstance(outcome, Number):
            levels = (np.array(outcome.targets.numbers) - outcome.mean) / outcome.deviation
            return ExpectedNumber.of(
                term.prior, term.weight, attributes, levels=levels, intercepts=term.intercepts
            )
        even = isinstance(outcome, AnyOf)
        return AxiomScores.of(
            term.prior, term.weight, attributes, intercepts=term.intercepts, even=even
        )
    return None


def _regression(terms: Mapping[str, LogitTerm]) -> nn.Linear | None:
    """The regression on z-scores as a layer."""
    for term in terms.values():
        if isinstance(term, MeasureTerm):
            layer = nn.Linear(*term.slopes.shape)
            layer.load_state_dict(
                {"weight": _tensor(term.slopes.T), "bias": _tensor(term.intercepts)}
            )
            return layer
    return None


def _tensor(values: object) -> Tensor:
    return torch.as_tensor(values, dtype=torch.float32)
