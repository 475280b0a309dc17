from __future__ import annotations

import os
import secrets
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import kgtransfer
from kgtransfer.errors import StoreError
from kgtransfer.store.embedded.handshake import (
    Impostor,
    accept,
    address_file,
    greet,
    publish,
    read_token,
    retract,
)
from kgtransfer.store.embedded.wire import receive, send


def beside(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.kglite"


def test_two_that_know_the_token_meet(path: Path) -> None:
    token, listener = publish(path)
    assert read_token(path) == token

    def serve() -> None:
        channel, _ = listener.accept()
        with channel:
            accept(channel, token)
            send(channel, receive(channel))

    with listener:
        thread = beside(serve)
        channel, pid = greet(token)
        with channel:
            send(channel, "hello")
            assert (receive(channel), pid) == ("hello", os.getpid())
        thread.join()
    retract(path, token)
    assert not address_file(path).exists()


def test_a_client_that_does_not_know_the_token_is_not_let_in(path: Path) -> None:
    token, listener = publish(path)
    refused: list[BaseException] = []

    def serve() -> None:
        channel, _ = listener.accept()
        with channel:
            try:
                accept(channel, token)
            except Impostor as error:
                refused.append(error)

    with listener:
        for proof in (b"x" * 32, b"", None, 7):
            thread = beside(serve)
            with socket.socket(socket.AF_UNIX) as channel:
                channel.connect(listener.getsockname())
                greeting = receive(channel)
                assert greeting is not None
                # Its own proof sent back is none: the sides' proofs differ.
                send(channel, {"nonce": greeting["nonce"], "proof": proof})
                assert receive(channel) is None
            thread.join()
    assert len(refused) == 4


def test_an_engine_that_does_not_know_the_token_is_not_believed(path: Path) -> None:
    token, listener = publish(path)

    def pretend() -> None:
        channel, _ = listener.accept()
        with channel:
            send(channel, {"nonce": secrets.token_bytes(32), "pid": 1})
            receive(channel)
            send(channel, {"proof": b"x" * 32})

    with listener:
        thread = beside(pretend)
        with pytest.raises(Impostor):
            greet(token)
        thread.join()


def test_a_stranger_cannot_make_the_other_side_hold_gigabytes(path: Path) -> None:
    token, listener = publish(path)

    def flood() -> None:
        channel, _ = listener.accept()
        with channel:
            channel.sendall(b"\xff\xff\xff\xff")

    with listener:
        thread = beside(flood)
        with pytest.raises(ConnectionError, match="more than 1,024"):
            greet(token)
        thread.join()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act for another user")
def test_another_user_is_refused_whatever_the_note_says(path: Path) -> None:
    code = """
import os, socket, sys
os.setuid(65534)
listener = socket.socket(socket.AF_UNIX)
listener.bind(chr(0) + sys.argv[1])
listener.listen()
print("ready", flush=True)
channel, _ = listener.accept()
print(len(channel.recv(100)))
"""
    token, listener = publish(path)
    name = str(listener.getsockname()[1:], "ascii")
    listener.close()
    home = str(Path(kgtransfer.__file__).parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", code, name],
        env={**os.environ, "PYTHONPATH": home},
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        with pytest.raises(Impostor):
            greet(token)
        assert other.stdout.readline() == "0\n"  # it was told nothing


def test_notes_that_are_none(path: Path, tmp_path: Path) -> None:
    note = address_file(path)
    assert read_token(path) is None
    for text in ("", "x", "/tmp/kgtransfer-x/s", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n"):
        note.write_text(text)
        assert read_token(path) is None
    note.write_text("0" * 64)
    assert read_token(path) == "0" * 64
    note.unlink()
    note.symlink_to(tmp_path)
    assert read_token(path) is None
    note.unlink()
    os.mkfifo(note)
    assert read_token(path) is None


@pytest.mark.skipif(os.getuid() != 0, reason="only root can make another user's file")
def test_another_users_note_is_refused(path: Path) -> None:
    address_file(path).write_text("0" * 64)
    os.chown(address_file(path), 65534, 65534)
    with pytest.raises(StoreError, match="belongs to another user"):
        read_token(path)


def test_the_note_of_a_successor_is_left_alone(path: Path) -> None:
    first, listener = publish(path)
    listener.close()
    second, listener = publish(path)
    listener.close()
    retract(path, first)
    assert read_token(path) == second
    assert stat.S_IMODE(address_file(path).stat().st_mode) == 0o600
