"""Image data sets in their common form: a table with the images beside it, or a folder a class.

The table is `labels.csv`: `image` is a path inside the folder, or inside the folder's one zip
archive; `label` the class; `split` (train, val, test), `domain`, `mask` and attributes are
optional. "nil" is a value like any other.
"""

from __future__ import annotations

import csv
import hashlib
import os
import shlex
import zipfile
import zlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.images.data.decode import read_picture
from kgtransfer.utils.bounded import TooLarge, read_at_most

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kgtransfer.images.data.decode import Picture

__all__ = ["KINDS", "Images", "image_files", "read_image_table"]

TABLE = "labels.csv"
COLUMNS = ("image", "label")
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}
MAX_BYTES = 256 * 2**20
"""Largest image file read, unpacked."""
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Of other packings, Python unpacks whole blocks, however large."""
KINDS = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}


@dataclass(frozen=True, eq=False)
class Images:
    """Images with their classes; pixels are read when they are asked for.

    Attributes:
        folder: where the data set is.
        names: path of each image, inside the folder or its archive.
        labels: class of each image.
        columns: further columns of the table, a value an image.
        archive: the zip file that holds the images, if one does.
    """

    folder: Path
    names: tuple[str, ...]
    labels: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    archive: Path | None = None

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
        with _Opened(self) as opened:
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
        with _Opened(self) as opened:
            for name in self.names:
                try:
                    yield read_picture(opened.read(name), f"{opened.place}/{name}")
                except DataError as error:
                    yield error


class _Opened:
    """Files of the folder or of its archive, by name."""

    def __init__(self, images: Images) -> None:
        self._folder = images.folder.resolve()
        self._archive = zipfile.ZipFile(images.archive) if images.archive else None
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._archive:
            self._archive.close()


def read_image_table(folder: str | Path) -> Images:
    """A data set by its folder.

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
    return _from_table(folder) if (folder / TABLE).is_file() else _from_tree(folder)


def image_files(folder: Path) -> list[Path]:
    """The images in a folder and those below it, without the pictures that `ground` drew.

    Raises:
        DataError: there is none.
    """
    files = sorted(
        file
        for file in folder.rglob("*")
        if file.suffix.lower() in KINDS and not file.stem.endswith(".grounded")
    )
    if not files:
        raise DataError(f"{folder}: holds no image", cure="name the folder of a data set's images")
    return files


def _from_table(folder: Path) -> Images:
    path = folder / TABLE
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _require_columns(path, reader.fieldnames or [])
            rows = [_row(path, reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: not a table in UTF-8 ({error})") from error
    if not rows:
        raise DataError(f"{path}: names no image", cure="add a line for each image")
    names = tuple(row.pop("image") for row in rows)
    labels = tuple(row.pop("label") for row in rows)
    columns = {name: tuple(row[name] for row in rows) for name in rows[0]}
    archive = _archive(folder, names[0])
    if not archive:
        _require_inside(folder, names)
    return Images(folder, names, labels, columns, archive)


def _require_columns(path: Path, header: Sequence[str]) -> None:
    """Refuse a table whose first line does not name the columns that every table has."""
    lacking = [name for name in COLUMNS if name not in header]
    if not lacking:
        return
    line = ",".join(header)
    for mark, separator in SEPARATORS.items():
        if {*COLUMNS} <= {cell.strip(' "') for cell in line.split(mark)}:
            raise DataError(
                f"{path}:1: its cells are separated by {separator}, not by commas",
                cure="save the table as CSV with commas",
            )
    raise DataError(
        f"{path}:1: no column {' and no column '.join(lacking)}",
        cure="the first line names the columns: image,label and any others",
    )


def _row(path: Path, line: int, row: dict[str | None, str | None]) -> dict[str, str]:
    """A line of the table, whole."""
    cells = {str(name): value for name, value in row.items() if value is not None}
    if None in row or len(cells) < len(row):
        raise DataError(f"{path}:{line}: not as many cells as the first line has columns")
    for name in COLUMNS:
        if not row[name]:
            raise DataError(f"{path}:{line}: no {name}", cure="fill it in, or leave the line out")
    return {name: str(value) for name, value in cells.items()}


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


def _from_tree(folder: Path) -> Images:
    links = [path for path in folder.rglob("*") if path.is_symlink()]
    images = [path for path in links if path.is_dir() or path.suffix.lower() in KINDS]
    _require_inside(folder, [str(path.relative_to(folder)) for path in images])
    files = sorted(
        path.relative_to(folder)
        for path in folder.glob("*/**/*")
        if path.suffix.lower() in KINDS and path.is_file()
    )
    if not files:
        raise DataError(
            f"{folder}: neither {TABLE} nor folders of images",
            cure=f"add {TABLE} (image,label), or sort the images into a folder for each class",
        )
    names = tuple(str(PurePosixPath(file)) for file in files)
    return Images(folder, names, tuple(file.parts[0] for file in files), {})
