"""Text vectors of concepts, cached by the content of text and encoder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = [
    "Encoder",
    "EncoderLike",
    "concept_texts",
    "encoder_fingerprint",
    "encoder_name",
    "text_encoder",
    "text_vectors",
]

PROBE = "The quick brown fox jumps over the lazy dog."


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    def encode(self, texts: Sequence[str], /) -> Tensor:
        """Texts -> `[texts, d]` float32."""
        ...


EncoderLike: TypeAlias = str | Path | Encoder | type[Encoder]
"""A bundled encoder's name ("minilm"), a model folder, or an encoder: an instance or a class."""


def text_encoder(text: EncoderLike | None) -> Encoder | None:
    """Name, folder, class or instance -> the encoder; None of None.

    Raises:
        DataError: there is no such model folder, or it cannot be read.
    """
    if isinstance(text, str | Path):
        return TextEncoder.from_pretrained(text)
    return text() if isinstance(text, type) else text


def encoder_name(encoder: Encoder | None) -> str:
    """Encoder -> what a record calls it: its `name`, or its class; "" of none."""
    if encoder is None:
        return ""
    return str(getattr(encoder, "name", "")) or type(encoder).__name__


def concept_texts(graph: KnowledgeGraph) -> list[str]:
    """Graph -> the text of each concept, in row order: label, synonyms and comment."""
    return [graph.text(iri) for iri in graph.concepts]


def text_vectors(
    texts: Sequence[str], encoder: Encoder, *, cache: str | Path | None = None
) -> Tensor:
    """Texts -> vectors `[texts, d]`; equal texts are encoded once.

    With a `cache` folder only texts that it lacks are encoded. The cache has one file for each
    encoder, told apart by the vector of a fixed sentence: an encoder whose weights change is
    another encoder, whatever its name. A cache file that cannot be read is made again.
    """
    if not texts:
        return encoder.encode([PROBE])[:0].float()
    file = (
        Path(cache) / f"{encoder_fingerprint(encoder)}.safetensors" if cache is not None else None
    )
    stored = _read(file)
    by_key = {_key(text): text for text in texts}
    missing = {key: text for key, text in by_key.items() if key not in stored}
    if missing:
        fresh = encoder.encode(list(missing.values())).float().cpu()
        stored |= zip(missing, fresh, strict=True)
        if file is not None:
            _write(file, stored)
    return torch.stack([stored[_key(text)] for text in texts])


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def encoder_fingerprint(encoder: Encoder) -> str:
    """Encoder -> 32 hex digits of its vector of a fixed sentence: other weights, other digits."""
    probe = encoder.encode([PROBE]).detach().float().cpu().contiguous()
    return hashlib.sha256(probe.numpy().tobytes()).hexdigest()[:32]


def _read(file: Path | None) -> dict[bytes, Tensor]:
    if file is None or not file.is_file():
        return {}
    try:
        tensors = safetensors.torch.load(file.read_bytes())
        keys: Iterable[bytes] = (key.numpy().tobytes() for key in tensors["keys"])
        return dict(zip(keys, tensors["vectors"], strict=True))
    except (SafetensorError, KeyError, ValueError):
        return {}


def _write(file: Path, stored: dict[bytes, Tensor]) -> None:
    keys = torch.tensor([list(key) for key in stored], dtype=torch.uint8)
    tensors = {"keys": keys, "vectors": torch.stack(list(stored.values()))}
    write_atomically(file, safetensors.torch.save(tensors))
