"""A server that answers about a small index."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from kgtransfer.code.index import SearchIndex
from kgtransfer.code.serving.answers import Answers, Served
from kgtransfer.code.serving.cypher import CypherAnswers
from kgtransfer.code.serving.serve import http_server, listening
from kgtransfer.knowledge.graph import KnowledgeGraph


@pytest.fixture(scope="session")
def answers(search: tuple[SearchIndex, Path], graph: KnowledgeGraph) -> Iterator[Answers]:
    index, folder = search
    with CypherAnswers(folder, graph) as cypher:
        yield Answers(Served.of(index, graph, "json and its friends"), cypher, folder)


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
