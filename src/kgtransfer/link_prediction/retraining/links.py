"""The links of an edited ontology, those held out as they were held out before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kgtransfer.embedding.kge.triples import Triples, graph_triples

if TYPE_CHECKING:
    import numpy.typing as npt

    from kgtransfer.edits.edit import Edit

__all__ = ["edited_triples", "link_names"]

Link = tuple[str, str, str]


def edited_triples(before: Triples, edit: Edit) -> Triples:
    """Triples of the ontology before an edit -> of the one after it.

    A link that was held out and is still there is held out again; all others are learnt from.

    Args:
        before: with validation and test links.
        edit: of the ontology.
    """
    after = graph_triples(edit.after)
    row_of = {link: row for row, link in enumerate(link_names(after, after.train))}
    valid, test = (
        [row_of[link] for link in link_names(before, rows, edit) if link in row_of]
        for rows in (before.valid, before.test)
    )
    left = np.setdiff1d(np.arange(len(after.train)), [*valid, *test])
    train_rows, valid_rows, test_rows = (after.train[rows] for rows in (left, valid, test))
    return replace(after, train=train_rows, valid=valid_rows, test=test_rows)


def link_names(
    triples: Triples, rows: npt.NDArray[np.int64], edit: Edit | None = None
) -> list[Link]:
    """Links `[n, 3]` -> the IRIs of each, as they are called after an edit."""
    entities, relations = triples.entities, triples.relations
    if edit:
        entities, relations = edit.renamed(entities), edit.renamed(relations)
    return [(entities[head], relations[link], entities[tail]) for head, link, tail in rows.tolist()]
