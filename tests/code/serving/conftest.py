"""A small index over the conftest's shop, and a server that answers about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from kgtransfer.backbones.text import TextEncoder
from kgtransfer.code.arms import SearchMethod
from kgtransfer.code.corpus import SearchCorpus
from kgtransfer.code.fitter import SearchFitter
from kgtransfer.code.serving.answers import Answers, Served
from kgtransfer.code.serving.cypher import CypherAnswers
from kgtransfer.code.serving.serve import http_server, listening
from kgtransfer.embedding import ConceptEmbeddings
from kgtransfer.experiments.arms import Arm
from kgtransfer.knowledge.graph import KnowledgeGraph

OPEN = SearchMethod(context=0.6, gates={"class": 0.4, "module": 0.2})


@pytest.fixture(scope="session")
def answers(
    corpus: SearchCorpus,
    graph: KnowledgeGraph,
    concepts: ConceptEmbeddings,
    encoder: TextEncoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Answers]:
    folder = tmp_path_factory.mktemp("run")
    arm = Arm("kg", method=OPEN)
    fitter = SearchFitter(corpus, graph, concepts, encoder)
    fitter.run(arm, 0, model_file=folder / "kg.safetensors")
    index = fitter.index(arm, 0, folder / "kg.safetensors")
    index.save(folder)
    with CypherAnswers(folder, graph) as cypher:
        yield Answers(Served(index, graph, "json and its friends"), cypher, folder)


@pytest.fixture(scope="module")
def serving() -> Iterator[Callable[[Answers, str], str]]:
    """Answers and a token -> the address of a server that runs until the tests end."""
    with ExitStack() as servers:
        yield lambda answers, token="": servers.enter_context(_running(answers, token))


@contextmanager
def _running(answers: Answers, token: str) -> Iterator[str]:
    server = http_server(answers, token=token)
    with listening("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()  # whoever connects before it is ready waits: the socket listens already
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
