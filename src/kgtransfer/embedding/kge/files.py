"""Folders of triples: `train`, `valid` and `test`, and what describes the entities beside them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.embedding.kge.triples import Rows, Triples
from kgtransfer.errors import DataError
from kgtransfer.utils.bounded import read_packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["is_triples_folder", "read_labels", "read_numbers", "read_texts", "read_triples"]

LABELS = "entity_label"
TEXTS = ("entity_text", LABELS)
NUMBERS = "numeric_literals"
MAX_BYTES = 4 * 2**30
"""Largest file read, unpacked."""


def is_triples_folder(path: str | Path) -> bool:
    """Whether there is a `train.tsv` or `train.tsv.gz` in the folder."""
    return _file(Path(path), "train") is not None


def read_triples(folder: str | Path) -> Triples:
    """Folder -> triples of its `train`, `valid` and `test`, `.tsv` or `.tsv.gz`, one a line.

    Rows are numbered in the sorted order of the names over all splits. `valid` and `test` may
    be missing. A triple that is given twice in a split counts once.

    Raises:
        DataError: there is no train file, it is no text, or a line has not three columns.
    """
    splits = {split: _names(Path(folder), split) for split in ("train", "valid", "test")}
    if not splits["train"]:
        raise DataError(
            f"{folder} has no triples in train.tsv or train.tsv.gz",
            cure="give a folder with one `head<TAB>relation<TAB>tail` a line in train.tsv",
        )
    names = [triple for rows in splits.values() for triple in rows]
    entities = sorted({end for head, _, tail in names for end in (head, tail)})
    relations = sorted({relation for _, relation, _ in names})
    entity = {name: row for row, name in enumerate(entities)}
    link = {name: row for row, name in enumerate(relations)}
    train, valid, test = (_numbered(rows, entity, link) for rows in splits.values())
    return Triples(tuple(entities), tuple(relations), train, valid, test)


def read_texts(folder: str | Path) -> dict[str, str]:
    """Folder -> text by entity, of `entity_text.tsv` or else `entity_label.tsv` (or `.gz`).

    The first column is the entity, the others are its text. Without either file there is none.

    Raises:
        DataError: a line has no text column.
    """
    for name in TEXTS:
        file = _file(Path(folder), name)
        if file is not None:
            rows = _rows(file, 2, "an entity and its text", more=True)
            return {entity: ". ".join(text for text in texts if text) for entity, *texts in rows}
    return {}


def read_labels(folder: str | Path) -> dict[str, str]:
    """Folder -> label by entity, of `entity_label.tsv` (or `.gz`); none without it.

    Raises:
        DataError: a line has no label.
    """
    file = _file(Path(folder), LABELS)
    if file is None:
        return {}
    rows = _rows(file, 2, "an entity and its label", more=True)
    return {entity: label for entity, label, *_ in rows}


def read_numbers(folder: str | Path) -> dict[tuple[str, str], float]:
    """Folder -> number by entity and attribute, of `numeric_literals.tsv` (or `.gz`); else none.

    Raises:
        DataError: a line has not three columns, or its value is no finite number.
    """
    file = _file(Path(folder), NUMBERS)
    if file is None:
        return {}
    rows = _rows(file, 3, "entity, attribute and number")
    return {
        (entity, attribute): _finite(value, file, number)
        for number, (entity, attribute, value) in enumerate(rows, start=1)
    }


def _finite(value: str, file: Path, number: int) -> float:
    try:
        parsed = float(value)
    except ValueError:
        parsed = math.nan
    if not math.isfinite(parsed):
        raise DataError(
            f"{file}:{number}: {value!r} is not a finite number",
            cure="leave the line out where the value is not known",
        )
    return parsed


def _numbered(
    names: Iterable[tuple[str, ...]], entity: dict[str, int], link: dict[str, int]
) -> Rows:
    rows = [(entity[head], link[relation], entity[tail]) for head, relation, tail in names]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def _names(folder: Path, split: str) -> tuple[tuple[str, ...], ...]:
    file = _file(folder, split)
    if file is None:
        return ()
    return tuple(dict.fromkeys(_rows(file, 3, "head, relation and tail")))


def _file(folder: Path, name: str) -> Path | None:
    plain, packed = folder / f"{name}.tsv", folder / f"{name}.tsv.gz"
    return next((file for file in (plain, packed) if file.is_file()), None)


def _rows(file: Path, width: int, what: str, *, more: bool = False) -> Iterator[tuple[str, ...]]:
    for number, line in enumerate(_text(file).split("\n"), start=1):
        columns = tuple(line.rstrip("\r").split("\t"))
        if columns == ("",):
            continue
        wrong = len(columns) < width or (len(columns) > width and not more)
        if wrong or not all(columns[:width]):
            raise DataError(
                f"{file}:{number}: {line[:120]!r} is not {what}",
                cure=f"separate {'at least' if more else 'exactly'} {width} columns by tabs",
            )
        yield columns


def _text(file: Path) -> str:
    try:
        return read_packed(file, MAX_BYTES).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        raise DataError(
            f"{file}: cannot be read ({error})", cure="give tab-separated text in UTF-8"
        ) from error
