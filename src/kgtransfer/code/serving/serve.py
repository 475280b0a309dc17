"""Folder of a run -> a server that answers about it until it is ended."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kgtransfer.code.run import load
from kgtransfer.code.serving.answers import Answers, Served
from kgtransfer.code.serving.cypher import CypherAnswers
from kgtransfer.code.serving.gate import read_token, require_token
from kgtransfer.errors import ConfigError
from kgtransfer.utils.files import shown
from kgtransfer.utils.progress import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from uvicorn import Server

    from kgtransfer.code.run import SavedRun

__all__ = ["answers_of", "http_server", "listening", "serve_http", "serve_mcp"]


@contextmanager
def answers_of(saved: SavedRun) -> Iterator[Answers]:
    """A run read back -> answers about it, as long as the block lasts."""
    about = f"{len(saved.index.documents):,} functions of {saved.result.test}"
    saved.index.read = saved.texts()  # what answers name as having counted is known then
    served = Served(saved.index, saved.graph, about)
    with CypherAnswers(saved.folder, saved.graph) as cypher:
        yield Answers(served, cypher, saved.folder)


def serve_http(folder: Path, *, host: str, port: int, token_file: Path | None) -> None:
    """Answer over HTTP until Ctrl-C.

    Args:
        folder: of the run.
        host: name or address that is listened at.
        port: that is listened at; 0 for any that is free.
        token_file: file of the token that requests must bear.

    Raises:
        ConfigError: another host than this machine without a token; the port is taken.
    """
    token = read_token(token_file) if token_file else ""
    require_token(host, token)
    with listening(host, port) as listener, answers_of(load(folder)) as answers:
        name = f"[{host}]" if ":" in host else host
        place = f"http://{name}:{listener.getsockname()[1]}"
        say(f"{answers.served.about} from {shown(folder)}: {place}/ (MCP at /mcp); Ctrl-C ends")
        http_server(answers, token=token).run(sockets=[listener])


def serve_mcp(folder: Path) -> None:
    """Answer a coding assistant that started this process, by MCP over stdin and stdout."""
    from kgtransfer.code.serving.mcp import mcp_server

    with answers_of(load(folder)) as answers:
        mcp_server(answers).run("stdio")


def http_server(answers: Answers, *, token: str = "") -> Server:
    """Answers -> a server that has not begun to listen."""
    import uvicorn

    from kgtransfer.code.serving.app import http_app

    settings = uvicorn.Config(
        http_app(answers, token=token),
        log_level="warning",
        access_log=False,
        server_header=False,
        limit_concurrency=answers.limits.requests,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
        ws="none",
    )
    return uvicorn.Server(settings)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Host and port -> a socket that listens there.

    Raises:
        ConfigError: it is taken, or no place of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"{host}:{port}: cannot be listened at ({reason})", cure="give another --port or --host"
        ) from error
    with listener:
        yield listener
