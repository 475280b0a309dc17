from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtransfer.utils.bounded import TooLarge, json_value, read_at_most, read_packed, toml_values

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


class Endless(io.RawIOBase):
    """A stream that never ends, and tells how much was asked of it."""

    asked = 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.asked += size
        return bytes(size)


def test_a_stream_is_read_whole_or_refused_soon_after_the_limit() -> None:
    assert read_at_most(io.BytesIO(b"a" * 100_000), 100_000) == b"a" * 100_000
    with pytest.raises(TooLarge, match="more than 2 MiB unpacked"):
        read_at_most(endless := Endless(), 2 * 2**20)
    assert endless.asked < 3 * 2**20


def test_a_packed_file_is_unpacked_up_to_the_limit(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.tsv", tmp_path / "a.tsv.gz"
    plain.write_bytes(b"x" * 5000)
    packed.write_bytes(gzip.compress(b"x" * 5000, mtime=0))
    assert read_packed(plain, 5000) == read_packed(packed, 5000) == b"x" * 5000
    for path in (plain, packed):
        with pytest.raises(TooLarge):
            read_packed(path, 4999)
    packed.write_bytes(packed.read_bytes()[:-9])
    with pytest.raises(ValueError, match="damaged gzip file"):
        read_packed(packed, 5000)


@given(JSON)
def test_json_says_what_was_written(value: object) -> None:
    assert json_value(json.dumps(value)) == value


@pytest.mark.parametrize("depth", [202, 5_000, 100_000])
def test_deep_json_and_toml_are_refused(depth: int) -> None:
    for text in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        with pytest.raises(ValueError, match="nested deeper than 200"):
            json_value(text)
    for text in ("a = " + "[" * depth + "]" * depth, "a = " + "{a = " * depth + "1" + "}" * depth):
        with pytest.raises(ValueError, match="nested deeper than 200"):
            toml_values(text)


def test_what_is_nested_as_deep_as_may_be_is_read() -> None:
    assert json_value("[" * 200 + "]" * 200) is not None
    assert toml_values("a = " + "[" * 199 + "]" * 199) != {}


def test_deep_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="nested deeper than 200"):
        toml_values(".".join("a" * 500) + " = 1")
