"""Image data sets in their common form: a table with the images beside it, or a folder a class.

The table is `labels.csv`: `image` is a path inside the folder, or inside the folder's one zip
archive; `label` the class, several labels or a number; `split` (train, val, test), `domain`, `mask`
and attributes are optional. "nil" is a value like any other.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import zipfile
import zlib
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.images.data.decode import read_picture
from kgtransfer.images.data.labels_table import LabelCheck, lacking, read_labels
from kgtransfer.images.data.splits import SPLIT_OF
from kgtransfer.utils.bounded import TooLarge, read_at_most
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kgtransfer.images.data.decode import Picture

__all__ = [
    "KINDS",
    "TABLE",
    "Images",
    "LabelCheck",
    "image_files",
    "read_image_table",
    "require_no_way_out",
]

TABLE = "labels.csv"
MAX_BYTES = 256 * 2**20
"""Largest image file read, unpacked."""
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of other packings, Python unpacks whole blocks, however large."""
KINDS = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}


@dataclass(frozen=True, eq=False)
class Images:
    """Images with their labels; pixels are read when they are asked for.

    Attributes:
        folder: where the data set is.
        names: path of each image, inside the folder or its archive.
        labels: of each image, as the table has it.
        columns: further columns of the table, a value an image.
        archive: the zip file that holds the images, if one does.
        held: name -> pixels, where the images are in memory; None where they are in files.
    """

    folder: Path
    names: tuple[str, ...]
    labels: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    archive: Path | None = None
    held: Mapping[str, Picture] | None = None

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """All labels, sorted."""
        return tuple(sorted(set(self.labels)))

    @cached_property
    def targets(self) -> np.ndarray:
        """`[images]`, each image's row of `classes`."""
        row = {label: index for index, label in enumerate(self.classes)}
        return np.array([row[label] for label in self.labels], dtype=np.int64)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of names and contents of the files, 64 hex digits."""
        content = hashlib.sha256()
        if self.held is not None:
            for name in self.names:
                content.update(f"{name} {self.held[name].shape} ".encode())
                content.update(self.held[name].data)
            return content.hexdigest()
        opened = _Opened(self)
        for name in self.names:
            content.update(name.encode())
            try:
                content.update(hashlib.sha256(opened.read(name)).digest())
            except DataError as error:
                content.update(str(error).encode())
        return content.hexdigest()

    def take(self, rows: Sequence[int]) -> Images:
        """Some of the images, in the order of the rows."""
        columns = {name: tuple(values[r] for r in rows) for name, values in self.columns.items()}
        names = tuple(self.names[row] for row in rows)
        labels = tuple(self.labels[row] for row in rows)
        return replace(self, names=names, labels=labels, columns=columns)

    @property
    def bare(self) -> Images:
        """The same images without what their table says of them, to be read elsewhere."""
        held = self.held and {name: self.held[name] for name in self.names}
        return replace(self, labels=("",) * len(self), columns={}, held=held)

    def where(self, column: str, value: str) -> Images:
        """The images with a value in a column.

        Raises:
            DataError: there is no such column, or no image with the value.
        """
        values = self.columns.get(column)
        if values is None:
            columns = ", ".join(sorted(self.columns)) or "none"
            raise DataError(f"{self.folder}: no column {column}", cure=f"columns are: {columns}")
        rows = [row for row, held in enumerate(values) if held == value]
        if not rows:
            present = ", ".join(sorted(set(values)))
            raise DataError(
                f"{self.folder}: no image with {column} {value}", cure=f"there is: {present}"
            )
        return self.take(rows)

    def pictures(self) -> Iterator[Picture | DataError]:
        """Pixels of each image in turn, `[h, w, 3]` uint8, or why it cannot be read."""
        if self.held is not None:
            yield from (self.held[name] for name in self.names)
            return
        opened = _Opened(self)
        for name in self.names:
            try:
                yield read_picture(opened.read(name), str(opened.place / name))
            except DataError as error:
                yield error


class _Opened:
    """Files of the folder or of its archive, by name."""

    def __init__(self, images: Images) -> None:
        self._folder = images.folder.resolve()
        self._archive = _zip(images.archive) if images.archive else None
        self.place = images.archive or images.folder

    def read(self, name: str) -> bytes:
        try:
            if self._archive:
                return self._member(self._archive, name)
            path = (self._folder / name).resolve()
            if not path.is_relative_to(self._folder):
                raise DataError(f"{self.place}/{name}: lies outside of the data set")
            with path.open("rb") as file:
                return read_at_most(file, MAX_BYTES)
        except KeyError as error:
            raise DataError(f"{self.place}: holds no {name}") from error
        except TooLarge as error:
            raise DataError(f"{self.place}/{name}: {error}", cure="leave it out") from error
        # RuntimeError: encrypted, or packed in a way unknown here
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
            raise DataError(f"{self.place}/{name}: cannot be read ({error})") from error

    def _member(self, archive: zipfile.ZipFile, name: str) -> bytes:
        """A file of the archive, by neither its declared nor its actual size too large."""
        member = archive.getinfo(name)
        if member.file_size > MAX_BYTES:
            raise TooLarge(f"declares {member.file_size / 2**20:,.0f} MiB unpacked")
        if member.compress_type not in PACKINGS:
            cure = "pack the archive again, with deflate"
            raise DataError(f"{self.place}/{name}: packed in a rare way", cure=cure)
        with archive.open(member) as file:
            return read_at_most(file, MAX_BYTES)


def _zip(path: Path) -> zipfile.ZipFile:
    """An archive, opened; once for its many parts, for it begins with reading all names."""
    return _opened_zip(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _opened_zip(path: Path, changed: int) -> zipfile.ZipFile:  # noqa: ARG001  # tells it is the same
    return zipfile.ZipFile(path)


def read_image_table(folder: str | Path, check: LabelCheck = lacking) -> Images:
    """A data set by its folder.

    Args:
        folder: with a table, or with a folder of images for each class.
        check: of the labels of a table.

    Raises:
        DataError: the folder is missing or holds no data set; the message says what is wrong with
            which line, and what to do.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(
            f"{folder}: no such folder",
            cure=f"give a folder with {TABLE}, or with a folder of images for each class",
        )
    return _from_table(folder, check) if (folder / TABLE).is_file() else _from_tree(folder)


