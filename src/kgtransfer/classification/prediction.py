"""A classifier's answer for one sample, and what drove it: parts that add up to a logit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from kgtransfer.classification.logit_terms import AxiomTerm

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from kgtransfer.classification.model import Classifier
    from kgtransfer.classification.outcomes.outcome import Contrast
    from kgtransfer.classification.samples import Samples

    Floats = npt.NDArray[np.float64]

__all__ = ["Driver", "Prediction", "predictions"]


@dataclass(frozen=True)
class Driver:
    """A part of a prediction: of a logit, of its margin over the next likely class, or of a number.

    Attributes:
        label: the attribute; "measures" or "network" for what was learned.
        shown: what the sample shows of it.
        margin: in logits, or in the unit of a number; above 0 it speaks for the prediction.
        about: the label that it speaks for; empty for a number.
    """

    label: str
    shown: str
    margin: float
    about: str = ""


@dataclass(frozen=True)
class Prediction:
    """A sample, what it was taken for, and why.

    Attributes:
        image: its name.
        shares: label -> probability, the likeliest first; none where the answer is a number.
        drivers: parts of the margin between the first two classes, of the logit of each label that
            is likely, or of the number; of each, the heaviest first.
        number: the answer, where labels are numbers.
        outside: whether what it shows fits no class as the ontology describes them: less than in
            99 of 100 of the samples that were learned from. The answer means little then.
    """

    image: str
    shares: Mapping[str, float]
    drivers: tuple[Driver, ...]
    number: float | None = None
    outside: bool = False


def predictions(
    label: Callable[[str], str], model: Classifier[Any], samples: Samples
) -> list[Prediction]:
    """Samples -> what each is taken for, and why.

    Args:
        label: IRI of an attribute or a value -> what people call it.
        model: the classifier.
        samples: whose labels are not used.
    """
    first, learned = model.parts(samples)
    return [
        _prediction(label, model, samples[[row]], answer)
        for row, answer in enumerate(first + learned)
    ]


def _prediction(
    label: Callable[[str], str], model: Classifier[Any], sample: Samples, answer: Floats
) -> Prediction:
    """Of one sample, as a data set of its own, by its answer `[logits]`."""
    parts, shares = _parts(label, model, sample), model.outcome.shares(answer)
    drivers = (_drivers(parts, contrast) for contrast in model.outcome.contrasts(answer))
    number = None if shares else float(answer[0])
    return Prediction(sample.names[0], shares, tuple(chain.from_iterable(drivers)), number)


def _drivers(parts: Mapping[tuple[str, str], Floats], contrast: Contrast) -> list[Driver]:
    """The parts of one contrast, the heaviest first."""
    drivers = [
        Driver(label, shown, contrast.of(logits), contrast.about)
        for (label, shown), logits in parts.items()
    ]
    return sorted(drivers, key=lambda driver: -abs(driver.margin))


def _parts(
    label: Callable[[str], str], model: Classifier[Any], sample: Samples
) -> dict[tuple[str, str], Floats]:
    """What speaks, and what the sample shows of it -> its part of the logits, `[logits]`."""
    parts: dict[tuple[str, str], Floats] = {}
    for name, term in model.terms.items():
        if isinstance(term, AxiomTerm):
            parts |= _axioms(label, term, sample)
        else:
            parts[name, ""] = term(sample)[0]
    if model.network:
        parts["network", ""] = model.network.predict(sample)[0]
    rows = {key: np.stack([np.zeros((1, len(part))), part[None]]) for key, part in parts.items()}
    return {key: model.outcome.in_units(part)[1, 0] for key, part in rows.items()}


def _axioms(
    label: Callable[[str], str], term: AxiomTerm, sample: Samples
) -> dict[tuple[str, str], Floats]:
    """Each attribute's part of the axioms' evidence, and what the sample shows of it."""
    observed = sample.observed
    parts: dict[tuple[str, str], Floats] = {}
    for attribute, evidence in term.outcome.by_attribute(term.prior, observed, term.weight).items():
        weights = observed.weights[attribute][0]
        value = observed.values[attribute][int(weights.argmax())]
        parts[label(attribute), f"{label(value)} {weights.max():.2f}"] = evidence[0]
    return parts
