"""Verbs about runs that answer as a server: reindex, serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kgtransfer.cli.base import Json, VerifyWith, print_output, verified
from kgtransfer.errors import ConfigError

verbs = typer.Typer()

HOST, PORT = "127.0.0.1", 8400


@verbs.command(
    epilog="Examples: `kgtransfer serve runs/demo`, `kgtransfer serve runs/demo --mcp`, "
    "`kgtransfer serve runs/demo --watch`, "
    "`kgtransfer serve runs/demo --host 0.0.0.0 --token-file token`"
)
def serve(
    run: Annotated[Path, typer.Argument(help="Folder of a run of code search.")],
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0 takes one that is free.")] = PORT,
    host: Annotated[str, typer.Option(help="Any but this machine asks for a token.")] = HOST,
    token_file: Annotated[
        Path | None, typer.Option(help="File of the token that requests must bear.")
    ] = None,
    mcp: Annotated[
        bool, typer.Option("--mcp", help="Be an MCP server over standard input and output.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow the files of the code base.")
    ] = False,
    verify_with: VerifyWith = None,
) -> None:
    """Answer from one loaded model, over HTTP or to a coding assistant: search, concepts, Cypher.

    A page at / says what can be asked; /openapi.json describes it for programs, /mcp is for
    assistants. All of it only reads.
    """
    verified(run, verify_with)
    from kgtransfer.kinds import serving

    kind = serving(run)
    if not mcp:
        kind.serve(run, host=host, port=port, token_file=token_file, watch=watch)
    elif token_file or (host, port) != (HOST, PORT):
        raise ConfigError(
            "--mcp goes with none of --host, --port and --token-file",
            cure="leave them out: it talks to the program that started it",
        )
    else:
        kind.serve_mcp(run, watch=watch)


@verbs.command(
    epilog="Examples: `kgtransfer reindex runs/demo`, `kgtransfer reindex runs/demo path/to/code`"
)
def reindex(
    run: Annotated[Path, typer.Argument(help="Folder of a run of code search.")],
    path: Annotated[
        str, typer.Argument(help="Folder, file or package.  [default: the one it knows]")
    ] = "",
    verify_with: VerifyWith = None,
    as_json: Json = False,
) -> None:
    """Let a run answer about code as it is now: all its functions, documented or not.

    Only texts that are new are encoded. The index is kept in the run's folder, as live/; predict
    and serve answer from it from then on. The model and its scores stay.
    """
    verified(run, verify_with)
    from kgtransfer.kinds import serving

    print_output(serving(run).reindex(run, path), as_json)
