"""Cosines and BM25 as one score: literal sums, and what a weight of 0 and of infinity mean."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.retrieval.fusion import fused

COSINES = [[0.4, 0.2], [0.1, 0.1]]
WORDS = [[0.0, 8.0], [3.0, 5.0]]


def test_words_count_in_units_of_the_cosines() -> None:
    # spread .1 of the cosines, -1 and +1 of the words; in the second row cosines do not differ
    assert fused(COSINES, WORDS, 0.5) == pytest.approx(np.array([[0.35, 0.25], [0.1, 0.1]]))


def test_at_0_they_are_the_cosines_and_at_infinity_the_words() -> None:
    assert fused(COSINES, WORDS, 0.0).tolist() == COSINES
    assert fused(COSINES, WORDS, math.inf).tolist() == WORDS


def test_where_no_word_occurs_nothing_changes() -> None:
    assert fused([[0.4, 0.2]], [[0.0, 0.0]], 1.0).tolist() == [[0.4, 0.2]]


@given(st.floats(0.1, 10), st.floats(-5, 5))
def test_the_unit_of_the_words_does_not_matter(scale: float, shift: float) -> None:
    moved = np.array(WORDS) * scale + shift
    assert fused(COSINES, moved, 0.5) == pytest.approx(fused(COSINES, WORDS, 0.5))
