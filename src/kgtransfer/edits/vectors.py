"""Concept vectors after an edit: texts that stay are not read again, links are updated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch

from kgtransfer.embedding import Embedded, relearn
from kgtransfer.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor

    from kgtransfer.edits.edit import Edit
    from kgtransfer.embedding.concepts import ConceptEmbeddings
    from kgtransfer.embedding.text import Encoder

__all__ = ["RememberedTexts", "updated_vectors"]


def updated_vectors(
    old: Embedded, edit: Edit, load: Callable[[], Encoder], *, seed: int
) -> Embedded:
    """Vectors of the edited graph's concepts.

    Args:
        old: of the graph before the edit.
        edit: between the graphs.
        load: gives the text encoder; called only where a text is new.
        seed: of the update.
    """
    if old.model is None:
        raise RunError("the run has no model of its concepts' links", cure="make the run again")
    before = replace(old.concepts, iris=edit.renamed(old.concepts.iris))
    model = replace(
        old.model,
        names=edit.renamed(old.model.names),
        relation_names=edit.renamed(old.model.relation_names),
    )
    text = None
    if "text" in before.parts:
        text = RememberedTexts.of(old.concepts, edit, before.provenance["encoder"], load)
    concepts, change = relearn(model, edit.after, text=text, seed=seed)
    return Embedded(concepts, None, change.fitted)


@dataclass(frozen=True)
class RememberedTexts:
    """An encoder that knows the vectors of some texts, and asks another for the rest.

    Attributes:
        kept: text -> its vector.
        name: of the encoder that they came from.
        load: gives it; called only where a text is new.
    """

    kept: Mapping[str, Tensor]
    name: str
    load: Callable[[], Encoder]

    @classmethod
    def of(
        cls, old: ConceptEmbeddings, edit: Edit, name: str, load: Callable[[], Encoder]
    ) -> RememberedTexts:
        """The texts that the concepts had before an edit.

        Args:
            old: vectors of the concepts, with a part of their texts.
            edit: of their ontology.
            name: of the encoder.
            load: gives it.
        """
        vectors = replace(old, iris=edit.renamed(old.iris)).part("text")
        return cls({edit.before.text(iri): vectors[iri] for iri in vectors.iris}, name, load)

    def encode(self, texts: Sequence[str], /) -> Tensor:
        """Vectors `[texts, d]`, float32."""
        lacking = [text for text in texts if text not in self.kept]
        fresh = dict(zip(lacking, self.load().encode(lacking), strict=True)) if lacking else {}
        return torch.stack([fresh[t] if t in fresh else self.kept[t] for t in texts]).float()
