"""`ModuleSettings`: what `config.json` of an exported model says, and what is refused in it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kgtransfer.errors import RunError
from kgtransfer.images.backbone import Channels

__all__ = ["Link", "ModuleSettings"]

Names = tuple[Annotated[str, Field(max_length=10_000)], ...]
Link = Literal["softmax", "sigmoid", "identity"]


class ModuleSettings(BaseModel):
    """Form of an exported model; its tensors lie in `model.safetensors`.

    Attributes:
        model_type: tells the folder from that of another library.
        labels: in the order of the logits.
        link: what makes an answer of logits: "softmax" for one label, "sigmoid" for several at
            once, "identity" for a number in the unit of the data.
        measures: IRIs, in the order of the columns that the module takes; none where it takes none.
        attributes: IRI -> IRIs of its values, in the order of what is grounded.
        concepts: IRIs of the values that condition the network.
        architecture: timm's name of the network; empty where logit terms alone decide.
        gone: modules that the network does without, see `VisionBackbone`.
        expected: mean and deviation by channel that it expects, where they are not timm's.
        by: the conditioner, a key of `CONDITIONERS`; empty for none.
        at: names of the submodules where it conditions.
        size: side of the images in pixels.
        views: of an image that are averaged; see `turned`.
        colours: what all images are brought to; see `colours_from_json`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    model_type: Literal["kgtransfer-images"] = "kgtransfer-images"
    labels: Names = Field(min_length=1)
    link: Link = "softmax"
    measures: Names = ()
    attributes: dict[str, Names] = {}
    concepts: Names = ()
    architecture: str = Field(default="", max_length=200)
    gone: Names = ()
    expected: Channels | None = None
    by: str = Field(default="", pattern="^(attention|film|gates)?$")
    at: Names = ()
    size: int = Field(ge=16, le=2_048)
    views: int = Field(default=1, ge=1, le=8)
    colours: dict[str, Any] | None = None

    @classmethod
    def of_json(cls, values: Any, source: str) -> ModuleSettings:
        """What was read from a file -> settings.

        Args:
            values: the JSON of the file.
            source: its name, for errors.

        Raises:
            RunError: they are of another kind of model, or of another version.
        """
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise RunError(
                f"{source}: no exported model of images ({place}: {first['msg']})",
                cure="give a folder that `kgtransfer export RUN --to hub` or save_pretrained wrote",
            ) from error
