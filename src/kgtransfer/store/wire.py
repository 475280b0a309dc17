"""Messages between the embedded engine and its clients: length-prefixed JSON."""

from __future__ import annotations

import json
import struct
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

__all__ = ["receive", "send"]

_LENGTH = struct.Struct("!I")
# Temporal values cross as ISO 8601 text in a map whose one key no stored map can have.
_READERS: Mapping[str, Callable[[str], object]] = {
    "\0datetime": datetime.fromisoformat,
    "\0date": date.fromisoformat,
    "\0time": time.fromisoformat,
}


def send(channel: socket.socket, message: Any) -> None:
    """Write one message; it is packed whole before its first byte leaves.

    Raises:
        TypeError: a value of a type that no store can hold.
        ValueError: a text that is not Unicode, or a value that contains itself.
        OverflowError: a message beyond 4 GiB.
    """
    body = _ENCODER.encode(message).encode()
    if len(body) >= 1 << 32:
        raise OverflowError(f"a message of {len(body):,} bytes is too large for one answer")
    channel.sendall(_LENGTH.pack(len(body)) + body)


def receive(channel: socket.socket) -> Any | None:
    """Read one message; None when the other side has ended."""
    head = _read(channel, _LENGTH.size)
    body = _read(channel, _LENGTH.unpack(head)[0]) if head is not None else None
    return None if body is None else _DECODER.decode(body.decode())


def _read(channel: socket.socket, size: int) -> bytearray | None:
    buffer = bytearray(size)
    view, filled = memoryview(buffer), 0
    while filled < size:
        got = channel.recv_into(view[filled:])
        if not got:
            return None
        filled += got
    return buffer


def _encode(value: object) -> dict[str, str]:
    for kind in (datetime, date, time):  # datetime is a date too
        if isinstance(value, kind):
            return {f"\0{kind.__name__}": value.isoformat()}
    raise TypeError(f"a value of type {type(value).__name__} cannot be stored")


def _decode(found: dict[str, Any]) -> object:
    if len(found) == 1:
        ((key, value),) = found.items()
        if key in _READERS:
            return _READERS[key](value)
    return found


_ENCODER = json.JSONEncoder(default=_encode, ensure_ascii=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(object_hook=_decode)
