"""`ImageModule`: a fitted model of images as a plain torch module, with all that it knows."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from huggingface_hub import ModelHubMixin
from torch import Tensor, nn

from kgtransfer.classification.statistics import CLIP
from kgtransfer.errors import DataError
from kgtransfer.images.data.colour_transfer import colours_from_json
from kgtransfer.images.exported.measuring import NamedMeasurer
from kgtransfer.images.exported.preprocessing import ImagePreprocessing, picture_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.conditioning.axiom_module import AxiomScores, ExpectedNumber
    from kgtransfer.grounding.measured import Measurer
    from kgtransfer.grounding.measured_module import MeasuredValues
    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.exported.network import PixelNetwork
    from kgtransfer.images.exported.settings import ModuleSettings

__all__ = ["ImageModule", "ModuleParts"]


@dataclass(frozen=True, eq=False)
class ModuleParts:
    """What an `ImageModule` is made of; None for what its model does without.

    Attributes:
        grounding: measures -> values.
        axioms: values -> logits.
        regression: z-scored measures -> logits.
        network: pixels and values -> logits.
    """

    grounding: MeasuredValues | None = None
    axioms: AxiomScores | ExpectedNumber | None = None
    regression: nn.Linear | None = None
    network: PixelNetwork | None = None


class ImageModule(
    nn.Module, ModelHubMixin, library_name="kgtransfer", tags=["image-classification"]
):
    """Pixels and raw measures -> logits: thresholds, axioms and network in one module.

    It reads no ontology and no settings: what they said is in its buffers. `save_pretrained`,
    `from_pretrained` and `push_to_hub` are those of `huggingface_hub`; its folder holds
    `config.json` and `model.safetensors`.

    Args:
        settings: its form.
        parts: its tensors.

    Attributes:
        labels: in the order of the logits.
        measures: IRIs of the measures, in the order of the columns; none where it takes none.
        concepts: IRIs of the values that it grounds samples on.
        preprocess: an image of any size -> the pixels that it takes, `[3, size, size]` uint8.
        mean: `[measures]` in the domain that samples are from. deviation: `[measures]`.
        domain_shift: how much counts what was learned, beside what comes first: 1 in the domain
            that it was learned in; see `kgtransfer.classification.domain_shift`.
        answer_mean: of the numbers that were learned from, where the answer is a number; else 0.
        answer_deviation: of the same; else 1.
    """

    mean: Tensor
    deviation: Tensor
    domain_shift: Tensor
    answer_mean: Tensor
    answer_deviation: Tensor
    card = ""  # the README.md that its folder gets
    measurer: Measurer[Picture] | None = None  # what `measure` asks; by default kgtransfer's own

    def __init__(self, settings: ModuleSettings, parts: ModuleParts) -> None:
        super().__init__()
        self.settings = settings
        self.labels, self.measures = settings.labels, settings.measures
        self.concepts = tuple(value for held in settings.attributes.values() for value in held)
        self.preprocess = ImagePreprocessing(settings.size, colours_from_json(settings.colours))
        self.grounding, self.axioms = parts.grounding, parts.axioms
        self.regression, self.network = parts.regression, parts.network
        self.register_buffer("mean", torch.zeros(len(self.measures)))
        self.register_buffer("deviation", torch.ones(len(self.measures)))
        self.register_buffer("domain_shift", torch.tensor(1.0))
        self.register_buffer("answer_mean", torch.tensor(0.0))
        self.register_buffer("answer_deviation", torch.tensor(1.0))
        self.eval()

    def forward(self, pixels: Tensor | None = None, measures: Tensor | None = None) -> Tensor:
        """Logits `[n, labels]`, or numbers `[n, 1]`.

        Args:
            pixels: `[n, 3, size, size]` uint8, of `preprocess`; may be left out where the model has
                no network.
            measures: `[n, measures]` as a measurer gave them, nan where there is nothing to
                measure. Left out, all are nan: every value of an attribute counts alike, every
                measure is ordinary, and the network decides.

        Raises:
            DataError: an input is missing, or has another form.
        """
        self._check(pixels, measures)
        raw = self._measures(pixels, measures) if self.measures else None
        values = None if self.grounding is None or raw is None else self.grounding(raw)
        parts: list[Tensor] = []
        if self.axioms is not None:
            parts.append(self.axioms(values))
        if self.regression is not None and raw is not None:
            parts.append(self.regression(self.z_scores(raw)))
        if self.network is not None:
            parts.append(self.network(pixels, values))
        first, *others = parts
        answer = self.answer_mean + self.answer_deviation * first
        if others:
            learned = torch.stack(others).sum(dim=0)
            answer = answer + self.domain_shift * (self.answer_deviation * learned)
        return answer

    def _check(self, pixels: Tensor | None, measures: Tensor | None) -> None:
        """Refuse inputs of another form, which torch would refuse without a name, or broadcast."""
        size = self.settings.size
        if self.network is not None and pixels is None:
            raise DataError("the model is given no pixels", cure="stack what preprocess gives")
        if pixels is None and measures is None:
            raise DataError("the model is given neither pixels nor measures", cure="give measures")
        forms = {"pixels": (pixels, [3, size, size]), "measures": (measures, [len(self.measures)])}
        for name, (given, form) in forms.items():
            if name in self.inputs and given is not None and list(given.shape[1:]) != form:
                wanted = ", ".join(map(str, form))
                raise DataError(
                    f"the model is given {name} {list(given.shape)}, not [n, {wanted}]",
                    cure=f"give {name} as module.{'preprocess' if form[1:] else 'measure'} does",
                )

    def _measures(self, pixels: Tensor | None, measures: Tensor | None) -> Tensor:
        if measures is not None:
            return measures.to(self.mean.dtype)
        samples = 0 if pixels is None else pixels.shape[0]
        return torch.full((samples, len(self.measures)), torch.nan, device=self.mean.device)

    def measure(self, images: Sequence[str | Path | Picture]) -> Tensor:
        """Images as they come, before `preprocess` -> `[n, measures]`, float64.

        Args:
            images: files, or pixels `[height, width, 3]`, uint8, RGB.

        Raises:
            ConfigError: a measure is the user's own, whose code stayed with the run.
            DataError: a file is no image.
        """
        measurer = self.measurer or NamedMeasurer(self.measures)
        return torch.from_numpy(np.array(measurer.measure([picture_of(i) for i in images])))

    def z_scores(self, measures: Tensor) -> Tensor:
        """Measures -> z-scores in their domain, `[n, measures]`; 0 where a sample lacks one."""
        centred = torch.where(measures.isnan(), 0.0, measures - self.mean)
        return (centred / self.deviation.clamp(min=1e-9)).clamp(-CLIP, CLIP)

    def for_domain(self, measures: Tensor) -> Self:
        """A copy for samples of another domain, by what is ordinary there; labels are not needed.

        Args:
            measures: `[n, measures]` of samples from there, at least ten, of all classes.

        Raises:
            DataError: they are too few.
        """
        other = copy.deepcopy(self)
        measures = measures.to(other.mean)
        if other.grounding is not None:
            other.grounding.fit_range(measures)
        present = ~measures.isnan()
        count = present.sum(dim=0).clamp(min=1)
        mean = torch.where(present, measures, 0.0).sum(dim=0) / count
        variance = torch.where(present, measures - mean, 0.0).square().sum(dim=0) / count
        other.mean.copy_(mean)
        other.deviation.copy_(variance.sqrt())
        return other

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the arguments of `forward` that the model reads."""
        reads = {"pixels": self.network is not None, "measures": bool(self.measures)}
        return tuple(name for name, is_read in reads.items() if is_read)

    def example_inputs(self, samples: int = 2) -> dict[str, Tensor]:
        """Inputs of the right form, by name: black images whose measures are ordinary."""
        size = self.settings.size
        examples = {
            "pixels": torch.zeros(samples, 3, size, size, dtype=torch.uint8),
            "measures": self.mean.detach().cpu().expand(samples, -1).clone(),
        }
        return {name: examples[name] for name in self.inputs}

    def describe(self) -> str:
        """What goes in, what comes out, and what decides: a few lines of text."""
        settings = self.settings
        weight = None if self.axioms is None else float(self.axioms.weight)
        conditioner = f", conditioned by {settings.by}" if settings.by else ""
        lines = [
            f"labels: {', '.join(self.labels)} (logits; {settings.link})",
            f"pixels: [n, 3, {settings.size}, {settings.size}] uint8" if self.network else "",
            f"measures: [n, {len(self.measures)}], raw" if self.measures else "",
            f"concepts: {len(self.concepts)} values of {len(settings.attributes)} attributes"
            if self.concepts
            else "",
            "" if weight is None else f"axioms: weight {weight:.3g}",
            "" if self.regression is None else "regression on z-scored measures",
            f"network: {settings.architecture}{conditioner}" if self.network else "",
            f"domain-shift weight: {float(self.domain_shift):.3g}",
        ]
        return "\n".join(line for line in lines if line)

    def _save_pretrained(self, save_directory: Path) -> None:
        """See `huggingface_hub.ModelHubMixin`."""
        from kgtransfer.images.exported.folder import write_module

        write_module(self, save_directory)

    @classmethod
    def _from_pretrained(cls, *, model_id: str, **options: Any) -> ImageModule:
        """See `huggingface_hub.ModelHubMixin`.

        Raises:
            RunError: the folder holds no such model, or one that is damaged.
        """
        from kgtransfer.images.exported.folder import downloaded, read_module

        return read_module(downloaded(model_id, options))
