"""A fitted model with its documents, saved and asked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.corpus import SearchCorpus
from kgtransfer.code.fitter import SearchFitter
from kgtransfer.code.index import SearchIndex
from kgtransfer.code.methods import SearchMethod
from kgtransfer.conditioning.gates import gates_of
from kgtransfer.embedding import ConceptEmbeddings
from kgtransfer.errors import DataError, RunError
from kgtransfer.experiments.arms import Arm
from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.retrieval.context_gate import context_gate_of
from kgtransfer.retrieval.contrastive import Knowledge, encode

OPEN = SearchMethod(context=0.6, gates={"class": 0.4, "module": 0.2, "callers": -0.1})


@pytest.fixture(scope="module")
def index(
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> SearchIndex:
    fitter = SearchFitter(corpus, graph, concepts, encoder)
    file = tmp_path_factory.mktemp("model") / "kg.safetensors"
    arm = Arm("kg", method=OPEN)
    fitter.run(arm, 0, model_file=file)
    return fitter.index(arm, 0, file)


def test_it_finds_a_function_by_what_it_does(index: SearchIndex) -> None:
    hits = index.search("deserialize a json document from a string", k=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].module.startswith("json")


def test_the_parts_of_the_concepts_add_up_to_what_the_gates_changed(index: SearchIndex) -> None:
    query = index.encode(["read the options of a section"])[0]
    row = next(r for r, d in enumerate(index.documents) if d.module == "configparser")
    (parts,) = index.evidence([query], [row], {}, most=10**6)
    plain, in_context = index.encode([index.documents[row].code, index.contexts[row]])
    gates = gates_of(index.model)
    pooled = index.grounding[[row]].condition(gates.embeddings)[0].detach()
    whole = 0.4 * plain + 0.6 * in_context + (gates.gates.detach()[:, None] * pooled).sum(0)
    expected = float(query @ (whole - plain) / whole.norm())
    assert sum(part.weight for part in parts) == pytest.approx(expected, abs=2e-3)
    assert {part.relation for part in parts} <= {"context", "class", "module", "callers"}
    (context,) = (part for part in parts if part.relation == "context")
    assert "configparser. " in context.concept


def test_a_saved_index_gives_the_same_bits(index: SearchIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    again = SearchIndex.load(tmp_path)
    queries = ["parse a config file", "days of a month"]
    assert torch.equal(again.encode(queries), index.encode(queries))
    assert torch.equal(again.vectors, index.vectors)
    found, expected = again.search(queries[0]), index.search(queries[0])
    assert [hit.name for hit in found] == [hit.name for hit in expected]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in expected], abs=1e-6)
    encoder = context_gate_of(again.model).backbone
    assert isinstance(encoder, TextEncoder)
    states = encoder.frozen_states([document.code for document in again.documents])
    known = Knowledge(again.grounding, encoder.frozen_states(again.contexts))
    recomputed = encode(again.model, states, known)
    torch.testing.assert_close(recomputed, index.vectors, atol=2e-3, rtol=0)  # bfloat16


def test_a_saved_index_keeps_the_iris_of_its_grounding(index: SearchIndex, tmp_path: Path) -> None:
    """Vectors in another order condition alike; a grounding in another order is refused."""
    index.save(tmp_path)
    backwards = tuple(reversed(index.concepts.iris))
    index.concepts.select(backwards).save(tmp_path)
    again = SearchIndex.load(tmp_path)
    assert again.concepts.iris == backwards
    assert again.grounding.concepts == index.grounding.concepts
    assert torch.equal(gates_of(again.model).embeddings, gates_of(index.model).embeddings)
    turned = replace(again.grounding, concepts=backwards)
    states = again.encoder.frozen_states([document.code for document in again.documents])
    with pytest.raises(DataError, match="concept 0 is <"):
        encode(again.model, states, Knowledge(turned))
    with pytest.raises(DataError, match="concept 0 is <"):
        SearchIndex(again.model, again.concepts, again.documents, turned, (), again.vectors)


def test_an_index_that_does_not_name_its_concepts_is_refused(
    index: SearchIndex, tmp_path: Path
) -> None:
    index.save(tmp_path)
    listing = json.loads((tmp_path / "documents.json").read_bytes())
    del listing["concepts"]
    (tmp_path / "documents.json").write_text(json.dumps(listing), encoding="utf-8")
    with pytest.raises(RunError, match="does not name the concepts"):
        SearchIndex.load(tmp_path)


def test_documents_of_an_earlier_version_are_refused(index: SearchIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    listing = json.loads((tmp_path / "documents.json").read_text(encoding="utf-8"))
    listing["documents"][0]["query"] = "what it was asked by"
    (tmp_path / "documents.json").write_text(json.dumps(listing), encoding="utf-8")
    with pytest.raises(RunError, match=r"documents.json: its documents are of another form"):
        SearchIndex.load(tmp_path)


@pytest.mark.parametrize("file", ["model.safetensors", "index.safetensors", "documents.json"])
def test_a_cut_file_is_refused_by_name(index: SearchIndex, tmp_path: Path, file: str) -> None:
    index.save(tmp_path)
    (tmp_path / file).write_bytes((tmp_path / file).read_bytes()[:100])
    with pytest.raises(RunError, match=file.replace(".", r"\.")):
        SearchIndex.load(tmp_path)


def test_a_large_index_is_saved_with_what_finds_neighbours_and_altered_ones_are_refused(
    index: SearchIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.save(tmp_path)
    assert not (tmp_path / "neighbours.usearch").exists()
    monkeypatch.setattr("kgtransfer.retrieval.neighbours.LARGE", 10)
    index.save(tmp_path)
    again = SearchIndex.load(tmp_path)
    assert again.neighbours is not None
    question = "deserialize a json document"
    assert [hit.iri for hit in again.search(question)] == [h.iri for h in index.search(question)]
    with (tmp_path / "neighbours.usearch").open("r+b") as file:
        file.write(b"xx")
    with pytest.raises(RunError, match=r"neighbours\.usearch: damaged"):
        SearchIndex.load(tmp_path)