def image_files(folder: Path) -> list[Path]:
    """The images in a folder and those below it.

    Without the pictures that `ground` drew, and copies that other programs keep out of sight.

    Raises:
        DataError: there is none.
    """
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in KINDS
        and not file.stem.endswith(".grounded")
        and not _is_hidden(file.relative_to(folder))
    )
    if not files:
        raise DataError(f"{folder}: holds no image", cure="name the folder of a data set's images")
    return files


def _from_table(folder: Path, check: LabelCheck) -> Images:
    names, labels, columns = read_labels(folder / TABLE, check)
    archive = _archive(folder, names[0])
    if not archive:
        _require_inside(folder, names)
    return Images(folder, names, labels, columns, archive)


def _archive(folder: Path, name: str) -> Path | None:
    """The zip that holds the images, where they do not lie in the folder."""
    if (folder / name).is_file():
        return None
    archives = sorted(folder.glob("*.zip"))
    if len(archives) != 1:
        raise DataError(
            f"{folder}: {name} is not there, and {len(archives)} zip archives are",
            cure="put the images beside the table, or into one zip archive",
        )
    if not zipfile.is_zipfile(archives[0]):
        raise DataError(f"{archives[0]}: damaged, not a zip archive", cure="copy it again")
    return archives[0]


def _require_inside(folder: Path, names: Iterable[str]) -> None:
    """Refuse links that lead out of a data set: no table may name other files of the machine."""
    root = folder.resolve()
    paths = [path for path in map(Path, names) if not path.is_absolute() and ".." not in path.parts]
    parts = {part for path in paths for part in (path, *path.parents[:-1])}
    outside = sorted(part for part in parts if _leads_out(folder / part, root))
    if outside:
        further = f", and {len(outside) - 1} more" if len(outside) > 1 else ""
        raise DataError(
            f"{folder / outside[0]}: a link that leads out of the data set{further}",
            cure=f"copy what the links lead to: cp -rL {shlex.quote(str(folder))} COPY",
        )


def _leads_out(path: Path, root: Path) -> bool:
    """Whether a path is a link to what does not lie in `root`."""
    if not os.path.islink(path):  # noqa: PTH114  # False, too, where no file can have the name
        return False
    try:
        return not path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a circle of links
        return True


def require_no_way_out(folder: Path) -> None:
    """Refuse a folder in which folders or images are links to what lies outside of it.

    Raises:
        DataError: there are some; the cure says how to copy what they lead to.
    """
    links = [path for path in folder.rglob("*") if path.is_symlink()]
    images = [path for path in links if path.is_dir() or path.suffix.lower() in KINDS]
    _require_inside(folder, [str(path.relative_to(folder)) for path in images])


def _from_tree(folder: Path) -> Images:
    """The first folder is the class, or the split where all first folders are called as one."""
    require_no_way_out(folder)
    found = sorted(
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.suffix.lower() in KINDS and path.is_file()
    )
    files = [file for file in found if len(file.parts) > 1 and not _is_hidden(file)]
    if not files:
        raise DataError(
            f"{folder}: neither {TABLE} nor folders of images",
            cure=f"add {TABLE} (image,label), or sort the images into a folder for each class",
        )
    if loose := [file.name for file in found if len(file.parts) == 1]:
        say(
            f"warning: {folder}: {len(loose)} images in no class's folder are left out:", *loose[:5]
        )
    names = tuple(str(PurePosixPath(file)) for file in files)
    first = tuple(file.parts[0] for file in files)
    splits = {SPLIT_OF.get(name.lower()) for name in first}
    if None in splits or len(splits) < 2 or min(len(file.parts) for file in files) < 3:
        return Images(folder, names, first, {})
    return Images(folder, names, tuple(file.parts[1] for file in files), {"split": first})


def _is_hidden(file: Path) -> bool:
    """Whether file browsers, notebooks or archives keep it for themselves: no sample."""
    return any(part.startswith(".") or part == "__MACOSX" for part in file.parts)
