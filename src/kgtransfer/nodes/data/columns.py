"""What each column of a table is: label, id, split, number, category, text, or none of these."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.utils.tables import Table

__all__ = ["Columns", "RowSettings", "chosen_columns", "number"]

LABELS, IDS, SPLITS, GROUPS = ("label", "class", "target", "y"), ("id",), ("split",), ("group",)
"""Names that say what a column is where settings do not."""
MOST_CATEGORIES = 50  # different values of a column that is read as categories
WORDS = 3.0  # in the mean cell of a column that is read as text
GAPS = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-"})
"""Cells, in small letters, that stand for a number that is lacking."""
COMMA = re.compile(r"[-+]?\d+(,\d+)?")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+")
CODE = re.compile(r"0\d+")
"""Digits that are a name, such as a postal code: a number has no zero before it."""
ENOUGH = 3  # rows a class, in the mean, from which on what tells all labels is no chance
COUNTED = 10  # rows, from which on a column that counts them is no chance


@dataclass(frozen=True)
class RowSettings:
    """Which columns of a table are what, by name; what is empty is found out.

    Attributes:
        label: the class of each row; by default the column `label`, `class`, `target` or `y`.
        features: columns that are read; by default all that are nothing else.
        text: those of them that are read as text: words and the sentence encoder.
        categories: those of them that are read as categories though they hold numbers.
        id: what rows are called; by default the column `id`.
        split: `train` or `test` of each row; by default the column `split`.
        group: what rows belong to, such as a patient; by default the column `group`.
        edges: file of a table whose first two columns, or `source` and `target`, are ids of rows;
            by default a table `edges` in the same folder.
        missing: numbers that are lacking: `refuse`, or `mean`: the column's mean stands for them,
            and a further column says where.
    """

    label: str = ""
    features: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    id: str = ""
    split: str = ""
    group: str = ""
    edges: str = ""
    missing: str = "refuse"


@dataclass(frozen=True)
class Columns:
    """Names of a table's columns by what they are.

    Attributes:
        label: the class of each row.
        id: what rows are called, if there is one.
        split: which rows are trained and tested on, if there is one.
        group: which rows belong together, if there is one.
        numbers: read as standardised numbers.
        categories: read as an indicator a value.
        texts: read as words and by the sentence encoder.
        left_out: column -> why it is not read.
    """

    label: str
    id: str = ""
    split: str = ""
    group: str = ""
    numbers: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = {
            "label": [self.label],
            "numbers": self.numbers,
            "categories": self.categories,
            "text": self.texts,
            "id": [self.id] if self.id else [],
            "split": [self.split] if self.split else [],
            "group": [self.group] if self.group else [],
            "left out": [f"{name} ({why})" for name, why in self.left_out.items()],
        }
        return "; ".join(f"{what}: {_listed(names)}" for what, names in parts.items() if names)


def chosen_columns(table: Table, settings: RowSettings) -> Columns:
    """Table and settings -> what each column is.

    Raises:
        DataError: a column that is named is not there or has two uses, none is the label, or none
            is left to read.
    """
    special = {
        "label": settings.label or _default(table, LABELS),
        "id": settings.id or _default(table, IDS),
        "split": settings.split or _default(table, SPLITS),
    }
    named = (*settings.features, *settings.text, *settings.categories)
    group = _default(table, GROUPS)
    is_free = group not in (*named, *special.values())
    special["group"] = settings.group or (group if is_free else "")
    if not special["label"]:
        raise DataError(
            f"{table.name}: which column is the label? none is called {', '.join(LABELS)}; "
            f"columns are: {', '.join(table.columns)}",
            cure='say it: [data] label = "..." in TOML, or --set data.label=...',
        )
    uses = {name: what for what, name in special.items() if name}
    for name in (*uses, *named):
        table.column(name, uses.get(name, "feature"))
    if doubled := [name for name in named if name in uses]:
        raise DataError(
            f"{table.name}: column {doubled[0]!r} is the {uses[doubled[0]]} and a feature",
            cure="name it once: what is to be predicted must not be read",
        )
    features = dict.fromkeys(named if settings.features else (*table.columns,))
    labels = table.columns[special["label"]]
    kinds = {
        name: ("", why)
        if name not in named and (why := _known_beforehand(table.columns[name], labels))
        else _kind(table, name, settings)
        for name in features
        if name not in uses
    }
    left_out = {name: why for name, (kind, why) in kinds.items() if not kind}
    names = {
        kind: tuple(name for name, (of_it, _) in kinds.items() if of_it == kind)
        for kind in ("numbers", "categories", "texts")
    }
    if not any(names.values()):
        raise DataError(
            f"{table.name}: no column is left to learn from"
            + "".join(f"; {name}: {why}" for name, why in [*left_out.items()][:5]),
            cure="name some: [data] features = [...] or text = [...]",
        )
    return Columns(
        **special,
        numbers=names["numbers"],
        categories=names["categories"],
        texts=names["texts"],
        left_out=left_out,
    )


def number(text: str) -> float | None:
    """Cell -> its number, also with a comma for a point; nan where it is a gap; None if neither."""
    if text.lower() in GAPS:
        return float("nan")
    if "_" in text:  # which Python would read over
        return None
    try:
        return float(text.replace(",", ".") if COMMA.fullmatch(text) else text)
    except ValueError:
        return None


def _kind(table: Table, name: str, settings: RowSettings) -> tuple[str, str]:
    """What a feature is, or nothing and why it is left out."""
    values = table.columns[name]
    present = [value for value in values if value]
    distinct = set(present)
    if name in settings.text:
        return "texts", ""
    if name in settings.categories:
        return "categories", ""
    if len(distinct | {""} if len(present) < len(values) else distinct) < 2:
        return "", "the same in every row"
    parsed = [None if CODE.fullmatch(value) else number(value) for value in values]
    if None not in parsed and not np.isnan(np.array(parsed, dtype=np.float64)).all():
        _require_one_comma(table, name, values)
        return ("", "the same number in every row") if len({*parsed}) < 2 else ("numbers", "")
    if (
        np.mean([len(value.split()) for value in present]) >= WORDS
        and len(distinct) > len(values) / 10
    ):
        return "texts", ""
    if len(distinct) <= min(MOST_CATEGORIES, max(2, len(values) / 2)):
        return "categories", ""
    stray = [row for row, value in enumerate(parsed) if value is None]
    if len(stray) <= len(values) / 10:
        raise DataError(
            f"{table.place(stray[0])}: column {name!r}: {values[stray[0]]!r} is no number, as "
            f"{len(values) - len(stray):,} of {len(values):,} values are",
            cure=f'correct it, or say what the column is: text = ["{name}"], or leave it out of '
            "features",
        )
    return "", f"{len(distinct):,} different values: name it under text or categories to read it"


def _require_one_comma(table: Table, name: str, values: Sequence[str]) -> None:
    """Refuse numbers whose commas may be marks of thousands, in a table that commas separate."""
    commas = [row for row, value in enumerate(values) if "," in value]
    if not commas or table.separator not in ("", ","):
        return
    if all(THOUSANDS.fullmatch(values[row]) for row in commas):
        raise DataError(
            f"{table.place(commas[0])}: column {name!r}: is {values[commas[0]]!r} in thousands, or "
            "a fraction?",
            cure="write 1000 or 1.000, without a comma",
        )


def _known_beforehand(values: Sequence[str], labels: Sequence[str]) -> str:
    """Values of a feature -> why no row without a label would have them; or nothing."""
    pairs = {pair for pair in zip(values, labels, strict=True) if pair[1]}
    classes, labelled = {label for _, label in pairs}, sum(map(bool, labels))
    told = {value for value, _ in pairs if value}
    if len(pairs) == len(classes) == len(told) > 1 and labelled >= ENOUGH * len(classes):
        return "one value for each class, as the label has; name it under features to read it"
    counts = [int(value) for value in values if value.isascii() and value.isdigit()]
    if len(counts) == len(values) >= COUNTED and set(np.diff(counts)) == {1}:
        return "it counts the rows; name it under features to read it"
    return ""


def _default(table: Table, names: Sequence[str]) -> str:
    """The first of some names, in any case of its letters, that is a column's."""
    own = {name.lower(): name for name in reversed([*table.columns])}
    return next((own[name] for name in names if name in own), "")


def _listed(names: Sequence[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
