"""Resampling intervals for scores that are crossed over seeds and samples."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["RESAMPLES", "bootstrap_means", "first_reach", "interval", "isotonic"]

FloatArray = npt.NDArray[np.float64]

RESAMPLES = 2500
_CHUNK = 4_000_000  # sample draws held in memory at once
_KEPT = 32  # chunks whose draws are kept: of 50,000 samples all
_TOLERANCE = 1e-12  # scores closer than this are the same score


def bootstrap_means(
    scores: npt.ArrayLike,
    *,
    strata: Sequence[int] = (),
    groups: Sequence[int] = (),
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> FloatArray:
    """Means of a table of scores with its seeds and its samples drawn anew.

    Seeds and samples are drawn independently of each other, with replacement, and every leading
    entry sees the same draw: differences between entries are paired (the pigeonhole bootstrap of
    Owen, Annals of Applied Statistics 1(2), 2007, which errs on the wide side).

    Args:
        scores: [..., seeds, samples].
        strata: of each sample, such as its class; samples are drawn anew within each stratum, so
            that its size stays. All are one stratum by default.
        groups: of each sample, such as a patient; the samples of a group are drawn together, as
            often as there are groups in the stratum that most of its samples are of. A stratum that
            a draw leaves empty has all its samples then. Each is a group of its own by default.
        resamples: number of draws.
        seed: of the random generator; equal seeds give equal draws for equal sizes.

    Returns:
        [resamples, ...].
    """
    table = np.asarray(scores, dtype=np.float64)
    *lead, seeds, samples = table.shape
    rows = table.reshape(-1, samples)  # [entries * seeds, samples]
    seed_weights = _within((), resamples, seeds, (seed, 0))  # [resamples, seeds]
    means = np.empty((resamples, rows.shape[0] // seeds))
    step = max(1, _CHUNK // samples)
    for start in range(0, resamples, step):
        chunk = slice(start, min(start + step, resamples))
        draws, own = chunk.stop - start, (seed, 1, start)
        weights = (
            _of_groups(tuple(strata), tuple(groups), draws, own)
            if len(groups)
            else _within(tuple(strata), draws, samples, own)
        )
        by_seed = (weights @ rows.T).reshape(len(weights), -1, seeds)  # [chunk, entries, seeds]
        means[chunk] = np.einsum("res,rs->re", by_seed, seed_weights[chunk])
    return means.reshape(resamples, *lead)


def _within(strata: tuple[int, ...], draws: int, size: int, seed: tuple[int, ...]) -> FloatArray:
    """Weight of each sample in each draw, `[draws, size]`; each stratum keeps its share."""
    counts = _counts(strata, draws, size, seed)
    if not strata:
        return counts / size
    _, own, members = np.unique(strata, return_inverse=True, return_counts=True)
    sizes = members[own]  # of each sample's stratum
    weights: FloatArray = counts / sizes * (sizes / size)
    return weights


def _of_groups(
    strata: tuple[int, ...], groups: tuple[int, ...], draws: int, seed: tuple[int, ...]
) -> FloatArray:
    """As `_within`, with the samples of a group drawn together."""
    size = len(groups)
    _, group = np.unique(groups, return_inverse=True)
    _, stratum = np.unique(strata or [0] * size, return_inverse=True)
    members = np.zeros((group.max() + 1, stratum.max() + 1))
    np.add.at(members, (group, stratum), 1)
    most = tuple(members.argmax(axis=1).tolist())  # the stratum that a group is drawn in
    drawn = _counts(most, draws, len(members), seed)[:, group].astype(np.float64)
    for own in range(members.shape[1]):
        rows = np.flatnonzero(stratum == own)
        total = drawn[:, rows].sum(axis=1, keepdims=True)
        full = np.where(total > 0, drawn[:, rows] / np.maximum(total, 1), 1 / len(rows))
        drawn[:, rows] = full * len(rows) / size
    return drawn


@lru_cache(maxsize=_KEPT)  # the arms and comparisons of a run all ask for the same draws
def _counts(
    strata: tuple[int, ...], draws: int, size: int, seed: tuple[int, ...]
) -> npt.NDArray[np.unsignedinteger]:
    """How often each of `size` items is drawn in `draws` resamples of its stratum, `[draws, size]`.

    A byte each as a rule: all draws of a run stay in memory.
    """
    if not strata:
        picks = np.random.default_rng(seed).integers(size, size=(draws, size))
        picks += size * np.arange(draws)[:, None]
        counts = np.bincount(picks.ravel(), minlength=draws * size).reshape(draws, size)
    else:
        counts = np.empty((draws, size), dtype=np.int64)
        for stratum in sorted(set(strata)):
            members = np.flatnonzero(np.array(strata) == stratum)
            counts[:, members] = _counts.__wrapped__((), draws, len(members), (*seed, stratum))
    small: npt.NDArray[np.unsignedinteger] = counts.astype(np.min_scalar_type(int(counts.max())))
    small.flags.writeable = False
    return small


def interval(values: npt.ArrayLike, level: float = 0.95) -> tuple[float, float]:
    """Percentile interval of resampled values; its ends are values, so they may be infinite."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    cut = int(len(ordered) * (1 - level) / 2)  # values left out at either end
    return float(ordered[cut]), float(ordered[-1 - cut])


def isotonic(values: npt.ArrayLike) -> FloatArray:
    """Least-squares non-decreasing fit along the last axis [..., points], equal weights.

    By the max-min formula of Barlow, Bartholomew, Bremner and Brunk (1972), which unlike pool
    adjacent violators runs over all leading entries at once; meant for a few dozen points.
    """
    table = np.asarray(values, dtype=np.float64)
    points = np.arange(table.shape[-1])
    upto = np.concatenate([np.zeros((*table.shape[:-1], 1)), table.cumsum(-1)], axis=-1)
    width = points[None, :] - points[:, None] + 1  # [first, last]
    sums = upto[..., None, 1:] - upto[..., :-1, None]  # [..., first, last]
    means = np.where(width > 0, sums / np.maximum(width, 1), np.inf)
    least = np.minimum.accumulate(means[..., ::-1], axis=-1)[..., ::-1]  # over last >= point
    fit: FloatArray = np.where(width > 0, least, -np.inf).max(axis=-2)
    return fit


def first_reach(target: npt.ArrayLike, curve: npt.ArrayLike, at: npt.ArrayLike) -> FloatArray:
    """Where non-decreasing curves first reach their targets, straight between their points.

    Args:
        target: [n].
        curve: [n, points], non-decreasing along the points.
        at: [points], ascending abscissae.

    Returns:
        [n]; `at[0]` where the curve starts above its target, infinity where it never gets there.
    """
    goal = np.asarray(target, dtype=np.float64)
    heights, places = np.asarray(curve, dtype=np.float64), np.asarray(at, dtype=np.float64)
    reached = heights >= goal[:, None] - _TOLERANCE
    upper = reached.argmax(axis=1)
    lower = np.maximum(upper - 1, 0)
    rows = np.arange(len(goal))
    rise = heights[rows, upper] - heights[rows, lower]
    share = (goal - heights[rows, lower]) / np.where(rise > 0, rise, 1.0)
    inside = places[lower] + np.clip(share, 0, 1) * (places[upper] - places[lower])
    return np.where(reached.any(axis=1), inside, np.inf)
