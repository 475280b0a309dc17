"""Ed25519 keys in their usual files: PEM (PKCS #8, SubjectPublicKeyInfo) and OpenSSH."""

from __future__ import annotations

import base64
import getpass
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kgtransfer.errors import ConfigError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

__all__ = ["fingerprint", "new_key", "read_private", "read_public"]

_LARGEST = 64 * 1024  # bytes of a key file


def new_key(path: str | Path) -> tuple[Path, Path]:
    """Make a key pair: `path` with the private key, for the user alone, and `path.pub`.

    Returns:
        Both files.

    Raises:
        ConfigError: one of them is there already, or the extra `sign` is not installed.
    """
    private_file = Path(path)
    public_file = private_file.with_name(private_file.name + ".pub")
    for file in (private_file, public_file):
        if file.exists() or file.is_symlink():
            raise ConfigError(f"{file} is there already", cure="name another file; keep old keys")
    primitives = _serialization()
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    pem, forms = primitives.Encoding.PEM, primitives
    private = key.private_bytes(pem, forms.PrivateFormat.PKCS8, forms.NoEncryption())
    public = key.public_key().public_bytes(pem, forms.PublicFormat.SubjectPublicKeyInfo)
    private_file.parent.mkdir(parents=True, exist_ok=True)
    for file, content, mode in ((private_file, private, 0o600), (public_file, public, 0o644)):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
    return private_file, public_file


def read_private(path: str | Path) -> Ed25519PrivateKey:
    """File -> its private key; one with a passphrase asks for it on a terminal.

    Raises:
        ConfigError: the file cannot be read, is open to others, or holds no Ed25519 key.
    """
    from_ssh, from_pem = (
        _serialization().load_ssh_private_key,
        _serialization().load_pem_private_key,
    )
    content = _content(Path(path), private=True)
    load = from_ssh if b"BEGIN OPENSSH" in content else from_pem
    try:
        try:
            key = load(content, None)
        except TypeError:  # it has a passphrase
            key = load(content, _passphrase(Path(path)))
    except (ValueError, _unsupported()) as error:
        raise ConfigError(
            f"{path}: no private key that can be read ({error})", cure=_NEW
        ) from error
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigError(f"{path} is no Ed25519 key", cure=_NEW)
    return key


def read_public(path: str | Path) -> Ed25519PublicKey:
    """File -> its public key.

    Raises:
        ConfigError: the file cannot be read, or holds no Ed25519 public key.
    """
    primitives, content = _serialization(), _content(Path(path))
    if b"PRIVATE KEY" in content:
        raise ConfigError(f"{path} is a private key", cure=f"give the public one: {path}.pub")
    is_ssh = content.startswith(b"ssh-")
    load = primitives.load_ssh_public_key if is_ssh else primitives.load_pem_public_key
    try:
        key = load(content)
    except (ValueError, _unsupported()) as error:
        raise ConfigError(f"{path}: no public key that can be read ({error})", cure=_NEW) from error
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not isinstance(key, Ed25519PublicKey):
        raise ConfigError(f"{path} is no Ed25519 key", cure=_NEW)
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """Public key -> `SHA256:...`, as `ssh-keygen -l` writes it."""
    primitives = _serialization()
    line = key.public_bytes(primitives.Encoding.OpenSSH, primitives.PublicFormat.OpenSSH)
    digest = hashlib.sha256(base64.b64decode(line.split()[1])).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


_NEW = "kgtransfer sign --new-key FILE makes a key; PEM and OpenSSH files of Ed25519 keys are read"


def _content(path: Path, *, private: bool = False) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LARGEST)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})", cure=_NEW) from error
    if private and mode & 0o077:
        raise ConfigError(f"{path} can be read by others", cure=f"chmod 600 {path}")
    return content


def _passphrase(path: Path) -> bytes:
    if not sys.stdin.isatty():
        raise ConfigError(f"{path} has a passphrase", cure="sign on a terminal, which asks for it")
    return getpass.getpass(f"passphrase of {path}: ").encode()


def _serialization() -> Any:
    try:
        from cryptography.hazmat.primitives import serialization
    except ImportError as error:
        raise ConfigError(
            "signatures need the package cryptography", cure='pip install "kgtransfer[sign]"'
        ) from error
    return serialization


def _unsupported() -> type[Exception]:
    from cryptography.exceptions import UnsupportedAlgorithm

    return UnsupportedAlgorithm
