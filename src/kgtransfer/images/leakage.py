"""Images that stand on both sides of a split, or in a test set: copies, near copies, and groups.

Found before anything is measured or trained. A split that is drawn keeps together what belongs
together; one that a data set comes with is refused, or mended, where it does not.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import DataError
from kgtransfer.experiments.setting import VALIDATION
from kgtransfer.images.data.groups import GROUP, joined
from kgtransfer.images.image_data import SOURCE
from kgtransfer.images.pool import TRAIN, Pool
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.image_data import ImageData
    from kgtransfer.images.pool import Overlap

__all__ = ["separated"]

NAMED = 5  # pairs that a message names
LISTED = 20  # pairs that a report lists
SPLITS = (SOURCE, VALIDATION)  # beside training
KINDS = {
    "copy": "the very pixels",
    "group": "the group",
    "near copy": "nearly the pixels",
}
"""How an image belongs to one of an earlier set, the surest first -> what it shares with it."""


def separated(data: ImageData) -> ImageData:
    """Data sets -> the same, with what belongs together in one set and one group.

    Copies and near copies of an image are of its group. A split that was drawn is drawn again, of
    whole groups. Of one that the data set came with, and of other test sets, `data.leakage` says
    what becomes of images that belong to training or validation.

    Raises:
        DataError: an image has two labels; or training and a test share an image or a group, and
            nothing says that they may.
    """
    pool = Pool.of(_sets(data), data.outcome, data.cache)
    if data.undivided is not None:
        data = data.divided(joined(data.undivided, pool.within(TRAIN)))
        pool = pool.divided(_sets(data))
    overlaps = pool.overlaps()
    sure = [overlap for overlap in overlaps if overlap.kind != "near copy"]
    is_mended = data.leakage == "drop"
    if sure and data.leakage == "refuse":
        raise DataError(
            f"{data.path}: {_told(sure)}",
            cure="leave them out or give them one split; or say in the settings [data] leakage = "
            '"drop", which leaves them out of the tests, or "allow"',
        )
    if overlaps:
        dropped = "copies and groups are left out of the tests; " if is_mended and sure else ""
        say(f"warning: {data.path}: {_told(overlaps)}; {dropped}scores say less of other images")
    left = {name: joined(images, pool.within(name)) for name, images in pool.sets.items()}
    if is_mended:
        left = replace(pool, sets=left).without(sure)
    if gone := [name for name, images in left.items() if not len(images)]:
        raise DataError(
            f"{data.path}: every image of {gone[0]} belongs to images that are learned from",
            cure="leave that test set out",
        )
    return replace(
        data,
        train=left[TRAIN],
        tests={name: left[name] for name in data.tests},
        overlap=_overlap(pool, left, overlaps, len(sure) * is_mended, data),
    )


def _sets(data: ImageData) -> dict[str, Images]:
    """Name -> images: training, as a whole where its split was drawn, validation, and tests."""
    tests = {VALIDATION: data.tests.get(VALIDATION), **data.tests}
    if data.undivided is not None:
        tests = {name: images for name, images in tests.items() if name not in SPLITS}
    return {
        TRAIN: data.train if data.undivided is None else data.undivided,
        **{name: images for name, images in tests.items() if images is not None},
    }


def _told(overlaps: Sequence[Overlap]) -> str:
    """What the overlaps are, a clause a kind and pair of sets, with a handful of names."""
    by_clause: dict[tuple[str, str, str], list[str]] = {}
    for overlap in sorted(overlaps, key=lambda overlap: [*KINDS].index(overlap.kind)):
        clause = overlap.kind, overlap.set, overlap.other_set
        by_clause.setdefault(clause, []).append(f"{overlap.image} = {overlap.other}")
    clauses = []
    for (kind, of, other), pairs in by_clause.items():
        what = f"{len(pairs)} images" if len(pairs) > 1 else "1 image"
        more = f" and {len(pairs) - NAMED} more" if len(pairs) > NAMED else ""
        clauses.append(
            f"{what} of {of} with {KINDS[kind]} of images of {other} "
            f"({', '.join(pairs[:NAMED])}{more})"
        )
    return "; ".join(clauses)


def _overlap(
    pool: Pool,
    sets: Mapping[str, Images],
    overlaps: Sequence[Overlap],
    dropped: int,
    data: ImageData,
) -> dict[str, Any]:
    """For the report: what belongs together in each set, and across them."""
    return {
        "sets": {
            name: {
                "images": len(images),
                "groups": len(set(images.columns.get(GROUP, images.names))),
                "copies": len(pool.within(name, "copy")),
                "near_copies": len(pool.within(name, "near copy")),
            }
            for name, images in sets.items()
        },
        "across": len(overlaps),
        "left_out": dropped,
        "listed": [overlap._asdict() for overlap in overlaps[:LISTED]],
        "leakage": data.leakage,
        "group": data.group,
    }
