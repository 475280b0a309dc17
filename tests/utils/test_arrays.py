from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from kgtransfer.utils.arrays import read_arrays

HEADER = "{'descr': '%s', 'fortran_order': False, 'shape': (%d,), }"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.npz"


def array(kind: str, length: int, content: bytes = b"") -> bytes:
    """An array in numpy's form that declares what one likes."""
    head = (HEADER % (kind, length)).ljust(117).encode() + b"\n"
    return b"\x93NUMPY\x01\0" + len(head).to_bytes(2, "little") + head + content


def write(path: Path, content: bytes, packing: int = zipfile.ZIP_DEFLATED) -> None:
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("a.npy", content)


def test_arrays_are_read_by_name(path: Path) -> None:
    np.savez_compressed(path, a=np.arange(3), b=np.array(["x", "yz"]), c=np.zeros(0, dtype="U1"))
    arrays = read_arrays(path)
    assert {name: array.tolist() for name, array in arrays.items()} == {
        "a": [0, 1, 2],
        "b": ["x", "yz"],
        "c": [],
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (array("<i8", 3, bytes(8)), "EOF"),
        (array("<i8", 10**17, bytes(8)), "declares more than it holds|EOF"),
        (array("<U0", 10**12), "a holds no values"),
        (array("|O", 1, b"cos\nsystem\n(S'true'\ntR."), "[Oo]bject arrays"),
        (array("<i8", -1), "negative"),
        (b"no array", "a holds no values"),
    ],
    ids=["short", "declared", "no bytes", "objects", "negative", "no array"],
)
def test_arrays_that_are_not_what_they_declare_are_refused(
    path: Path, content: bytes, message: str
) -> None:
    write(path, content)
    with pytest.raises(ValueError, match=message):
        read_arrays(path)


def test_an_archive_that_unpacks_to_too_much_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez_compressed(path, a=np.zeros(2**20))
    monkeypatch.setattr("kgtransfer.utils.arrays.MAX_BYTES", 2**20)
    with pytest.raises(ValueError, match="unpacks to more than 1 MiB"):
        read_arrays(path)
    np.savez(path, a=np.zeros(2**20))  # as large packed as unpacked
    assert read_arrays(path)["a"].shape == (2**20,)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_packings_are_refused(path: Path, packing: int) -> None:
    stream = io.BytesIO()
    np.save(stream, np.arange(3))
    write(path, stream.getvalue(), packing)
    with pytest.raises(ValueError, match="another way"):
        read_arrays(path)


def test_what_is_no_archive_is_refused(path: Path) -> None:
    path.write_bytes(b"PK no archive")
    with pytest.raises(ValueError, match="damaged"):
        read_arrays(path)
