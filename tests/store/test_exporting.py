from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.knowledge.io.ontology import read_ontology
from kgtransfer.store import connect
from kgtransfer.store.exporting import graph_of


def test_a_store_and_an_ontology_give_their_graph(repository: Path, tmp_path: Path) -> None:
    file = repository / "ontology" / "pacs.ttl"
    pacs = read_ontology(file)
    with connect(tmp_path / "store.kglite") as store:
        store.sync(pacs)
    assert graph_of(str(file)) == pacs
    assert graph_of(str(tmp_path / "store.kglite")) == pacs


def test_a_store_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        graph_of(str(tmp_path / "none.kglite"))
