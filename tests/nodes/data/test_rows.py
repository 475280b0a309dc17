"""Rows of tables as nodes: what columns are, their attributes, labels, ids, splits and edges."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.errors import ConfigError, DataError
from kgtransfer.nodes.data.reading import read_nodes
from kgtransfer.nodes.data.splits import random_split, split_per_class

SHOP = """\
id;label;price;colour;note;code
a;cup;1,5;red;a small cup for strong coffee;x1
b;jug;3,5;blue;a large jug for cold milk;x2
c;cup;2,5;red;a cup with a handle for tea;x3
d;jug;4,5;blue;a jug with a lid for water;x4
e;;3,0;red;a cup without any handle at all;x5
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "rows.csv").write_text(SHOP, encoding="utf-8")
    return tmp_path / "shop"


def test_what_columns_are_is_found_and_said(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = read_nodes(shop)
    assert (rows.name, rows.num_nodes, rows.has_edges, rows.is_table) == ("shop", 5, False, True)
    assert rows.classes == ("cup", "jug")
    assert rows.labels.tolist() == [0, 1, 0, 1, -1]
    assert rows.ids == tuple("abcde")
    assert rows.corrections == {"rows without a label": 1}
    assert rows.texts[0] == "a small cup for strong coffee"
    assert rows.groups == {"numbers": (0, 1), "categories": (1, 3), "words": (3, 6)}
    assert rows.attribute_names == (
        "price", "colour: blue", "colour: red", "cup", "handle", "jug",
    )  # fmt: skip
    table = rows.attributes.toarray()
    assert np.allclose(table[:, 0], np.array([-1.5, 0.5, -0.5, 1.5, 0]) / np.sqrt(1.0), atol=1e-6)
    assert table[:, 2].tolist() == [1, 0, 1, 0, 1]
    assert table[:, 3].tolist() == [1, 0, 1, 0, 1]
    said = capsys.readouterr().err
    assert "columns are separated by semicolons" in said
    assert "label: label; numbers: price; categories: colour; text: note; id: id" in said
    assert "left out: code (5 different values" in said


def test_columns_are_named_in_settings(shop: Path) -> None:
    rows = read_nodes(shop, label="colour", features=["price"], text=["note"], id="code")
    assert rows.classes == ("blue", "red")
    assert rows.ids[0] == "x1"
    assert [*rows.groups] == ["numbers", "words"]
    numbers = read_nodes({"y": [0, 1, 0, 1], "x": [7, 8, 9, 7]}, categories=["x"])
    assert numbers.attribute_names == ("x: 7", "x: 8", "x: 9")
    assert numbers.classes == ("0", "1")


def test_the_hash_follows_texts_groups_and_split() -> None:
    table = {"label": [0, 1, 0, 1], "x": [1, 2, 3, 4], "t": ["a b c", "d e f", "g h i", "j k l"]}
    hashes = [
        read_nodes(table, text=["t"]).hash,
        read_nodes({**table, "t": ["a b d", *table["t"][1:]]}, text=["t"]).hash,
        read_nodes({**table, "split": ["train", "train", "test", "test"]}, text=["t"]).hash,
    ]
    assert len(set(hashes)) == 3
    assert read_nodes(table, text=["t"]).hash == hashes[0]


def test_missing_numbers_are_refused_or_filled(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("label,x,z\na,1,5\nb,,6\na,3,NaN\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"gaps\.csv:3: column 'x': 'an empty cell'") as told:
        read_nodes(path)
    assert 'missing = "mean"' in told.value.cure
    filled = read_nodes(path, missing="mean")
    assert filled.attribute_names == ("x", "z", "x: missing", "z: missing")
    assert filled.attributes.toarray()[:, 2].tolist() == [0, 1, 0]
    assert filled.attributes.toarray()[1, 0] == 0
    with pytest.raises(ConfigError, match="missing='median'"):
        read_nodes(path, missing="median")


def test_edges_join_rows_by_their_ids(shop: Path) -> None:
    (shop / "edges.csv").write_text("source,target\na,b\nb,a\nc,d\nd,d\n", encoding="utf-8")
    rows = read_nodes(shop)
    assert rows.edges.tolist() == [[0, 2], [1, 3]]
    assert rows.corrections["self loops"] == 1
    (shop / "edges.csv").write_text("source,target\na,b\nc,zebra\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"edges\.csv:3: target 'zebra' is no row"):
        read_nodes(shop)
    by_number = read_nodes(
        {"label": [0, 1, 0], "x": [1, 2, 3]}, edges={"from": [0, 1], "to": [1, 2]}
    )
    assert by_number.edges.tolist() == [[0, 1], [1, 2]]


def test_a_table_may_say_what_is_tested_on() -> None:
    parts = ["train", "train", "val", "train", "test", "test", "train", ""]
    rows = read_nodes({"label": [*"abababab"], "x": range(8), "split": parts})
    split = random_split(rows, 0)
    assert sorted(split.train) == [0, 1, 2, 3, 6]
    assert split.test.tolist() == [4, 5]
    few = split_per_class(rows, 0, 1)
    assert set(few.train) < {0, 1, 2, 3, 6}
    assert few.test.tolist() == [4, 5]


WRONG = {
    r"rows: which column is the label\?": {"x": [1, 2], "z": [1, 2]},
    r"column 'label' holds 1 class, 'a'": {"label": ["a", "a"], "x": [1, 2]},
    r"column 'label' holds 1,000 different values in 2,000 rows": {
        "label": np.repeat(np.arange(1000) / 7, 2), "x": 2 * np.arange(2000),
    },
    r"rows:2: id in column 'id': '7' is that of line 1 too": {
        "label": ["a", "b"], "x": [1, 2], "id": [7, 7],
    },
    r"rows:2: split in column 'split' is 'later'": {
        "label": ["a", "b"], "x": [1, 2], "split": ["train", "later"],
    },
    r"column 'split': too few labelled rows of train": {
        "label": ["a", "b"], "x": [1, 2], "split": ["train", "test"],
    },
    r"no column is left to learn from": {"label": ["a", "b"], "x": [1, 1]},
    r"rows:12: column 'x': 'oops' is no number": {
        "label": [*"ab"] * 6, "x": [*map(str, range(11)), "oops"],
    },
}  # fmt: skip


@pytest.mark.parametrize("message", WRONG)
def test_bad_tables_are_told_with_a_cure(message: str) -> None:
    table = WRONG[message]
    if "is no number" in message:  # in a column too long for categories
        table = {"label": [*"ab"] * 60, "x": [*map(str, range(11)), "oops", *map(str, range(108))]}
    with pytest.raises(DataError, match=message) as told:
        read_nodes(table)
    assert told.value.cure


def test_settings_that_do_not_fit_are_told() -> None:
    table = {"label": ["a", "b"], "x": [1, 2]}
    with pytest.raises(DataError, match=r"no column 'size' \(feature\); columns are: label, x"):
        read_nodes(table, features=["size"])
    with pytest.raises(DataError, match="column 'label' is the label and a feature"):
        read_nodes(table, features=["label"])


def test_a_folder_with_two_tables_is_asked_about(shop: Path) -> None:
    (shop / "rows.csv").rename(shop / "one.csv")
    (shop / "two.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"which table holds the rows\? tables are: one.csv, two"):
        read_nodes(shop)


Y = [*"ab"] * 10
X = [0.5, 2.5, 1.0, 4.0] * 5


@pytest.mark.parametrize(
    ("column", "why"),
    [
        (Y, "one value for each class"),
        ([7, 3] * 10, "one value for each class"),
        (range(5, 25), "it counts the rows"),
        ([2**60 + row % 3 for row in range(20)], "the same number in every row"),
        (["1", "1.0"] * 5 + ["1.0", "1"] * 5, "the same number in every row"),
    ],
    ids=["copy", "code", "counter", "too large to differ", "spelt in two ways"],
)
def test_what_no_row_without_a_label_would_have_or_what_is_all_the_same_is_left_out(
    column: Sequence[object], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = read_nodes({"label": Y, "x": X, "other": column})
    assert rows.attribute_names == ("x",)
    assert f"left out: other ({why}" in capsys.readouterr().err
    with pytest.raises(DataError, match=f"no column is left to learn from; other: {why}"):
        read_nodes({"label": Y, "other": column})


@pytest.mark.parametrize("how", [{"features": ["x", "other"]}, {"categories": ["other"]}])
def test_what_is_named_is_read_though_it_tells_the_label(how: dict[str, list[str]]) -> None:
    assert len(read_nodes({"label": Y, "x": X, "other": [7, 3] * 10}, **how).attribute_names) > 1


def test_few_rows_may_tell_the_label_by_chance() -> None:
    assert read_nodes({"label": [*"abab"], "x": [1, 2, 1, 2]}).attribute_names == ("x",)


@pytest.mark.parametrize("values", [["900", "1,000"], ["1,000", "2,000"]])
def test_commas_that_may_mark_thousands_are_refused(values: list[str], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="column 'x': is '1,000' in thousands, or a fraction"):
        read_nodes({"label": [*"aabb"] * 5, "x": values * 10})
    path = tmp_path / "rows.csv"
    lines = [f"{label};{value}" for label, value in zip([*"aabb"] * 5, values * 10, strict=True)]
    path.write_text("\n".join(["label;x", *lines]))  # where commas do not separate they are points
    assert read_nodes(path).attribute_names == ("x",)


def test_codes_with_a_zero_before_them_are_names() -> None:
    rows = read_nodes({"label": [*"aabb"] * 5, "zip": ["01234", "98765"] * 10})
    assert rows.attribute_names == ("zip: 01234", "zip: 98765")


def test_numbers_of_any_size_are_standardised() -> None:
    values = [1e300, -1e300, 0, 2e299] * 5
    rows = read_nodes({"label": Y, "x": values})
    assert rows.attributes is not None
    assert rows.attributes.toarray().std() == pytest.approx(1)


@pytest.mark.parametrize("labels", [[0.5 + row for row in range(8)], ["1.5", "2.5", "3.5"]])
def test_few_measured_numbers_are_no_classes_either(labels: list[object]) -> None:
    with pytest.raises(DataError, match="no classes"):
        read_nodes({"label": labels, "x": [row**2 for row in range(len(labels))]})
