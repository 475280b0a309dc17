"""ArcadeDB with Bolt on the loopback interface, for tests: `python arcadedb.py FOLDER PORT`.

Prints the port when it is ready and ends when its standard input is closed, so that it never
outlives the tests that started it. User `root`, password in `ARCADEDB_PASSWORD`.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import arcadedb_embedded


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(folder: str, port: int) -> None:
    server = arcadedb_embedded.ArcadeDBServer(
        root_path=folder,
        root_password=os.environ["ARCADEDB_PASSWORD"],
        config={
            "host": "127.0.0.1",
            "http_port": free_port(),
            "mode": "development",
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "bolt_host": "127.0.0.1",
            "bolt_port": port,
            "bolt_defaultDatabase": "neo4j",
        },
        jvm_kwargs={"heap_size": "1g"},
    )
    server.start()
    if not (Path(folder) / "databases" / "neo4j").exists():
        server.create_database("neo4j")
    print(f"port {port}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    try:
        main(sys.argv[1], int(sys.argv[2]) or free_port())
    finally:
        os._exit(0)  # the JVM's own threads would keep the process alive
