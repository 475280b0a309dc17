"""`read_images`: folders or arrays of images -> the data sets of an experiment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.classification.outcomes import OUTCOMES
from kgtransfer.classification.outcomes.one_of import OneOf
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.experiments.setting import VALIDATION
from kgtransfer.grounding.measured import FEWEST
from kgtransfer.images.data.colour_transfer import METHODS
from kgtransfer.images.data.folder import TABLE, read_image_table
from kgtransfer.images.data.groups import GROUP, with_groups
from kgtransfer.images.data.in_memory import images_in_memory
from kgtransfer.images.data.splits import SHARES, with_splits
from kgtransfer.images.data.unread_columns import tell_of_unread_columns
from kgtransfer.knowledge.codes import attributes_by_code
from kgtransfer.utils.data_paths import find_data
from kgtransfer.utils.resources import expanded

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kgtransfer.images.data.folder import Images
    from kgtransfer.images.data.in_memory import InMemory
    from kgtransfer.knowledge.graph import KnowledgeGraph

__all__ = ["SOURCE", "ImageData", "read_images", "require_classes"]

IN_MEMORY = "images in memory"
"""What a data set to learn from is called that has no path."""
LEAKAGE = ("refuse", "drop", "allow")
"""What becomes of test images that belong to training images."""
SOURCE = "source"
"""What the test split of the data set that was learned from is called."""


@dataclass(frozen=True, eq=False)
class ImageData:
    """The data sets of an experiment over images, as their tables say.

    Attributes:
        path: of the data set that is learned from, as it was given.
        test: paths of the data sets of other domains.
        train: the training split.
        tests: "source" and "validation", the other splits, and other domains by their names.
        size: side of the square that images are brought to, in pixels.
        outcome: what labels are, a key of `OUTCOMES`.
        colours: how each image's colours are brought to those of the training split, a key of
            `METHODS`; empty where they stay as they are.
        cache: folder that measured data are kept in; None keeps nothing.
        split_seed, shares: of the split, where one was drawn.
        leakage: what becomes of test images that belong to training images, one of `LEAKAGE`.
        group: column of tables that says which images belong together; `group` where it is empty.
        undivided: the data set that is learned from, where its split was drawn; None where it came
            with one, or copies of images have been looked for.
        overlap: what was found of copies and groups, for the report; empty before.
    """

    path: str
    test: tuple[str, ...]
    train: Images
    tests: Mapping[str, Images]
    size: int
    outcome: str = "one"
    colours: str = ""
    cache: Path | None = None
    split_seed: int = 0
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)
    leakage: str = "refuse"
    group: str = ""
    undivided: Images | None = None
    overlap: Mapping[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels of the data set that is learned from, sorted."""
        splits = (self.train, *(self.tests[n] for n in (SOURCE, VALIDATION) if n in self.tests))
        cells = (cell for images in splits for cell in images.labels)
        return OUTCOMES[self.outcome].labels_in(cells)

    def divided(self, undivided: Images) -> ImageData:
        """The same with the split drawn anew, of the groups that images are in now."""
        source = with_splits(
            undivided,
            seed=self.split_seed,
            shares=self.shares,
            by_class=self.outcome == OneOf.name,
        )
        splits = {SOURCE: _part(source, "test"), **_validation(source)}
        others = {n: images for n, images in self.tests.items() if n not in (SOURCE, VALIDATION)}
        tests = {**splits, **others}
        return replace(self, train=_part(source, "train"), tests=tests, undivided=None)


def read_images(
    path: str | Path | InMemory,
    *,
    test: Sequence[str | Path] | Mapping[str, str | Path | InMemory] = (),
    labels: str = "one",
    size: int = 224,
    colours: str = "",
    split_seed: int = 0,
    shares: Mapping[str, float] = SHARES,
    cache: str | Path | None = None,
    group: str = "",
    leakage: str = "refuse",
) -> ImageData:
    """Images in folders or in memory -> data sets to learn from and to test on.

    A folder holds `labels.csv` (image, label, and a split where it has one), or a folder of images
    for each class. In memory, images and labels are `(images, labels)`, or any
    `torch.utils.data.Dataset` of pairs; see `images_in_memory`. Without a split, one is drawn, by
    class where an image has one. `FOLDER:DOMAIN` are the images of one domain alone, by the column
    `domain` of the table.

    Args:
        path: the data set to learn from: a path, a name under `$KGTRANSFER_DATA/vision`, or images
            in memory.
        test: data sets of other domains (sites, cameras), all of whose images are tested on; by
            their names, where they are in memory.
        labels: what the label of an image is: "one" of several classes; "several" at once, between
            bars (`circle|square`; an empty cell has none); or a "number".
        size: side of the square that images are brought to, in pixels.
        colours: how each image's colours are brought to those of the training split: "reinhard",
            "macenko", or "" where they tell of what is shown, not of the stain and the lamp.
        split_seed: of the split, where the data set comes without one.
        shares: of that split.
        cache: folder that measured data are kept in by content; None keeps them in memory.
        group: column of tables that says which images belong together, such as the patient or the
            slide; by default `group`, where a table has it. Groups are never divided.
        leakage: what becomes of test images that belong to training images, copies and groups, once
            images are read: "refuse" them, "drop" them from the tests, or "allow" them. Near copies
            are told.

    Raises:
        DataError: a data set is missing or unreadable, the first has a single class, or none has
            the column of groups.
        ConfigError: two data sets have one name, or there are no such labels, colours or leakage.
    """
    if labels not in OUTCOMES:
        raise ConfigError(f"no labels {labels!r}", cure=f"choose one of: {', '.join(OUTCOMES)}")
    if colours and colours not in METHODS:
        raise ConfigError(f"no colours {colours!r}", cure=f"choose one of: {', '.join(METHODS)}")
    if leakage not in LEAKAGE:
        raise ConfigError(f"no leakage {leakage!r}", cure=f"choose one of: {', '.join(LEAKAGE)}")
    table = _table(path, labels, IN_MEMORY)
    whole = with_groups(table, group)
    source = with_splits(whole, seed=split_seed, shares=shares, by_class=labels == OneOf.name)
    if problem := OUTCOMES[labels].uniform(source.labels):
        raise DataError(f"{source.folder}: {problem.message}", cure=problem.cure)
    train = _part(source, "train")
    if problem := OUTCOMES[labels].uniform(train.labels):
        raise DataError(f"{source.folder}: split train: {problem.message}", cure=problem.cure)
    if not isinstance(test, Mapping) and not all(isinstance(o, str | Path) for o in test):
        raise ConfigError(
            "a test set in memory has no name", cure='give test={"clinic": (images, labels)}'
        )
    named = test if isinstance(test, Mapping) else {_name(other): other for other in test}
    if len(named) < len(test) or {SOURCE, VALIDATION} & set(named):
        raise ConfigError(
            "two data sets have one name", cure="rename the folder, or domain, of one of them"
        )
    others = {name: _table(other, labels, name) for name, other in named.items()}
    _require_column([table, *others.values()], group)
    return ImageData(
        _path(path, IN_MEMORY),
        tuple(_path(other, name) for name, other in named.items()),
        train,
        {
            SOURCE: _part(source, "test"),
            **_validation(source),
            **{name: with_groups(images, group) for name, images in others.items()},
        },
        size,
        labels,
        colours,
        Path(cache) if cache else None,
        split_seed,
        shares,
        leakage,
        group,
        None if "split" in whole.columns else whole,
    )


