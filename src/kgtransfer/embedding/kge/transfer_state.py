"""The state of a training carried over to the rows of an edited graph."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from kgtransfer.embedding.kge.text_head import TextHead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.embedding.kge.edit import Edit
    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["RELATIONS", "ROWS", "carried", "carried_tower"]

# The last part of the names of parameters that have a row an entity, or a row a relation.
ROWS, RELATIONS = "rows", "relations"


def carried(old: FittedModel, fresh: FittedModel, new: Triples, edit: Edit) -> FittedModel:
    """The old state in the rows of the new graph; what is new has the values of `fresh`.

    The identity of a row is its name: a name that stays keeps its vector and its optimiser's
    memory, wherever it now stands. A new entity is placed where its links say that it should be:
    at the mean of the queries that its neighbours make.

    Args:
        old: the state before the edit.
        fresh: initial values for the new graph, of the same recipe.
        new: the edited graph.
        edit: which rows are whose.
    """
    entities = torch.from_numpy(edit.entities)
    tables = {ROWS: entities, RELATIONS: _relations(old, edit)}
    weights = _moved(old.weights, fresh.weights, tables)
    sums = _moved(old.sums, fresh.sums, tables)
    born = entities < 0
    rows = next(name for name in weights if _kind(name) == ROWS)
    weights[rows] = _placed(fresh, weights[rows], weights[RELATIONS], born, new)
    return replace(fresh, weights=weights, sums=sums)


def carried_tower(old: FittedModel, edit: Edit) -> TextHead | None:
    """The old model's tower with the relations of the new graph; a new one has a neutral vector."""
    tower = old.tower
    if tower is None:
        return None
    table = _relations(old, edit)
    relations = torch.where(table[:, None] >= 0, tower.relations[table], 0.0)
    return TextHead.restored({**tower.state_dict(), "relations": relations})


def _relations(old: FittedModel, edit: Edit) -> Tensor:
    """The old row of each new relation and of its reciprocal, -1 of a new one."""
    halves = np.where(edit.relations >= 0, edit.relations + len(old.relation_names), -1)
    return torch.from_numpy(np.concatenate([edit.relations, halves]))


def _moved(
    old: Mapping[str, Tensor], fresh: Mapping[str, Tensor], tables: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    moved = {}
    for name, value in fresh.items():
        moved[name] = value.clone()
        if _kind(name) in tables:
            table = tables[_kind(name)]
            moved[name][table >= 0] = old[name][table[table >= 0]]
        elif name in old and old[name].shape == value.shape:
            moved[name] = old[name].clone()
    return moved


def _placed(
    model: FittedModel, rows: Tensor, relations: Tensor, born: Tensor, new: Triples
) -> Tensor:
    """Rows with the new ones at the mean of their neighbours' queries, as long as the old ones.

    Only for rows that are their own keys; the others keep their initial values.
    """
    score = model.score
    if not born.any() or score.keys(rows).shape != rows.shape:
        return rows
    head, link, tail = torch.from_numpy(new.train).T
    count = len(new.relations)
    asked = torch.cat([torch.stack([head, link, tail]), torch.stack([tail, link + count, head])], 1)
    asked = asked[:, born[asked[2]] & ~born[asked[0]]]
    queries = score.queries(score.heads(rows[asked[0]]), relations[asked[1]])
    total = torch.zeros_like(rows).index_add_(0, asked[2], queries)
    known = born & (total.norm(dim=1) > 0)
    if not known.any() or born.all():
        return rows
    length = rows[~born].norm(dim=1).median()
    placed = rows.clone()
    placed[known] = total[known] / total[known].norm(dim=1, keepdim=True) * length
    return placed


def _kind(parameter: str) -> str:
    return parameter.rpartition(".")[2]
