from __future__ import annotations

from pathlib import Path

import pytest

from kgtransfer.code.serving.gate import is_loopback, read_token, require_token
from kgtransfer.code.serving.serve import listening
from kgtransfer.errors import ConfigError


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.7", False),
        ("localhost.evil.example", False),
    ],
)
def test_other_machines_are_answered_with_a_token_only(host: str, is_here: bool) -> None:
    assert is_loopback(host) == is_here
    require_token(host, "correct-horse-battery")
    if is_here:
        require_token(host, "")
    else:
        with pytest.raises(ConfigError, match="could ask this run"):
            require_token(host, "")


def test_a_token_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("correct-horse-battery\n", encoding="ascii")
    assert read_token(file) == "correct-horse-battery"


@pytest.mark.parametrize("content", [b"", b"short", b"two words that are long", b"\xc3\xa4" * 20])
def test_a_file_without_a_good_token_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "token").write_bytes(content)
    with pytest.raises(ConfigError, match="token"):
        read_token(tmp_path / "token")


def test_a_port_that_is_taken_is_named() -> None:
    with listening("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with (
            pytest.raises(ConfigError, match=f"127.0.0.1:{port}: cannot be listened at"),
            listening("127.0.0.1", port),
        ):
            pass
