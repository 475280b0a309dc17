"""Labels that spread from few samples over the nearest neighbours among many without labels.

Zhou et al., Learning with Local and Global Consistency, NIPS 2003. Two samples are neighbours where
either is among the nearest of the other: in another domain hardly any sample has a labelled one
among its nearest, while each labelled one has nearest samples there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

__all__ = ["propagated"]

NEIGHBOURS = 10
STAYS = 0.1  # of a label at each step, with the sample that it was given to
POWER = 3  # of the cosine, which is the weight of an edge
STEPS = 60  # by then all that is still to come is STAYS of two thousandths


def propagated(labelled: Floats, target: Floats, masses: Floats) -> Floats:
    """What labelled samples start with -> how much of it reaches the others, `[m, masses]`.

    Args:
        labelled: features of the labelled samples, `[n, d]`; cosines compare them.
        target: of the others, `[m, d]`.
        masses: that the labelled ones start with, `[n, masses]`, not negative for shares.
    """
    start = np.vstack([masses, np.zeros((len(target), masses.shape[1]))])
    edges = _edges(np.vstack([labelled, target]))
    reached = start
    for _ in range(STEPS):
        reached = (1 - STAYS) * (edges @ reached) + STAYS * start
    return np.asarray(reached[len(labelled) :])


def _edges(features: Floats) -> sp.csr_array:
    """Features -> the symmetrically normalised graph of nearest neighbours."""
    from sklearn.neighbors import NearestNeighbors

    count = len(features)
    nearest = NearestNeighbors(n_neighbors=min(NEIGHBOURS, count - 1), metric="cosine")
    distances, columns = nearest.fit(features).kneighbors()  # none is its own neighbour
    rows = np.repeat(np.arange(count), distances.shape[1])
    weights = np.maximum(1 - distances.ravel(), 0.0) ** POWER
    one_way = sp.csr_array((weights, (rows, columns.ravel())), shape=(count, count))
    edges = one_way.maximum(one_way.T)
    scale = 1 / np.sqrt(np.maximum(edges.sum(axis=1), np.finfo(np.float64).tiny))
    return sp.csr_array(sp.diags_array(scale) @ edges @ sp.diags_array(scale))
