from __future__ import annotations

import socket
import threading
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from kgtransfer.store.embedded.wire import pack, receive, send


def exchanged(message: Any) -> Any:
    left, right = socket.socketpair()
    with left, right:
        sender = threading.Thread(target=send, args=(left, message))  # more than a socket buffers
        sender.start()
        answer = receive(right)
        sender.join()
    return answer


def test_every_kind_of_value() -> None:
    message = {
        "a": [None, True, 1, 2**62, -0.5, "ü\0\U0001f600", []],
        "when": [date(2024, 2, 29), datetime(2024, 2, 29, 1, tzinfo=UTC), time(1, 2, 3)],
        "nested": {"date": "2024-02-29"},
        "long": "x" * 3_000_000,
    }
    assert exchanged(message) == message


def test_values_that_cannot_cross_leave_the_channel_clean() -> None:
    left, right = socket.socketpair()
    with left, right:
        for value in (object(), {1, 2}, "\ud800", 2**64):
            with pytest.raises((TypeError, ValueError, OverflowError)):
                send(left, value)
        send(left, "next")
        assert receive(right) == "next"


def test_packed_texts_tell_types_apart_and_nothing_else() -> None:
    assert pack({"a": [1, "x"]}) == pack({"a": (1, "x")})
    values = (1, 1.0, True, "1", [1], date(2024, 2, 29), "2024-02-29", time(1))
    assert len({pack(value) for value in values}) == len(values)


def test_the_end_is_none_even_in_the_middle_of_a_message() -> None:
    left, right = socket.socketpair()
    with right:
        left.sendall(b"\0\0\0\x09half")
        left.close()
        assert receive(right) is None
