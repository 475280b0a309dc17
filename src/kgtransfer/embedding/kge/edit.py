"""What changed between the triples of a trained embedding and those of an edited graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.triples import Rows, Triples

__all__ = ["TripleEdit", "edit_between", "old_rows", "without"]


@dataclass(frozen=True, eq=False)
class TripleEdit:
    """The changed triples, in the rows of the edited graph.

    Args:
        added: `[a, 3]` training triples that were not there.
        removed: `[r, 3]` triples that are no longer there, though all their names are.
        touched: rows of the entities that these are about, ascending.
        entities: old row of each entity, -1 of a new one.
        relations: old row of each relation, -1 of a new one.
        counts: of entities and triples: how many are kept, new and gone.
    """

    added: Rows
    removed: Rows
    touched: Rows
    entities: Rows
    relations: Rows
    counts: Mapping[str, Mapping[str, int]]


def edit_between(old: FittedModel, new: Triples) -> TripleEdit:
    """Old model and edited graph -> the triples that changed; names tell rows apart."""
    entities = old_rows(old.names, new.entities)
    relations = old_rows(old.relation_names, new.relations)
    before = _in_new_rows(old, entities, relations)
    added, removed = without(new.train, before), without(before, new.train)
    kept_entities, kept_triples = int((entities >= 0).sum()), len(before) - len(removed)
    counts = {
        "entities": {
            "kept": kept_entities,
            "new": len(entities) - kept_entities,
            "gone": len(old.names) - kept_entities,
        },
        "triples": {
            "kept": kept_triples,
            "new": len(added),
            "gone": len(old.train) - kept_triples,
        },
    }
    touched = np.unique(np.concatenate([added, removed])[:, [0, 2]])
    return TripleEdit(added, removed, touched, entities, relations, counts)


def old_rows(old: Sequence[str], new: Sequence[str]) -> Rows:
    """Old and new names -> the old row of each new name, -1 where it had none."""
    row = {name: index for index, name in enumerate(old)}
    return np.array([row.get(name, -1) for name in new], dtype=np.int64)


def without(triples: Rows, others: Rows) -> Rows:
    """Triples `[k, 3]` -> those that are not among the others."""
    sizes = np.concatenate([triples, others]).max(axis=0, initial=0) + 1
    keys = [np.ravel_multi_index(tuple(rows.T), tuple(sizes)) for rows in (triples, others)]
    difference: Rows = triples[~np.isin(*keys)]
    return difference


def _in_new_rows(old: FittedModel, entities: Rows, relations: Rows) -> Rows:
    """The old training triples in new rows, those alone whose names are all still there."""
    entity = _inverse(entities, len(old.names))
    relation = _inverse(relations, len(old.relation_names))
    head, link, tail = old.train.numpy().T
    rows: Rows = np.stack([entity[head], relation[link], entity[tail]], axis=1)
    return rows[(rows >= 0).all(axis=1)]


def _inverse(old_row: Rows, size: int) -> Rows:
    """Old row of each new one -> new row of each old one, -1 where there is none."""
    new_row = np.full(size, -1, dtype=np.int64)
    remaining = np.flatnonzero(old_row >= 0)
    new_row[old_row[remaining]] = remaining
    return new_row
