from __future__ import annotations

import socket
import subprocess
import sys

import pytest

from kgtransfer.errors import StoreError
from kgtransfer.store import connect


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"bolt://127.0.0.1:{probe.getsockname()[1]}"


def test_a_server_that_is_not_there(nobody: str) -> None:
    with pytest.raises(StoreError, match="ServiceUnavailable") as caught:
        connect(nobody, user="kim", password="open-sesame")
    assert nobody in caught.value.message
    assert caught.value.cure == "start the server, or check address and port"
    assert "open-sesame" not in repr(caught.value) + repr(caught.value.__cause__)


def test_addresses_that_are_none() -> None:
    with pytest.raises(StoreError, match="http:// is no address of a graph store"):
        connect("http://localhost")
    with pytest.raises(StoreError, match="user name, a password") as caught:
        connect("neo4j://kim:open-sesame@localhost")
    assert "open-sesame" not in str(caught.value)


def test_the_store_package_loads_no_driver() -> None:
    code = "import kgtransfer.store, sys; print('neo4j' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
