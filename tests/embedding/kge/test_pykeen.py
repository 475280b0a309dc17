"""The same ranks as PyKEEN (Ali et al., JMLR 2021), whichever of the two trained the model."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch

from kgtransfer.embedding.kge.evaluate import Ranking, filtered_ranks, ranking_metrics
from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.scores import SCORES
from kgtransfer.embedding.kge.triples import Triples, graph_triples

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pykeen_evaluation = pytest.importorskip("pykeen.evaluation")
    from pykeen.models import ComplEx, Model
    from pykeen.training import LCWATrainingLoop
    from pykeen.triples import CoreTriplesFactory

pytestmark = pytest.mark.filterwarnings("ignore")

DIM = 16


def factory(triples: Triples, rows: np.ndarray) -> CoreTriplesFactory:
    return CoreTriplesFactory(torch.from_numpy(rows), len(triples.entities), len(triples.relations))


@pytest.fixture(scope="module")
def triples(family) -> Triples:
    return graph_triples(family).hold_out(0.15)


@pytest.fixture(scope="module")
def theirs(triples) -> Model:
    train = factory(triples, triples.train)
    model = ComplEx(
        triples_factory=train,
        embedding_dim=DIM,
        loss="crossentropy",
        regularizer=None,
        random_seed=0,
    ).double()
    loop = LCWATrainingLoop(
        model=model, triples_factory=train, optimizer="adagrad", optimizer_kwargs={"lr": 1.0}
    )
    loop.train(train, num_epochs=5, batch_size=64, use_tqdm=False)
    return model.eval()


def pykeen_ranks(model: Model, triples: Triples) -> torch.Tensor:
    """Realistic ranks of tails, then of heads."""
    evaluator = pykeen_evaluation.RankBasedEvaluator(filtered=True, clear_on_finalize=False)
    evaluator.evaluate(
        model=model,
        mapped_triples=torch.from_numpy(triples.valid),
        additional_filter_triples=[torch.from_numpy(triples.train)],
        batch_size=8,
        use_tqdm=False,
    )
    sides = [evaluator.ranks[side, "realistic"] for side in ("tail", "head")]
    return torch.from_numpy(np.concatenate([rank for side in sides for rank in side])).double()


def side_by_side(values: torch.Tensor) -> torch.Tensor:
    """Complex `[rows, d]` -> real and imaginary parts `[rows, 2 d]`."""
    return torch.cat([values.real, values.imag], dim=1).detach()


def test_a_model_that_pykeen_trained_has_its_ranks(theirs, triples):
    entities, relations = (
        side_by_side(representations[0]())
        for representations in (theirs.entity_representations, theirs.relation_representations)
    )
    conjugate = torch.cat([relations[:, :DIM], -relations[:, DIM:]], dim=1)  # of the reciprocals
    ranks = filtered_ranks(
        SCORES["complex"],
        entities,
        torch.cat([relations, conjugate]),
        triples.valid,
        Ranking(triples).true_triples,
    )
    assert ranking_metrics(ranks)["mrr"] > 0.3  # untrained 0.08
    assert ranks.tolist() == pykeen_ranks(theirs, triples).tolist()


def test_a_model_that_we_trained_has_pykeens_ranks(triples):
    fitted = fit(triples, TrainingRecipe(dim=DIM, batch_size=200, n3=0.01, epochs=20))
    links = len(triples.relations)
    model = ComplEx(
        triples_factory=CoreTriplesFactory(
            torch.from_numpy(triples.train), len(triples.entities), links
        ),
        embedding_dim=DIM,
    ).double()
    entities, relations = fitted.entities.double(), fitted.relations.double()[:links]
    conjugate = torch.cat([relations[:, :DIM], -relations[:, DIM:]], dim=1)
    with torch.no_grad():
        for parameter, rows in (
            (model.entity_representations[0], entities),
            (model.relation_representations[0], relations),
        ):
            interleaved = torch.stack(rows.chunk(2, dim=1), dim=2)
            parameter._embeddings.weight.copy_(interleaved.reshape(len(rows), -1))
    ranks = filtered_ranks(
        SCORES["complex"],
        entities,
        torch.cat([relations, conjugate]),
        triples.valid,
        Ranking(triples).true_triples,
    )
    assert ranks.tolist() == pykeen_ranks(model.eval(), triples).tolist()
