"""The state of a training, transferred to the rows of an edited graph."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from kgtransfer.embedding.kge.text_head import TextHead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kgtransfer.embedding.kge.edit import TripleEdit
    from kgtransfer.embedding.kge.fitted import FittedModel
    from kgtransfer.embedding.kge.triples import Triples

__all__ = ["RELATIONS", "ROWS", "transfer_state", "transfer_text_head"]

# The last part of the names of parameters that have a row an entity, or a row a relation.
ROWS, RELATIONS = "rows", "relations"


def transfer_state(
    old: FittedModel, fresh: FittedModel, new: Triples, edit: TripleEdit
) -> FittedModel:
    """Old state and edit -> the state in the rows of the new graph, what is new as in `fresh`.

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
    rows = next(name for name in weights if _last_part(name) == ROWS)
    weights[rows] = _placed(fresh, weights[rows], weights[RELATIONS], entities < 0, new)
    return replace(fresh, weights=weights, sums=sums)


def transfer_text_head(old: FittedModel, edit: TripleEdit) -> TextHead | None:
    """Old model -> its text head with the new graph's relations; a new one has a neutral vector."""
    text_head = old.text_head
    if text_head is None:
        return None
    old_rows = _relations(old, edit)
    relations = torch.where(old_rows[:, None] >= 0, text_head.relations[old_rows], 0.0)
    return TextHead.restored({**text_head.state_dict(), "relations": relations})


def _relations(old: FittedModel, edit: TripleEdit) -> Tensor:
    """`[2 r]`: the old row of each new relation and of its reciprocal, -1 of a new one."""
    halves = np.where(edit.relations >= 0, edit.relations + len(old.relation_names), -1)
    return torch.from_numpy(np.concatenate([edit.relations, halves]))


def _moved(
    old: Mapping[str, Tensor], fresh: Mapping[str, Tensor], tables: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    moved = {}
    for name, value in fresh.items():
        moved[name] = value.clone()
        if _last_part(name) in tables:
            table = tables[_last_part(name)]
            moved[name][table >= 0] = old[name][table[table >= 0]]
        elif name in old and old[name].shape == value.shape:
            moved[name] = old[name].clone()
    return moved


def _placed(
    model: FittedModel, rows: Tensor, relations: Tensor, is_new: Tensor, new: Triples
) -> Tensor:
    """Rows `[n, d]` -> the same, new ones at the mean of their neighbours' queries, of old length.

    Only for rows that are their own keys; the others keep their initial values.
    """
    score = model.score
    if not is_new.any() or score.keys(rows).shape != rows.shape:
        return rows
    head, link, tail = torch.from_numpy(new.train).T
    count = len(new.relations)
    links = torch.cat([torch.stack([head, link, tail]), torch.stack([tail, link + count, head])], 1)
    links = links[:, is_new[links[2]] & ~is_new[links[0]]]
    queries = score.queries(score.heads(rows[links[0]]), relations[links[1]])
    total = torch.zeros_like(rows).index_add_(0, links[2], queries)
    linked = is_new & (total.norm(dim=1) > 0)
    if not linked.any() or is_new.all():
        return rows
    length = rows[~is_new].norm(dim=1).median()
    placed = rows.clone()
    placed[linked] = total[linked] / total[linked].norm(dim=1, keepdim=True) * length
    return placed


def _last_part(parameter: str) -> str:
    return parameter.rpartition(".")[2]
