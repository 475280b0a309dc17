from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kgtransfer.knowledge.graph import KnowledgeGraph
from kgtransfer.store.embedded.store import EmbeddedStore

PREFIXES = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.org/cell#> .
"""


def turtle(text: str) -> KnowledgeGraph:
    parsed = ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
    ours = {name: f"https://w3id.org/kgtransfer/{name}#" for name in ("bash", "sql")}
    prefixes = {"ex": "http://example.org/cell#", **ours}
    return KnowledgeGraph((quad.triple for quad in parsed), prefixes)


@pytest.fixture(scope="session")
def read() -> Callable[[str], KnowledgeGraph]:
    """Turtle, with the usual prefixes and ex:, as a graph."""
    return turtle


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Path]:
    """A fresh database file, whose engine ends with the test."""
    path = tmp_path / "store.kglite"
    yield path
    with contextlib.suppress(FileNotFoundError), EmbeddedStore(path) as last:
        assert last.engine_pid is not None
        os.kill(last.engine_pid, signal.SIGTERM)


@pytest.fixture
def store(database: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(database) as opened:
        yield opened
