"""Training of a knowledge-graph embedding: 1-vs-all softmax, reciprocal relations, N3."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

from kgtransfer.backbones.precision import autocast
from kgtransfer.embedding.evaluate import filtered_ranks, ranking_metrics
from kgtransfer.embedding.scores import SCORES, ScoreFunction
from kgtransfer.embedding.triples import FilterIndex, Triples, with_reciprocals
from kgtransfer.errors import ConfigError, DataError

__all__ = ["FittedModel", "Progress", "fit", "one_vs_all_loss"]

Progress: TypeAlias = Callable[[str, float], None]
"""Told what is going on, in words, and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, eq=False)
class FittedModel:
    """Vectors of a trained embedding.

    Args:
        score: the score function that they were trained for.
        entities: `[n, d]` float32.
        relations: `[2 r, d]` float32, the reciprocal relations in the second half.
        epochs: passes over the training triples that these vectors have seen.
        valid: their filtered metrics on the validation triples, empty where there are none.
        history: validation MRR by epoch, of all epochs that were run.
    """

    score: ScoreFunction
    entities: Tensor
    relations: Tensor
    epochs: int
    valid: Mapping[str, float] = field(default_factory=dict)
    history: Mapping[int, float] = field(default_factory=dict)


def fit(
    triples: Triples,
    model: str = "complex",
    *,
    dim: int = 128,
    epochs: int = 50,
    batch_size: int = 1_000,
    lr: float = 0.1,
    n3: float = 0.05,
    negatives: int | None = None,
    validate_every: int = 1,
    patience: int = 3,
    seed: int = 0,
    device: str | torch.device = "cpu",
    progress: Progress = lambda message, done: None,
) -> FittedModel:
    """Train on `triples.train` and keep the epoch that is best on `triples.valid`.

    The recipe of Lacroix et al. (ICML 2018): cross-entropy of each triple's tail among all
    entities, reciprocal relations, weighted N3, Adagrad, initial values of standard deviation
    1e-3. The same seed gives the same bits on the same machine and number of threads.

    Args:
        triples: what to learn; without validation triples all epochs are run.
        model: a key of `SCORES`.
        dim: factors of a vector; complex factors are two columns wide.
        epochs: the most passes over the training triples.
        batch_size: triples of one step, both directions counted.
        lr: learning rate of Adagrad.
        n3: weight of the nuclear 3-norm.
        negatives: entities drawn anew at each step to stand for all of them in the softmax,
            beside the tails of the step; None takes all, which costs more on a large graph.
        validate_every: epochs from one validation to the next.
        patience: validations without gain after which training stops.
        seed: of the initial vectors and of the order of the triples.
        device: where to compute; the result comes back to the CPU.
        progress: told after each epoch.

    Raises:
        ConfigError: there is no such score function.
        DataError: there are no triples to train on.
        RunError: the training diverged.
    """
    score = _checked(triples, model)
    device, links = torch.device(device), len(triples.relations)
    random = torch.Generator().manual_seed(seed)
    sizes, width = (len(triples.entities), 2 * links), dim * score.components
    entities, relations = (
        torch.randn(size, width, generator=random).mul_(1e-3).to(device).requires_grad_()
        for size in sizes
    )
    optimiser = torch.optim.Adagrad([entities, relations], lr=lr, fused=device.type == "cpu")
    train = torch.from_numpy(with_reciprocals(triples.train, links))
    known = FilterIndex.build(with_reciprocals(triples.all, links), 2 * links)

    def learn() -> None:
        for batch in _batches(train, 2 * links, batch_size, random):
            pool = _pool(batch, len(entities), negatives, random)
            loss = one_vs_all_loss(score, entities, relations, batch.to(device), pool, n3=n3)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()

    def validate() -> dict[str, float]:
        held = entities.detach(), relations.detach()
        return ranking_metrics(filtered_ranks(score, *held, triples.valid, known))

    def snapshot(epoch: int, valid: Mapping[str, float]) -> FittedModel:
        copies = [vectors.detach().cpu().clone() for vectors in (entities, relations)]
        return FittedModel(score, copies[0], copies[1], epoch, valid, history)

    history: dict[int, float] = {}
    best: FittedModel | None = None
    pool_size = min(len(entities), batch_size + (negatives or len(entities)))
    with _threads_for(min(batch_size, len(train)) * pool_size):
        for epoch in range(1, epochs + 1):
            learn()
            if not len(triples.valid) or epoch % validate_every:
                progress(f"epoch {epoch}", epoch / epochs)
                continue
            valid = validate()
            history[epoch] = valid["mrr"]
            progress(f"epoch {epoch}: filtered MRR {valid['mrr']:.3f}", epoch / epochs)
            if best is None or valid["mrr"] > best.valid["mrr"]:
                best = snapshot(epoch, valid)
            elif epoch - best.epochs >= patience * validate_every:
                break
    return best or snapshot(epochs, {})


