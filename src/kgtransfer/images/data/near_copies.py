"""Near copies among images: the same picture, compressed, scaled, cropped, mirrored or turned.

A perceptual hash, the low frequencies of the grey image, names the likeliest candidates of each
image in all eight views. Each pair is then registered (Lucas, Kanade, IJCAI 1981): one image is
moved, stretched and lit by least squares until it lies on the other, which a few pixels of cropping
ask for. Only what correlates then both on the whole and in each quarter is the same picture: cells
and letters are alike in outline, not in every part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kgtransfer.images.data.fingerprints import SIDE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

__all__ = ["NearCopy", "near_copies"]

VIEWS = 8  # turned by quarters, and mirrored
CANDIDATES = 6  # of an image, of all views
LIKELY = 0.3  # correlation of hashes below which there is no candidate
PROMISING = 0.5  # correlation after one step of registration below which a pair is given up
LEAST = 0.84  # correlation, once registered, below which images never show the same
SHARE, OWN_SHARE = 0.17, 0.5
"""Of the way from what is usual in a data set, and for an image, up to 1: where all are alike, more
is asked."""
ALIKE = 0.98
"""Correlation that an image reaches with six others where nothing tells any of them apart: drawings
of one thing, say. It has no near copies then."""
QUARTER = 0.86  # correlation that each quarter needs which is not empty
FAINT = 2.0  # standard deviation of grey levels below which an image shows nothing
FURTHEST = 0.15  # of half a side, that registration moves an image
BLOCK = 512  # images whose hashes are compared at a time
PAIRS = 256  # pairs that are registered at a time


class NearCopy(NamedTuple):
    """Two images that show the same.

    Attributes:
        first, second: their rows; the first is the smaller.
        correlation: of their details, once registered.
    """

    first: int
    second: int
    correlation: float


def near_copies(grey: npt.NDArray[np.uint8], sets: Sequence[int] = ()) -> list[NearCopy]:
    """Small grey pictures -> the pairs that show the same, sorted.

    Args:
        grey: `[n, SIDE, SIDE]` of different images; those that show nothing have no copies.
        sets: number from 0 on of each image's data set: how alike images are is told by set. All
            are of one by default.
    """
    rows = np.flatnonzero(grey.std(axis=(1, 2)) >= FAINT)
    if len(rows) < 2:
        return []
    details = np.concatenate([_details(_halved(grey[part])) for part in _parts(rows, BLOCK)])
    pairs, views = _candidates(details)
    correlation, moves = _registered(details, pairs, views)
    enough = _enough(correlation, pairs, np.asarray(sets or np.zeros(len(grey), int))[rows])
    likely = np.flatnonzero(correlation >= enough)
    quarters = np.zeros(len(pairs), np.float32)
    for part in _parts(likely, PAIRS):
        first, second = (_details(grey[rows[pairs[part, side]]]) for side in (0, 1))
        quarters[part] = _least_quarter(first, second, views[part], moves[part])
    found = likely[quarters[likely] >= QUARTER]
    ends = np.sort(rows[pairs[found]], axis=1).tolist()
    certain = correlation[found].round(4).tolist()
    return sorted(NearCopy(a, b, value) for (a, b), value in zip(ends, certain, strict=True))


def _parts(rows: Ints, size: int) -> list[Ints]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _halved(grey: npt.NDArray[np.uint8]) -> Floats:
    """`[n, side, side]` -> `[n, side / 2, side / 2]`, means of two by two pixels."""
    half = grey.shape[1] // 2
    means: Floats = grey.reshape(-1, half, 2, half, 2).mean(axis=(2, 4), dtype=np.float32)
    return means


def _details(pictures: npt.NDArray[np.generic]) -> Floats:
    """Pictures -> the same without slow changes of light, and without the finest noise."""
    from scipy.ndimage import gaussian_filter

    levels = pictures.astype(np.float32)
    fine, coarse = (gaussian_filter(levels, (0, s, s), mode="nearest") for s in (0.6, 2.0))
    details: Floats = fine - coarse
    return details


def _view(pictures: Floats, view: int) -> Floats:
    """One of the eight views: turned by quarters, then mirrored."""
    turned = np.rot90(pictures, view % 4, (1, 2))
    return turned[:, :, ::-1] if view >= 4 else turned


def _unit(rows: Floats) -> Floats:
    """Pictures `[n, ...]` -> rows `[n, pixels]` of mean 0 and length 1."""
    flat = rows.reshape(len(rows), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    unit: Floats = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    return unit


def _candidates(details: Floats) -> tuple[Ints, Ints]:
    """Pictures -> pairs `[pairs, 2]` whose hashes are alike, once each, and the first's view."""
    small = details.reshape(len(details), SIDE // 4, 2, SIDE // 4, 2).mean(axis=(2, 4))
    hashes = _unit(small)
    count = min(CANDIDATES, len(hashes) - 1)
    found = []
    for rows in _parts(np.arange(len(hashes)), BLOCK):
        value = np.full((len(rows), len(hashes)), -1, np.float32)
        view = np.zeros(value.shape, np.int8)
        for each in range(VIEWS):
            alike = _unit(_view(small[rows], each)) @ hashes.T
            better = alike > value
            np.copyto(value, alike, where=better)
            view[better] = each
        value[np.arange(len(rows)), rows] = -1  # an image is no copy of itself
        best = np.argpartition(value, -count, axis=1)[:, -count:]
        row, place = np.nonzero(np.take_along_axis(value, best, axis=1) >= LIKELY)
        column = best[row, place]
        found.append(np.stack([rows[row], column, view[row, column]], axis=1))
    every = np.concatenate(found)
    _, first = np.unique(np.sort(every[:, :2], axis=1), axis=0, return_index=True)
    return every[first, :2], every[first, 2]


def _enough(correlation: Floats, pairs: Ints, sets: Ints) -> Floats:
    """The correlation that each pair needs, by what images reach with others of their data sets.

    That with the sixth likest counts, which is no copy where an image has fewer.
    """
    image, reached = pairs.T.ravel(), np.tile(correlation, 2)
    order = np.lexsort((-reached, image))
    place = np.arange(len(order)) - np.searchsorted(image[order], image[order])
    is_last = place == CANDIDATES - 1
    own = np.zeros(len(sets), np.float32)
    own[image[order][is_last]] = reached[order][is_last]
    usual = np.array([np.median(own[sets == of]) for of in range(sets.max() + 1)])
    needed = np.maximum(1 - SHARE * (1 - usual[sets]), 1 - OWN_SHARE * (1 - own))
    needed[own >= ALIKE] = np.inf
    enough: Floats = np.maximum(LEAST, needed[pairs].max(axis=1))
    return enough


def _registered(details: Floats, pairs: Ints, views: Ints) -> tuple[Floats, Floats]:
    """Pairs of pictures -> their correlations once the second lies on the first, and its moves."""
    correlation = np.zeros(len(pairs), np.float32)
    moves = np.zeros((len(pairs), 4), np.float32)
    for part in _parts(np.arange(len(pairs)), PAIRS):
        first = _seen(details[pairs[part, 0]], views[part])
        second = details[pairs[part, 1]]
        moves[part] = _moved(first, second, moves[part])
        correlation[part] = _correlation(first, _warped(second, moves[part]))
        left = correlation[part] >= PROMISING
        kept, first, second = part[left], first[left], second[left]
        if not len(kept):
            continue
        for _ in range(3):
            moves[kept] = _moved(first, second, moves[kept])
        correlation[kept] = _correlation(first, _warped(second, moves[kept]))
    return correlation, moves


def _least_quarter(first: Floats, second: Floats, views: Ints, moves: Floats) -> Floats:
    """Pairs of pictures of twice the side -> the correlation of their least alike quarter."""
    first = _seen(first, views)
    for _ in range(3):
        moves = _moved(first, second, moves)
    warped = _warped(second, moves)
    edge, half = SIDE // 16, SIDE // 2
    correlations, weights = [], []
    for rows in (slice(edge, half), slice(half, SIDE - edge)):
        for columns in (slice(edge, half), slice(half, SIDE - edge)):
            a, b = (pictures[:, rows, columns] for pictures in (first, warped))
            correlations.append((_unit(a) * _unit(b)).sum(axis=1))
            weights.append(a.reshape(len(a), -1).var(axis=1))
    weight = np.stack(weights, axis=1)
    is_empty = weight <= weight.sum(axis=1, keepdims=True) / 16
    least: Floats = np.where(is_empty, 1, np.stack(correlations, axis=1)).min(axis=1)
    return least


def _seen(pictures: Floats, views: Ints) -> Floats:
    """Pictures, each in its own view."""
    seen = np.empty_like(pictures)
    for view in np.unique(views):
        seen[views == view] = _view(pictures[views == view], int(view))
    return seen


def _inner(pictures: Floats) -> Floats:
    """Without the border, beyond which registration knows nothing: `[n, pixels]`."""
    edge = pictures.shape[-1] * 3 // 32
    inner = pictures[..., edge:-edge, edge:-edge]
    return inner.reshape(*inner.shape[:-2], -1)


def _correlation(first: Floats, second: Floats) -> Floats:
    """Of pairs of pictures, without their borders."""
    return np.asarray((_unit(_inner(first)) * _unit(_inner(second))).sum(axis=1))


def _places(side: int) -> Floats:
    """Of pixels along a side, from -1 to 1."""
    places: Floats = ((np.arange(side) + 0.5) / side * 2 - 1).astype(np.float32)
    return places


def _moved(first: Floats, second: Floats, moves: Floats) -> Floats:
    """One Gauss-Newton step of the moves that bring the second pictures onto the first.

    Args:
        first: `[pairs, side, side]`.
        second: the same.
        moves: `[pairs, 4]`: relative change of width and height, shift to the right and down, in
            half sides.
    """
    side, warped = first.shape[1], _warped(second, moves)
    places = _places(side)
    across, down = (np.gradient(warped, axis=axis) * (side / 2) for axis in (2, 1))
    slopes = _inner(
        np.stack(
            [across * places[None, None, :], down * places[None, :, None], across, down, warped],
            axis=1,
        )
    )  # the last: how strongly it is lit
    missing = _inner(first - warped)
    normal = slopes @ slopes.transpose(0, 2, 1)
    ridge = 1e-3 * np.trace(normal, axis1=1, axis2=2) / 5 + 1e-6
    normal = normal + ridge[:, None, None] * np.eye(5, dtype=np.float32)
    step = np.linalg.solve(normal, slopes @ missing[:, :, None])[:, :4, 0]
    return np.clip(moves + step, -FURTHEST, FURTHEST)


def _warped(pictures: Floats, moves: Floats) -> Floats:
    """Pictures `[n, side, side]`, moved; bilinear, the border goes on beyond it."""
    side = pictures.shape[1]
    places, pixels = _places(side), np.arange(side, dtype=np.float32)
    shares = []  # of each pixel before in each pixel after, across and down: [n, after, before]
    for axis in (0, 1):
        place = places * (1 + moves[:, axis, None]) + moves[:, axis + 2, None]
        pixel = np.clip((place + 1) * (side / 2) - 0.5, 0, side - 1)
        shares.append(np.maximum(0, 1 - np.abs(pixel[:, :, None] - pixels)))
    moved: Floats = shares[1] @ pictures @ shares[0].transpose(0, 2, 1)
    return moved
