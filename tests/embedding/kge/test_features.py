from __future__ import annotations

import pytest
import torch

from kgtransfer.embedding.kge.features import number_features, text_features


class Lengths:
    """Reads a text as its length."""

    def encode(self, texts):
        return torch.tensor([[float(len(text)), 1.0] for text in texts])


def test_an_entity_without_text_has_zeros():
    vectors = text_features(["a", "b", "c"], {"c": "xyz", "a": "x", "other": "y"}, Lengths())
    assert vectors.tolist() == [[1.0, 1.0], [0.0, 0.0], [3.0, 1.0]]


def test_numbers_are_standardised_and_absence_is_said():
    numbers = {("a", "age"): 10.0, ("b", "age"): 20.0, ("gone", "age"): 5.0, ("c", "size"): 7.0}
    columns = number_features(["a", "b", "c"], numbers)
    assert columns.tolist() == [[-1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 0, 1]]


def test_an_attribute_of_many_magnitudes_is_taken_as_logarithms():
    numbers = {(name, "area"): 10.0**power for name, power in (("a", 0), ("b", 3), ("c", 6))}
    values = number_features(["a", "b", "c"], numbers)[:, 0]
    assert values[1] - values[0] == pytest.approx((values[2] - values[1]).item(), rel=0.15)


def test_no_numbers_have_no_columns():
    assert number_features(["a"], {}).shape == (1, 0)
