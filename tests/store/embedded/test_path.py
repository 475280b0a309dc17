from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.store import connect
from kgtransfer.store.embedded.path import address, database_file, existing


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
    with pytest.raises(StoreError, match="/proc: cannot be written"):
        connect("/proc/x.kglite")


@pytest.mark.parametrize(
    "where",
    [
        "neo4j://kim:sesame@host",
        "bolt:/kim:sesame@host",
        "bolt:kim:sesame@host",
        "BOLT://kim:sesame@host",
        "kim:sesame@host:7687",
        "https://kim:sesame@host",
        "bolt://host?password=sesame",
        "bolt://host#sesame",
        "bolt://host/sesame",
        "bolt://host;password=sesame",
        "bolt://kim%3Asesame%40host",
        "bolt://host:sesame",
        "bolt://[sesame",
        "bolt://host sesame",
        "my.kglite?password=sesame",
    ],
)
def test_no_address_with_a_secret_is_repeated(where: str) -> None:
    for refuse in (connect, existing):
        with pytest.raises(StoreError) as caught:
            refuse(where)
        assert "sesame" not in f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"


@pytest.mark.parametrize(
    "where", ["neo4j://[::1", "bolt://localhost:abc", "bolt://localhost:0", "bolt://h:99999"]
)
def test_malformed_addresses(where: str) -> None:
    with pytest.raises(StoreError, match="malformed address") as caught:
        connect(where)
    assert "neo4j://HOST:PORT" in caught.value.cure


def test_addresses() -> None:
    for where in ("neo4j://localhost", "bolt+s://10.0.0.1:7687", "bolt://[::1]:7687/"):
        assert address(where) == where
    assert address("a folder/my.kglite") is None


@pytest.mark.parametrize("where", ["a\0b", "x" * 5_000, "~nobody-of-that-name/store"])
def test_paths_that_no_file_has(where: str) -> None:
    with pytest.raises(StoreError, match=r"NUL|too long|home"):
        existing(where)