def require_classes(data: ImageData, graph: KnowledgeGraph, ignored: Collection[str] = ()) -> None:
    """Refuse data sets that do not fit an ontology or each other, before any image is read.

    Columns of their tables that nothing reads are named.

    Args:
        data: the data sets.
        graph: the ontology.
        ignored: labels whose images are left out.

    Raises:
        DataError: a data set has a label that the first lacks, or fewer images than tell what is
            ordinary in it.
        OntologyError: the ontology has no class for a label.
    """
    outcome = OUTCOMES[data.outcome]
    kept = [label for label in data.labels if label not in ignored]
    outcome.of(graph, kept)
    read = {*_read_columns((data.path, *data.test), data.group), *attributes_by_code(graph)}
    for images in (data.train, *data.tests.values()):
        tell_of_unread_columns(images, read)
    for name, images in {"train": data.train, **data.tests}.items():
        cells = [cell for cell in outcome.without(images.labels, ignored) if cell is not None]
        if unknown := sorted({*outcome.labels_in(cells)} - {*kept}):
            raise DataError(
                f"{images.folder}: nothing is trained for the label {', '.join(unknown)}",
                cure=f"labels are: {', '.join(kept)}",
            )
        if len(cells) < FEWEST:
            raise DataError(
                f"{images.folder}: {len(cells)} images ({name}) do not tell what is ordinary there",
                cure=f"give at least {FEWEST} of each split and domain, of all classes; a split "
                "that is drawn has the sizes of [data] shares",
            )


def _path(data: str | Path | InMemory, name: str) -> str:
    """What results call a data set: its path, or a name where it is in memory."""
    return str(data) if isinstance(data, str | Path) else name


def _name(path: str | Path) -> str:
    """FOLDER or FOLDER:DOMAIN -> what the data set is called."""
    folder, domain = _domain_of(path)
    return domain or Path(folder).name


def _domain_of(path: str | Path) -> tuple[str | Path, str]:
    """FOLDER:DOMAIN -> the two; FOLDER -> itself, and no domain."""
    folder, colon, domain = str(path).rpartition(":")
    return (folder, domain) if colon and folder and not expanded(path).exists() else (path, "")


def _table(data: str | Path | InMemory, labels: str, name: str) -> Images:
    """A data set by its path or in memory, its labels such as they should be."""
    if not isinstance(data, str | Path):
        return images_in_memory(data, name, OUTCOMES[labels].malformed)
    path, domain = _domain_of(data)
    if domain:
        return _table(path, labels, name).where("domain", domain)
    folder = find_data(path)
    if labels != OneOf.name and not (folder / TABLE).is_file():
        raise DataError(
            f"{folder}: a folder of images for each class gives each image one label",
            cure=f"add {TABLE} (image,label)",
        )
    return read_image_table(folder, OUTCOMES[labels].malformed)


def _validation(source: Images) -> dict[str, Images]:
    """The validation split, where it has enough images to tell the range of a measure."""
    if Counter(source.columns["split"])["val"] < FEWEST:
        return {}
    return {VALIDATION: _part(source, "val")}


def _part(source: Images, split: str) -> Images:
    """The images of a split.

    Raises:
        DataError: there is none.
    """
    return source.where("split", split)


def _require_column(tables: Sequence[Images], group: str) -> None:
    """Refuse a column of groups that no data set has."""
    if group and not any(group in images.columns for images in tables):
        columns = sorted({name for images in tables for name in images.columns})
        raise DataError(
            f"{tables[0].folder}: no column {group!r} that says which images belong together",
            cure=f"[data] group names one of: {', '.join(columns) or 'there are none'}",
        )


def _read_columns(paths: Sequence[str], group: str) -> set[str]:
    """Names of the columns of tables that are read."""
    domains = (_domain_of(path)[1] for path in paths)
    return {"split", group or GROUP, *(["domain"] if any(domains) else [])}
