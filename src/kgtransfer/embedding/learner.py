"""A model with its optimiser: initial values, one pass over the triples, a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from accelerate import Accelerator

from kgtransfer.embedding.batches import batches, candidate_pool
from kgtransfer.embedding.entities import DescribedRows, FreeRows
from kgtransfer.embedding.fitted import FittedModel
from kgtransfer.embedding.model import LinkModel
from kgtransfer.embedding.scores import SCORES
from kgtransfer.embedding.triples import irreflexive, with_reciprocals
from kgtransfer.errors import ConfigError, DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

    from kgtransfer.embedding.recipes import Recipe
    from kgtransfer.embedding.scores import ScoreFunction
    from kgtransfer.embedding.triples import Rows, Triples

__all__ = ["Learner"]

SHARED_RATE = 0.1


class Learner:
    """Trains a `LinkModel` by Adagrad (Duchi et al., JMLR 2011).

    What is random in an epoch depends on the seed and the number of the epoch alone, so that a
    training can be taken up again.

    Args:
        triples: what to learn.
        recipe: settings.
        features: `[entities, f]` of what describes the entities, or None.
        seed: of the initial vectors and of the order of the triples.
        device: where to compute.

    Raises:
        ConfigError: there is no such score function.
        DataError: there are no triples to train on, or features that are not finite or of
            another number of entities.
    """

    def __init__(
        self,
        triples: Triples,
        recipe: Recipe,
        *,
        features: Tensor | None = None,
        seed: int = 0,
        device: str | torch.device = "cpu",
    ) -> None:
        score = _checked(triples, recipe, features)
        self.triples, self.recipe, self.seed = triples, recipe, seed
        self.device = torch.device(device)
        on_cpu = self.device.type == "cpu"
        self.model = _initial(triples, recipe, score, features, seed).to(self.device)
        self.optimizer = torch.optim.Adagrad(_groups(self.model, recipe.lr), fused=on_cpu)
        self.train = torch.from_numpy(with_reciprocals(triples.train, len(triples.relations)))
        self._penalty: Callable[[], Tensor] | None = None
        self._accelerator = Accelerator(cpu=on_cpu)
        self._prepared, self._stepper = self._accelerator.prepare(self.model, self.optimizer)

    def learn(self, epoch: int) -> None:
        """One pass over the triples; processes that share the training take turns at batches."""
        seed = self.seed * 1_000_003 + epoch
        random = torch.Generator().manual_seed(seed)
        turn, turns = self._accelerator.process_index, self._accelerator.num_processes
        planned = batches(
            self.train, len(self.model.relations), self.recipe.batch_size, random, turns
        )
        self._prepared.train()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            for number, batch in enumerate(planned):
                pool = candidate_pool(
                    batch, len(self.triples.entities), self.recipe.negatives, random
                )
                if number % turns == turn:
                    self._step(batch, pool)
        self._prepared.eval()

    def limit(self, triples: Rows) -> None:
        """Learn only these `[k, 3]` triples from now on."""
        self.train = torch.from_numpy(with_reciprocals(triples, len(self.triples.relations)))

    def anchor(self, rows: Mapping[str, Tensor], strength: float) -> None:
        """Hold parameters where they are now by a penalty on the squared distance.

        Args:
            rows: which rows of a table are held, `[rows]` booleans; a parameter that is not named
                is held as a whole.
            strength: weight of the summed squares.
        """
        everything = torch.ones(1, 1, dtype=torch.bool)
        held = [
            (value, value.detach().clone(), rows.get(name, everything).to(self.device).view(-1, 1))
            for name, value in self.model.named_parameters()
        ]

        def penalty() -> Tensor:
            far = [((now - then).square() * mask).sum() for now, then, mask in held]
            return strength * torch.stack(far).sum()

        self._penalty = penalty

    def _step(self, batch: Tensor, pool: Tensor | None) -> None:
        loss = self._prepared(batch.to(self.device), None if pool is None else pool.to(self.device))
        if self._penalty is not None:
            loss = loss + self._penalty()
        self._stepper.zero_grad()
        self._accelerator.backward(loss)
        self._stepper.step()

    @torch.no_grad()
    def snapshot(self, epoch: int) -> FittedModel:
        """Copies of everything that the epochs after this one depend on, on the CPU."""
        self.model.eval()
        named = dict(self.model.named_parameters())
        return FittedModel(
            recipe=self.recipe,
            data=self.triples.digest,
            names=self.triples.entities,
            relation_names=self.triples.relations,
            entities=self.model.entities().detach().cpu().clone(),
            relations=self.model.relations.detach().cpu().clone(),
            train=torch.from_numpy(self.triples.train.astype("int32")),
            epochs=epoch,
            irreflexive=self.model.irreflexive.cpu().clone(),
            weights={name: value.detach().cpu().clone() for name, value in named.items()},
            sums={
                name: self.optimizer.state[value]["sum"].cpu().clone()
                for name, value in named.items()
            },
        )

    @torch.no_grad()
    def restore(self, state: FittedModel) -> None:
        """Take up weights and optimiser where `snapshot` left them."""
        for name, value in self.model.named_parameters():
            value.copy_(state.weights[name])
            self.optimizer.state[value]["sum"].copy_(state.sums[name])


def _checked(triples: Triples, recipe: Recipe, features: Tensor | None) -> ScoreFunction:
    if recipe.model not in SCORES:
        cure = f"one of: {', '.join(SCORES)}"
        raise ConfigError(f"no score function {recipe.model!r}", cure=cure)
    if not len(triples.train):
        raise DataError("there are no links to train on", cure="link concepts to each other")
    if features is not None and len(features) != len(triples.entities):
        raise DataError(
            f"{len(features)} rows of features for {len(triples.entities)} entities",
            cure="give each entity one row, zeros where nothing is known",
        )
    if features is not None and not features.isfinite().all():
        row = int((~features.isfinite()).any(1).nonzero()[0])
        raise DataError(
            f"the features of {triples.entities[row]} are not finite",
            cure="leave out NaN and infinity",
        )
    return SCORES[recipe.model]


def _groups(model: LinkModel, lr: float) -> list[dict[str, Any]]:
    """Parameters that all entities share learn at a tenth of the rate of a row of one's own."""
    shared = model.entities.shared()
    own = [value for value in model.parameters() if not any(value is other for other in shared)]
    groups = [{"params": own, "lr": lr}, {"params": shared, "lr": SHARED_RATE * lr}]
    return [group for group in groups if group["params"]]


def _initial(
    triples: Triples, recipe: Recipe, score: ScoreFunction, features: Tensor | None, seed: int
) -> LinkModel:
    random = torch.Generator().manual_seed(seed)
    sizes = len(triples.entities), 2 * len(triples.relations)
    rows, relations = (
        torch.randn(size, width, generator=random).mul_(recipe.init)
        for size, width in zip(sizes, score.widths(recipe.dim), strict=True)
    )
    entities: FreeRows | DescribedRows = FreeRows(rows)
    if features is not None:
        relations += score.neutral(recipe.dim)  # at first, what is described alike is linked
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            entities = DescribedRows(rows, features, dropout=recipe.row_dropout)
    return LinkModel(
        score,
        entities,
        relations,
        n3=recipe.n3,
        relation_weight=recipe.relation_weight,
        irreflexive=irreflexive(triples) if recipe.no_loops else None,
    )
