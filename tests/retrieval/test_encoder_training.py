"""An encoder is fine-tuned in place, and its zero-shot vectors are computed once a text."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

from kgtransfer.backbones.text import TextEncoder, TokenStates
from kgtransfer.retrieval.contrastive import Pairs, encode
from kgtransfer.retrieval.encoder_training import ZeroShotVectors, train_encoder
from kgtransfer.retrieval.settings import SearchTraining


class Counting(nn.Module):
    """Mean of the tokens, which counts the texts that it encodes."""

    texts = 0

    def __init__(self) -> None:
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        Counting.texts += len(states)
        return states.float().mean(1)


def test_training_brings_queries_to_their_documents(encoder: TextEncoder) -> None:
    texts = [f"def f{i}(x): return x + {i}" for i in range(32)]
    queries = [f"colour of tea number {i}" for i in range(32)]
    pairs = Pairs(
        encoder.frozen_states(texts), encoder.frozen_states(queries), torch.arange(33).numpy()
    )
    model = copy.deepcopy(encoder)
    train_encoder(model, pairs, SearchTraining(batch_size=16), epochs=4, seed=0)

    def cosine(of: TextEncoder) -> float:
        return float((encode(of, pairs.documents) * encode(of, pairs.queries)).sum(1).mean())

    assert cosine(model) > cosine(encoder) + 0.05


def test_a_text_is_encoded_once_before_training() -> None:
    states = tuple(torch.eye(3)[row][None] for row in range(3))
    vectors = ZeroShotVectors(Counting(), "cpu")
    Counting.texts = 0
    first = vectors(TokenStates(states[:2]))
    again = vectors(TokenStates(states))
    assert Counting.texts == 3
    assert first.tolist() == [[1, 0, 0], [0, 1, 0]]
    assert again.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
