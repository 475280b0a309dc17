"""Folder of a run -> a server that answers about it until it is ended."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import asdict
from threading import Event, Thread
from typing import TYPE_CHECKING

from kgtransfer.code.live.code import LiveCode, kept_index
from kgtransfer.code.live.watch import watching
from kgtransfer.code.run import load
from kgtransfer.code.serving.answers import Answers, Served
from kgtransfer.code.serving.cypher import CypherAnswers
from kgtransfer.code.serving.gate import read_token, require_token
from kgtransfer.errors import ConfigError
from kgtransfer.runs.output import Output
from kgtransfer.utils.files import shown
from kgtransfer.utils.progress import bar, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from uvicorn import Server

    from kgtransfer.code.index import SearchIndex
    from kgtransfer.code.live.index import Update
    from kgtransfer.code.run import SavedRun

__all__ = ["answers_of", "http_server", "listening", "reindex", "serve_http", "serve_mcp"]


@contextmanager
def answers_of(saved: SavedRun, *, watch: bool = False) -> Iterator[Answers]:
    """A run read back -> answers about it, as long as the block lasts.

    What is answered about is the index that the run keeps, where it keeps one (`reindex`), else the
    functions that the run was tested on.

    Args:
        saved: the run.
        watch: answer about the code base as it is now, whenever that is.
    """
    with CypherAnswers(saved.folder, saved.graph) as cypher:
        if watch:
            with _watched(saved, cypher) as answers:
                yield _warm(answers)
        else:
            yield _warm(Answers(_served(saved, cypher), cypher, saved.folder))


def _warm(answers: Answers) -> Answers:
    """The same after a first answer, which takes longer: words are counted, libraries loaded."""
    answers.search("the first question", 1)
    return answers


def _served(saved: SavedRun, cypher: CypherAnswers) -> Served:
    kept = kept_index(saved)
    if kept is None:
        saved.index.read = saved.texts()  # what answers name as having counted is known then
        return Served.of(saved.index, saved.graph, _about(saved.index, saved.result.test))
    cypher.follow(lambda: kept.graph)
    where = ", ".join(map(shown, kept.paths))
    return Served.of(kept.index, kept.graph, _about(kept.index, where))


@contextmanager
def _watched(saved: SavedRun, cypher: CypherAnswers) -> Iterator[Answers]:
    """Answers about the code base as it is, a thread looking at its files."""
    code = LiveCode(saved)
    where = ", ".join(map(shown, code.sources.paths))
    with bar("reading the code base") as advance:
        code.update(lambda done: advance(done, "functions"))

    def now() -> Served:
        cypher.follow(lambda: code.graph)
        return Served(code.index, code.labels, _about(code.index, where), lambda: code.graph)

    def take(update: Update) -> None:
        answers.served = now()
        say(update)

    answers, stop = Answers(now(), cypher, saved.folder), Event()
    looking = Thread(target=watching, args=(code, take, stop), daemon=True)
    looking.start()
    try:
        yield answers
    finally:
        stop.set()
        looking.join()


def _about(index: SearchIndex, where: str) -> str:
    return f"{len(index.documents):,} functions of {where}"


def reindex(folder: Path, path: str) -> Output:
    """Folder of a run, and a code base -> the run keeps an index of it as it is now.

    Args:
        folder: of the run.
        path: of the code base; empty for the one that it knows.
    """
    code = LiveCode(load(folder), path)
    with bar("reading the code base") as advance:
        update = code.update(lambda done: advance(done, "functions"))
    assert update is not None, "the first update reads all"
    code.save()
    return Output(asdict(update), (str(update),))


def serve_http(
    folder: Path, *, host: str, port: int, token_file: Path | None, watch: bool = False
) -> None:
    """Answer over HTTP until Ctrl-C.

    Args:
        folder: of the run.
        host: name or address that is listened at.
        port: that is listened at; 0 for any that is free.
        token_file: file of the token that requests must bear.
        watch: follow the files of the code base.

    Raises:
        ConfigError: another host than this machine without a token; the port is taken.
    """
    token = read_token(token_file) if token_file else ""
    require_token(host, token)
    with listening(host, port) as listener, answers_of(load(folder), watch=watch) as answers:
        name = f"[{host}]" if ":" in host else host
        place = f"http://{name}:{listener.getsockname()[1]}"
        say(f"{answers.served.about} by {shown(folder)}: {place}/ (MCP at /mcp); Ctrl-C ends")
        http_server(answers, token=token).run(sockets=[listener])


def serve_mcp(folder: Path, *, watch: bool = False) -> None:
    """Answer a coding assistant that started this process, by MCP over stdin and stdout."""
    from kgtransfer.code.serving.mcp import mcp_server

    with answers_of(load(folder), watch=watch) as answers:
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