def _checked(triples: Triples, model: str) -> ScoreFunction:
    if model not in SCORES:
        raise ConfigError(f"no score function {model!r}", cure=f"one of: {', '.join(SCORES)}")
    if not len(triples.train):
        raise DataError("there are no links to train on", cure="link concepts to each other")
    return SCORES[model]


def one_vs_all_loss(
    score: ScoreFunction,
    entities: Tensor,
    relations: Tensor,
    batch: Tensor,
    pool: Tensor | None = None,
    *,
    n3: float,
) -> Tensor:
    """Mean over triples of the tail's cross-entropy among the candidates, plus weighted N3.

    Neighbouring triples of equal head and relation share one row of scores; the loss is that of
    a row each. N3 is `n3` times the summed cubed moduli of head, relation and tail, so that an
    entity is shrunk as often as it is used (Lacroix et al., ICML 2018). Scores are multiplied
    in bfloat16 where the processor is fast at it.

    Args:
        score: the score function.
        entities: `[n, d]`.
        relations: `[r, d]`, reciprocal ones included.
        batch: `[triples, 3]` rows.
        pool: rows of the candidates, sorted, every tail of the batch among them; None for all.
        n3: weight of the norm.
    """
    head, relation, tail = batch.T.contiguous()
    pair, row, uses = torch.unique_consecutive(
        head * len(relations) + relation, return_inverse=True, return_counts=True
    )
    heads = F.embedding(pair.div(len(relations), rounding_mode="floor"), entities)
    links = F.embedding(pair.remainder(len(relations)), relations)
    pool = None if pool is None else pool.to(entities.device)
    candidates = entities if pool is None else F.embedding(pool, entities)
    place = tail if pool is None else torch.searchsorted(pool, tail)
    with autocast(entities.device):
        scores = score.scores(heads, links, candidates)
    loss = _SharedRowCrossEntropy.apply(scores, row, place)
    cubes = [_cubed_moduli(vectors, score.components) for vectors in (heads, links)]
    norm = (uses * (cubes[0] + cubes[1])).sum()
    norm = norm + _cubed_moduli(F.embedding(place, candidates), score.components).sum()
    total: Tensor = loss + n3 * norm / len(batch)
    return total


class _SharedRowCrossEntropy(torch.autograd.Function):
    """Mean softmax cross-entropy of triples whose scores are rows shared between them.

    The gradient of a row is its softmax times the triples that share it, less their one-hots;
    made in the forward pass, it saves several passes over `[rows, n]`.
    """

    @staticmethod
    def forward(ctx: Any, scores: Tensor, row: Tensor, tail: Tensor) -> Tensor:
        share = 1 / len(row)
        log_softmax = scores.log_softmax(dim=1, dtype=torch.float32)
        loss = -log_softmax[row, tail].mean()
        uses = torch.bincount(row, minlength=len(scores))
        gradient = log_softmax.exp_().mul_(uses[:, None] * share)
        gradient.index_put_((row, tail), gradient.new_tensor(-share), accumulate=True)
        ctx.save_for_backward(gradient.to(scores.dtype))
        return loss

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * outer[0].to(gradient.dtype), None, None


def _cubed_moduli(vectors: Tensor, components: int) -> Tensor:
    """Sum over factors of the cubed modulus, `[rows, d]` -> `[rows]`."""
    squares = vectors.view(len(vectors), components, -1).square().sum(1)
    return (squares * (squares + 1e-12).sqrt()).sum(1)


def _batches(train: Tensor, relations: int, size: int, random: torch.Generator) -> Iterator[Tensor]:
    """Triples in random order, but those of equal head and relation next to each other."""
    _, group = torch.unique(train[:, 0] * relations + train[:, 1], return_inverse=True)
    place = torch.randperm(int(group.max()) + 1, generator=random)
    order = torch.argsort(place[group], stable=True)
    for start in range(0, len(order), size):
        yield train[order[start : start + size]]


def _pool(
    batch: Tensor, entities: int, negatives: int | None, random: torch.Generator
) -> Tensor | None:
    """Rows of the step's tails and of `negatives` drawn entities, sorted; None for everyone."""
    if negatives is None or negatives >= entities:
        return None
    drawn = torch.randint(entities, (negatives,), generator=random)
    pool: Tensor = torch.unique(torch.cat([batch[:, 2], drawn]))
    return pool


@contextmanager
def _threads_for(scores: int) -> Iterator[None]:
    """One thread where a step has few scores: on busy cores, waiting for others costs more."""
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1 if scores < 1_000_000 else before)
        yield
    finally:
        torch.set_num_threads(before)
