"""Texts -> sentence vectors, by a BERT-family encoder whose lower layers are frozen.

The token states after the frozen layers do not change during fine-tuning, so they are computed
once per text and cached: an epoch over the last third of MiniLM then costs a third of a full pass.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kgtransfer.backbones.precision import autocast
from kgtransfer.backbones.text_models import BUNDLED, model_folder, read_text_model
from kgtransfer.errors import DataError
from kgtransfer.utils.files import json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["TextEncoder", "TokenStates", "encode_states"]

COPIED = frozenset({".json", ".safetensors", ".txt"})  # never pickled weights or code


@dataclass(frozen=True)
class TokenStates:
    """Token vectors of texts after the frozen layers: one `[tokens, width]` tensor a text."""

    states: tuple[Tensor, ...]

    def __len__(self) -> int:
        return len(self.states)

    def batch(self, rows: Sequence[int]) -> tuple[Tensor, Tensor]:
        """Padded states `[rows, tokens, width]` and mask `[rows, tokens]` of some texts."""
        chosen = [self.states[row] for row in rows]
        padded = nn.utils.rnn.pad_sequence(chosen, batch_first=True)
        lengths = torch.tensor([len(states) for states in chosen])
        return padded, torch.arange(padded.shape[1]) < lengths[:, None]

    def select(self, rows: Sequence[int]) -> TokenStates:
        """Some of the texts, in the order given."""
        return TokenStates(tuple(self.states[row] for row in rows))

    def batches_by_length(self, size: int) -> Iterator[list[int]]:
        """Rows in batches of about equal length, so that little is padding."""
        order = sorted(range(len(self)), key=lambda row: len(self.states[row]))
        for start in range(0, len(order), size):
            yield order[start : start + size]


class TextEncoder(nn.Module):
    """Mean-pooled, L2-normalised sentence vectors (Sentence-BERT, arXiv 1908.10084).

    Only the trained layers are part of the module's parameters and `state_dict`; the frozen ones
    keep the pre-trained weights and are shared between copies of the module.

    Args:
        model: a `Bert`, or a transformers model with `encoder.layer` (RoBERTa, ELECTRA, ...).
        tokenizer: its `Tokenizer`, or the fast one of transformers.
        trained_layers: how many of the last layers are fine-tuned.
        max_tokens: longer texts are cut.
        name: what provenance calls it.
        folder: where the pre-trained model came from; `save_pretrained` copies it.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        *,
        trained_layers: int = 2,
        max_tokens: int = 128,
        name: str = "",
        folder: Path | None = None,
    ) -> None:
        super().__init__()
        layers = model.encoder.layer
        if not 0 < trained_layers <= len(layers):
            raise DataError(
                f"{name or 'the encoder'} has {len(layers)} layers, not {trained_layers} to train",
                cure="choose between 1 and that many",
            )
        self.layers = nn.ModuleList(layers[len(layers) - trained_layers :])
        model.encoder.layer = layers[: len(layers) - trained_layers]
        self.frozen = _FrozenLayers(model.eval().requires_grad_(False), tokenizer, max_tokens)
        self.name, self.folder, self.max_tokens = name, folder, max_tokens
        self.width: int = model.config.hidden_size

    @classmethod
    def from_pretrained(
        cls,
        name: str | Path = "minilm",
        *,
        trained_layers: int = 2,
        max_tokens: int = 128,
        device: str = "cpu",
    ) -> TextEncoder:
        """A bundled encoder by its short name, or any model folder on disk.

        Raises:
            DataError: there is no such folder, it holds no model of the kinds that are read, or the
                package that ships the weights is missing.
        """
        folder = model_folder(str(name))
        model, tokenizer = read_text_model(folder)
        return cls(
            model.float().to(device),
            tokenizer,
            trained_layers=trained_layers,
            max_tokens=max_tokens,
            name=str(name) if str(name) in BUNDLED else folder.name,
            folder=folder,
        )

    @property
    def hash(self) -> str:
        """SHA-256 over all weights, the words and the longest text, 64 hex digits."""
        words = sorted(self.frozen.tokenizer.get_vocab().items())
        content = hashlib.sha256(json_bytes([words, self.max_tokens, len(self.layers)]))
        for module in (self.frozen.model, self.layers):
            for name, weights in sorted(module.state_dict().items()):
                content.update(name.encode())
                content.update(weights.detach().cpu().contiguous().numpy().tobytes())
        return content.hexdigest()

    def save_pretrained(self, folder: Path) -> None:
        """Copy the pre-trained model and its tokenizer, as they were before any training."""
        assert self.folder is not None, "an encoder made by hand has no folder to copy"
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(self.folder.iterdir()):
            if file.suffix in COPIED and file.is_file():
                shutil.copyfile(file, folder / file.name)

    def frozen_states(
        self, texts: Sequence[str], *, progress: Callable[[int], None] = lambda done: None
    ) -> TokenStates:
        """Texts -> their token states after the frozen layers, good for any number of epochs."""
        return self.frozen.states(texts, progress)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Sentence vectors `[texts, width]` of padded token states `[texts, tokens, width]`."""
        states = states.float()
        for layer in self.layers:
            out = layer(states, mask[:, None, None, :])
            states = out[0] if isinstance(out, tuple) else out  # transformers 4 gives tuples
        weights = mask[..., None].to(torch.float32)
        pooled = (states.float() * weights).sum(1) / weights.sum(1)
        return F.normalize(pooled, dim=-1)

    def encode(self, texts: Sequence[str], *, batch_size: int = 64) -> Tensor:
        """Sentence vectors `[texts, width]`, float32, L2-normalised."""
        return encode_states(self, self.frozen_states(texts), batch_size=batch_size)


def encode_states(
    model: nn.Module,
    states: TokenStates,
    *,
    batch_size: int = 64,
    keywords: Callable[[list[int]], dict[str, Any]] = lambda rows: {},
) -> Tensor:
    """Cached token states -> unit vectors `[texts, width]`, float32 on the CPU; in eval mode.

    Args:
        model: a `TextEncoder`, or a module around one.
        states: token states of the texts after the frozen layers.
        batch_size: texts a batch; texts of about equal length go together.
        keywords: rows of a batch -> further keyword arguments of the model.
    """
    device = next(model.parameters()).device
    model.eval()
    order: list[int] = []
    parts = []
    with torch.inference_mode():
        for rows in states.batches_by_length(batch_size):
            padded, mask = states.batch(rows)
            with autocast(device):
                out = model(padded.to(device), mask.to(device), **keywords(rows))
            parts.append(F.normalize(out.float(), dim=-1).cpu())
            order += rows
    return torch.cat(parts)[torch.tensor(order).argsort()].clone()


class _FrozenLayers:
    """Embeddings and lower layers: never trained, and therefore no module of the encoder."""

    def __init__(self, model: nn.Module, tokenizer: Any, max_tokens: int) -> None:
        self.model, self.tokenizer, self.max_tokens = model, tokenizer, max_tokens

    def __deepcopy__(self, memo: dict[int, object]) -> _FrozenLayers:
        return self  # never written to, so copies of an encoder share it

    @torch.inference_mode()
    def states(
        self, texts: Sequence[str], progress: Callable[[int], None], batch_size: int = 64
    ) -> TokenStates:
        # half a surrogate pair, as JSON and a command line may hold, is no character
        plain = [text.encode(errors="replace").decode() for text in texts]
        encoded = self.tokenizer(plain, truncation=True, max_length=self.max_tokens)
        ids = [torch.tensor(row) for row in encoded["input_ids"]]
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        device = next(self.model.parameters()).device
        states_of: dict[int, Tensor] = {}
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            padded = nn.utils.rnn.pad_sequence([ids[row] for row in rows], batch_first=True)
            lengths = torch.tensor([len(ids[row]) for row in rows])
            mask = (torch.arange(padded.shape[1]) < lengths[:, None]).long()
            with autocast(device):
                out = self.model(padded.to(device), attention_mask=mask.to(device))
            held = out if isinstance(out, Tensor) else out.last_hidden_state
            for row, states, length in zip(rows, held.cpu(), lengths, strict=True):
                states_of[row] = states[:length].to(torch.bfloat16)
            progress(len(rows))
        return TokenStates(tuple(states_of[row] for row in range(len(ids))))
