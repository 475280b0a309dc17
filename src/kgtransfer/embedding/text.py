"""Text vectors of concepts, cached by the content of text and encoder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["Encoder", "concept_texts", "encoder_name", "text_vectors"]

PROBE = "The quick brown fox jumps over the lazy dog."


class Encoder(Protocol):
    """Anything that turns texts into vectors."""

    def encode(self, texts: Sequence[str], /) -> Tensor:
        """Texts -> `[texts, d]` float32."""
        ...


def encoder_name(encoder: Encoder | None) -> str:
    """What to call an encoder in a record: its `name`, or its class; "" of none."""
    if encoder is None:
        return ""
    return str(getattr(encoder, "name", "")) or type(encoder).__name__


def concept_texts(graph: KnowledgeGraph) -> list[str]:
    """What an encoder reads of each concept: label, synonyms and comment."""
    return [graph.text(iri) for iri in graph.concepts]


def text_vectors(
    texts: Sequence[str], encoder: Encoder, *, cache: str | Path | None = None
) -> Tensor:
    """Vectors `[texts, d]` of texts; equal texts are encoded once.

    With a `cache` folder only texts that it lacks are encoded. The cache has one file for each
    encoder, told apart by the vector of a fixed sentence: an encoder whose weights change is
    another encoder, whatever its name. A cache file that cannot be read is made again.
    """
    if not texts:
        return encoder.encode([PROBE])[:0].float()
    file = Path(cache) / f"{_fingerprint(encoder)}.safetensors" if cache is not None else None
    stored = _read(file)
    wanted = {_key(text): text for text in texts}
    missing = {key: text for key, text in wanted.items() if key not in stored}
    if missing:
        fresh = encoder.encode(list(missing.values())).float().cpu()
        stored |= zip(missing, fresh, strict=True)
        if file is not None:
            _write(file, stored)
    return torch.stack([stored[_key(text)] for text in texts])


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _fingerprint(encoder: Encoder) -> str:
    probe = encoder.encode([PROBE]).detach().float().cpu().contiguous()
    return hashlib.sha256(probe.numpy().tobytes()).hexdigest()[:32]


def _read(file: Path | None) -> dict[bytes, Tensor]:
    if file is None or not file.is_file():
        return {}
    try:
        held = safetensors.torch.load(file.read_bytes())
        keys: Iterable[bytes] = (key.numpy().tobytes() for key in held["keys"])
        return dict(zip(keys, held["vectors"], strict=True))
    except (SafetensorError, KeyError, ValueError):
        return {}


def _write(file: Path, stored: dict[bytes, Tensor]) -> None:
    keys = torch.tensor([list(key) for key in stored], dtype=torch.uint8)
    held = {"keys": keys, "vectors": torch.stack(list(stored.values()))}
    write_atomically(file, safetensors.torch.save(held))
