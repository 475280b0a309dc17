"""RDF terms: how they are named, and literals as numbers."""

from __future__ import annotations

from math import isfinite
from typing import TypeAlias

import pyoxigraph as ox

from kgtransfer.knowledge.vocabulary import XSD

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal

_INTEGERS = (
    *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger"),
    *("nonPositiveInteger", "negativeInteger"),
    *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)
NUMERIC = frozenset(XSD + name for name in (*_INTEGERS, "decimal", "double", "float"))
"""Datatypes of numbers."""


def node_name(node: object) -> str:
    """Node -> an IRI as it is; a blank node's name after `_:`; a literal as in N-Triples."""
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def number(term: object) -> float | None:
    """Literal -> its finite value; None for all else, `"many"^^xsd:integer` too."""
    if not isinstance(term, ox.Literal) or term.datatype.value not in NUMERIC:
        return None
    try:
        value = float(term.value)
    except ValueError:
        return None
    return value if isfinite(value) else None
