"""Images of several sets together: copies, near copies and groups among all of them."""

from __future__ import annotations

import hashlib
import inspect
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kgtransfer.classification.outcomes import OUTCOMES
from kgtransfer.errors import DataError
from kgtransfer.experiments.cache import FitCache
from kgtransfer.experiments.setting import VALIDATION
from kgtransfer.images.data import near_copies as near_copies_code
from kgtransfer.images.data.fingerprints import fingerprints
from kgtransfer.images.data.folder import TABLE
from kgtransfer.images.data.groups import GROUP, components
from kgtransfer.images.data.labels_table import line_of
from kgtransfer.images.data.near_copies import NearCopy, near_copies
from kgtransfer.images.image_data import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from kgtransfer.images.data.folder import Images

    Ints = npt.NDArray[np.int64]

__all__ = ["TRAIN", "Overlap", "Pool"]

TRAIN = "train"


class Overlap(NamedTuple):
    """An image that belongs to one of an earlier set: of training, or of validation.

    Attributes:
        kind: "copy", "group" or "near copy": the surest that holds.
        image, set: that is tested on.
        other, other_set: that it belongs to.
    """

    kind: str
    image: str
    set: str
    other: str
    other_set: str


@dataclass(frozen=True, eq=False)
class Pool:
    """Images of several sets, one after the other.

    Attributes:
        sets: name -> images; training, then validation, then tests.
        pairs: kind -> pairs of rows of the pool.
    """

    sets: Mapping[str, Images]
    pairs: Mapping[str, Sequence[tuple[int, int]]]

    @classmethod
    def of(cls, sets: Mapping[str, Images], outcome: str, cache: Path | None) -> Pool:
        """Look for copies and near copies.

        Raises:
            DataError: an image has two labels.
        """
        prints = [fingerprints(images, cache) for images in sets.values()]
        first: dict[bytes, int] = {}
        keys = [key for of_set in prints for key in of_set.keys()]  # noqa: SIM118  # no mapping
        copies = [
            (first[key], row)
            for row, key in enumerate(keys)
            if key is not None and first.setdefault(key, row) != row
        ]
        pool = cls(sets, {"copy": copies})
        pool.require_one_label(outcome)
        rows = np.array([*first.values()], dtype=np.int64)
        grey = np.concatenate([of_set.grey for of_set in prints])[rows]
        origins = [_origin(name) for name in sets]
        data_sets = np.array([origins.index(origin) for origin in origins])
        near = _near_copies(grey, data_sets[pool.set_of[rows]], cache)
        pairs = [(int(rows[pair.first]), int(rows[pair.second])) for pair in near]
        return replace(pool, pairs={"copy": copies, "near copy": pairs})

    def divided(self, sets: Mapping[str, Images]) -> Pool:
        """The same images in other sets: splits of the data set that is learned from.

        Args:
            sets: name -> images, those of the splits as they are divided now.
        """
        new = replace(self, sets=sets, pairs={})
        row_of = {identity: row for row, identity in enumerate(new.identities)}
        rows = [row_of.get(identity, -1) for identity in self.identities]  # too few to validate on
        pairs = {
            kind: [(rows[a], rows[b]) for a, b in of_kind if min(rows[a], rows[b]) >= 0]
            for kind, of_kind in self.pairs.items()
        }
        return replace(new, pairs=pairs)

    @property
    def identities(self) -> list[tuple[str, str]]:
        """Each image's data set and name, whichever split it is in."""
        return [
            (_origin(name), image) for name, images in self.sets.items() for image in images.names
        ]

    @property
    def set_of(self) -> Ints:
        """Number of each image's set."""
        return np.repeat(np.arange(len(self.sets)), [len(images) for images in self.sets.values()])

    @property
    def places(self) -> list[tuple[Images, int]]:
        """Each image as its set and its row in it."""
        return [(images, row) for images in self.sets.values() for row in range(len(images))]

    def within(self, name: str, kind: str = "") -> list[tuple[int, int]]:
        """Pairs of rows of one set; of one kind, or of all."""
        start = int(np.searchsorted(self.set_of, [*self.sets].index(name)))
        end = start + len(self.sets[name])
        pairs = (
            self.pairs[kind] if kind else [pair for each in self.pairs.values() for pair in each]
        )
        return [(a - start, b - start) for a, b in pairs if start <= a < end and start <= b < end]

    def groups(self) -> Ints:
        """Number of each image's group; names of groups tell in one table alone."""
        held = [
            str((images.folder, images.columns[GROUP][row])) if GROUP in images.columns else f"{n}"
            for n, (images, row) in enumerate(self.places)
        ]
        return np.asarray(np.unique(held, return_inverse=True)[1], dtype=np.int64)

    def require_one_label(self, outcome: str) -> None:
        """Refuse copies with other labels."""
        places = self.places
        labels = [_meaning(outcome, images.labels[row]) for images, row in places]
        wrong = [(a, b) for a, b in self.pairs["copy"] if labels[a] != labels[b]]
        if wrong:
            (a, row_a), (b, row_b) = (places[row] for row in wrong[0])
            more = f"; so have {len(wrong) - 1} more pairs" if len(wrong) > 1 else ""
            raise DataError(
                f"{_place(a, row_a)} is {a.labels[row_a]!r}, and {_place(b, row_b)} has the very "
                f"same pixels and is {b.labels[row_b]!r}{more}",
                cure="keep the one whose label is right",
            )

    def overlaps(self) -> list[Overlap]:
        """Images of later sets that belong to images of training or validation, each once."""
        names, set_of, places = [*self.sets], self.set_of, self.places
        sure = self.pairs["copy"]
        every = [*sure, *self.pairs["near copy"]]
        groups = self.groups()
        together = {
            "copy": components(len(places), sure),
            "group": groups,
            "near copy": components(len(places), every, groups),
        }
        learned = [number for number, name in enumerate(names) if name in (TRAIN, VALIDATION)]
        found: dict[int, Overlap] = {}
        for kind, component in together.items():
            first: dict[int, int] = {}
            for row in np.flatnonzero(np.isin(set_of, learned)).tolist():
                first.setdefault(int(component[row]), row)
            for row, (images, own) in enumerate(places):
                other = first.get(int(component[row]))
                if other is None or set_of[other] >= set_of[row] or row in found:
                    continue
                of, place = places[other]
                pair = (_short(images, own), names[set_of[row]], _short(of, place))
                found[row] = Overlap(kind, *pair, names[set_of[other]])
        return [found[row] for row in sorted(found)]

    def without(self, overlaps: Iterable[Overlap]) -> dict[str, Images]:
        """The sets without some images."""
        left_out = {(overlap.set, overlap.image) for overlap in overlaps}
        return {
            name: images.take(
                [row for row in range(len(images)) if (name, _short(images, row)) not in left_out]
            )
            for name, images in self.sets.items()
        }


