"""Models that were trained on images with texts (CLIP, SigLIP): the same interface."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from kgtransfer.errors import DataError
from kgtransfer.images.texts.heads import unit
from kgtransfer.images.texts.model import text_scores
from kgtransfer.images.texts.prompts import prompted
from kgtransfer.utils.progress import bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from kgtransfer.images.data.decode import Picture

    Floats = npt.NDArray[np.float64]

__all__ = ["PretrainedImageTexts"]

BATCH = 32
CODE = b"image-text model 1"  # another text, and images are read again


class PretrainedImageTexts:
    """An image-text model by its hub name or folder: an `ImageTextModel`.

    Any model of transformers with `get_image_features` and `get_text_features` (CLIP, Radford et
    al., arXiv 2103.00020; SigLIP, Zhai et al., arXiv 2303.15343). Code that comes with a model is
    never run, and weights are read as safetensors alone.

    Args:
        name: on the Hugging Face hub, or a folder with the model, its tokenizer and the settings of
            its image processor.
        device: where it runs.

    Raises:
        DataError: there is no such model, or it does not read both images and texts.
    """

    def __init__(self, name: str | Path, *, device: str = "cpu") -> None:
        from transformers import AutoImageProcessor, AutoModel, AutoTokenizer

        local = Path(name).is_dir()
        try:
            self._model: Any = AutoModel.from_pretrained(
                name, local_files_only=local, use_safetensors=True
            )
            processor: Any = AutoImageProcessor  # its class method has no types
            self._images: Any = processor.from_pretrained(name, local_files_only=local)
            self._texts: Any = AutoTokenizer.from_pretrained(name, local_files_only=local)
        except Exception as error:  # whatever libraries make of odd folders and names
            reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            raise DataError(
                f"{name}: no image-text model ({reason})",
                cure="give a CLIP or SigLIP: its hub name, or a folder with config.json, "
                "model.safetensors, preprocessor_config.json and a tokenizer",
            ) from error
        if not all(hasattr(self._model, f"get_{kind}_features") for kind in ("image", "text")):
            raise DataError(
                f"{name}: {type(self._model).__name__} does not read both images and texts",
                cure="give a CLIP or SigLIP",
            )
        self._model.eval().to(device)
        self._device = device
        content = hashlib.sha256(type(self._model).__name__.encode())
        for key, tensor in sorted(self._model.state_dict().items()):
            content.update(key.encode() + tensor.detach().cpu().float().numpy().tobytes())
        self.hash = content.hexdigest()

    @property
    def code(self) -> bytes:
        """Digest of the model and of the code that runs it."""
        return hashlib.sha256(CODE + self.hash.encode()).digest()

    @cached_property
    def width(self) -> int:
        """Of the common space."""
        return int(self.heads(["thing"]).shape[1])

    @torch.inference_mode()
    def features(self, samples: Sequence[Picture]) -> Floats:
        """Photos, RGB, uint8, of any size -> unit vectors `[photos, width]`."""
        parts = [np.empty((0, self.width))]
        with bar("features of photos", len(samples)) as advance:
            for start in range(0, len(samples), BATCH):
                batch = [samples[row] for row in range(start, min(start + BATCH, len(samples)))]
                inputs = self._images(images=batch, return_tensors="pt").to(self._device)
                parts.append(_rows(self._model.get_image_features(**inputs)))
                advance(len(batch))
        return np.concatenate(parts)

    @torch.inference_mode()
    def heads(self, texts: Sequence[str]) -> Floats:
        """Names of things -> unit vectors `[texts, width]`, the mean over prompts."""
        means = []
        for text in texts:
            tokens = self._texts(
                prompted(text),
                padding="max_length",  # as SigLIP was trained; CLIP masks what is padding
                truncation=True,
                max_length=self._model.config.text_config.max_position_embeddings,
                return_tensors="pt",
            )
            vectors = _rows(self._model.get_text_features(**tokens.to(self._device)))
            means.append(vectors.mean(axis=0))
        return unit(np.stack(means))

    def scores(self, features: Floats, texts: Sequence[str]) -> Floats:
        """Features of one domain's images, and texts -> scores; see `text_scores`."""
        return text_scores(features, self.heads(texts))


def _rows(output: Any) -> Floats:
    """What a model gives for a batch -> unit vectors; transformers 5 wraps them."""
    vectors = output if isinstance(output, torch.Tensor) else output.pooler_output
    return unit(vectors.double().cpu().numpy())
