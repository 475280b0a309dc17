from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
import torch

from kgtransfer.embedding import ConceptEmbeddings, FittedModel
from kgtransfer.errors import ConfigError, DataError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.link_prediction.embed import embed_folder, embed_ontology

# A cycle of 12 with its inverse: every held-out link follows from its neighbours.
LINKS = [(f"e{i}", "next", f"e{(i + 1) % 12}") for i in range(12)]
LINKS += [(t, "previous", h) for h, _, t in LINKS]


class Lengths:
    """Reads a text as its length and its first letter."""

    name = "lengths"

    def encode(self, texts):
        return torch.tensor([[float(len(text)), float(ord(text[0]))] for text in texts])


def write(folder: Path, **splits) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in splits.items():
        (folder / f"{name}.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
    return folder


@pytest.fixture
def cycle(tmp_path) -> Path:
    held_out = {("e3", "next", "e4"), ("e8", "previous", "e7")}
    train = [link for link in LINKS if link not in held_out]
    return write(tmp_path / "cycle", train=train, valid=[LINKS[3]], test=[("e8", "previous", "e7")])


def test_a_folder_gives_metrics_vectors_and_a_model(cycle, tmp_path):
    out = tmp_path / "out"
    result = embed_folder(cycle, out, dim=16, epochs=30)
    assert set(result["test"]) == {"mrr", "hits@1", "hits@3", "hits@10"}
    assert result["valid"] == FittedModel.load(out).valid
    assert (result["entities"], result["relations"], result["links"]) == (12, 2, 22)
    assert result["cpu_seconds"] > 0
    assert result["unseen"] == {"entities": 0, "valid_triples": 0, "test_triples": 0}
    assert ConceptEmbeddings.load(out).iris == FittedModel.load(out).names
    assert not (out / "checkpoint").exists()


def test_a_search_is_reported_and_leaves_no_trace_in_the_folder(cycle, tmp_path):
    lines, out = [], tmp_path / "out"
    result = embed_folder(cycle, out, dim=16, epochs=8, budget="4x", tell=lines.append)
    search = result["search"]
    assert (search["budget"], search["trainings"], search["held_out"]) == ("4x", 4.0, 0)
    assert [len(rung) > 0 for rung in search["rungs"]] == [True] * 4
    assert {c["dim"] for rung in search["rungs"] for c in rung} == {16}  # as was asked for
    assert len(lines) == 5
    assert FittedModel.load(out).recipe.n3 == result["recipe"]["n3"]
    assert not (out / "checkpoint").exists()
    assert "search" not in embed_folder(cycle, tmp_path / "plain", dim=16, epochs=8, budget=0)


def test_an_update_keeps_the_settings_that_a_search_chose(cycle, tmp_path):
    embed_folder(cycle, tmp_path / "old", dim=16, epochs=8, budget="4x")
    old = FittedModel.load(tmp_path / "old")
    with (cycle / "train.tsv").open("a") as file:
        file.write("e0\tnext\tnew\n")
    result = embed_folder(cycle, tmp_path / "new", old=old)
    assert result["recipe"] == old.recipe.settings()
    assert "search" not in result


def test_entities_that_only_test_has_stay_in_the_ranking(cycle, tmp_path):
    write(cycle, test=[("stranger", "next", "e1")])
    result = embed_folder(cycle, tmp_path / "out", dim=4, epochs=1)
    assert result["unseen"] == {"entities": 1, "valid_triples": 0, "test_triples": 1}
    assert result["entities"] == 13


def test_without_validation_and_test_there_are_no_metrics(tmp_path):
    folder = write(tmp_path / "few", train=[("a", "r", "b")])
    result = embed_folder(folder, tmp_path / "out", dim=4, epochs=2)
    assert (result["valid"], result["test"], result["epochs"]) == ({}, {}, 2)


def test_texts_and_numbers_describe_entities(cycle, tmp_path):
    write(
        cycle,
        entity_text=[(f"e{i}", "x" * (i + 1)) for i in range(12)],
        numeric_literals=[("e0", "size", "3"), ("e1", "size", "4")],
    )
    embed_folder(cycle, tmp_path / "out", dim=4, epochs=1, text=Lengths())
    model = FittedModel.load(tmp_path / "out")
    assert model.weights["tower.answers.0.weight"].shape[1] == 4


def test_a_folder_without_texts_cannot_be_read(cycle, tmp_path):
    with pytest.raises(ConfigError, match="no texts to read"):
        embed_folder(cycle, tmp_path / "out", text=Lengths())


def test_an_edited_folder_is_an_update(cycle, tmp_path):
    embed_folder(cycle, tmp_path / "old", dim=16, epochs=30)
    with (cycle / "train.tsv").open("a") as file:
        file.write("e0\tnext\tnew\nnew\tprevious\te0\n")
    old = FittedModel.load(tmp_path / "old")
    result = embed_folder(cycle, tmp_path / "new", old=old)
    assert result["update"]["counts"]["entities"] == {"kept": 12, "new": 1, "gone": 0}
    assert result["update"]["counts"]["triples"] == {"kept": 22, "new": 2, "gone": 0}
    assert "new" in ConceptEmbeddings.load(tmp_path / "new")


def test_an_update_with_texts_needs_an_old_model_with_texts(cycle, tmp_path):
    embed_folder(cycle, tmp_path / "old", dim=4, epochs=1)
    write(cycle, numeric_literals=[("e0", "size", "3")])
    with pytest.raises(ConfigError, match="differ in whether texts and numbers"):
        embed_folder(cycle, tmp_path / "new", old=FittedModel.load(tmp_path / "old"))


def test_an_ontology_is_tried_on_held_out_links(family: KnowledgeGraph, tmp_path):
    result = embed_ontology(family, tmp_path, dim=32, epochs=30)
    assert result["valid"]["mrr"] > 0.8
    assert result["test"]["mrr"] > 0.8
    assert result["graph"] == family.hash
    assert FittedModel.load(tmp_path).names == family.concepts


def test_an_ontologys_settings_are_searched_where_that_is_asked_for(family, tmp_path):
    result = embed_ontology(family, tmp_path, dim=8, epochs=4, budget="3x")
    assert result["search"]["trainings"] == 3.0
    assert result["recipe"]["dim"] == 8
    assert FittedModel.load(tmp_path).names == family.concepts


def test_text_alone_has_neither_metrics_nor_model(family: KnowledgeGraph, tmp_path):
    result = embed_ontology(family, tmp_path, model=None, text=Lengths())
    assert (result["valid"], result["test"]) == ({}, {})
    assert ConceptEmbeddings.load(tmp_path).parts == {"text": (0, 2)}
    assert not (tmp_path / "model.json").exists()


def test_an_edited_ontology_is_an_update(family: KnowledgeGraph, tmp_path):
    embed_ontology(family, tmp_path / "old", dim=32, epochs=30)
    file = tmp_path / "new.ttl"
    family_iri = "https://example.org/family/"
    file.write_text(
        family.to_turtle()
        + f"<{family_iri}mother0> <{family_iri}parentOf> <{family_iri}foundling> ."
        + f'<{family_iri}foundling> <http://www.w3.org/2000/01/rdf-schema#label> "foundling" .'
    )
    old = FittedModel.load(tmp_path / "old")
    result = embed_ontology(read_ontology(file), tmp_path / "new", old=old)
    assert result["update"]["counts"]["entities"]["new"] == 1
    assert result["update"]["forgetting"] <= 0.003
    vectors = ConceptEmbeddings.load(tmp_path / "new")
    assert vectors[f"{family_iri}foundling"].norm() == pytest.approx(1.0)


@pytest.mark.parametrize(("name", "mrr"), [("umls", 0.95), ("kinships", 0.86), ("nations", 0.7)])
def test_small_benchmarks_reach_their_known_level(name, mrr, tmp_path):
    source = files("pykeen") / "datasets" / name  # public benchmarks that come with the package
    for split in ("train", "valid", "test"):
        (tmp_path / f"{split}.tsv").write_text((source / f"{split}.txt").read_text())
    result = embed_folder(tmp_path, tmp_path / "out", budget=0)
    assert result["test"]["mrr"] >= mrr


def test_an_empty_train_file_is_an_error(tmp_path):
    with pytest.raises(DataError, match="no triples"):
        embed_folder(write(tmp_path / "empty", train=[]), tmp_path / "out")
