"""Rows of a selecting query as a `Selection`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kgtransfer.errors import StoreError
from kgtransfer.store.base import Row, Selection

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["selection"]

BLANK = "bnode://"
_CURE = "return an IRI and at most one weight, as in: MATCH (c:Resource) RETURN c.uri"


def selection(rows: Sequence[Row]) -> Selection:
    """First column: IRI (or node); second, where there is one: weight. Doublets keep the first.

    Raises:
        StoreError: rows of another form.
    """
    chosen: dict[str, float | None] = {}
    for row in rows:
        values = list(row.values())
        if not 1 <= len(values) <= 2:
            raise StoreError(f"a selection has 1 or 2 columns, not {len(values)}", cure=_CURE)
        iri, weight = _iri(values[0]), _weight(values[1]) if values[1:] else None
        if not iri.startswith(BLANK):  # a restriction is no concept, though it is a :Resource
            chosen.setdefault(iri, weight)
    weights = tuple(weight for weight in chosen.values() if weight is not None)
    return Selection(tuple(chosen), weights or None)


def _iri(value: Any) -> str:
    iri = value.get("properties", {}).get("uri") if isinstance(value, dict) else value
    if not isinstance(iri, str):
        raise StoreError(f"a selection returns IRIs, not {value!r}", cure=_CURE)
    return iri


def _weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StoreError(f"a weight is a number, not {value!r}", cure=_CURE)
    return float(value)
