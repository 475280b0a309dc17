"""Many unit vectors -> those nearest to another one, without a look at all of them.

HNSW graphs (Malkov and Yashunin, TPAMI 42(4), 2020, arXiv 1603.09320) of the usearch library find
candidates, whose cosines are then exact. Where there are few vectors, or the library is not
installed, all are looked at.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import RunError

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["LARGE", "Neighbours", "nearest"]

LARGE = 50_000  # vectors; up to so many a product with all of them is as quick
DTYPE = "f16"
CONNECTIVITY, EXPANSION_ADD, EXPANSION_SEARCH = 16, 64, 256
MORE = 4  # candidates an answer: their cosines are in half precision


class Neighbours:
    """An index of vectors that gives the rows of candidates.

    Args:
        graph: a `usearch.index.Index` whose keys are the rows.
    """

    def __init__(self, graph: Any) -> None:
        self._graph = graph

    @classmethod
    def of(cls, vectors: Tensor) -> Neighbours | None:
        """Unit vectors `[n, width]` -> their index; None where all can be looked at, or must be."""
        if len(vectors) <= LARGE or find_spec("usearch") is None:
            return None
        import numpy as np
        from usearch.index import Index

        graph = Index(
            ndim=vectors.shape[1],
            metric="ip",
            dtype=DTYPE,
            connectivity=CONNECTIVITY,
            expansion_add=EXPANSION_ADD,
            expansion_search=EXPANSION_SEARCH,
        )
        graph.add(np.arange(len(vectors)), vectors.numpy())
        return cls(graph)

    def to_bytes(self) -> bytes:
        """The index, for `from_bytes`."""
        return bytes(self._graph.save())

    @classmethod
    def from_bytes(cls, content: bytes, vectors: Tensor, name: str) -> Neighbours | None:
        """What `to_bytes` gave, whose digest was checked; None where the library is not installed.

        Args:
            content: of the file.
            vectors: that it is of.
            name: of the file.

        Raises:
            RunError: it is no such index, or one of other vectors.
        """
        if find_spec("usearch") is None:
            return None
        from usearch.index import Index

        try:
            graph = Index.restore(content, expansion_search=EXPANSION_SEARCH)
        except (RuntimeError, ValueError) as error:
            raise RunError(f"{name}: is no index of vectors ({error})", cure=_CURE) from error
        if graph is None or (len(graph), graph.ndim) != tuple(vectors.shape):
            raise RunError(f"{name}: is of other vectors than the run's", cure=_CURE)
        return cls(graph)

    def candidates(self, vector: Tensor, k: int) -> list[int]:
        """Rows of at least k vectors, among which are those nearest to a unit vector."""
        found = self._graph.search(vector.numpy(), max(MORE * k, EXPANSION_SEARCH // MORE))
        rows: list[int] = found.keys.tolist()
        return rows


_CURE = "make the run again, or its index: kgtransfer reindex"


def nearest(
    vectors: Tensor, vector: Tensor, k: int, neighbours: Neighbours | None = None
) -> tuple[list[int], list[float]]:
    """Rows and cosines of the k vectors nearest to another one, best first.

    Args:
        vectors: unit vectors `[n, width]`.
        vector: `[width]`.
        k: how many.
        neighbours: their index; without one all are looked at.
    """
    if neighbours is None:
        best = (vectors @ vector).topk(min(k, len(vectors)))
        return best.indices.tolist(), best.values.tolist()
    rows = sorted(neighbours.candidates(vector, k))
    best = (vectors[rows] @ vector).topk(min(k, len(rows)))
    return [rows[place] for place in best.indices.tolist()], best.values.tolist()
