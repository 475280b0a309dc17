"""Texts -> rows of a classifier's head, learned from the rows and texts of its own classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["TextHeads", "unit"]

SHARPNESS = 10.0
"""Of the kernel exp(SHARPNESS (cosine - 1)): how close two texts must be to share a head."""
RIDGE = 0.3
"""Variance of what no text tells of a head's rows, the kernel's being 1."""


@dataclass(frozen=True, eq=False)
class TextHeads:
    """A Gaussian process from sentence vectors to the rows of a head.

    A classifier's row for a class is a direction in its features; texts of its classes and these
    rows are the examples that a kernel ridge regression learns from, so that any text has a row:
    in closed form, without any image. Synthesised classifiers (Changpinyo et al., arXiv 1603.00550)
    over sentence vectors; beside a map that is trained on images to keep the posterior (TextUnlock,
    arXiv 2503.10981) and the mean of class vectors (ConSE, arXiv 1312.5650).

    Attributes:
        anchors: for each way to say what a class is, its unit vectors `[classes, d]`.
        coefficients: `[classes, width]` of the regression.
    """

    anchors: tuple[Floats, ...]
    coefficients: Floats

    @classmethod
    def fitted(
        cls, anchors: Sequence[Floats], rows: Floats, *, affinity: Floats | None = None
    ) -> TextHeads:
        """From a head and the texts of its classes.

        Args:
            anchors: for each way to say what a class is, its vectors `[classes, d]`.
            rows: of the head, `[classes, width]`.
            affinity: `[classes, classes]` of classes by a graph, from 0 to 1: with it two classes
                share a head where both the texts and the graph say so.
        """
        held = tuple(unit(vectors) for vectors in anchors)
        kernel = _kernel(held, held)
        kernel = kernel if affinity is None else kernel * affinity
        centred = rows - rows.mean(axis=0)
        ridge = kernel + RIDGE * np.eye(len(kernel))
        return cls(held, np.linalg.solve(ridge, centred))

    def __call__(self, vectors: Floats, *, affinity: Floats | None = None) -> Floats:
        """Sentence vectors `[texts, d]` -> unit rows `[texts, width]`.

        Args:
            vectors: of the texts.
            affinity: `[texts, classes]` by the graph, where the regression was fitted with one.
        """
        text = unit(vectors)
        kernel = _kernel([text] * len(self.anchors), self.anchors)
        kernel = kernel if affinity is None else kernel * affinity
        return unit(kernel @ self.coefficients)


def unit(vectors: Floats) -> Floats:
    """Rows `[n, d]` brought to the length 1; those of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1))


def _kernel(texts: Sequence[Floats], anchors: Sequence[Floats]) -> Floats:
    """The mean over ways to say it of the kernel, `[texts, classes]`."""
    each = [
        np.exp(SHARPNESS * (of_texts @ of_classes.T - 1))
        for of_texts, of_classes in zip(texts, anchors, strict=True)
    ]
    return np.asarray(np.mean(each, axis=0))
