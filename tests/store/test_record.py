from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.store.record import Record, load, save

FACTS = ["<urn:a> <urn:p> <urn:b>", '<urn:a> <urn:q> "ü\u2028\x85"']


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "store.synced"
    assert load(path, "t") is None
    save(path, Record("t", FACTS, nodes=2, edges=1, resources=3))
    found = load(path, "t")
    assert found is not None
    assert (found.facts, found.nodes, found.edges, found.resources) == (FACTS, 2, 1, 3)
    assert load(path, "another") is None
    save(path, Record("u", [], nodes=0, edges=0, resources=0))
    empty = load(path, "u")
    assert empty is not None
    assert empty.facts == []


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b'{"token": "t"}\n', b"[1]\n", b'{"token": "t", "x": 1}\n\xff']
)
def test_a_damaged_file_is_no_record(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.synced"
    path.write_bytes(content)
    assert load(path, "t") is None


def test_an_iri_with_a_line_break_leaves_no_record(tmp_path: Path) -> None:
    path = tmp_path / "store.synced"
    save(path, Record("t", FACTS, nodes=2, edges=1, resources=3))
    save(path, Record("u", ["<urn:a\nb> <urn:p> <urn:b>"], nodes=2, edges=1, resources=2))
    assert not path.exists()
