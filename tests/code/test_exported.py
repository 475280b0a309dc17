"""A run of code search leaves as a folder that sentence-transformers reads, with its vectors."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.corpus import SearchCorpus
from kgtransfer.code.exported import write_encoder, write_vectors
from kgtransfer.code.fitter import SearchFitter
from kgtransfer.code.index import SearchIndex
from kgtransfer.code.methods import SearchMethod
from kgtransfer.embedding import ConceptEmbeddings
from kgtransfer.experiments.arms import Arm
from kgtransfer.knowledge.graph import KnowledgeGraph

QUERIES = ["deserialize a json document from a string", "the days of a month", "write a mailbox"]
OPEN = SearchMethod(context=0.6, gates={"class": 0.4, "module": 0.2, "callers": -0.1})
ROUNDING = 5e-3  # of the states between frozen and trained layers, which a run keeps in bfloat16


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


@pytest.mark.slow
def test_anybodys_cosines_are_those_of_the_run(index: SearchIndex, tmp_path: Path) -> None:
    pretrained = index.encode(QUERIES)
    with torch.no_grad():  # as if fine-tuned
        for parameter in index.encoder.layers.parameters():
            parameter.mul_(1.2)
    write_encoder(index.encoder, tmp_path)
    write_vectors(index, tmp_path)
    model = SentenceTransformer(str(tmp_path), device="cpu", local_files_only=True)
    queries, expected = model.encode(QUERIES, convert_to_tensor=True), index.encode(QUERIES)
    assert torch.allclose(queries, expected, atol=ROUNDING)
    assert not torch.allclose(queries, pretrained, atol=2 * ROUNDING)
    documents = load_file(tmp_path / "documents.safetensors")["vectors"]
    assert torch.equal(documents, index.vectors)
    assert torch.allclose(queries @ documents.T, expected @ index.vectors.T, atol=ROUNDING)
    assert model.max_seq_length == 64
    names = json.loads((tmp_path / "documents.json").read_text(encoding="utf-8"))["names"]
    best = names[int((documents @ queries[0]).argmax())]
    assert best == index.search(QUERIES[0], k=1)[0].name
    assert not [path for path in tmp_path.rglob("*") if path.suffix in (".bin", ".pt", ".py")]


def test_a_long_query_is_cut_where_the_run_cuts_it(index: SearchIndex, tmp_path: Path) -> None:
    write_encoder(index.encoder, tmp_path)
    model = SentenceTransformer(str(tmp_path), device="cpu", local_files_only=True)
    text = "a mailbox " * 200
    vector = model.encode([text], convert_to_tensor=True)
    assert torch.allclose(vector, index.encode([text]), atol=ROUNDING)
