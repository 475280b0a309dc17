"""Attributed graphs: what reading puts right, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kgtransfer.errors import DataError
from kgtransfer.nodes.data.graph import NodeGraph
from kgtransfer.nodes.data.reading import read_nodes

PATH = {"edge_index": np.array([[0, 1, 2], [1, 2, 3]]), "num_nodes": 4, "y": np.array([0, 0, 1, 1])}
ATTRIBUTES = {
    "x_indptr": np.array([0, 2, 3, 3, 4]),
    "x_indices": np.array([0, 2, 1, 2]),
    "x_data": np.array([1, 1, 2, 1], dtype=np.uint8),
    "x_shape": np.array([4, 3]),
}


def read(folder: Path, **arrays: Any) -> NodeGraph:
    """A path of four nodes with some arrays changed; None leaves one out."""
    kept = {name: value for name, value in (PATH | arrays).items() if value is not None}
    np.savez(folder / "path.npz", **kept)
    return read_nodes(folder / "path.npz")


def test_loops_repeats_and_directions_are_put_right(tmp_path: Path) -> None:
    edges = np.array([[1, 0, 2, 2, 0, 0], [0, 1, 2, 1, 1, 1]])
    graph = read(tmp_path, edge_index=edges)
    assert graph.edges.tolist() == [[0, 1], [1, 2]]
    assert graph.corrections == {
        "self loops": 1,
        "repeated edges": 2,
        "nodes without a neighbour": 1,
    }
    assert graph.degrees.tolist() == [1, 2, 1, 0]
    assert graph.adjacency.toarray().tolist() == [
        [0, 1, 0, 0],
        [1, 0, 1, 0],
        [0, 1, 0, 0],
        [0, 0, 0, 0],
    ]


def test_a_graph_without_edges_is_a_graph(tmp_path: Path) -> None:
    graph = read(tmp_path, edge_index=np.zeros((2, 0), dtype=np.int32))
    assert graph.edges.shape == (2, 0)
    assert graph.adjacency.nnz == 0


def test_attributes_keep_their_values(tmp_path: Path) -> None:
    graph = read(tmp_path, **ATTRIBUTES, attr_names=np.array(["a", "b", "c"]))
    assert graph.attributes is not None
    assert graph.attributes.toarray().tolist() == [[1, 0, 1], [0, 2, 0], [0, 0, 0], [0, 0, 1]]
    assert graph.attribute_names == ("a", "b", "c")


def test_dense_attributes_are_the_same_as_sparse_ones(tmp_path: Path) -> None:
    sparse = read(tmp_path, **ATTRIBUTES)
    dense = read(tmp_path, x=np.array([[1, 0, 1], [0, 2, 0], [0, 0, 0], [0, 0, 1]]))
    assert dense.hash == sparse.hash


def test_attributes_that_are_all_zero_are_none(tmp_path: Path) -> None:
    graph = read(tmp_path, x=np.zeros((4, 3)), attr_names=np.array(["a", "b", "c"]))
    assert graph.attributes is None
    assert graph.attribute_names == ()
    assert graph.corrections == {"attributes that are all zero": 1}


def test_missing_labels_and_unused_classes(tmp_path: Path) -> None:
    names = np.array(["zero", "one", "two", "three"])
    graph = read(tmp_path, y=np.array([3, -1, 1, 1]), class_names=names)
    assert graph.classes == ("one", "three")
    assert graph.labels.tolist() == [1, -1, 0, 0]
    assert graph.labelled.tolist() == [0, 2, 3]
    masked = read(tmp_path, no_label_mask=np.array([True, False, False, False]))
    assert masked.labels.tolist() == [-1, 0, 1, 1]


def test_the_hash_sees_edges_attributes_and_classes(tmp_path: Path) -> None:
    changed: list[dict[str, Any]] = [
        {},
        {"edge_index": np.array([[0, 1, 2], [1, 2, 0]])},
        {"y": np.array([0, 1, 1, 1])},
        ATTRIBUTES,
        ATTRIBUTES | {"attr_names": np.array(["a", "b", "c"])},
    ]
    assert len({read(tmp_path, **arrays).hash for arrays in changed}) == len(changed)
    turned = read(tmp_path, edge_index=np.array([[3, 1, 2], [2, 0, 1]]))
    assert turned.hash == read(tmp_path).hash


NAN = {**ATTRIBUTES, "x_data": np.array([1, 1, np.nan, 1])}


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"y": None}, "no array y"),
        ({"edge_index": None}, "no array edge_index"),
        ({"edge_index": np.array([[0], [4]])}, "column 0: edge 0-4 leaves the 4 nodes"),
        ({"edge_index": np.array([[0, -1], [1, 2]])}, "column 1: edge -1-2"),
        ({"edge_index": np.array([[0.0], [1.0]])}, "float64"),
        ({"edge_index": np.array([[0, 1, 2]])}, r"\[1, 3\]"),
        ({"y": np.array([0, 1])}, "for 4 nodes"),
        ({"y": np.array([0.0, 1, 1, 1])}, "y is float64"),
        ({"y": np.array([0, -2, 1, 1])}, "y of node 1 is -2"),
        ({"y": np.array([-1, -1, -1, -1])}, "0 class"),
        ({"y": np.array([1, 1, 1, -1])}, "1 class"),
        ({"class_names": np.array(["only"])}, "1 class_names, but a class 1"),
        (NAN, "attribute 1 of node 1 is nan"),
        ({"x": np.array([[0.0], [np.inf], [0], [0]])}, "attribute 0 of node 1 is inf"),
        ({**ATTRIBUTES, "x_shape": np.array([3, 3])}, "CSR"),
        ({**ATTRIBUTES, "x_indices": np.array([0, 9, 1, 2])}, "CSR"),
        ({**ATTRIBUTES, "x_data": None}, "no array x_data"),
        ({**ATTRIBUTES, "attr_names": np.array(["a"])}, "1 attr_names for 3"),
        ({"x": np.ones((3, 2))}, "attributes of 3 nodes"),
        ({"x": np.array(["a", "b", "c", "d"])}, "x is <U1"),
        ({"y": np.array([{}, {}, {}, {}])}, "no archive of plain arrays"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, **arrays)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("edges", encoding="utf-8")
    with pytest.raises(DataError, match="no archive of plain arrays"):
        read_nodes(tmp_path / "text.npz")
