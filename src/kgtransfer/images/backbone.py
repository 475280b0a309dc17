"""`VisionBackbone`: any timm model by name, with weights from a file, a folder or the hub."""

from __future__ import annotations

import copy
import difflib
import hashlib
import os
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.images.pooled_features import PooledFeatures, parts_after_features

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

__all__ = ["Backbone", "Channels", "VisionBackbone"]

Channels = tuple[tuple[float, ...], tuple[float, ...]]
"""Mean and standard deviation by channel, of pixels 0 to 1."""

WEIGHTS = Path("vision", "weights")  # under $KGTRANSFER_DATA


class Backbone(Protocol):
    """A pre-trained image model: anything that builds modules with the methods that timm's have."""

    @property
    def normalisation(self) -> Channels:
        """Mean and standard deviation by channel that it expects, of pixels 0 to 1."""
        ...

    @property
    def hash(self) -> str:
        """Digest of architecture and weights."""
        ...

    def build(self, classes: int | None = None, *, size: int | None = None) -> nn.Module:
        """A new module with its weights and `get_classifier()`; see `VisionBackbone.build`."""
        ...


@dataclass(frozen=True, eq=False)
class VisionBackbone:
    """A pre-trained image model (Wightman, https://github.com/huggingface/pytorch-image-models).

    Attributes:
        architecture: timm's name without a tag.
        weights: its parameters by name; None for random ones.
        source: where they came from, for the report.
        expected: mean and standard deviation by channel that the weights expect, of pixels 0 to 1,
            where they are not those that timm knows of the architecture.
        gone: modules after the features, where the weights end before the head; see
            `PooledFeatures`.
    """

    architecture: str
    weights: Mapping[str, Tensor] | None
    source: str
    expected: Channels | None = None
    gone: tuple[str, ...] = ()

    @classmethod
    def named(
        cls,
        name: str,
        *,
        weights: str | Path = "",
        folder: str | Path | None = None,
        expected: Channels | None = None,
    ) -> VisionBackbone:
        """A model by the name that timm gives it: `resnet50`, `timm:mobilenetv2_100.tv_in1k`.

        Args:
            name: the architecture, and after a dot the tag of the weights.
            weights: a safetensors file, or "random"; by default `NAME*.safetensors` in the folder,
                else the hub. A file that ends before the head will do where features are maps: they
                are pooled, and a new head of one layer stands on them.
            folder: `$KGTRANSFER_DATA/vision/weights` by default.
            expected: mean and standard deviation by channel, of pixels 0 to 1; as timm knows them
                by default.

        Raises:
            ConfigError: timm has no such model, or several files could be meant.
            DataError: weights are not to be had, or are not those of the model.
        """
        name = name.removeprefix("timm:")
        architecture = name.partition(".")[0]
        _require_known(architecture)
        if str(weights) == "random":
            return cls(architecture, None, "random weights", expected)
        file = Path(weights) if weights else _local(name, _folder(folder))
        if file is None:
            return cls(architecture, *_from_hub(name), expected)
        found, gone = _checked(architecture, file)
        return cls(architecture, found, file.name, expected, gone)

    def build(self, classes: int | None = None, *, size: int | None = None) -> nn.Module:
        """A new module with these weights.

        Args:
            classes: width of a new, random head; 0 for the features; None for the head that the
                weights have.
            size: side of the images in pixels, for models that must know it.
        """
        # copied: to make a model takes far longer, and folds and fits ask for one again and again
        model: Any = self._made() if self.weights is None else copy.deepcopy(self._pretrained)
        if size and _config(self.architecture).get("fixed_input_size"):
            _set_input_size(model, size)
        if classes is not None:
            model.reset_classifier(classes)
        built: nn.Module = model
        return built

    @cached_property
    def width(self) -> int:
        """Size of the vectors before the head (`head_hidden_size`)."""
        model = _create(self.architecture, 0)
        return int(model.num_features if self.gone else model.head_hidden_size)

    @property
    def normalisation(self) -> Channels:
        """Mean and standard deviation by channel that the weights expect, of pixels 0 to 1."""
        config = _config(self.architecture)
        return self.expected or (tuple(config["mean"]), tuple(config["std"]))

    @property
    def hash(self) -> str:
        """SHA-256 of architecture and weights, 64 hex digits."""
        content = hashlib.sha256(self.architecture.encode())
        content.update(repr(self.expected).encode() if self.expected else b"")
        for name, tensor in sorted((self.weights or {}).items()):
            content.update(name.encode())
            content.update(tensor.numpy().tobytes())
        return content.hexdigest()

    @cached_property
    def _pretrained(self) -> Any:
        """A module with the weights."""
        model = self._made()
        (model.model if self.gone else model).load_state_dict(self.weights, strict=True)
        return model

    def _made(self) -> Any:
        """A module with random weights."""
        model = _create(self.architecture, self._head)
        return PooledFeatures(model, self.gone, 0) if self.gone else model

    @property
    def _head(self) -> int | None:
        """Classes of the weights' own head; None for timm's default."""
        if self.weights is None:
            return None
        name = _config(self.architecture).get("classifier")
        bias = self.weights.get(f"{name}.bias") if isinstance(name, str) else None
        return None if bias is None else len(bias)


