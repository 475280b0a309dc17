"""A folder of the user's own to work in, and a configuration folder that is empty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kgtransfer.trust import CodeUnit

Write = Callable[..., CodeUnit]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which nobody else can write."""
    folder = tmp_path / "work"
    folder.mkdir(mode=0o755)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return folder


@pytest.fixture
def write(work: Path) -> Write:
    """Writes files, by name, below the current folder, and reads the unit of the first."""

    def writing(files: dict[str, str | bytes], entry: str = "") -> CodeUnit:
        for name, content in files.items():
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            path.chmod(0o644)
        return CodeUnit.read(entry or next(iter(files)))

    return writing
