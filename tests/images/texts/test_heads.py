"""Texts -> rows of a head."""

from __future__ import annotations

import numpy as np
import pytest

from kgtransfer.images.texts.heads import TextHeads, unit

ANCHORS = np.eye(4)  # texts of four classes, nothing in common
ROWS = np.array([[2.0, 0, 0], [0, 2, 0], [0, 0, 2], [-2, -2, -2]])


def test_the_text_of_a_class_has_its_row() -> None:
    heads = TextHeads.fitted([ANCHORS, ANCHORS], ROWS)
    np.testing.assert_allclose(heads(ANCHORS * 5), unit(ROWS), atol=1e-3)


def test_a_text_between_two_classes_has_a_row_between_theirs() -> None:
    between = TextHeads.fitted([ANCHORS], ROWS)(np.array([[1.0, 1, 0, 0]]))
    assert between[0] == pytest.approx([0.707, 0.707, 0.0], abs=0.01)


def test_a_graph_keeps_classes_apart_that_texts_take_for_one() -> None:
    affinity = np.eye(4)
    heads = TextHeads.fitted([ANCHORS], ROWS, affinity=affinity)
    alike = heads(np.array([[1.0, 1, 0, 0]]), affinity=affinity[[1]])
    assert alike[0] == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)


def test_rows_of_zeros_stay() -> None:
    assert unit(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist() == [[0.0, 0.0], [0.6, 0.8]]
