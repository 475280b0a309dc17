"""A score function by its name, or one of the user's own, and what a saved model says of it."""

from __future__ import annotations

import json

import pytest
import torch

from kgtransfer.embedding import FittedModel, ScoreFunction, embed, embedded
from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.scores import SCORES, ComplEx, TransE
from kgtransfer.embedding.kge.scores.lookup import score_function, score_name, score_probe
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.embedding.kge.update import update
from kgtransfer.errors import ConfigError, RunError


class HolE:
    """HolE (Nickel et al., AAAI 2016): the relation's dot product with a circular correlation."""

    components = 1
    bilinear = True

    def widths(self, dim):
        return dim, dim

    def heads(self, rows):
        return rows

    def keys(self, rows):
        return rows

    def queries(self, heads, relations):
        product = torch.fft.rfft(heads) * torch.fft.rfft(relations)
        return torch.fft.irfft(product, n=heads.shape[-1])

    def compare(self, queries, keys):
        return queries @ keys.T

    def relation_queries(self, heads, keys):
        product = torch.fft.rfft(heads).conj() * torch.fft.rfft(keys)
        return torch.fft.irfft(product, n=heads.shape[-1])


class Scaled(HolE):
    def __init__(self, scale):
        self.scale = scale

    def queries(self, heads, relations):
        return self.scale * super().queries(heads, relations)


class Shifted(HolE):
    def compare(self, queries, keys):
        return queries @ keys.T - 1.0


HOLE = f"{__name__}:HolE"
FAST = TrainingRecipe(model=HolE, dim=32, batch_size=200, n3=0.01, epochs=30)


@pytest.fixture(scope="module")
def triples(family):
    return graph_triples(family).hold_out(0.1)


@pytest.fixture(scope="module")
def fitted(triples):
    return fit(triples, FAST)


def test_a_score_function_of_the_users_learns_links(fitted):
    assert fitted.entities.shape == (49, 32)
    assert fitted.valid["mrr"] > 0.8


@pytest.mark.parametrize("model", [HolE, HolE()])
def test_a_class_and_an_instance_embed_the_same(family, model):
    concepts = embed(family, model=model, dim=32, epochs=5)
    assert concepts.parts == {"structure": (0, 32)}
    assert concepts.provenance["model"] == HOLE
    assert torch.equal(concepts.vectors, embed(family, model=HolE, dim=32, epochs=5).vectors)


def test_an_edit_updates_a_model_of_the_users(fitted, triples):
    changed = update(fitted, triples)
    assert torch.equal(changed.fitted.entities, fitted.entities)


@pytest.mark.parametrize(
    ("model", "name"),
    [("rotate", "rotate"), (ComplEx, "complex"), (TransE(p=1), "transe_l1"), (HolE(), HOLE)],
)
def test_a_score_function_has_its_short_name_or_that_of_its_class(model, name):
    assert score_name(model) == name


def test_each_name_stands_for_its_score_function():
    assert all(score_function(name) is score for name, score in SCORES.items())
    assert isinstance(score_function(HolE), HolE)


def test_what_is_no_score_function_is_refused_before_anything_is_learnt(family):
    with pytest.raises(ConfigError, match=r"int is no score function: it lacks components, bil"):
        embed(family, model=3)
    with pytest.raises(ConfigError, match=r"Scaled cannot be made without arguments"):
        embed(family, model=Scaled)
    with pytest.raises(ConfigError, match="no score function 'hole'"):
        embed(family, model="hole")
    with pytest.raises(ConfigError, match="Shifted is bilinear, but its scores are not dot"):
        embed(family, model=Shifted)


def test_a_saved_model_names_the_class_and_needs_it_again(fitted, tmp_path):
    fitted.save(tmp_path)
    assert json.loads((tmp_path / "model.json").read_text())["recipe"]["model"] == HOLE
    with pytest.raises(RunError, match=rf"score function {HOLE}, which is not at hand"):
        FittedModel.load(tmp_path)
    again = FittedModel.load(tmp_path, HolE)
    assert torch.equal(again.entities, fitted.entities)
    assert isinstance(again.score, HolE)


def test_another_score_function_than_the_saved_one_is_refused(fitted, tmp_path):
    fitted.save(tmp_path)
    with pytest.raises(RunError, match=rf"score function {HOLE}, not complex"):
        FittedModel.load(tmp_path, "complex")


def test_other_settings_of_the_same_class_are_refused(triples, tmp_path):
    fit(triples, TrainingRecipe(model=Scaled(2.0), dim=4, epochs=1)).save(tmp_path)
    assert FittedModel.load(tmp_path, Scaled(2.0)).score.scale == 2.0
    with pytest.raises(RunError, match="gives other scores than when"):
        FittedModel.load(tmp_path, Scaled(3.0))


def test_a_file_with_a_short_name_has_no_probe(triples, tmp_path):
    fit(triples, TrainingRecipe(model=ComplEx(), dim=4, epochs=1)).save(tmp_path)
    index = json.loads((tmp_path / "model.json").read_text())
    assert index["recipe"]["model"] == "complex"
    assert "score_probe" not in index
    assert FittedModel.load(tmp_path).recipe.model == "complex"


def test_a_training_with_a_class_of_the_users_is_taken_up_again(triples, fitted, tmp_path):
    fit(triples, TrainingRecipe(**(vars(FAST) | {"epochs": 2})), checkpoint=tmp_path)
    resumed = fit(triples, FAST, checkpoint=tmp_path)
    assert torch.equal(resumed.entities, fitted.entities)
    with pytest.raises(RunError, match="not at hand"):
        fit(triples, TrainingRecipe(**(vars(FAST) | {"model": "cp"})), checkpoint=tmp_path)


def test_the_cache_tells_settings_of_one_class_apart(family, tmp_path):
    options = {"dim": 8, "epochs": 3, "cache": tmp_path}
    first = embedded(family, model=Scaled(1.0), **options)
    other = embedded(family, model=Scaled(4.0), **options)
    assert not torch.equal(first.concepts.vectors, other.concepts.vectors)
    again = embedded(family, model=Scaled(1.0), **options)
    assert torch.equal(again.concepts.vectors, first.concepts.vectors)
    assert again.structure is None  # it was read back, not learnt again
    assert len(list(tmp_path.iterdir())) == 2


def test_the_probe_is_of_fixed_rows():
    assert score_probe("distmult") == score_probe(SCORES["distmult"])
    assert score_probe(Scaled(3.0)) == pytest.approx([3 * s for s in score_probe(HolE)])


def test_the_protocol_is_public():
    assert {"widths", "queries", "compare"} <= set(dir(ScoreFunction))
