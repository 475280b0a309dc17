from __future__ import annotations

import hashlib
import math
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kgtransfer.errors import RunError
from kgtransfer.utils.files import claim, json_bytes, read_bytes, read_json, write_atomically


def test_write_replaces_whole_files_and_tells_the_digest(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.bin"
    write_atomically(path, b"old")
    digest = write_atomically(path, b"new")
    assert digest == hashlib.sha256(b"new").hexdigest()
    assert read_bytes(path, digest) == b"new"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.bin"]


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "text")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file.bin"]


def test_read_refuses_another_digest(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    write_atomically(path, b"x")
    with pytest.raises(RunError, match=r"file\.bin: damaged"):
        read_bytes(path, "0" * 64)


def test_json_is_strict_both_ways(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_bytes({"x": math.inf})
    with pytest.raises(TypeError, match="object has no form"):
        json_bytes({"x": object()})
    path = tmp_path / "x.json"
    path.write_bytes(json_bytes({"path": tmp_path, "text": "ü"}))
    assert read_json(path) == {"path": str(tmp_path), "text": "ü"}
    path.write_text('{"x": ')
    with pytest.raises(RunError, match="cut off"):
        read_json(path)


def test_a_private_file_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    write_atomically(tmp_path / "token", b"x", private=True)
    assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "mine").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["ontology.ttl", "README.md", "result.json"])
def test_a_folder_with_somebody_elses_files_takes_no_run(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"mine": 1}')
    with pytest.raises(RunError, match="holds files that no run wrote") as caught:
        claim(tmp_path)
    assert caught.value.cure == "name a new or empty folder: --out PATH"
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_folder_is_claimed_once_and_taken_again(tmp_path: Path) -> None:
    claim(tmp_path / "new")
    (tmp_path / "new" / "ontology.ttl").write_text("of a run that was cut off")
    claim(tmp_path / "new")
    (tmp_path / "old").mkdir()  # made by a version that left no mark
    (tmp_path / "old" / "result.json").write_text('{"environment": {}}')
    claim(tmp_path / "old")


def test_processes_of_one_training_claim_its_folder_at_once(tmp_path: Path) -> None:
    def claimed(turn: int) -> None:
        for number in range(200):
            claim(tmp_path / str(number))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(claimed, range(4))) == [None] * 4


@pytest.mark.parametrize("depth", [201, 100_000])
def test_json_that_is_nested_without_end_is_refused_by_name(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "result.json"
    path.write_text('{"a":' * depth + "1" + "}" * depth)
    with pytest.raises(RunError, match=r"result\.json: not JSON.*nested deeper than 200"):
        read_json(path)


def test_what_has_no_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "zeros.json").symlink_to("/dev/zero")
    for name in ("pipe.json", "zeros.json"):
        with pytest.raises(RunError, match=rf"{name}: cannot be read \(no plain file\)"):
            read_json(tmp_path / name)
    with pytest.raises(RunError, match="cannot be read"):
        read_bytes(tmp_path / "a\0b")
