"""Settings of the pipeline that classifies images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, PrivateAttr, field_validator

from kgtransfer.config.common import (
    Labels,
    OntologyConfig,
    PipelineConfig,
    Rate,
    Seed,
    SelectConfig,
)
from kgtransfer.config.reading import Origin, Section
from kgtransfer.images.arms import ARMS, KNOWN_ARMS

if TYPE_CHECKING:
    from kgtransfer.trust import NamedBy

__all__ = [
    "AugmentationConfig",
    "BackboneConfig",
    "ConceptConfig",
    "FineTuningConfig",
    "GroundingConfig",
    "ImageDataConfig",
    "VisionConfig",
]


class ImageDataConfig(Section):
    """The data set to train on, and further ones, of other domains, to test on."""

    path: str = ""
    test: tuple[str, ...] = ()
    split_seed: Seed = 0
    shares: tuple[float, float, float] = (0.6, 0.1, 0.3)  # train, val, test, where it has none
    colours: Literal["reinhard", "macenko", ""] = "reinhard"  # all as in the training split
    unlabelled: tuple[str, ...] = ()  # nothing is learned from these labels: axioms alone
    ignored: tuple[str, ...] = ()  # images with these labels are left out
    more_classes: tuple[str, ...] = ()  # classes of no data set, told apart by their axioms

    @field_validator("shares")
    @classmethod
    def _parts(cls, value: tuple[float, float, float]) -> tuple[float, float, float]:
        if min(value) < 0 or abs(sum(value) - 1) > 1e-6 or value[0] == 0:
            raise ValueError("shares are not negative and sum up to 1; that of training is not 0")
        return value

    @field_validator("test", mode="before")
    @classmethod
    def _one_or_many(cls, value: Any) -> Any:
        """`--test a,b` and `test = ["a", "b"]` say the same."""
        parts = [part for part in value.split(",") if part] if isinstance(value, str) else value
        return tuple(parts) if isinstance(parts, list) else parts


class BackboneConfig(Section):
    """A timm model: its name, its weights (a file, "random", or what is found), image size."""

    name: str = "tf_efficientnet_lite0"
    weights: str = ""
    size: int = Field(default=96, ge=32, le=2_048)


class ConceptConfig(Section):
    """How the concepts are embedded."""

    model: str = "complex"
    dim: int = Field(default=64, ge=2, le=4_096)
    text: str = "minilm"
    seed: Seed = 0


class FineTuningConfig(Section):
    """Settings of fine-tuning, the same for every arm; see `FineTuning`."""

    steps: float = Field(default=8.0, gt=0.0, le=100_000.0)
    batch_size: int = Field(default=32, ge=2, le=100_000)
    lr: Rate = 3e-4
    head_lr: Rate = 1e-2
    conditioner_lr: Rate = 1e-3
    rate_beside_terms: Rate = 0.1
    weight_decay: Rate = 0.01
    label_smoothing: float = Field(default=0.0, ge=0.0, lt=1.0)
    frozen_statistics: bool = False
    views: int = Field(default=1, ge=1, le=8)
    at: tuple[str, ...] = ("global_pool",)
    last: tuple[str, ...] = ("blocks.5", "blocks.6", "conv_head", "bn2")


class AugmentationConfig(Section):
    """Random views of training images; as they stand, of images that have an upright side."""

    turns: bool = False  # by any angle
    mirrors: bool = False
    colours: float = Field(default=0.2, ge=0.0, le=1.0)  # largest relative change of a channel


class GroundingConfig(Section):
    """What measures images beside kgtransfer itself."""

    measures: str = ""  # a file of yours, FILE:NAME, or an entry point kgtransfer.measures:NAME
    _named_by: NamedBy = PrivateAttr("command line")

    def model_post_init(self, context: Any) -> None:
        """Note who names the code: the file that is read, or who reads it."""
        if isinstance(context, Origin) and not context.overrides("grounding.measures"):
            self._named_by = context.path

    @property
    def named_by(self) -> NamedBy:
        """Who names the code; see `kgtransfer.trust.require_trust`."""
        return self._named_by


class VisionConfig(PipelineConfig):
    """Everything that decides the result of `pipelines/images.py`.

    Arms are keys of `KNOWN_ARMS`. Without `arms` the default ones run and the `controls`, which
    learn from the first number of labels only.
    """

    name: str = "images"  # what the run is called
    controls: tuple[str, ...] = ()
    data: ImageDataConfig = ImageDataConfig()
    ontology: OntologyConfig = OntologyConfig()
    grounding: GroundingConfig = GroundingConfig()
    select: SelectConfig = SelectConfig()
    embedding: ConceptConfig = ConceptConfig()
    backbone: BackboneConfig = BackboneConfig()
    training: FineTuningConfig = FineTuningConfig()
    augmentation: AugmentationConfig = AugmentationConfig()
    labels_per_class: tuple[Labels, ...] = Field((5,), min_length=1, max_length=100)

    @field_validator("controls")
    @classmethod
    def _are_arms(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in value if name not in KNOWN_ARMS]:
            raise ValueError(f"no arm {', '.join(unknown)}; arms are: {', '.join(KNOWN_ARMS)}")
        return value

    @property
    def arms_to_run(self) -> tuple[str, ...]:
        """Names of the arms that are compared."""
        return self.arms or (*(arm.name for arm in ARMS), *self.controls)

    @classmethod
    def for_data(cls, path: str) -> dict[str, str]:
        """Other domains belong to the data set that the settings name; another one has its own."""
        return {"data.path": path, "data.test": "[]"}

    @classmethod
    def for_labels(cls, labels: int) -> dict[str, str]:
        """The settings, in TOML, that `--labels-per-class` stands for."""
        return {"labels_per_class": f"[{labels}]"}
