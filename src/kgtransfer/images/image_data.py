"""`read_images`: folders of images -> the data sets of an experiment, their pixels not read yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.experiments.setting import VALIDATION
from kgtransfer.grounding.measured import FEWEST
from kgtransfer.images.data.colour_transfer import METHODS
from kgtransfer.images.data.folder import read_image_table
from kgtransfer.images.data.splits import SHARES, with_splits
from kgtransfer.utils.data_paths import find_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.images.data.folder import Images

__all__ = ["SOURCE", "ImageData", "read_images"]

SOURCE = "source"
"""What the test split of the data set that was learned from is called."""


@dataclass(frozen=True, eq=False)
class ImageData:
    """The data sets of an experiment over images, as their tables say.

    Attributes:
        path: of the data set that is learned from, as it was given.
        test: paths of the data sets of other domains.
        train: the training split.
        tests: "source" and "validation", the other splits, and other domains by their folders.
        size: side of the square that images are brought to, in pixels.
        colours: how each image's colours are brought to those of the training split, a key of
            `METHODS`; empty where they stay as they are.
        cache: folder that measured data are kept in; None keeps nothing.
    """

    path: str
    test: tuple[str, ...]
    train: Images
    tests: Mapping[str, Images]
    size: int
    colours: str = ""
    cache: Path | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels of the data set that is learned from, sorted."""
        splits = (self.train, *(self.tests[n] for n in (SOURCE, VALIDATION) if n in self.tests))
        return tuple(sorted({label for images in splits for label in images.labels}))


def read_images(
    path: str | Path,
    *,
    test: Sequence[str | Path] = (),
    size: int = 224,
    colours: str = "",
    split_seed: int = 0,
    shares: Mapping[str, float] = SHARES,
    cache: str | Path | None = None,
) -> ImageData:
    """Folders of images -> data sets to learn from and to test on.

    A folder holds `labels.csv` (image, label, and a split where it has one), or a folder of images
    for each class. Without a split, one is drawn by class.

    Args:
        path: the data set to learn from; a path, or a name under `$KGTRANSFER_DATA/vision`.
        test: data sets of other domains (sites, cameras), all of whose images are tested on.
        size: side of the square that images are brought to, in pixels.
        colours: how each image's colours are brought to those of the training split: "reinhard",
            "macenko", or "" where they tell of what is shown, not of the stain and the lamp.
        split_seed: of the split, where the data set comes without one.
        shares: of that split.
        cache: folder that measured data are kept in by content; None keeps them in memory.

    Raises:
        DataError: a data set is missing or unreadable, or the first has a single class.
        ConfigError: two data sets have one name, or there is no such way with colours.
    """
    if colours and colours not in METHODS:
        raise ConfigError(f"no colours {colours!r}", cure=f"choose one of: {', '.join(METHODS)}")
    source = with_splits(read_image_table(find_data(path)), seed=split_seed, shares=shares)
    _require_classes(source)
    others = {Path(other).name: read_image_table(find_data(other)) for other in test}
    if len(others) < len(test) or {SOURCE, VALIDATION} & set(others):
        raise ConfigError("two data sets have one name", cure="rename the folder of one of them")
    return ImageData(
        str(path),
        tuple(map(str, test)),
        source.where("split", "train"),
        {SOURCE: source.where("split", "test"), **_validation(source), **others},
        size,
        colours,
        Path(cache) if cache else None,
    )


def _require_classes(source: Images) -> None:
    """Refuse a data set in which there is nothing to tell apart."""
    if len(source.classes) < 2:
        raise DataError(
            f"{source.folder}: all {len(source)} images are {source.classes[0]!r}, and there is "
            "nothing to tell apart",
            cure="add images of at least one other class",
        )


def _validation(source: Images) -> dict[str, Images]:
    """The validation split, where it has enough images to tell the range of a measure."""
    if Counter(source.columns["split"])["val"] < FEWEST:
        return {}
    return {VALIDATION: source.where("split", "val")}
