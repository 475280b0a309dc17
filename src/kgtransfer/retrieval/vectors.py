"""`TextVectors`: texts -> unit vectors by one encoder, each text encoded once."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from torch import Tensor

__all__ = ["EncodersMemory", "TextVectors"]

DIGEST = 32  # bytes of a SHA-256
MOST_BYTES = 2**30  # that vectors of all encoders together take, the present one's aside


class TextVectors:
    """The vectors that an encoder gave to texts, by the texts' content.

    Args:
        kept: SHA-256 of each text -> its vector `[width]`.
    """

    def __init__(self, kept: Mapping[bytes, Tensor] | None = None) -> None:
        self._kept: dict[bytes, Tensor] = dict(kept or {})

    def __call__(self, texts: Sequence[str], encode: Callable[[list[str]], Tensor]) -> Tensor:
        """Vectors `[texts, width]`; those that are new are encoded together, in their order.

        Args:
            texts: one at the least.
            encode: texts -> vectors on the CPU, by the encoder that all others came from.
        """
        keys = [_key(text) for text in texts]
        fresh = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._kept}
        if fresh:
            self._kept |= dict(zip(fresh, encode(list(fresh.values())), strict=True))
        return torch.stack([self._kept[key] for key in keys])

    @classmethod
    def of(cls, vectors: Mapping[str, Tensor]) -> TextVectors:
        """From text -> its vector `[width]`."""
        return cls({_key(text): vector for text, vector in vectors.items()})

    def only(self, texts: Iterable[str]) -> TextVectors:
        """Of some texts, those that are known."""
        keys = dict.fromkeys(map(_key, texts))
        return TextVectors({key: self._kept[key] for key in keys if key in self._kept})

    @property
    def size(self) -> int:
        """Bytes of all vectors."""
        return sum(vector.numel() * vector.element_size() for vector in self._kept.values())

    def state(self) -> dict[str, Tensor]:
        """`digests` `[texts, 32]` uint8 and `vectors` `[texts, width]`, to be kept in a file."""
        if not self._kept:
            return {}
        digests = torch.frombuffer(bytearray(b"".join(self._kept)), dtype=torch.uint8)
        vectors = torch.stack(list(self._kept.values()))
        return {"digests": digests.view(-1, DIGEST), "vectors": vectors}

    @classmethod
    def restored(cls, state: Mapping[str, Tensor]) -> TextVectors:
        """From what `state` gave; nothing of nothing."""
        if not state:
            return cls()
        digests = [row.numpy().tobytes() for row in state["digests"]]
        return cls(dict(zip(digests, state["vectors"], strict=True)))


class EncodersMemory:
    """Encoder -> the vectors of texts by it; of encoders that were not used for long, forgotten."""

    def __init__(self) -> None:
        self._memories: OrderedDict[str, TextVectors] = OrderedDict()

    def of(self, weights: Mapping[str, Tensor]) -> TextVectors:
        """What is known by an encoder with these weights."""
        key = _digest(weights)
        memory = self._memories.setdefault(key, TextVectors())
        self._memories.move_to_end(key)
        while len(self._memories) > 1 and self._size > MOST_BYTES:
            self._memories.popitem(last=False)
        return memory

    def remember(self, weights: Mapping[str, Tensor], vectors: TextVectors) -> None:
        """Take vectors over that an encoder with these weights gave before."""
        self._memories[_digest(weights)] = vectors

    @property
    def _size(self) -> int:
        return sum(memory.size for memory in self._memories.values())


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _digest(weights: Mapping[str, Tensor]) -> str:
    content = hashlib.sha256()
    for name, part in sorted(weights.items()):
        content.update(name.encode())
        content.update(part.detach().cpu().contiguous().numpy().data)
    return content.hexdigest()
