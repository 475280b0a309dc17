"""Settings of the pipeline that classifies images."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    Field,
    SerializeAsAny,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from kgtransfer.config.common import (
    Labels,
    OntologyConfig,
    PipelineConfig,
    Rate,
    Seed,
    SelectConfig,
)
from kgtransfer.config.reading import Section
from kgtransfer.images.arms import ARMS, KNOWN_ARMS
from kgtransfer.images.candidates import CANDIDATES
from kgtransfer.images.sources.table import DEFAULT, SOURCES, source_module

if TYPE_CHECKING:
    from kgtransfer.images.backbone import Channels

__all__ = [
    "AugmentationConfig",
    "BackboneConfig",
    "ConceptConfig",
    "FineTuningConfig",
    "ImageDataConfig",
    "VisionConfig",
]

Positive = Annotated[float, Field(gt=0)]


class ImageDataConfig(Section):
    """The data set to train on, and further ones, of other domains, to test on."""

    path: str = ""
    test: tuple[str, ...] = ()
    labels: Literal["one", "several", "number"] = "one"  # of an image: a class, several, a number
    split_seed: Seed = 0
    shares: tuple[float, float, float] = (0.6, 0.1, 0.3)  # train, val, test, where it has none
    colours: Literal["reinhard", "macenko", ""] = "reinhard"  # all as in the training split
    unlabelled: tuple[str, ...] = ()  # nothing is learned from these labels: axioms alone
    ignored: tuple[str, ...] = ()  # images with these labels are left out
    more_classes: tuple[str, ...] = ()  # classes of no data set, told apart by their axioms
    group: str = ""  # column that says which images belong together; "group" where there is one
    leakage: Literal["refuse", "drop", "allow"] = "refuse"  # of test images that belong to training

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
    """A timm model: its name, its weights (a file, "random", or what is found), image size.

    `mean` and `deviation` by channel, of pixels 0 to 1, where the weights expect others than those
    that timm knows.
    """

    name: str = "tf_efficientnet_lite0"
    weights: str = ""
    mean: tuple[float, float, float] | None = None
    deviation: tuple[Positive, Positive, Positive] | None = None
    size: int = Field(default=96, ge=32, le=2_048)

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.mean is None) != (self.deviation is None):
            raise ValueError("mean and deviation go together: give both, or neither")
        return self

    @property
    def expected(self) -> Channels | None:
        """Mean and deviation, where they are not those that timm knows."""
        return None if self.mean is None or self.deviation is None else (self.mean, self.deviation)


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


class VisionConfig(PipelineConfig):
    """Everything that decides the result of `pipelines/images.py`.

    Arms are keys of `KNOWN_ARMS`. Without `arms` the default ones run and the `controls`, which
    learn from the first number of labels only.
    """

    name: str = "images"  # what the run is called
    controls: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()  # of the baseline; all by default
    data: ImageDataConfig = ImageDataConfig()
    ontology: OntologyConfig = OntologyConfig()
    grounding: tuple[SerializeAsAny[Section], ...] = Field((), max_length=20)
    select: SelectConfig = SelectConfig()
    embedding: ConceptConfig = ConceptConfig()
    backbone: BackboneConfig = BackboneConfig()
    training: FineTuningConfig = FineTuningConfig()
    augmentation: AugmentationConfig = AugmentationConfig()
    labels_per_class: tuple[Labels, ...] = Field((5,), min_length=1, max_length=100)

    @field_validator("grounding", mode="before")
    @classmethod
    def _sources(cls, value: Any, info: ValidationInfo) -> Any:
        """`[[grounding]]` tables, each read as the settings of its source; none means measures."""
        if isinstance(value, dict):
            raise ValueError(  # noqa: TRY004  # pydantic wants a ValueError
                "its sources are tables of their own now: write [[grounding]] with "
                'source = "measures" and code = "my_measures.py", or nothing where none is yours'
            )
        if not isinstance(value, list):
            return value
        sources = tuple(_source(table, info.context) for table in value)
        if sum(isinstance(source, source_module(DEFAULT).Settings) for source in sources) > 1:
            raise ValueError(
                'two tables are of the source "measures": one takes all measures that the ontology '
                "names; put your own into one file, which may import others"
            )
        return sources

    @field_validator("controls")
    @classmethod
    def _are_arms(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in value if name not in KNOWN_ARMS]:
            raise ValueError(f"no arm {', '.join(unknown)}; arms are: {', '.join(KNOWN_ARMS)}")
        return value

    @field_validator("candidates")
    @classmethod
    def _are_candidates(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in value if name not in CANDIDATES]:
            known = ", ".join(CANDIDATES)
            raise ValueError(f"no candidate {', '.join(unknown)}; candidates are: {known}")
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


def _source(table: Any, context: Any) -> Section:
    """A `[[grounding]]` table -> the settings of the source that it names."""
    name = table.get("source") if isinstance(table, dict) else None
    if not isinstance(name, str) or name not in SOURCES:
        raise ValueError(f"no source {name!r}; sources are: {', '.join(SOURCES)}")
    settings = source_module(name).Settings
    try:
        return settings.model_validate_json(json.dumps(table), context=context)
    except ValidationError as error:
        mistakes = (f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        known = ", ".join(settings.model_fields)
        raise ValueError(f"{name}: {'; '.join(mistakes)} (settings are: {known})") from error
