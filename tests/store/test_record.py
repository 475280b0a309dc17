from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.store.record import Record, load, save

FACTS = '<urn:a> <urn:p> <urn:b>\n<urn:a> <urn:q> "ü\u2028\x85"\n'.encode()


def test_file(tmp_path: Path) -> None:
    path = tmp_path / "store.synced"
    assert load(path, "t") is None
    save(path, Record("t", FACTS, nodes=2, edges=1, resources=3))
    record = load(path, "t")
    assert record is not None
    assert (record.facts, record.nodes, record.edges, record.resources) == (FACTS, 2, 1, 3)
    assert load(path, "another") is None
    save(path, Record("u", b"", nodes=0, edges=0, resources=0))
    empty = load(path, "u")
    assert empty is not None
    assert empty.facts == b""


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b'{"token": "t"}\n', b"[1]\n", b'{"token": "t", "x": 1}\n\xff']
)
def test_a_damaged_file_is_no_record(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.synced"
    path.write_bytes(content)
    assert load(path, "t") is None
