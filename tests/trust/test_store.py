"""What the user trusts, written where only he can."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from kgtransfer.errors import CodeError, RunError
from kgtransfer.trust import CodeUnit, TrustStore
from kgtransfer.utils.files import sole

UNITS = [CodeUnit("a.py", {"a.py": bytes([number])}) for number in range(3)]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrustStore:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return TrustStore()


def test_trust_is_kept_for_the_user_alone(store: TrustStore, tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        store.add(UNITS[0])
        entry = store.add(UNITS[1])
    finally:
        os.umask(old)
    assert store.path == tmp_path / "config" / "kgtransfer" / "trusted.json"
    assert [path.stat().st_mode & 0o777 for path in (store.path, store.path.parent)] == [
        0o600,
        0o700,
    ]
    assert (entry.hash, entry.label) == (UNITS[1].hash, "a.py")
    assert datetime.fromisoformat(entry.date).tzinfo is not None
    assert {each.hash for each in TrustStore().entries()} == {UNITS[0].hash, UNITS[1].hash}
    assert store.get(UNITS[2].hash) is None


def test_without_a_folder_nothing_is_trusted(store: TrustStore) -> None:
    assert store.entries() == ()
    assert not store.path.parent.exists()


def test_a_relative_configuration_folder_is_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert TrustStore().path == tmp_path / ".config" / "kgtransfer" / "trusted.json"


def test_revoking_takes_enough_of_a_hash_and_only_one(store: TrustStore) -> None:
    for unit in UNITS:
        store.add(unit)
    for named in ("", UNITS[0].hash[:7], "0" * 64):
        with pytest.raises(CodeError, match="begins with"):
            store.revoke(named)
    assert store.revoke(UNITS[0].hash[:8].upper()).hash == UNITS[0].hash
    assert {entry.hash for entry in store.entries()} == {UNITS[1].hash, UNITS[2].hash}


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_or_folder_that_others_can_write_is_not_believed(
    store: TrustStore, mode: int
) -> None:
    store.add(UNITS[0])
    for path, more in ((store.path, 0), (store.path.parent, 0o100)):
        kept = path.stat().st_mode
        path.chmod(mode | more)
        for act in (store.entries, lambda: store.get(UNITS[0].hash), lambda: store.add(UNITS[1])):
            with pytest.raises(CodeError, match=r"is not believed: .*written by others"):
                act()
        path.chmod(kept)
    assert len(store.entries()) == 1


def test_a_folder_above_that_others_can_write_is_not_believed(
    store: TrustStore, tmp_path: Path
) -> None:
    store.add(UNITS[0])
    tmp_path.chmod(0o777)
    with pytest.raises(CodeError, match="is not believed"):
        store.entries()
    tmp_path.chmod(0o1777)  # as /tmp: none renames what is another's
    assert len(store.entries()) == 1


def test_nothing_is_opened_in_a_folder_of_others(store: TrustStore, tmp_path: Path) -> None:
    store.add(UNITS[0])
    (tmp_path / "precious").write_text("kept")
    store.path.with_suffix(".lock").unlink()
    store.path.with_suffix(".lock").symlink_to(tmp_path / "precious")
    store.path.parent.chmod(0o777)
    for act in (lambda: store.add(UNITS[1]), lambda: store.revoke(UNITS[0].hash)):
        with pytest.raises(CodeError, match="is not believed"):
            act()
    assert (tmp_path / "precious").read_text() == "kept"


def test_a_file_of_another_user_or_a_link_is_not_believed(
    store: TrustStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(UNITS[0])
    with monkeypatch.context() as patched:
        patched.setattr(os, "geteuid", lambda: 12345)
        with pytest.raises(CodeError, match="belongs to another user"):
            store.get(UNITS[0].hash)
    store.path.rename(tmp_path / "elsewhere.json")
    store.path.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(CodeError, match="is a symbolic link"):
        store.get(UNITS[0].hash)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", "null", '{"version": 2, "trusted": []}', '{"version": 1, "trusted": [1]}',
     '{"version": 1, "trusted": [{"hash": 1, "label": "", "date": ""}]}', "[" * 100_000],
)  # fmt: skip
def test_a_damaged_file_trusts_nothing(store: TrustStore, content: str) -> None:
    store.add(UNITS[0])
    store.path.write_text(content)
    with pytest.raises(CodeError, match=r"trusted\.json: (damaged|of another version)"):
        store.get(UNITS[0].hash)


def test_two_changes_at_once_do_not_lose_one(store: TrustStore) -> None:
    store.add(UNITS[0])
    with sole(store.path.with_suffix(".lock"), "changing"), pytest.raises(RunError):
        store.add(UNITS[1])
    assert len(store.entries()) == 1
