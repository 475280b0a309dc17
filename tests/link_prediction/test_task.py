"""Links between couples whose texts alone say who belongs together."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from kgtransfer.embedding import FittedModel
from kgtransfer.embedding.kge.described import with_text_head
from kgtransfer.embedding.kge.evaluate import Ranking
from kgtransfer.embedding.kge.text_head import TextHead
from kgtransfer.embedding.kge.triples import Triples
from kgtransfer.errors import ConfigError
from kgtransfer.experiments.arms import Arm
from kgtransfer.kinds import load
from kgtransfer.link_prediction.arms import ARMS, LinkMethod
from kgtransfer.link_prediction.data import LinkData, read_links
from kgtransfer.link_prediction.kind import SavedLinks
from kgtransfer.link_prediction.task import LinkTask
from kgtransfer.runs.experiment import experiment

NONE, BASELINE, KG, _ = ARMS


class Numbers:
    """Reads a text, a number, as the unit vector of that number."""

    def encode(self, texts):
        return torch.eye(40)[[int(text) if text.isdigit() else 0 for text in texts]]


@pytest.fixture(scope="module")
def couples(tmp_path_factory: pytest.TempPathFactory) -> LinkData:
    """40 couples of the same text; those of train say nothing of those of valid and test."""
    folder = tmp_path_factory.mktemp("links") / "couples"
    folder.mkdir()
    splits = {"train": range(24), "valid": range(24, 32), "test": range(32, 40)}
    for split, rows in splits.items():
        lines = "".join(f"a{i}\tmarriedTo\tb{i}\n" for i in rows)
        (folder / f"{split}.tsv").write_text(lines)
    texts = "".join(f"{side}{i}\t{i}\n" for i in range(40) for side in "ab")
    (folder / "entity_text.tsv").write_text(texts)
    return read_links(folder, text=Numbers)


@pytest.fixture(scope="module")
def task(couples) -> LinkTask:
    return LinkTask(couples, models=["complex", "distmult"], dim=8, epochs=3)


def test_popularity_ranks_both_ends_without_learning():
    links = np.array([[0, 0, 4], [1, 0, 4], [2, 0, 5]])
    triples = few_triples(links, test=np.array([[3, 0, 4]]))
    data = LinkData("few", triples, graph=None, features=torch.zeros(6, 0))  # type: ignore[arg-type]
    few = LinkTask(data)
    (setting,) = few.settings(few.arms)
    fit = few.fit(setting, NONE, 0)
    # The tail is the most frequent one: rank 1. Of heads, one is more frequent, and one is level:
    # the others are known answers, or the tail itself, which no link leads to itself. Rank 2.5.
    assert fit.per_sample.tolist() == [(1 + 1 / 2.5) / 2]
    assert fit.metrics == {"hits@1": 0.5, "hits@10": 1.0}
    assert few.arms == (NONE, BASELINE)
    assert few.headline == "baseline"


def few_triples(train, test) -> Triples:
    none = np.empty((0, 3), dtype=np.int64)
    return Triples(tuple("abcdxy"), ("likes",), train, none, test)


def test_descriptions_help_and_shuffled_ones_do_not(task, tmp_path):
    result = experiment(task, seeds=2, out=tmp_path / "run")
    assert (result.metric, result.headline, result.kind) == ("filtered MRR", "kg", "links")
    assert result.main.arms["kg"].mean > 0.8
    assert result.main.arms["shuffled"].mean < 0.3
    assert [(c.a, c.b, c.verdict) for c in result.main.comparisons[:2]] == [
        ("kg", "baseline", "helps"),
        ("kg", "shuffled", "helps"),
    ]
    assert len(result.main.arms["none"].per_seed) == 1  # nothing is learnt
    assert result.details["embedding"]["test links"] == 8
    assert result.details["embedding"].keys() >= {
        "validation MRR of complex",
        "validation MRR of distmult",
    }


def test_the_run_keeps_the_first_seeds_embedding(task, tmp_path):
    result = experiment(task, ["kg"], seeds=1, out=tmp_path / "run")
    saved = load(tmp_path / "run")
    assert isinstance(saved, SavedLinks)
    assert saved.result.to_json() == result.to_json()
    assert torch.equal(saved.model.entities, FittedModel.load(tmp_path / "run" / "model").entities)
    model = FittedModel.load(tmp_path / "run" / "model")
    assert model.is_described
    metrics = Ranking(task.links.triples).metrics(model, task.links.triples.test)
    assert metrics["mrr"] == pytest.approx(result.main.arms["kg"].mean)
    (file,) = saved.export(tmp_path / "vectors")
    entities, width = model.entities.shape
    assert file.name == "concepts.vec"
    assert file.read_text(encoding="utf-8").startswith(f"{entities} {width}\n{model.names[0]} ")


def test_the_baseline_has_the_score_function_of_the_best_validation(task):
    model, valid = task.baseline(0)
    assert valid.keys() == {"complex", "distmult"}
    assert valid[model.recipe.model] == max(valid.values())
    assert task.baseline(0)[0] is model  # not fitted again


def test_seeds_share_the_settings_that_a_search_chose(couples, tmp_path):
    own = LinkTask(couples, models=["complex"], dim=8, epochs=3, budget="4x")
    first, other = own.baseline(0)[0], own.baseline(1)[0]
    assert first.recipe == other.recipe
    assert not torch.equal(first.entities, other.entities)
    found = experiment(own, ["baseline"], seeds=1, out=tmp_path / "run").details["search"]
    assert found["complex"]["trainings"] == 4.0
    assert own.hash != LinkTask(couples, models=["complex"], dim=8, epochs=3, budget=0).hash


def test_without_validation_links_nothing_is_searched():
    links = np.array([[0, 0, 4], [1, 0, 4], [2, 0, 5]])
    triples = few_triples(links, test=np.array([[3, 0, 4]]))
    data = LinkData("few", triples, graph=None, features=torch.zeros(6, 0))  # type: ignore[arg-type]
    assert not LinkTask(data, budget="2x").budget


def test_with_the_weight_0_the_described_model_ranks_as_the_baseline(task):
    model, _ = task.baseline(1)
    features, triples = task.links.features, task.links.triples
    text_head = TextHead(features.mean(dim=0), 2 * len(triples.relations))
    closed = with_text_head(model, text_head, text_head.rows(features), 0.0)
    ranking = Ranking(triples)
    assert ranking.metrics(closed, triples.test) == ranking.metrics(model, triples.test)


def test_gates_say_how_much_descriptions_weigh(task):
    (setting,) = task.settings(task.arms)
    assert task.fit(setting, BASELINE, 0).gates == {}
    assert task.fit(setting, KG, 0).gates["descriptions"] > 0


def test_the_hash_covers_descriptions_and_settings(couples, task):
    assert LinkTask(couples, models=["complex", "distmult"], dim=8, epochs=3).hash == task.hash
    assert LinkTask(couples, models=["complex", "distmult"], dim=8, epochs=4).hash != task.hash
    other = LinkData(couples.name, couples.triples, couples.graph, 2 * couples.features)
    assert LinkTask(other, models=["complex", "distmult"], dim=8, epochs=3).hash != task.hash


def test_what_cannot_be_fitted_is_refused(couples, task):
    with pytest.raises(ConfigError, match="no score function 'hole'"):
        LinkTask(couples, models=["hole"])
    with pytest.raises(ConfigError, match="no score function to embed with"):
        LinkTask(couples, models=[])
    with pytest.raises(ConfigError, match="'much' is no budget"):
        LinkTask(couples, budget="much")
    (setting,) = task.settings(task.arms)
    with pytest.raises(ConfigError, match="the arm own has no method"):
        task.fit(setting, Arm("own"), 0)


def test_arms_of_the_users_own_run_too(task, tmp_path: Path):
    own = Arm("same", compare_to=("baseline",), method=LinkMethod("structure"))
    result = experiment(task, ["baseline", own], seeds=1, out=tmp_path / "run")
    assert result.compare("same", "baseline").difference == 0.0
