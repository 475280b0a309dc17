"""Mutual authentication on the engine's socket: same user, same secret in a file.

The note is a file of mode 0600 beside the database with a random token. The socket is named after
the token, in Linux's abstract namespace: there is no file that could be left behind, and a note
cannot lead to any other socket. Each side proves that it knows the token without showing it
(HMAC-SHA256, RFC 2104, over both sides' nonces), and asks the kernel for the other's user.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import re
import secrets
import socket
import stat
import struct
import tempfile
from pathlib import Path
from typing import Any

from kgtransfer.errors import StoreError
from kgtransfer.store.embedded.wire import receive, send
from kgtransfer.utils.files import write_atomically

__all__ = [
    "Impostor",
    "accept",
    "address_file",
    "beside",
    "greet",
    "is_writable",
    "private_folder",
    "publish",
    "read_token",
    "retract",
]

PATIENCE = 15.0  # seconds for each step
_LONGEST = 1024  # bytes of a message from somebody who has proved nothing yet
_TOKEN = re.compile(rb"[0-9a-f]{64}")
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid


class Impostor(Exception):
    """The other end belongs to another user, or does not know the token."""


def address_file(path: Path) -> Path:
    """The note through which the engine of a database file is found."""
    return beside(path, ".engine")


def beside(path: Path, suffix: str) -> Path:
    """The file that belongs to a database file: beside it, or where nothing can be written, aside.

    Raises:
        StoreError: the folder for the latter belongs to another user.
    """
    if is_writable(path):
        return path.with_name(path.name + suffix)
    name = hashlib.sha256(os.fsencode(path)).hexdigest()
    return private_folder() / f"{name}{suffix}"


def is_writable(path: Path) -> bool:
    """Whether files can be made beside a database file."""
    return os.access(path.parent, os.W_OK)


def private_folder() -> Path:
    """A folder of this user's alone, for what belongs to databases on read-only media.

    Raises:
        StoreError: another user made it, or could write to it.
    """
    folder = Path(tempfile.gettempdir()) / f"kgtransfer-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    private = stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077
    if status.st_uid != os.getuid() or not private:
        raise StoreError(
            f"{folder}: others can write to it", cure="set TMPDIR to a folder of yours"
        )
    return folder


def publish(path: Path) -> tuple[str, socket.socket]:
    """A fresh token in the note beside a database file, and the socket that listens under it."""
    token = secrets.token_hex(32)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(_address(token))
    listener.listen(64)
    write_atomically(address_file(path), token.encode(), private=True)
    return token, listener


def retract(path: Path, token: str) -> None:
    """Remove the note, if it is still that of this token."""
    with contextlib.suppress(OSError, StoreError):
        if read_token(path) == token:
            address_file(path).unlink()


def read_token(path: Path) -> str | None:
    """The token of the engine of a database file; None where no engine left a note.

    Raises:
        StoreError: the note belongs to another user.
    """
    note = address_file(path)
    try:
        handle = os.open(note, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return None
        if status.st_uid != os.getuid():
            raise StoreError(f"{note}: belongs to another user", cure="use a folder of your own")
        token = file.read(_LONGEST)
    return token.decode() if _TOKEN.fullmatch(token) else None


def accept(channel: socket.socket, token: str) -> None:
    """The engine's side: let a client in.

    Raises:
        Impostor: it is another user's, or does not know the token.
        OSError: it left, or took too long.
    """
    _require_same_user(channel)
    channel.settimeout(PATIENCE)
    nonce = secrets.token_bytes(32)
    send(channel, {"nonce": nonce, "pid": os.getpid()})
    answer = _received(channel)
    _require_proof(answer, token, b"client", nonce, answer.get("nonce"))
    send(channel, {"proof": _proof(token, b"engine", nonce, answer["nonce"])})
    channel.settimeout(None)


def greet(token: str) -> tuple[socket.socket, int]:
    """The client's side: a channel to the engine with this token, and its process id.

    Raises:
        Impostor: another user listens there, or somebody who does not know the token.
        OSError: nobody listens, or ends as it is called.
    """
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        channel.settimeout(PATIENCE)
        channel.connect(_address(token))
        _require_same_user(channel)
        greeting, nonce = _received(channel), secrets.token_bytes(32)
        engine_nonce = greeting["nonce"] if isinstance(greeting.get("nonce"), bytes) else b""
        send(channel, {"nonce": nonce, "proof": _proof(token, b"client", engine_nonce, nonce)})
        _require_proof(_received(channel), token, b"engine", engine_nonce, nonce)
        return channel, int(greeting["pid"])
    except BaseException:
        channel.close()
        raise


def _address(token: str) -> str:
    """An abstract socket's name, which does not tell the token."""
    return "\0kgtransfer-" + hashlib.sha256(token.encode()).hexdigest()


def _require_same_user(channel: socket.socket) -> None:
    peer = channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    if _CREDENTIALS.unpack(peer)[1] != os.getuid():
        raise Impostor


def _received(channel: socket.socket) -> dict[str, Any]:
    message = receive(channel, longest=_LONGEST)
    if message is None:
        raise ConnectionResetError
    if not isinstance(message, dict):
        raise Impostor
    return message


def _proof(token: str, side: bytes, *nonces: bytes) -> bytes:
    return hmac.digest(token.encode(), b"|".join((side, *nonces)), "sha256")


def _require_proof(answer: dict[str, Any], token: str, side: bytes, *nonces: Any) -> None:
    proof = answer.get("proof")
    if not isinstance(proof, bytes) or not all(isinstance(nonce, bytes) for nonce in nonces):
        raise Impostor
    if not hmac.compare_digest(proof, _proof(token, side, *nonces)):
        raise Impostor
