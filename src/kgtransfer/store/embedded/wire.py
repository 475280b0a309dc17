"""Messages between the embedded engine and its clients: length-prefixed MessagePack."""

from __future__ import annotations

import struct
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import msgpack

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

__all__ = ["pack", "receive", "send"]

_LENGTH = struct.Struct("!I")
LONGEST = (1 << 32) - 1
"""Most bytes of a message."""
# Temporal values cross as ISO 8601 text; datetime is a date too, so it comes first.
_KINDS: Sequence[type[datetime | date | time]] = (datetime, date, time)


def pack(message: Any) -> bytes:
    """A message's bytes: the same for equal values of equal types.

    Raises:
        TypeError: a value of a type that no store can hold.
        ValueError: a text that is not Unicode, or a value that contains itself.
        OverflowError: a whole number beyond 64 bits.
    """
    packed: bytes = msgpack.packb(message, default=_encode)
    return packed


def send(channel: socket.socket, message: Any) -> None:
    """Write one message; it is packed whole before its first byte leaves.

    Raises:
        TypeError, ValueError, OverflowError: as for `pack`; a message beyond 4 GiB.
    """
    body = pack(message)
    if len(body) > LONGEST:
        raise OverflowError(f"a message of {len(body):,} bytes is too large for one answer")
    channel.sendall(_LENGTH.pack(len(body)) + body)


def receive(channel: socket.socket, *, longest: int = LONGEST) -> Any | None:
    """Read one message of at most `longest` bytes; None when the other side has ended.

    Raises:
        ConnectionError: a longer message, or bytes that are none.
    """
    head = _read(channel, _LENGTH.size)
    size = _LENGTH.unpack(head)[0] if head is not None else 0
    if size > longest:
        raise ConnectionAbortedError(f"a message of {size:,} bytes, more than {longest:,}")
    body = _read(channel, size) if head is not None else None
    try:
        return None if body is None else _unpacked(body)
    except ValueError as error:  # msgpack's own errors are among them
        raise ConnectionAbortedError(f"bytes that are no message: {error}") from error


def _read(channel: socket.socket, size: int) -> bytearray | None:
    buffer = bytearray(size)
    view, filled = memoryview(buffer), 0
    while filled < size:
        received = channel.recv_into(view[filled:])
        if not received:
            return None
        filled += received
    return buffer


def _encode(value: object) -> msgpack.ExtType:
    for code, kind in enumerate(_KINDS):
        if isinstance(value, kind):
            return msgpack.ExtType(code, value.isoformat().encode())
    if isinstance(value, int):
        raise OverflowError("a whole number beyond 64 bits")
    raise TypeError(f"a value of type {type(value).__name__} cannot be stored")


def _decode(code: int, text: bytes) -> datetime | date | time:
    return _KINDS[code].fromisoformat(text.decode())


def _unpacked(body: bytes | bytearray) -> Any:
    return msgpack.unpackb(body, ext_hook=_decode, strict_map_key=False)
