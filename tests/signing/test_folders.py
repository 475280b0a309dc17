"""A signed folder is what was signed, or is refused with the name of what is not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from kgtransfer.errors import SignatureError
from kgtransfer.signing import new_key, sign_folder, verify_folder

FILES = {"result.json": "{}", "models/5-0.safetensors": "weights", "store.kglite": "nodes",
         "concepts/concepts.json": "{}", "report.html": "<p>", "ä b.txt": ""}  # fmt: skip


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return new_key(tmp_path / "key")[0]


@pytest.fixture
def run(tmp_path: Path, key: Path) -> Path:
    """A signed folder."""
    folder = tmp_path / "run"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    sign_folder(folder, key)
    return folder


def _public(key: Path) -> Path:
    return key.with_name(key.name + ".pub")


def test_a_signed_folder_is_verified_wherever_it_lies(run: Path, key: Path, tmp_path: Path) -> None:
    by = verify_folder(run, _public(key))
    assert by.startswith("SHA256:")
    shutil.copytree(run, tmp_path / "copy")
    assert verify_folder(tmp_path / "copy", _public(key)) == by


def test_sha256sum_and_plain_ed25519_verify_it_too(run: Path, key: Path) -> None:
    summed = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=run, check=False
    )
    assert summed.returncode == 0
    public = load_pem_public_key(_public(key).read_bytes())
    assert isinstance(public, Ed25519PublicKey)
    public.verify((run / "SHA256SUMS.sig").read_bytes(), (run / "SHA256SUMS").read_bytes())


def _alter(run: Path) -> None:
    (run / "models" / "5-0.safetensors").write_text("weighty")


def _remove(run: Path) -> None:
    (run / "models" / "5-0.safetensors").unlink()


def _add(run: Path) -> None:
    (run / "models" / "5-1.safetensors").write_text("")


def _hide(run: Path) -> None:
    (run / "concepts" / ".hidden.py").write_text("")


def _rename(run: Path) -> None:
    (run / "models").rename(run / "Models")


def _swap(run: Path) -> None:
    (run / "result.json").rename(run / "x")
    (run / "report.html").rename(run / "result.json")
    (run / "x").rename(run / "report.html")


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (_alter, ["altered: models/5-0.safetensors"]),
        (_remove, ["missing: models/5-0.safetensors"]),
        (_add, ["added: models/5-1.safetensors"]),
        (_hide, ["added: concepts/.hidden.py"]),
        (_rename, ["added: Models/5-0.safetensors", "missing: models/5-0.safetensors"]),
        (_swap, ["altered: report.html", "altered: result.json"]),
    ],
)
def test_a_file_that_is_altered_missing_or_added_is_named(
    run: Path, key: Path, change: Callable[[Path], None], lines: list[str]
) -> None:
    change(run)
    with pytest.raises(SignatureError, match="is not what was signed") as refused:
        verify_folder(run, _public(key))
    assert refused.value.message.splitlines()[1:] == [f"  {line}" for line in lines]


def test_digests_that_are_made_anew_do_not_help(run: Path, key: Path) -> None:
    _alter(run)
    summed = subprocess.run(
        ["sha256sum", *FILES], cwd=run, capture_output=True, text=True, check=True
    ).stdout
    header = (run / "SHA256SUMS").read_text().splitlines()[0]
    lines = sorted(summed.splitlines(), key=lambda line: line.split("  ", 1)[1])
    (run / "SHA256SUMS").write_text("\n".join([header, *lines, ""]))
    with pytest.raises(SignatureError, match="is not by the key"):
        verify_folder(run, _public(key))


def test_another_key_and_no_signature_are_refused(run: Path, key: Path, tmp_path: Path) -> None:
    other, public = new_key(tmp_path / "other")
    with pytest.raises(SignatureError, match=r"is not by the key .*other\.pub \(SHA256:"):
        verify_folder(run, public)
    _alter(run)
    sign_folder(run, other)  # by whoever altered it
    with pytest.raises(SignatureError, match="is not by the key"):
        verify_folder(run, _public(key))
    for content in (b"", b"\0" * 64, b"x" * 1000):
        (run / "SHA256SUMS.sig").write_bytes(content)
        with pytest.raises(SignatureError, match="is not by the key"):
            verify_folder(run, public)
    (run / "SHA256SUMS.sig").unlink()
    with pytest.raises(SignatureError, match="is not signed"):
        verify_folder(run, public)


def test_links_are_refused(run: Path, key: Path, tmp_path: Path) -> None:
    for name, target in (("link", run / "result.json"), ("folder", run / "models")):
        (run / name).symlink_to(target)
        for act in (lambda: verify_folder(run, _public(key)), lambda: sign_folder(run, key)):
            with pytest.raises(SignatureError, match="is a symbolic link"):
                act()
        (run / name).unlink()
    (run / "SHA256SUMS.sig").rename(tmp_path / "sig")
    (run / "SHA256SUMS.sig").symlink_to(tmp_path / "sig")
    with pytest.raises(SignatureError, match="is a symbolic link"):
        verify_folder(run, _public(key))


def test_what_is_no_plain_file_is_refused_without_waiting_for_it(run: Path, key: Path) -> None:
    os.mkfifo(run / "pipe")
    with pytest.raises(SignatureError, match="pipe is no plain file"):
        verify_folder(run, _public(key))


def test_a_signature_of_another_text_is_none_of_a_folder(run: Path, key: Path) -> None:
    from kgtransfer.signing.keys import read_private

    text = (run / "SHA256SUMS").read_bytes()
    for content in (b"", b"anything", text[1:], text + b"\n", text.replace(b"  ", b" *"), text * 2):
        (run / "SHA256SUMS").write_bytes(content)
        (run / "SHA256SUMS.sig").write_bytes(read_private(key).sign(content))
        with pytest.raises(SignatureError, match="no list of files that kgtransfer wrote"):
            verify_folder(run, _public(key))


def test_names_that_lists_cannot_hold_are_refused(run: Path, key: Path) -> None:
    for name in ("a\nb", "a\\b", "a\x1b[31mb", os.fsdecode(b"\xff")):
        (run / name).write_text("")
        with pytest.raises(SignatureError, match="control characters"):
            sign_folder(run, key)
        (run / name).unlink()


def test_what_is_written_later_and_read_by_no_model_does_not_count(run: Path, key: Path) -> None:
    for name in ("worth-home.json", "worth-home.png", "store.kglite-wal", "store.kglite.lock"):
        (run / name).write_text("")
    verify_folder(run, _public(key))
    for name in ("worth-x/model.safetensors", "models/worth-a.safetensors", "store.kglited/x"):
        (run / name).parent.mkdir(exist_ok=True)
        (run / name).write_text("")
        with pytest.raises(SignatureError, match=f"added: {name}"):
            verify_folder(run, _public(key))
        (run / name).unlink()


def test_only_complete_folders_are_signed(tmp_path: Path, key: Path) -> None:
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(SignatureError, match="neither a run nor saved concepts"):
            sign_folder(folder, key)


@pytest.mark.parametrize("name", ["SHA256SUMS", "SHA256SUMS.sig"])
def test_a_pipe_in_the_place_of_a_signature_keeps_nobody_waiting(
    run: Path, key: Path, name: str
) -> None:
    (run / name).unlink()
    os.mkfifo(run / name)
    with pytest.raises(SignatureError, match=r"cannot be read \(no plain file\)"):
        verify_folder(run, _public(key))