def _origin(name: str) -> str:
    """Name of a set -> of the data set that it is from: splits are of the first."""
    return "" if name in (TRAIN, VALIDATION, SOURCE) else name


def _near_copies(grey: npt.NDArray[np.uint8], sets: Ints, cache: Path | None) -> list[NearCopy]:
    """Near copies, kept by what they are found from."""
    fits = FitCache(cache, inspect.getsource(near_copies_code))
    content = np.unique(sets, return_inverse=True)[1]
    key = [hashlib.sha256(table.tobytes()).hexdigest() for table in (grey, content)]
    kept = fits.read("near copies", *key)
    if kept is None:
        found = near_copies(grey, content.tolist())
        pairs = np.array([pair[:2] for pair in found], dtype=np.int64).reshape(-1, 2)
        kept = {"pairs": pairs, "correlation": np.array([pair.correlation for pair in found])}, {}
        fits.write(*kept, "near copies", *key)
    tensors = kept[0]
    return [
        NearCopy(int(a), int(b), float(correlation))
        for (a, b), correlation in zip(tensors["pairs"], tensors["correlation"], strict=True)
    ]


def _meaning(outcome: str, label: str) -> object:
    """A label as a table writes it -> what is the same where labels are."""
    labels = OUTCOMES[outcome].labels_in([label])
    return frozenset(labels) if labels or not label else float(label)


def _place(images: Images, row: int) -> str:
    """Where an image stands: the line of its table, and its name."""
    table = images.folder / TABLE
    if images.held is None and table.is_file():
        return f"{table}:{line_of(table, images.names[row])}: {images.names[row]}"
    return str(images.folder / images.names[row])


def _short(images: Images, row: int) -> str:
    return f"{images.folder.name}/{images.names[row]}"
