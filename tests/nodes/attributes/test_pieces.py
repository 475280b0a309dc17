"""Knowledge of attributes and classes without one of its pieces."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from kgtransfer.nodes.attributes.graph import NODES
from kgtransfer.nodes.attributes.knowledge import AttributeKnowledge
from kgtransfer.nodes.attributes.pieces import KnowledgePiece, knowledge_pieces

VECTORS = np.array([[0, 2], [4, 0], [2, 2]], dtype=np.float32)
LEVELS = np.array([[1, -1], [0, 0], [0, 1]], dtype=np.float32)
KNOWN = AttributeKnowledge(
    VECTORS, None, sp.eye_array(3, format="csr"), described=VECTORS[:2], stated=LEVELS
)
COLUMNS = {"b": 1, "a": 0, "d": 2}
CLASSES = ("cup", f"{NODES}shop/class/jug")


def test_what_is_said_makes_the_pieces() -> None:
    pieces = list(knowledge_pieces(KNOWN, COLUMNS, CLASSES, most=0))
    assert [(piece.kind, piece.iris) for piece in pieces] == [
        ("attribute", ("a",)),
        ("attribute", ("d",)),
        ("concept", ("cup",)),
        ("concept", (CLASSES[1],)),  # no ontology describes it, but levels are stated of it
        ("axiom", ("cup", "a")),
        ("axiom", (CLASSES[1], "a")),
        ("axiom", (CLASSES[1], "d")),
    ]
    attributes = [p.iris[0] for p in knowledge_pieces(KNOWN, COLUMNS, CLASSES, most=1)][:3]
    assert attributes == ["b", "a", "d"]  # of the first one no more than its text is known


def test_an_attribute_left_out_has_no_level_and_means_what_all_others_do() -> None:
    left = KnowledgePiece("attribute", ("a",), column=0).without(KNOWN)
    assert left.stated.tolist() == [[0, 0], [0, 0], [0, 1]]
    assert left.vectors.tolist() == [[3, 1], [4, 0], [2, 2]]
    assert left.described.tolist() == KNOWN.described.tolist()
    assert KNOWN.stated.tolist() == LEVELS.tolist()  # as it was


def test_a_class_left_out_keeps_its_name_where_it_has_one() -> None:
    piece = KnowledgePiece("concept", ("cup",), row=0)
    assert piece.without(KNOWN).stated.tolist() == [[0, -1], [0, 0], [0, 1]]
    assert piece.without(KNOWN).described.tolist() == [[4, 0], [4, 0]]
    names = np.array([[7, 7], [8, 8]], dtype=np.float32)
    assert piece.without(KNOWN, names).described.tolist() == [[7, 7], [4, 0]]
    assert piece.without(KNOWN).vectors.tolist() == VECTORS.tolist()


def test_a_level_left_out_is_one_of_a_class_and_an_attribute() -> None:
    left = KnowledgePiece("axiom", ("jug", "d"), column=2, row=1).without(KNOWN)
    assert left.stated.tolist() == [[1, -1], [0, 0], [0, 0]]
    assert left.vectors.tolist() == VECTORS.tolist()
    assert left.described.tolist() == VECTORS[:2].tolist()
