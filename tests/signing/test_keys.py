"""Ed25519 keys in the files that openssl and ssh-keygen write."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as forms
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from kgtransfer.errors import ConfigError
from kgtransfer.signing.keys import fingerprint, new_key, read_private, read_public

PRIVATE = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def _private(path: Path, form: forms.PrivateFormat, passphrase: bytes = b"") -> Path:
    locked = forms.BestAvailableEncryption(passphrase) if passphrase else forms.NoEncryption()
    path.write_bytes(PRIVATE.private_bytes(forms.Encoding.PEM, form, locked))
    path.chmod(0o600)
    return path


def test_a_new_key_is_for_the_user_alone_and_never_replaces_one(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        private, public = new_key(tmp_path / "key")
    finally:
        os.umask(old)
    assert (private, public) == (tmp_path / "key", tmp_path / "key.pub")
    assert [file.stat().st_mode & 0o777 for file in (private, public)] == [0o600, 0o644]
    assert private.read_text().startswith("-----BEGIN PRIVATE KEY-----")
    assert public.read_text().startswith("-----BEGIN PUBLIC KEY-----")
    assert fingerprint(read_private(private).public_key()) == fingerprint(read_public(public))
    with pytest.raises(ConfigError, match="is there already"):
        new_key(private)
    private.unlink()
    with pytest.raises(ConfigError, match=r"key\.pub is there already"):
        new_key(private)


@pytest.mark.parametrize("form", [forms.PrivateFormat.PKCS8, forms.PrivateFormat.OpenSSH])
def test_pem_and_openssh_files_are_read(tmp_path: Path, form: forms.PrivateFormat) -> None:
    key = read_private(_private(tmp_path / "key", form))
    assert key.private_bytes_raw() == bytes(range(32))
    encoding = forms.Encoding.OpenSSH, forms.PublicFormat.OpenSSH
    (tmp_path / "key.pub").write_bytes(PRIVATE.public_key().public_bytes(*encoding) + b" me@here\n")
    public = read_public(tmp_path / "key.pub")
    assert public.public_bytes_raw() == PRIVATE.public_key().public_bytes_raw()


def test_the_fingerprint_is_that_of_ssh_keygen() -> None:
    key = "SHA256:lbmsoA0yIEcEiVDRnMWuzm+nV+3ZEEpVIURqFoeSspg"  # as `ssh-keygen -l` says
    assert fingerprint(PRIVATE.public_key()) == key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_private_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    key = _private(tmp_path / "key", forms.PrivateFormat.PKCS8)
    key.chmod(mode)
    with pytest.raises(ConfigError, match="can be read by others"):
        read_private(key)


def test_a_passphrase_is_asked_for_on_a_terminal_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = _private(tmp_path / "key", forms.PrivateFormat.PKCS8, b"open sesame")
    with open(os.devnull, encoding="utf-8") as nothing:  # noqa: PTH123
        monkeypatch.setattr("sys.stdin", nothing)
        with pytest.raises(ConfigError, match="has a passphrase"):
            read_private(key)
    leader, follower = os.openpty()
    with os.fdopen(follower, encoding="utf-8") as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        for said, is_right in ((b"wrong", False), (b"open sesame", True)):
            monkeypatch.setattr("getpass.getpass", lambda prompt, said=said: said.decode())
            if is_right:
                assert read_private(key).private_bytes_raw() == bytes(range(32))
            else:
                with pytest.raises(ConfigError, match="no private key that can be read"):
                    read_private(key)
    os.close(leader)


def test_what_is_no_ed25519_key_is_refused_without_showing_it(tmp_path: Path) -> None:
    secret = _private(tmp_path / "key", forms.PrivateFormat.PKCS8)
    with pytest.raises(ConfigError, match="is a private key") as refused:
        read_public(secret)
    assert secret.read_text().splitlines()[1] not in str(refused.value)
    other = rsa.generate_private_key(65537, 2048)
    encoded = other.private_bytes(
        forms.Encoding.PEM, forms.PrivateFormat.PKCS8, forms.NoEncryption()
    )
    (tmp_path / "rsa").write_bytes(encoded)
    (tmp_path / "rsa").chmod(0o600)
    with pytest.raises(ConfigError, match="is no Ed25519 key"):
        read_private(tmp_path / "rsa")
    for content in (b"", b"ssh-ed25519 AAAA", b"\xff" * 100, b"-----BEGIN PUBLIC KEY-----\n"):
        (tmp_path / "broken").write_bytes(content)
        (tmp_path / "broken").chmod(0o600)
        for read in (read_private, read_public):
            with pytest.raises(ConfigError, match="that can be read"):
                read(tmp_path / "broken")
    with pytest.raises(ConfigError, match="No such file"):
        read_public(tmp_path / "none")
