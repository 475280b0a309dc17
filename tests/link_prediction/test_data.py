from __future__ import annotations

from pathlib import Path

import pytest
import torch

from kgtransfer.errors import DataError
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.link_prediction.data import graph_links, read_links

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


class Lengths:
    def encode(self, texts):
        return torch.tensor([[float(len(text))] for text in texts])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "train.tsv").write_text("a\tlikes\thttp://example.org/b\n")
    (tmp_path / "test.tsv").write_text("http://example.org/b\tlikes\ta\n")
    (tmp_path / "entity_text.tsv").write_text("a\tan apple\nhttp://example.org/b\ta bee\n")
    (tmp_path / "numeric_literals.tsv").write_text("a\tmass\t0.5\n")
    return tmp_path


def test_a_folder_has_links_and_descriptions_and_a_graph_of_them(folder):
    data = read_links(folder, text=Lengths)
    assert (len(data.triples.train), len(data.triples.test)) == (1, 1)
    assert data.triples.entities == ("a", "http://example.org/b")
    assert data.features.tolist() == [[0.0, 1.0, 8.0], [0.0, 0.0, 5.0]]
    assert data.graph.label("http://example.org/b") == "a bee"
    (mass,) = data.graph.numbers
    assert (mass.concept, mass.predicate, mass.value) == (
        "urn:kgtransfer:a",
        "urn:kgtransfer:mass",
        0.5,
    )


def test_without_an_encoder_texts_describe_nothing(folder):
    data = read_links(folder)
    assert data.features.shape == (2, 2)
    assert data.graph.predicates == ("urn:kgtransfer:mass",)


def test_a_folder_without_test_links_is_refused(folder):
    (folder / "test.tsv").unlink()
    with pytest.raises(DataError, match="no links to test on"):
        read_links(folder)


def test_an_ontology_holds_some_of_its_links_out(family: KnowledgeGraph):
    data = graph_links(family, text=Lengths)
    splits = [len(split) for split in (data.triples.train, data.triples.valid, data.triples.test)]
    assert sum(splits) == len(family.edges)
    assert splits[1:] == [round(0.1 * sum(splits)), round(0.1 * (sum(splits) - splits[1]))]
    assert data.triples.entities == family.concepts
    assert data.features.shape == (49, 1)
    assert data.graph is family
