"""A model with its optimiser: initial values, one pass over the triples, a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.sparse import check_sparse_tensor_invariants

from kgtransfer.embedding.kge.adagrad import Adagrad, RateGroup
from kgtransfer.embedding.kge.batches import batches, candidate_pool
from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.embedding.kge.processes import leads, processes, rank
from kgtransfer.embedding.kge.start import initial_model, updates_few_rows
from kgtransfer.embedding.kge.triples import with_reciprocals

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

    from kgtransfer.embedding.kge.model import LinkModel
    from kgtransfer.embedding.kge.recipe import TrainingRecipe
    from kgtransfer.embedding.kge.triples import Rows, Triples

__all__ = ["Learner"]

SHARED_RATE = 0.1


class Learner:
    """Trains a `LinkModel` by Adagrad (Duchi et al., JMLR 2011).

    What is random in an epoch depends on the seed and the number of the epoch alone, so that a
    training can be taken up again.

    Args:
        triples: what to learn.
        recipe: settings.
        seed: of the initial vectors and of the order of the triples.
        device: where to compute.

    Raises:
        ConfigError: there is no such score function, or torch-geometric is wanted and missing.
        DataError: there are no triples to train on.
    """

    def __init__(
        self,
        triples: Triples,
        recipe: TrainingRecipe,
        *,
        seed: int = 0,
        device: str | torch.device = "cpu",
    ) -> None:
        self.triples, self.recipe, self.seed = triples, recipe, seed
        self.device = torch.device(device)
        self._accelerator = _accelerator(self.device)
        # DistributedDataParallel sums the gradients of plain parameters as dense ones.
        sparse = self._accelerator is None and updates_few_rows(recipe, len(triples.entities))
        model = initial_model(triples, recipe, seed=seed, sparse=sparse)
        self.model = model.to(self.device)
        self.optimizer = Adagrad(_groups(self.model, recipe.lr))
        self.train = torch.from_numpy(with_reciprocals(triples.train, len(triples.relations)))
        self._penalties: list[Callable[[], Tensor]] = []
        shared = self._accelerator
        self._prepared: Any = shared.prepare(self.model) if shared else self.model

    def learn(self, epoch: int) -> None:
        """One pass over the triples; processes that share the training take turns at batches."""
        seed = self.seed * 1_000_003 + epoch
        random = torch.Generator().manual_seed(seed)
        turn, turns = rank(), processes()
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
            rows: which rows of a table are held, `[rows]` booleans, by the last part of its name;
                a parameter that is not named is held as a whole.
            strength: weight of the summed squares.
        """
        everything = torch.ones(1, 1, dtype=torch.bool)
        anchors = []
        for name, value in self.model.named_parameters():
            mask = rows.get(name.rpartition(".")[2], everything).to(self.device)
            mask = mask.view(-1, *[1] * (value.dim() - 1))
            anchors.append((value, value.detach().clone(), mask))

        def penalty() -> Tensor:
            squares = [((value - old).square() * mask).sum() for value, old, mask in anchors]
            return strength * torch.stack(squares).sum()

        self._penalties.append(penalty)

    def unlearn(self, triples: Rows, strength: float) -> None:
        """Learn that these `[k, 3]` triples do not hold; each step looks at some of them.

        Args:
            triples: what was taken to hold before.
            strength: weight of their unlikelihood, a mean over triples as the loss is.
        """
        removed = torch.from_numpy(with_reciprocals(triples, len(self.triples.relations)))
        entities, recipe = len(self.triples.entities), self.recipe

        def penalty() -> Tensor:
            batch = removed[torch.randperm(len(removed))[: recipe.batch_size]]
            pool = candidate_pool(batch, entities, recipe.negatives, torch.default_generator)
            candidates = None if pool is None else pool.to(self.device)
            return strength * self.model.unlikelihood(batch.to(self.device), candidates)

        if len(removed):
            self._penalties.append(penalty)

    def _step(self, batch: Tensor, pool: Tensor | None) -> None:
        loss = self._prepared(batch.to(self.device), None if pool is None else pool.to(self.device))
        for penalty in self._penalties:
            loss = loss + penalty()
        self.optimizer.zero_grad()
        loss.backward()
        with check_sparse_tensor_invariants(enable=False):  # type: ignore[no-untyped-call]
            self.optimizer.step()

    @property
    def leads(self) -> bool:
        """Whether this is the process, of those that share the training, that writes and tells."""
        return leads()

    def wait(self) -> None:
        """Until all processes that share the training have come here."""
        if self._accelerator:
            self._accelerator.wait_for_everyone()

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
            sums={name: self.optimizer.sums[value].cpu().clone() for name, value in named.items()},
        )

    def slow_down(self, factor: float) -> None:
        """Multiply the learning rates."""
        for group in self.optimizer.groups:
            group.rate *= factor

    @torch.no_grad()
    def restore(self, state: FittedModel) -> None:
        """Take up weights and optimiser where `snapshot` left them."""
        for name, value in self.model.named_parameters():
            value.copy_(state.weights[name])
            self.optimizer.sums[value].copy_(state.sums[name])


def _accelerator(device: torch.device) -> Any:
    """What processes that share a training agree by; None for one alone, which starts sooner."""
    if processes() == 1:
        return None
    from accelerate import Accelerator

    return Accelerator(cpu=device.type == "cpu")


def _groups(model: LinkModel, rate: float) -> list[RateGroup]:
    """Parameters that all entities share learn at a tenth of the rate of a row of one's own."""
    shared = model.entities.shared()
    shared_ids = {id(parameter) for parameter in shared}
    rows = [parameter for parameter in model.parameters() if id(parameter) not in shared_ids]
    groups = RateGroup(rows, rate), RateGroup(shared, SHARED_RATE * rate)
    return [group for group in groups if group.parameters]
