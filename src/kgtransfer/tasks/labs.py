"""A training set and its test sets, at home and in other labs, from their folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kgtransfer.data.hygiene import Reinhard
from kgtransfer.data.images import read_images
from kgtransfer.data.places import find_data
from kgtransfer.data.splits import SHARES, with_splits
from kgtransfer.errors import ConfigError
from kgtransfer.knowledge.codes import classes_by_code
from kgtransfer.tasks.samples import Preparation, readable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.data.pictures import Picture
    from kgtransfer.grounding.measured import MeasuredGrounder
    from kgtransfer.tasks.samples import Samples

__all__ = ["HOME", "Labs", "read_labs"]

HOME = "home"
"""What the test split of the data set that was learned from is called."""


@dataclass(frozen=True, eq=False)
class Labs:
    """What arms train on and are scored on.

    Attributes:
        classes: labels in the order of the logits.
        iris: their classes in the ontology.
        train: the training split.
        tests: "home", and other labs by the names of their folders.
        pictures: of the training split, as they came.
        grounder: fitted to the training split.
    """

    classes: tuple[str, ...]
    iris: tuple[str, ...]
    train: Samples
    tests: Mapping[str, Samples]
    pictures: Sequence[Picture]
    grounder: MeasuredGrounder[Picture]


def read_labs(
    path: str | Path,
    others: Sequence[str | Path],
    grounder: MeasuredGrounder[Picture],
    *,
    size: int,
    rows: Mapping[str, int] | None = None,
    split: str = "test",
    split_seed: int = 0,
    shares: Mapping[str, float] = SHARES,
    same_colours: bool = True,
) -> Labs:
    """Read, measure and normalise data sets.

    Args:
        path: the data set to learn from, with a column `split` or without.
        others: data sets of other labs or cameras, all of whose images are tested on.
        grounder: measures and grounds.
        size: side of the pixels.
        rows: of the concepts that may condition, by IRI.
        split: that "home" is: test, or val while settings are chosen.
        split_seed: of the split, where the data set comes without one.
        shares: of that split.
        same_colours: bring each image's colours to those of the training split: where they tell of
            the stain and the lamp, not of what is shown.

    Raises:
        DataError: a data set is missing or unreadable, or has a label that the first lacks.
        OntologyError: the ontology has no class for a label.
        ConfigError: two data sets have one name.
    """
    home = with_splits(read_images(find_data(path)), seed=split_seed, shares=shares)
    iris = classes_by_code(grounder.graph, home.classes)
    elsewhere = {Path(other).name: read_images(find_data(other)) for other in others}
    if len(elsewhere) < len(others) or HOME in elsewhere:
        raise ConfigError("two data sets have one name", cure="rename the folder of one of them")
    images, pictures = readable(home.where("split", "train"))
    hygiene = Reinhard.fitted(pictures) if same_colours else _as_they_are
    ready = Preparation(home.classes, grounder, hygiene, size, rows)
    train = ready(images, pictures)
    sets = {HOME: home.where("split", split), **elsewhere}
    tests = {name: ready(*readable(of)) for name, of in sets.items()}
    fitted = grounder.fitted(pictures)
    return Labs(home.classes, iris, train, tests, pictures, fitted)


def _as_they_are(picture: Picture) -> Picture:
    return picture
