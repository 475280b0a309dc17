from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.store import connect
from kgtransfer.store.places import database_file, existing


@pytest.mark.parametrize(
    ("where", "why"),
    [("", "no store was named"), ("empty", "holds no store"), ("my.ttl", "is no store")],
)
def test_what_is_no_store_is_refused_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, why: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "my.ttl").write_text("<a:a> a <a:b> .")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(StoreError, match=why):
        connect(where)
    with pytest.raises(StoreError, match=why):
        existing(where)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_store_that_is_not_there_yet(tmp_path: Path) -> None:
    new = tmp_path / "new.kglite"
    assert database_file(new) == new
    with pytest.raises(StoreError, match="there is no store"):
        existing(str(new))
    (tmp_path / "new.kglite-wal").write_bytes(b"log")  # its file was removed
    with pytest.raises(StoreError, match="there is no store"):
        existing(str(new))
    assert existing("bolt://localhost") == "bolt://localhost"


def test_where_no_file_can_be_made() -> None:
    with pytest.raises(StoreError, match=r"/proc/x\.kglite: cannot be made here"):
        connect("/proc/x.kglite")
