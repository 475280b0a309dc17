from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch

from kgtransfer.embedding.kge.fit import fit
from kgtransfer.embedding.kge.fitted import FittedModel
from kgtransfer.embedding.kge.recipe import TrainingRecipe
from kgtransfer.embedding.kge.triples import graph_triples
from kgtransfer.errors import RunError


@pytest.fixture(scope="module")
def fitted(family) -> FittedModel:
    recipe = TrainingRecipe(dim=8, batch_size=200, epochs=2, cooldown=0)
    return fit(graph_triples(family).hold_out(0.1), recipe)


def test_a_saved_model_comes_back_whole(fitted, family, tmp_path):
    fitted.save(tmp_path)
    again = FittedModel.load(tmp_path)
    assert torch.equal(again.entities, fitted.entities)
    assert torch.equal(again.sums["relations"], fitted.sums["relations"])
    assert (again.recipe, again.names, again.epochs) == (fitted.recipe, family.concepts, 2)
    assert (again.valid, again.history) == (fitted.valid, fitted.history)
    assert again.data == fitted.data


def test_a_damaged_file_is_named(fitted, tmp_path):
    fitted.save(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"cut off")
    with pytest.raises(RunError, match=r"model\.safetensors: damaged"):
        FittedModel.load(tmp_path)


@pytest.mark.parametrize("lost", ["recipe", "entities", "history"])
def test_an_index_that_lacks_something_is_refused(fitted, tmp_path, lost):
    fitted.save(tmp_path)
    index = json.loads((tmp_path / "model.json").read_text())
    del index[lost]
    (tmp_path / "model.json").write_text(json.dumps(index))
    with pytest.raises(RunError, match="not the index of an embedding"):
        FittedModel.load(tmp_path)


def test_the_digest_tells_data_apart(family, fitted):
    triples = graph_triples(family).hold_out(0.1)
    assert triples.digest == fitted.data
    assert replace(triples, train=triples.train[1:]).digest != fitted.data
