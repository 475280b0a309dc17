"""A fitted model over four packages of the standard library."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.corpus import SearchCorpus
from kgtransfer.code.fitter import SearchFitter
from kgtransfer.code.index import SearchIndex
from kgtransfer.code.methods import SearchMethod
from kgtransfer.embedding import ConceptEmbeddings
from kgtransfer.experiments.arms import Arm
from kgtransfer.knowledge.graph import KnowledgeGraph


@pytest.fixture(scope="session")
def search(
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[SearchIndex, Path]:
    """The index, and the folder that it is saved in."""
    folder = tmp_path_factory.mktemp("search")
    arm = Arm("kg", method=SearchMethod(context=0.6, gates={"class": 0.4, "module": 0.2}))
    fitter = SearchFitter(corpus, graph, concepts, encoder)
    fitter.run(arm, 0, model_file=folder / "kg.safetensors")
    index = fitter.index(arm, 0, folder / "kg.safetensors")
    index.save(folder)
    return index, folder