def _require_known(architecture: str) -> None:
    import timm

    if not timm.is_model(architecture):
        near = difflib.get_close_matches(architecture, timm.list_models(), n=5, cutoff=0.5)
        raise ConfigError(
            f"timm has no model {architecture!r}",
            cure=f"did you mean one of: {', '.join(near)}?" if near else "see timm.list_models()",
        )


def _config(architecture: str) -> dict[str, Any]:
    import timm

    config: Any = timm.get_pretrained_cfg(architecture)
    return dict(config.to_dict()) if config else {"mean": (0.5,) * 3, "std": (0.5,) * 3}


def _create(architecture: str, classes: int | None) -> Any:
    """The module with random weights; timm's own number of classes for None."""
    import timm

    more: dict[str, Any] = {} if classes is None else {"num_classes": classes}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of torch.jit.script inside timm
        return timm.create_model(architecture, **more)


def _set_input_size(model: Any, size: int) -> None:
    """Tell a model the size of its images; what it knows of positions is interpolated."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of indexing, inside timm
        model.set_input_size((size, size))


def _folder(folder: str | Path | None) -> Path | None:
    if folder:
        return Path(folder)
    data = os.environ.get("KGTRANSFER_DATA")
    return Path(data) / WEIGHTS if data else None


def _local(name: str, folder: Path | None) -> Path | None:
    """The file of a model's weights in a folder.

    Weights of a `tf_` model load into its twin without `tf_` too, and are wrong there: names are
    compared from the start.
    """
    if folder is None or not folder.is_dir():
        return None
    files = sorted(
        file
        for file in folder.glob("*.safetensors")
        if file.stem == name
        or (
            file.stem.startswith((f"{name}.", f"{name}_"))
            and file.stem.partition(".")[0] == name.partition(".")[0]
        )
    )
    if len(files) > 1:
        raise ConfigError(
            f"{folder}: several files could be the weights of {name}",
            cure=f"name one: {', '.join(file.stem for file in files)}",
        )
    return files[0] if files else None


def _checked(architecture: str, file: Path) -> tuple[dict[str, Tensor], tuple[str, ...]]:
    """The tensors of a file, in float32, if they are a model's, and what they say nothing of."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    if file.stem.startswith(f"tf_{architecture}"):
        raise DataError(
            f"{file}: weights of a tf_ model give wrong results in {architecture}",
            cure=f"name the model tf_{architecture}",
        )
    try:
        weights = {name: tensor.float() for name, tensor in load_file(file).items()}
        model = _create(architecture, VisionBackbone(architecture, weights, "")._head)
        gone = parts_after_features(model, model.state_dict().keys() - weights.keys())
        VisionBackbone(architecture, weights, "", gone=gone).build()
    except (OSError, SafetensorError) as error:
        raise DataError(
            f"{file}: cannot be read ({error})", cure="give a whole safetensors file"
        ) from error
    except RuntimeError as error:
        says = str(error).splitlines()
        raise DataError(
            f"{file}: not weights of {architecture} ({' '.join(says[:2])[:200]})",
            cure="give the file of this very model, with timm's names of parameters",
        ) from error
    return weights, gone


def _from_hub(name: str) -> tuple[dict[str, Tensor], str]:
    import timm

    try:
        model = timm.create_model(name, pretrained=True)
    except Exception as error:  # the hub's client raises errors of many libraries
        raise DataError(
            f"no weights of {name}: neither a local file nor the hub has them",
            cure=f"put {name}.safetensors into $KGTRANSFER_DATA/{WEIGHTS.as_posix()}, name a file,"
            ' or write weights = "random"',
        ) from error
    return dict(model.state_dict()), f"hub: {name}"
