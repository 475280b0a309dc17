"""Images that are in memory, as arrays or in a `torch.utils.data.Dataset`: in the common form.

They are what the same images in a folder with `labels.csv` would be, and can be written as one.
"""

from __future__ import annotations

import csv
import io
import numbers
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

import numpy as np

from kgtransfer.errors import DataError
from kgtransfer.images.data.decode import rgb, with_enough_pixels
from kgtransfer.images.data.folder import TABLE, Images
from kgtransfer.utils.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kgtransfer.images.data.decode import Picture
    from kgtransfer.images.data.folder import LabelCheck

__all__ = ["ImageDataset", "InMemory", "images_in_memory", "write_images"]

BETWEEN = "|"  # between the labels of an image


@runtime_checkable
class ImageDataset(Protocol):
    """What is read of a `torch.utils.data.Dataset`; `classes`, where it has them, name integers."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int, /) -> Any:
        """An image and its label."""
        ...


InMemory: TypeAlias = "tuple[Any, Sequence[Any]] | ImageDataset"
"""Images and their labels, of equal length; or a data set of such pairs."""


def images_in_memory(data: InMemory, place: str, check: LabelCheck) -> Images:
    """Arrays or a data set -> images in the common form; each is read once.

    An image is an array of uint8, `[h, w]` or `[h, w, 3]`; a tensor, `[channels, h, w]`, of uint8
    or of floats from 0 to 1; or a PIL image. A label is a text, a number, or for several labels
    a sequence of them; a tensor or array of zeros and ones is a mark for each class.

    Args:
        data: the images.
        place: what errors and tables call them.
        check: of labels in the form of a table.

    Raises:
        DataError: an image or a label is none of these; the message names its number.
    """
    classes = tuple(map(str, getattr(data, "classes", ())))
    pictures, labels = [], []
    for row, (image, label) in enumerate(_pairs(data, place)):
        item = f"{place}, image {row}"
        pictures.append(with_enough_pixels(_picture(image, item), item))
        cell = _cell(label, classes, item)
        if problem := check(cell):
            message, cure = problem
            raise DataError(f"{item}: {message}", cure=cure)
        labels.append(cell)
    if not pictures:
        raise DataError(f"{place}: holds no image", cure="give at least a few of each class")
    width = len(str(len(pictures) - 1))
    names = tuple(f"{row:0{width}}.png" for row in range(len(pictures)))
    held = dict(zip(names, pictures, strict=True))
    return Images(Path(place), names, tuple(labels), {}, held=held)


def write_images(parts: Mapping[str, Images], folder: Path) -> None:
    """Splits of a data set -> a folder with `labels.csv` and a PNG an image, pixels unchanged.

    Args:
        parts: split -> its images; one of no split by the name "".
        folder: is made.
    """
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["image", "label", *(["split"] if any(parts) else [])])
    for split, images in parts.items():
        for name, label, picture in zip(
            images.names, images.labels, images.pictures(), strict=True
        ):
            if isinstance(picture, DataError):
                raise picture
            content = io.BytesIO()
            Image.fromarray(picture).save(content, format="PNG")
            write_atomically(folder / name, content.getvalue())
            table.writerow([name, label, *([split] if split else [])])
    write_atomically(folder / TABLE, text.getvalue().encode())


def _pairs(data: InMemory, place: str) -> Iterator[tuple[Any, Any]]:
    if isinstance(data, tuple):
        if unsized := [part for part in data if not hasattr(part, "__len__")]:
            raise DataError(
                f"{place}: a {type(unsized[0]).__name__} has no length",
                cure="give arrays or lists: list(...) makes one",
            )
        if len(data) != 2 or len(data[0]) != len(data[1]):
            sizes = " and ".join(str(len(part)) for part in data)
            raise DataError(
                f"{place}: {sizes} are not images and as many labels",
                cure="give (images, labels) of equal length",
            )
        yield from zip(*data, strict=True)
        return
    for row in range(len(data)):
        try:
            item = data[row]
        except Exception as error:  # whatever a data set of the user's does
            raise DataError(
                f"{place}, image {row}: {type(error).__name__}: {error}",
                cure="mend what is read there, or leave the row out (torch.utils.data.Subset)",
            ) from error
        if not isinstance(item, Sequence) or len(item) != 2:
            raise DataError(
                f"{place}, image {row}: not a pair of an image and its label",
                cure="give a data set whose items are (image, label)",
            )
        yield item[0], item[1]


def _picture(image: Any, item: str) -> Picture:
    """An image of any kind as `[h, w, 3]` uint8."""
    from PIL.Image import Image as Pillow

    if isinstance(image, Pillow):
        try:
            return np.ascontiguousarray(rgb(image))
        except (ValueError, OSError) as error:
            raise DataError(f"{item}: {error}", cure="leave it out, or mend it") from error
    is_tensor = hasattr(image, "detach")
    pixels = np.asarray(image.detach().cpu() if is_tensor else image)
    if is_tensor and pixels.ndim == 3:
        pixels = pixels.transpose(1, 2, 0)
    if is_tensor and np.issubdtype(pixels.dtype, np.floating) and _is_share(pixels):
        pixels = np.round(255 * pixels).astype(np.uint8)
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (1, 3):
        raise DataError(
            f"{item}: {pixels.dtype} of shape {np.shape(image)} is no image",
            cure="give uint8 [h, w] or [h, w, 3], a tensor [3, h, w] from 0 to 1, or a PIL image",
        )
    return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))


def _is_share(pixels: np.ndarray) -> bool:
    return (
        bool(np.isfinite(pixels).all()) and pixels.min(initial=0) >= 0 >= pixels.max(initial=1) - 1
    )


def _cell(label: Any, classes: Sequence[str], item: str) -> str:
    """A label as a table would have it."""
    if hasattr(label, "detach"):
        label = label.detach().cpu().numpy()
    if isinstance(label, np.ndarray) and label.ndim == 1:
        label = _marked(label, classes, item)
    if isinstance(label, np.ndarray | np.generic):
        label = label.item()
    if isinstance(label, str):
        return label
    if isinstance(label, Iterable):
        cells = [_cell(part, classes, item) for part in label]
        if barred := [cell for cell in cells if BETWEEN in cell]:
            raise DataError(
                f"{item}: the label {barred[0]!r} has a bar, which stands between labels",
                cure="name it otherwise, and say so at its class: kgt:codedAs",
            )
        return BETWEEN.join(cells)
    if isinstance(label, numbers.Integral) and classes:
        if not 0 <= int(label) < len(classes):
            raise DataError(f"{item}: no class {label} of {len(classes)}", cure="count from 0")
        return classes[int(label)]
    if isinstance(label, numbers.Real):
        return str(int(label)) if isinstance(label, numbers.Integral) else repr(float(label))
    raise DataError(
        f"{item}: {type(label).__name__} is no label",
        cure="give a text, a number, or a sequence of them",
    )


def _marked(marks: np.ndarray, classes: Sequence[str], item: str) -> list[int]:
    """A mark for each class -> numbers of those that are marked."""
    if not np.isin(marks, (0, 1)).all() or (classes and len(marks) != len(classes)):
        raise DataError(
            f"{item}: the label {marks.tolist()} is not a zero or a one for each class",
            cure="give such marks, or a list of the names or numbers of its labels",
        )
    return np.flatnonzero(marks).tolist()
