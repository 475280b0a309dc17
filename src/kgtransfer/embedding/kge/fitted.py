"""The result of a training: vectors, weights, and the optimiser's memory of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import safetensors.torch
from safetensors import SafetensorError

from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.scores import SCORES
from kgtransfer.embedding.kge.scores.lookup import restored_score, score_function, score_probe
from kgtransfer.embedding.kge.scores.sum_score import SumScore
from kgtransfer.embedding.kge.text_head import TextHead, TextHeadScore
from kgtransfer.errors import RunError
from kgtransfer.utils.files import json_bytes, read_bytes, read_json, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from kgtransfer.embedding.kge.scores.base import Score
    from kgtransfer.embedding.kge.scores.lookup import ScoreLike

__all__ = ["TEXT_HEAD", "FittedModel"]

WEIGHTS, INDEX = "model.safetensors", "model.json"
TEXT_HEAD = "tower."  # what the names of a text head's weights begin with, as in saved folders


@dataclass(frozen=True, eq=False)
class FittedModel:
    """Vectors of a trained embedding, and what a training that goes on from it needs.

    Args:
        recipe: settings of the training.
        data: digest of the triples that it had.
        names: of the rows of `entities`.
        relation_names: of the first half of the rows of `relations`.
        entities: `[n, d]` float32; where there is a text head, its descriptions and keys come last.
        relations: `[2 r, d]` float32, the reciprocal relations in the second half.
        train: `[links, 3]` int32, the triples that it was trained on.
        irreflexive: `[2 r]`, relations that never link an entity to itself.
        epochs: passes over the training triples that these vectors have seen.
        weights: of the model, by parameter; `entities` are made of them.
        sums: Adagrad's sums of squared gradients, by parameter.
        valid: filtered metrics on the validation triples, empty where there are none.
        history: validation MRR by epoch, of all epochs that were run.
    """

    recipe: TrainingRecipe
    data: str
    names: tuple[str, ...]
    relation_names: tuple[str, ...]
    entities: Tensor
    relations: Tensor
    train: Tensor
    irreflexive: Tensor
    epochs: int
    weights: Mapping[str, Tensor]
    sums: Mapping[str, Tensor]
    valid: Mapping[str, float] = field(default_factory=dict)
    history: Mapping[int, float] = field(default_factory=dict)

    @property
    def score(self) -> Score:
        """The score function that the vectors were trained for."""
        base = score_function(self.recipe.model)
        text_head = self.text_head
        if text_head is None:
            return base
        entity, relation = base.widths(self.recipe.dim)
        return SumScore(base, TextHeadScore(text_head), entity, relation)

    @property
    def text_head(self) -> TextHead | None:
        """The network that tells links from descriptions, if the model has learnt one."""
        state = _under(TEXT_HEAD, self.weights)
        return TextHead.restored(state) if state else None

    @property
    def is_described(self) -> bool:
        """Whether the model has learnt to tell links from descriptions."""
        return any(name.startswith(TEXT_HEAD) for name in self.weights)

    def save(self, folder: Path) -> None:
        """Write `model.safetensors`, and `model.json` with its digest.

        A score function of the user's is named, as `module:Class`, and not written.
        """
        tensors = {f"weights.{name}": value for name, value in self.weights.items()}
        tensors |= {f"sums.{name}": value for name, value in self.sums.items()}
        tensors |= {"entities": self.entities, "relations": self.relations, "train": self.train}
        tensors["irreflexive"] = self.irreflexive
        content = safetensors.torch.save({k: v.contiguous() for k, v in tensors.items()})
        recipe = self.recipe.settings()
        index = {
            "sha256": write_atomically(folder / WEIGHTS, content),
            "recipe": recipe,
            "data": self.data,
            "entities": self.names,
            "relations": self.relation_names,
            "epochs": self.epochs,
            "valid": dict(self.valid),
            "history": {str(epoch): mrr for epoch, mrr in self.history.items()},
        }
        if recipe["model"] not in SCORES:
            index["score_probe"] = score_probe(self.recipe.model)
        write_atomically(folder / INDEX, json_bytes(index))

    @classmethod
    def load(cls, folder: Path, model: ScoreLike | None = None) -> FittedModel:
        """Read what `save` wrote.

        Args:
            folder: that was written.
            model: the score function, where it is the user's: code that a folder names is not run.

        Raises:
            ConfigError: `model` is no score function.
            RunError: a file is missing, cut off or altered; the message names it. Or the score
                function is the user's and not handed in, or another one is.
        """
        index = read_json(folder / INDEX)
        content = read_bytes(folder / WEIGHTS, str(index.get("sha256", "")))
        try:
            tensors = safetensors.torch.load(content)
            settings = index["recipe"]
            score = restored_score(settings["model"], index.get("score_probe", ()), model)
            return cls(
                recipe=TrainingRecipe(**(settings | {"model": score})),
                data=index["data"],
                names=tuple(index["entities"]),
                relation_names=tuple(index["relations"]),
                entities=tensors["entities"],
                relations=tensors["relations"],
                train=tensors["train"],
                irreflexive=tensors["irreflexive"],
                epochs=index["epochs"],
                weights=_under("weights.", tensors),
                sums=_under("sums.", tensors),
                valid=index["valid"],
                history={int(epoch): mrr for epoch, mrr in index["history"].items()},
            )
        except (SafetensorError, KeyError, TypeError, ValueError) as error:
            raise RunError(
                f"{folder / INDEX}: not the index of an embedding ({error})",
                cure="restore the folder from a copy, or embed again",
            ) from error


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
