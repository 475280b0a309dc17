"""`read_nodes`: an archive of a graph, a table of rows, or columns in memory -> nodes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import ConfigError
from kgtransfer.nodes.data.archive import read_archive
from kgtransfer.nodes.data.columns import RowSettings
from kgtransfer.nodes.data.rows import read_rows, rows_of_table
from kgtransfer.utils.data_paths import find_data
from kgtransfer.utils.resources import expanded
from kgtransfer.utils.tables import is_table, read_table, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kgtransfer.nodes.data.graph import NodeGraph

__all__ = ["read_nodes"]


def read_nodes(
    source: str | Path | Any,
    *,
    label: str = "",
    features: Sequence[str] = (),
    text: Sequence[str] = (),
    categories: Sequence[str] = (),
    id: str = "",  # noqa: A002  # what tables call it
    split: str = "",
    group: str = "",
    edges: str | Any = "",
    missing: str = "refuse",
    name: str = "rows",
) -> NodeGraph:
    """A data set of nodes, or of rows as nodes without edges -> the graph.

    Args:
        source: file of a graph (`.npz`), or its name in `$KGTRANSFER_DATA/graph`; a table of rows
            (`.csv`, `.tsv`, `.jsonl`, `.parquet`, packed as `.gz` or not) or a folder that holds
            one; or columns by name: a mapping, or a data frame.
        label: of a table: column of the classes; by default `label`, `class`, `target` or `y`.
        features: columns that are read; by default all that are nothing else.
        text: columns that are read as text.
        categories: columns that are read as categories though they hold numbers.
        id: column of what rows are called; by default `id`.
        split: column that says `train` or `test`; by default `split`.
        group: column of what rows belong to, such as a patient, that no split divides; by default
            `group`. An empty cell is a group of its own.
        edges: file of a table of pairs of ids, `source` and `target`, or such columns in memory.
        missing: numbers that are lacking: `refuse`, or `mean`.
        name: of columns in memory.

    Raises:
        ConfigError: `missing` is neither.
        DataError: the data set is missing, cannot be read, or contradicts itself; the message
            names the place in it and the cure.
    """
    if missing not in ("refuse", "mean"):
        raise ConfigError(f"missing={missing!r}", cure="say refuse or mean")
    edges_in_memory = not isinstance(edges, str | Path)
    settings = RowSettings(
        label=label,
        features=tuple(features),
        text=tuple(text),
        categories=tuple(categories),
        id=id,
        split=split,
        group=group,
        edges="" if edges_in_memory else str(edges),
        missing=missing,
    )
    if not isinstance(source, str | Path):
        pairs = table_of(edges, "edges") if edges_in_memory else None
        if settings.edges:
            pairs = read_table(expanded(settings.edges))
        return rows_of_table(table_of(source, name), settings, pairs, name=name)
    path = expanded(source)
    if is_table(path) or path.is_dir():
        return read_rows(find_data(source, "rows"), settings)
    return read_archive(find_data(source, "graph"))
