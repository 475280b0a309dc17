from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor, nn

from kgtransfer.retrieval import vectors as module
from kgtransfer.retrieval.vectors import EncodersMemory, TextVectors


class Lengths:
    """Encodes a text as its length; notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> Tensor:
        self.asked.append(list(texts))
        return torch.tensor([[float(len(text)), 1.0] for text in texts])


def test_each_text_is_encoded_once_in_the_order_it_came_in() -> None:
    vectors, encode = TextVectors(), Lengths()
    first = vectors(["tea", "a", "tea"], encode)
    again = vectors(["a", "green tea"], encode)
    assert encode.asked == [["tea", "a"], ["green tea"]]
    assert first.tolist() == [[3.0, 1.0], [1.0, 1.0], [3.0, 1.0]]
    assert again.tolist() == [[1.0, 1.0], [9.0, 1.0]]


def test_what_was_encoded_is_restored_from_its_state() -> None:
    vectors, encode = TextVectors(), Lengths()
    before = vectors(["tea", "\N{GREEK SMALL LETTER ALPHA}"], encode)
    state = vectors.state()
    assert (state["digests"].dtype, tuple(state["digests"].shape)) == (torch.uint8, (2, 32))
    again = TextVectors.restored(state)
    assert torch.equal(again(["tea", "\N{GREEK SMALL LETTER ALPHA}"], encode), before)
    assert len(encode.asked) == 1
    assert TextVectors.restored(TextVectors().state())(["b"], encode).tolist() == [[1.0, 1.0]]


def test_encoders_with_the_same_weights_share_their_vectors_and_others_do_not() -> None:
    one, same, other = (nn.Linear(2, 2) for _ in range(3))
    same.load_state_dict(one.state_dict())
    memory, encode = EncodersMemory(), Lengths()
    for encoder in (one, same, other):
        memory.of(encoder.state_dict())(["tea"], encode)
    assert encode.asked == [["tea"], ["tea"]]


def test_vectors_of_encoders_not_used_for_long_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 16)  # two vectors
    memory, encode = EncodersMemory(), Lengths()
    one, two, three = (nn.Linear(2, 2) for _ in range(3))
    for encoder in (one, two, three, three, one):
        memory.of(encoder.state_dict())(["tea"], encode)
    assert len(encode.asked) == 4  # of `one` again, since the other two filled the memory
