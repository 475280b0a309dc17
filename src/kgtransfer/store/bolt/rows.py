"""Rows of the Bolt driver in the form that all stores share."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast

from kgtransfer.errors import StoreError

if TYPE_CHECKING:
    import neo4j

    from kgtransfer.store.base import Params, Row

__all__ = ["fetch"]


def fetch(
    transaction: neo4j.ManagedTransaction, cypher: str, params: Params, max_rows: int
) -> list[Row]:
    """Run a statement and read all its rows.

    Raises:
        StoreError: there are more than `max_rows`.
    """
    result = transaction.run(cast("Any", cypher), dict(params))
    names = result.keys()
    rows: list[Row] = []
    for record in result:
        if len(rows) == max_rows:
            raise StoreError(
                f"RowCap: more than {max_rows:,} rows",
                cure="add LIMIT, aggregate, or allow more with --max-rows (max_rows)",
            )
        rows.append(dict(zip(names, map(_plain, record.values()), strict=True)))
    return rows


def _plain(value: Any) -> Any:
    """The driver's nodes, relationships, paths and times in the form that all stores share."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return _plain_object(value)


def _plain_object(value: Any) -> Any:
    from neo4j.graph import Node, Path, Relationship

    if isinstance(value, Node):
        # `Resource` first, as the sync wrote it; the server returns labels in any order.
        labels = sorted(value.labels, key=lambda label: (label != "Resource", label))
        return {"labels": labels, "properties": _plain(dict(value.items()))}
    if isinstance(value, Relationship):
        return {"type": value.type, "properties": _plain(dict(value.items()))}
    if isinstance(value, Path):
        return {"nodes": _plain([*value.nodes]), "relationships": _plain([*value.relationships])}
    native = value.to_native() if hasattr(value, "to_native") else value
    if isinstance(native, datetime) and (offset := native.utcoffset()) is not None:
        return native.replace(tzinfo=timezone(offset))
    return native
